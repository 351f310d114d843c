"""Units met for the first time are judged all at once, and exactly as they would be one by one."""

from datetime import date, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.baseline.places import Map
from dishu.site.registry import newcomers, said
from dishu.site.registry.changed import TABLES, Changes, outcome

DAY = date(2012, 6, 30)
WHERE = Map("4213", DAY)
WHERE.markets[("421302", "香江商城")] = "421302001M01"
KINDS = {"VARCHAR": pa.string(), "DATE": pa.date32(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
SCHEMA = pa.schema(
    [("subject", pa.int64()), ("rank", pa.int64())]
    + [(name, KINDS[kind]) for name, kind in said.VALUES.items()]
    + [("source_sheet", pa.string()), ("source_row", pa.int64()), ("upload", pa.int64()), ("day", pa.date32()), ("file", pa.string())]
)  # fmt: skip

days = st.none() | st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n * 200))
numbers = st.none() | st.integers(0, 9)
flags = st.none() | st.booleans()
units = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["enterprise", "individual_business"]),
        "place": st.sampled_from(["421302001", "421302", "421381"]),
        "name": st.none() | st.sampled_from(["鑫源商贸", "早点铺"]), "unit_code": st.none() | st.just("421302000000014"),
        "control": st.sampled_from([None, "private", "state", "collective"]),
        "industry": st.sampled_from([None, "C13", "制造业", "什么都做"]), "address": st.none() | st.just("解放路1号"),
        "status": st.sampled_from([None, "open", "closed", "revoked"]), "surveyed": st.sampled_from([None, "known", "unclear"]),
        "channel": st.sampled_from([None, "visited"]), "instructor": st.sampled_from([None, "张三"]),
        "market": st.sampled_from([None, "香江商城", "别的商城"]),
        **dict.fromkeys(("opened_on", "closed_on", "surveyed_on", "instructor_since", "work_on"), days),
        **dict.fromkeys(("employees", "assets", "turnover"), numbers),
        **dict.fromkeys(("owner_is_member", "owner_is_secretary"), flags),
        "source_sheet": st.sampled_from([None, "企业"]), "source_row": st.integers(2, 9),
    }
)  # fmt: skip


def table(rows):
    said_of = [
        {"subject": -1 - n, "rank": n, "upload": 7, "day": DAY, "file": "名册.csv", **row} for n, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(said_of, schema=SCHEMA)


def ordered(found):
    return {name: sorted(found.table(name).to_pylist(), key=str) for name in TABLES}


@settings(max_examples=60, deadline=None)
@given(st.lists(units, min_size=1, max_size=12), st.sets(st.integers(-12, -1)))
def test_all_at_once_as_one_by_one(rows, doubts):
    rows = table(rows)
    one_by_one, at_once = Changes(), Changes()
    for subject, unit in said.judged(rows, WHERE):
        one_by_one.add(subject, None, unit, outcome(subject, None, unit, subject in doubts))
    at_once.put(newcomers.judged(said.in_markets(rows, WHERE), doubts))
    assert ordered(at_once) == ordered(one_by_one)


@given(st.lists(st.integers(-5, 5), max_size=12))
def test_newcomers_of_one_row_are_told_from_the_rest(subjects):
    rows = pa.table({"subject": pa.array(subjects, pa.int64())})
    new, rest = (part["subject"].to_pylist() for part in newcomers.split(rows))
    assert sorted(new + rest) == sorted(subjects)
    assert all(s < 0 and subjects.count(s) == 1 for s in new)
    assert all(s >= 0 or subjects.count(s) > 1 for s in rest)
