"""Who goes where: by lot, never to the own place or the own records, never beyond what they can take."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.sample.inspectors import Inspector, Record, assign

PLACES = ["甲镇", "乙镇", "丙镇"]
PEOPLE = [Inspector(f"查{n}", PLACES[n % 3], 5) for n in range(6)]
records = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from([*(one.id for one in PEOPLE), None])), min_size=1, max_size=12
).map(lambda rows: [Record(f"R{n}", place, by) for n, (place, by) in enumerate(rows)])


@settings(max_examples=80, deadline=None)
@given(records, st.text("0123456789", min_size=1), st.permutations(PEOPLE))
def test_every_record_gets_one_who_may_whatever_the_order_of_the_list(drawn, seed, people):
    found = assign(seed, drawn, people)
    by_id = {one.id: one for one in PEOPLE}
    assert list(found) == [record.id for record in drawn]
    assert all(by_id[found[r.id]].place != r.place and found[r.id] != r.registrar for r in drawn)
    assert all(list(found.values()).count(one.id) <= 5 for one in PEOPLE)
    assert found == assign(seed, drawn, PEOPLE)


def test_where_room_runs_out_earlier_records_change_hands():
    """甲 may take both, 乙 only the first: whatever the lot says, 乙 must have the first."""
    drawn = [Record("一", "丙镇"), Record("二", "乙镇")]
    people = [Inspector("甲", "甲镇", 1), Inspector("乙", "乙镇", 1)]
    for seed in range(20):
        assert assign(str(seed), drawn, people) == {"一": "乙", "二": "甲"}


def test_the_lot_is_fair():
    times = {"甲": 0, "乙": 0}
    for seed in range(1000):
        times[assign(str(seed), [Record("一")], [Inspector("甲"), Inspector("乙")])["一"]] += 1
    assert abs(times["甲"] - 500) < 52  # 1 in 1,000


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([Inspector("张", "甲镇")], "1 条没有可派的核查人：一"),
        ([Inspector("李", "乙镇", 0)], "放宽每人上限"),
        ([Inspector("王")], "没有可派"),
        ([], "没有可派"),
        ([Inspector("赵"), Inspector("赵")], "重复"),
        ([Inspector("")], "空的"),
    ],
)
def test_what_cannot_be_placed_is_named(people, said):
    with pytest.raises(ValueError, match=said):
        assign("1", [Record("一", "甲镇", "王")], people)
