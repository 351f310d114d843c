"""Capture histories of an edition's members: which rosters know whom, by place, and what they cannot promise."""

from datetime import date

import pyarrow as pa
import pytest
import smallworld

from dishu.engine.estimate import histories
from dishu.engine.territory import Tree

DAY = date(2007, 7, 31)
MEMBERS = """
member | place     | channel | until
1      | 421302001 | visited |
2      | 421302001 | phoned  |
3      | 421302002 |         |
4      | 421302002 |         |
5      | 421381001 | visited | 2007-01-01
"""
REGISTER = pa.table(
    {
        "member": [1, 1, 2, 3, 3, 4, 5, 5],
        "source_file": ["组织部.xlsx", "协会一.csv", "组织部.xlsx", "协会二.csv", "协会二.csv", "自助登记.csv", "组织部.xlsx", "协会一.csv"],
    }
)  # fmt: skip


@pytest.fixture
def world():
    return smallworld.facts(member=MEMBERS, affiliation="member | org | source\n1 | 9 | 甲册\n3 | 9 | 乙册",
                            org="org\n9", participation="member | org\n2 | 9")  # fmt: skip


@pytest.fixture
def view(world):
    return world.at(DAY)


@pytest.fixture
def tree(world):
    return Tree(world.tables["place"].to_pyarrow(), DAY)


def test_members_of_the_day_by_the_rosters_that_name_them(view):
    found = histories.histories(view, histories.sources(view, REGISTER), ["组织部", "协会"])
    assert found.counts() == histories.Counts(2, 2, 1)  # 5 has left
    assert found.elsewhere == 1  # 4 is known to the self-registration alone
    assert found.cells().counts.tolist() == [0, 1, 1, 1]


def test_without_a_register_the_claims_of_affiliation_say_it(view):
    there = histories.sources(view)
    assert {name: sorted(members) for name, members in there.items()} == {
        "甲册": [1], "乙册": [3], histories.ON_THE_SPOT: [1], histories.TAKING_PART: [2],
    }  # fmt: skip


def test_two_rosters_as_one_list(view):
    there = histories.sources(view, REGISTER)
    found = histories.histories(view, there, ["组织部", "协会一+自助"])
    assert found.counts() == histories.Counts(2, 2, 1)


def test_places_are_strata_and_add_up(view, tree):
    found = histories.histories(view, histories.sources(view, REGISTER), ["组织部", "协会"])
    strata = found.strata(tree, "township")
    assert [one.names for one in strata] == [("421302001",), ("421302002",)]
    assert [one.counts for one in strata] == [histories.Counts(2, 1, 1), histories.Counts(0, 1, 0)]
    assert [one.parent for one in strata] == ["421302", "421302"]


def test_a_roster_without_places_is_not_split_by_place(world, tree):
    """The self-registered whom nobody else knows lie in no township: without them each township would look complete."""
    people = "\n".join(f"{n} | {'421302001' if n % 2 else '421302'}" for n in range(40))
    view = smallworld.facts(member=f"member | place\n{people}").at(DAY)
    found = histories.histories(view, {"甲": set(range(1, 40, 2)), "乙": set(range(40))}, ["甲", "乙"])
    with pytest.raises(ValueError, match="40 人中有 20 人不知道在哪个地区"):
        found.strata(tree, "township")
    assert [one.names for one in found.strata(tree, "county")] == [("421302",)]


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (["组织部"], ValueError, "至少要两份名单"),
        (["组织部", "工商"], LookupError, "没有哪份名册的名称里有“工商”"),
        (["协会", "协会一"], ValueError, "同时算进两份名单"),
        (["组织部", ""], LookupError, "没有哪份名册"),
    ],
)
def test_what_is_no_pair_of_lists_is_refused(view, asked, error, words):
    with pytest.raises(error, match=words):
        histories.histories(view, histories.sources(view, REGISTER), asked)


def test_dues_are_no_second_list(view):
    there = {"组织部.xlsx": {1, 2}, "党费收缴.xlsx": {1}}
    with pytest.raises(ValueError, match="只收在册党员"):
        histories.histories(view, there, ["组织部", "党费"])


def test_what_rosters_cannot_promise_is_said(view):
    there = histories.sources(view, REGISTER)
    found = histories.histories(view, there, ["组织部", "自助", histories.ON_THE_SPOT])
    said = "".join(histories.remarks(found, there, doubtful=3))
    assert all(words in said for words in ("由本人登记", "照着名册去的", "3 对待确认", "另有 1 名党员"))


def test_a_roster_called_an_independent_re_count_is_one_beside_all_others(view):
    there = histories.sources(view, REGISTER) | {"七月独立复核.csv": {1, 4}}
    found = histories.recounted(view, there)
    assert found.counts() == histories.Counts(4, 2, 2)
    assert histories.recounted(view, histories.sources(view, REGISTER)) is None
