"""The second wall: a query that forgets the scope still shows nothing from outside."""

import pytest
from django.db import ProgrammingError, connection, transaction

from dishu.site.accounts import scope as scopes
from dishu.site.registry.models import Unit


@pytest.fixture
def shops(place):
    """One shop in each county."""
    return {
        code: Unit.objects.create(kind="individual_business", name=f"店 {code}", place=place(code))
        for code in ("421302", "421381")
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("sheng", ["421302", "421381"]),
        ("shi", ["421302", "421381"]),
        ("zeng", ["421302"]),
        ("guang", ["421381"]),
        ("suo", []),
    ],
)
def test_a_forgotten_filter_shows_only_the_own_part(cast, shops, who, sees):
    with scopes.walled(cast.scope(who)):
        assert sorted(unit.place.code for unit in Unit.objects.all()) == sees


def test_writing_outside_is_refused_by_the_database(cast, shops, place):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        scopes.walled(cast.scope("zeng")),
    ):
        Unit.objects.create(kind="enterprise", name="外区企业", place=place("421381"))


def test_a_row_cannot_be_moved_out_of_the_own_part(cast, shops, place):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        scopes.walled(cast.scope("zeng")),
    ):
        Unit.objects.filter(place__code="421302").update(place=place("421381"))


def test_the_scope_ends_with_its_transaction(cast, shops):
    with scopes.walled(cast.scope("zeng")):
        pass
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert Unit.objects.count() == 2


@pytest.mark.parametrize(("page", "helpers"), [(True, "0"), (False, "2")])
def test_a_page_takes_one_process_of_the_database(cast, page, helpers):
    with scopes.walled(cast.scope("shi"), page=page), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_parallel_workers_per_gather')")
        assert cursor.fetchone()[0] == helpers
