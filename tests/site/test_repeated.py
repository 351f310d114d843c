"""Units of which a later roster says what was known are found all at once, and exactly as one by one."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.baseline.places import Map
from dishu.site.registry import preview, repeated, said
from dishu.site.registry.changed import TABLES, Changes, outcome

pytestmark = pytest.mark.once
DAY = date(2012, 6, 30)
WAS, WHERE = Map("4213", DAY), Map("4213", DAY)
WHERE.markets[("421302", "香江商城")] = "421302001M01"
KINDS = {"VARCHAR": pa.string(), "DATE": pa.date32(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
SCHEMA = pa.schema(
    [("subject", pa.int64()), ("rank", pa.int64())]
    + [(name, KINDS[kind]) for name, kind in said.VALUES.items()]
    + [("source_sheet", pa.string()), ("source_row", pa.int64()), ("upload", pa.int64()), ("day", pa.date32()), ("file", pa.string())]
)  # fmt: skip
BASE = {
    "kind": "enterprise", "place": "421302001", "name": "鑫源商贸", "unit_code": "421302000000014", "control": "private",
    "industry": "C13", "address": "解放路1号", "opened_on": date(2008, 1, 1), "employees": 7, "surveyed": "known",
}  # fmt: skip
days = st.none() | st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n * 40))
#: What a row may say otherwise; most say nothing else.
OTHERWISE = {
    "place": st.sampled_from(["421302", "421381"]), "name": st.sampled_from([None, "早点铺"]),
    "control": st.sampled_from([None, "state"]), "employees": st.sampled_from([None, 8]),
    "status": st.sampled_from(["open", "closed"]), "surveyed": st.sampled_from([None, "unclear"]),
    "channel": st.just("visited"), "instructor": st.sampled_from(["张三", "李四"]), "market": st.just("香江商城"),
    **dict.fromkeys(("opened_on", "closed_on", "surveyed_on", "instructor_since", "work_on"), days),
}  # fmt: skip
plain = st.just({})
changed = st.sampled_from(sorted(OTHERWISE)).flatmap(lambda name: OTHERWISE[name].map(lambda value: {name: value}))
one_unit = st.lists(st.tuples(st.integers(0, 3), plain | plain | changed), min_size=1, max_size=5)
#: The rosters' day and file; the last is the one that is previewed, and may be of an older day than another.
rosters = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["甲.csv", "乙.csv"])), min_size=4, max_size=4)


def table(units, uploads):
    rows = [
        {**BASE, **other, "subject": 1 + n, "rank": at, "source_row": 2 + at, "upload": 1 + of,
         "day": DAY + timedelta(days=31 * uploads[of][0]), "file": uploads[of][1]}
        for n, unit in enumerate(units) for at, (of, other) in enumerate(unit)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def one_by_one(before, rows):
    changes, earlier = Changes(), dict(said.judged(before, WAS))
    for subject, unit in said.judged(rows, WHERE):
        changes.add(subject, earlier.get(subject), unit, outcome(subject, earlier.get(subject), unit, False))
    return changes


def ordered(found):
    return {name: sorted(found.table(name).to_pylist(), key=str) for name in TABLES}


@settings(max_examples=12, deadline=None)
@given(st.lists(one_unit, min_size=8, max_size=16), rosters)
def test_all_at_once_as_one_by_one(units, uploads):
    rows = table(units, uploads)
    before = rows.filter(pa.array([upload < 4 for upload in rows["upload"].to_pylist()]))
    at_once = Changes()
    preview.judge(at_once, (before, WAS), (rows, WHERE), set())
    assert ordered(at_once) == ordered(one_by_one(before, rows))


@settings(max_examples=25, deadline=None)
@given(st.lists(one_unit, min_size=8, max_size=16), rosters)
def test_what_is_found_before_the_days_are_compared_is_the_same_one_by_one(units, uploads):
    rows = table(units, uploads)
    mine = pa.array([upload == 4 for upload in rows["upload"].to_pylist()])
    before, new = (said.in_markets(rows.filter(some), WHERE) for some in (pc.invert(mine), mine))
    found = repeated.again(before, new)
    alike = one_by_one(before, rows.filter(pc.is_in(rows["subject"], found["subject"].combine_chunks())))
    assert found.to_pylist() == alike.table("preview").to_pylist()
    assert [name for name in TABLES if name != "preview" and alike.table(name).num_rows] == []


def told(*rows):
    """One unit's rows, each of a roster a month later under another name; the last comes new. Was it found at once?"""
    uploads = [(n, f"{n}.csv") for n in range(len(rows))]
    all_rows = table([list(enumerate(rows))], uploads)
    return repeated.again(all_rows.slice(0, len(rows) - 1), all_rows.slice(len(rows) - 1)).num_rows == 1


def test_which_units_are_found_before_the_days_are_compared():
    assert told({}, {})
    assert told({}, {"employees": 8}, {"employees": 8})
    assert told({}, {"employees": 8}, {"employees": None})
    assert not told({}, {"employees": 8}, {})
    assert not told({}, {"status": "closed"})
    assert not told({"opened_on": None}, {"opened_on": None})  # it opened, as far as is known, on the roster's day
    assert not told({"place": "421302"}, {})  # a finer place: the days are compared


def test_next_months_roster_under_another_name_leaves_only_what_changed():
    units = [[(0, {}), (3, {})], [(0, {}), (3, {"employees": 8})], [(3, {})], [(0, {}), (3, {"status": "closed"})]]
    rows = table(units, [(0, "甲.csv"), (1, "甲.csv"), (1, "甲.csv"), (1, "乙.csv")])
    same, _, left = repeated.split(said.merged(rows.filter(pa.array([True, False] * 2 + [False, True, False])), WAS),
                                   said.merged(rows, WHERE))  # fmt: skip
    assert same["subject"].to_pylist() == [1]
    assert sorted(set(left["subject"].to_pylist())) == [2, 3, 4]
