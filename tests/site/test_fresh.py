"""What counts as verified: the site's lists and the engine's figures say the same of any look and any day."""

from datetime import date
from types import SimpleNamespace

import ibis
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dishu.engine import facts
from dishu.site.registry import fresh
from dishu.site.registry.models import CHANNELS

DAYS = st.dates(date(2006, 1, 1), date(2027, 12, 31))


@settings(max_examples=40, deadline=None)
@given(DAYS, st.lists(st.tuples(DAYS | st.none(), st.sampled_from([*CHANNELS, None])), min_size=1, max_size=20))
@example(date(2025, 2, 28), [(date(2024, 2, 29), "visited"), (date(2024, 3, 1), "visited")])
@example(date(2024, 2, 29), [(date(2023, 2, 28), "phoned"), (date(2023, 3, 1), "phoned")])
@example(date(2026, 11, 23), [(date(2026, 11, 23), "confirmed"), (date(2026, 11, 24), "confirmed")])
def test_the_same_looks_count_on_the_same_days(day, looks):
    table = ibis.memtable(
        {"verified_on": [look for look, _ in looks], "channel": [how for _, how in looks]},
        schema={"verified_on": "date", "channel": "string"},
    )
    by_engine = table.select(f=facts.fresh(table, ibis.literal(day), 12)).to_pyarrow()["f"].to_pylist()
    by_site = [fresh.is_fresh(SimpleNamespace(verified_on=look, channel=how), day) for look, how in looks]
    assert by_site == by_engine


@pytest.mark.parametrize(
    ("how", "look", "says"),
    [
        ("visited", date(2026, 5, 1), ""),
        ("visited", date(2024, 5, 1), "已过有效期"),
        ("reported", date(2026, 5, 1), "未核实"),  # what an enterprise reports of itself is not looked at
        (None, None, "未核实"),
    ],
)
def test_why_a_record_does_not_count_as_verified(how, look, says):
    assert str(fresh.why_not(SimpleNamespace(verified_on=look, channel=how), date(2026, 11, 23))) == says
