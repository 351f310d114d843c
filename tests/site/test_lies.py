"""A member lies where they work: whoever sees a unit sees the people in it, also those of a roster of the whole city."""

from datetime import date

import pytest

from dishu.site.accounts import scope
from dishu.site.membership.models import Employment, Member
from dishu.site.registry.models import Unit

SINCE = date(2006, 1, 1)


@pytest.fixture
def at(place, cast):
    """`at("421381001")`: a unit there."""
    return lambda code: Unit.objects.create(kind="enterprise", name="红星厂", place=place(code))


@pytest.fixture
def wang(place, cast):
    return Member.objects.create(name="王明", place=place("4213"), initials="wm", grams=[])


def seen_by(cast, *names):
    found = {}
    for name in names:
        with scope.walled(cast.scope(name)):
            found[name] = Member.objects.filter(name="王明").exists()
    return found


def works(member, unit, **more):
    return Employment.objects.create(member=member, unit=unit, since=SINCE, **more)


def test_before_anybody_knows_where_they_work_the_city_sees_them(wang, cast):
    assert seen_by(cast, "shi", "guang", "zeng") == {"shi": True, "guang": False, "zeng": False}


def test_the_county_of_the_unit_sees_them(wang, at, cast):
    works(wang, at("421381001"))
    assert seen_by(cast, "shi", "guang", "suo", "zeng") == {"shi": True, "guang": True, "suo": True, "zeng": False}


def test_work_that_ended_moves_nobody(wang, at, cast):
    works(wang, at("421381001"), until=date(2007, 1, 1))
    assert seen_by(cast, "guang") == {"guang": False}


def test_of_several_units_the_first_counts_as_in_the_figures(wang, at, cast):
    first, second = at("421381002"), at("421381001")
    works(wang, second)
    works(wang, first)
    assert seen_by(cast, "guang", "suo") == {"guang": True, "suo": False}


def test_they_move_with_the_unit(wang, at, cast, place):
    unit = at("421381001")
    works(wang, unit)
    unit.place = place("421381002")
    unit.save()
    assert seen_by(cast, "guang", "suo") == {"guang": True, "suo": False}
