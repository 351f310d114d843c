"""The current edition follows every write: what is counted of the few changed records equals a recount of all facts."""

import random
from datetime import date, timedelta

import psycopg
import pytest
import registerworld
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from dishu.engine import backends
from dishu.engine import figures as engine
from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, schema
from dishu.site import bulk
from dishu.site.membership import actions as membership
from dishu.site.membership import settling
from dishu.site.membership.models import (
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    Planned,
)
from dishu.site.records import counting
from dishu.site.registry import actions as registry
from dishu.site.registry.changing import Impossible
from dishu.site.registry.models import Posting, Unit, UnitState, Work
from dishu.site.reports import asked, counties, current, delta
from dishu.site.territory import actions as territory
from dishu.site.territory.models import Place

WRITTEN = delta.pq.write_table
DAYS = (date(2009, 6, 30), date(2013, 6, 30))


@pytest.fixture
def world(cast):
    registerworld.fill(1)


def recounted():
    """All facts as the database has them, past everything that is kept."""
    link = backends.duckdb()
    tables = {
        name: link.create_table(
            name, bulk.fetch(counties.QUERIES[name].format(inside="true"), schema(name).to_pyarrow())
        )
        for name in TABLES
    }
    return complete(tables)


def sorted_rows(table):
    return sorted(map(repr, table.to_pylist()))


def differences(day=DAYS[-1]):
    """What the current edition says otherwise than a recount: facts, figures of all places and parts, rows of subjects."""
    now, whole, found = current.current(), recounted(), []
    told = now.facts()
    for name in TABLES:
        if sorted_rows(told.tables[name].to_pyarrow()) != sorted_rows(whole.tables[name].to_pyarrow()):
            found.append(name)
    tree, states = now.tree(day), engine.states_at(whole, day)
    counts = engine.Counts.of(states)
    for part in asked.SLICES.values():
        mine, other = (engine.plain(engine.figures(c, tree, part=part)) for c in (now.counts(day), counts))
        if sorted_rows(mine) != sorted_rows(other):
            found.append((day, part))
    for subject in engine.SUBJECTS:
        mine = now.states(backends.duckdb(), day, subject).to_pyarrow()
        if sorted_rows(mine) != sorted_rows(states[subject].to_pyarrow().select(mine.column_names)):
            found.append((day, subject))
    figures = engine.plain(
        engine.figures(counts, now.tree(timezone.localdate()), ("units", "members", "orgs"))
    ).to_pylist()
    told = {(row["place"], row["indicator"]): row["total"] for row in figures if row["total"]}
    places = {place.pk: place.code for place in Place.objects.open()}
    said = counting.counts(Place.objects.open(), day).items()
    if told != {(places[pk], name): n for pk, row in said for name in ("units", "members", "orgs") if (n := row[name])}:
        found.append((day, "database"))
    return found


class Hand:
    """Writes at random, through the actions people use."""

    def __init__(self, seed, by):
        self.chance, self.by = random.Random(seed), by
        self.places = list(Place.objects.open().filter(level="township", code__startswith="4213"))

    def any(self, things):
        found = list(things.order_by("pk"))
        return self.chance.choice(found) if found else None

    def grounds(self, **more):
        return {"by": self.by, "day": date(2012, 1, 1) + timedelta(self.chance.randrange(900)), "reason": "核对"} | more

    def write(self):
        """One write; a refused one changes nothing."""
        try:
            with transaction.atomic():
                self.chance.choice(WRITES)(self)
        except (Impossible, settling.Impossible) as refused:
            return str(refused)

    def unit(self):
        one = self.any(Unit.objects)
        return {"unit": one, "version": one.version}

    def member(self):
        one = self.any(Member.objects)
        return {"member": one, "version": one.version}

    def org(self):
        one = self.any(Organization.objects)
        return {"org": one, "version": membership.version_of(one)}

    def place(self):
        return self.chance.choice(self.places)


WRITES = (
    lambda h: registry.add(**h.grounds(), place=h.place(), kind="enterprise", name="新厂", industry="C", turnover=50_000_000),
    lambda h: registry.correct(**h.grounds(), **h.unit(), employees=h.chance.randrange(300), surveyed="known"),
    lambda h: registry.correct(**h.grounds(), **h.unit(), turnover=h.chance.choice((None, 90_000_000)), industry="C"),
    lambda h: registry.move(**h.grounds(), **h.unit(), place=h.place()),
    lambda h: registry.close(**h.grounds(), **h.unit()),
    lambda h: registry.verify(**h.grounds(), units=[h.any(Unit.objects)], channel="visited"),
    lambda h: membership.add_member(**h.grounds(), name="新人", place=h.place(), standing="full"),
    lambda h: membership.set_standing(**h.grounds(), **h.member(), standing="full", place=h.place()),
    lambda h: membership.leave(**h.grounds(), **h.member()),
    lambda h: membership.come_back(**h.grounds(), **h.member(), standing="full", place=h.place()),
    lambda h: membership.employ(**h.grounds(), **h.member(), unit=h.any(Unit.objects), role="employee"),
    lambda h: membership.found(**h.grounds(), name=f"支部{h.chance.random()}", place=h.place(), kind="branch", system="enterprise"),
    lambda h: membership.change(**h.grounds(), **h.org(), kind=h.chance.choice(("committee", "joint_branch"))),
    lambda h: membership.change(**h.grounds(), **h.org(), system="territory"),
    lambda h: membership.dissolve(**h.grounds(), **h.org()),
    lambda h: membership.cover(**h.grounds(), **h.unit(), org=h.any(Organization.objects), mode=h.chance.choice(("single", "joint"))),
    lambda h: settling.settle_affiliation(
        by=h.by, member=h.any(Member.objects), org=h.any(Organization.objects), since=h.grounds()["day"], reason="介绍信"
    ),
    lambda h: h.any(Affiliation.objects).delete(),
    lambda h: h.any(Employment.objects).delete(),
    lambda h: h.any(Coverage.objects).delete(),
    lambda h: h.any(Posting.objects).delete(),
    lambda h: Posting.objects.filter(pk=h.any(Posting.objects).pk).update(unit=h.any(Unit.objects)),
    lambda h: Work.objects.create(unit=h.any(Unit.objects), kind="visit", on=h.grounds()["day"]),
    lambda h: Planned.objects.create(plan="计划", unit=h.any(Unit.objects), since=date(2007, 2, 1)),
    lambda h: Employment.objects.filter(member=h.any(Member.objects)).update(unit=h.any(Unit.objects)),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.once
def test_after_any_writes_the_edition_equals_a_recount(world, cast):
    """Beside files that stay as they are: the differences add up to all that was written since."""
    hand, first = Hand(1, cast.shi), current.current()
    done = 0
    for day in (*DAYS, *DAYS):
        done += sum(hand.write() is None for _ in range(hand.chance.choice((1, 3, 8))))
        assert differences(day) == []
        assert (
            not UnitState.objects.filter(until__isnull=True).exclude(place=F("unit__place")).exists()
        )  # lists rely on it
    assert done > 5 and current.current().base == first.base


def test_whatever_makes_the_counties_be_written_again_the_edition_equals_a_recount(world, cast):
    hand, base = Hand(2, cast.shi), current.current().base
    for write in (new_plan, moved_township, many_at_once, by_the_worker):
        write(hand)
        assert current.current().base > base, write
        base = current.current().base
        hand.write()
    assert differences() == []


def new_plan(hand):
    """All units of the county are asked anew whether they are on it."""
    unit = Unit.objects.filter(place__code__startswith="421381").first()
    Planned.objects.create(plan="新计划", unit=unit, since=date(2012, 3, 1))


def moved_township(hand):
    place, to = (Place.objects.get(code=code) for code in ("421381100", "421303"))
    territory.move(by=None, place=place, parent=to, day=date(2013, 1, 1), document="批复")


def many_at_once(hand):
    """More rows in one statement than are noted one by one."""
    place = Place.objects.get(code="421303001")
    Unit.objects.bulk_create(Unit(kind="enterprise", name=f"批量{n}", place=place, grams=[]) for n in range(501))
    units = Unit.objects.filter(name__startswith="批量")
    UnitState.objects.bulk_create(UnitState(unit=unit, place=place, since=date(2012, 5, 1)) for unit in units)


def by_the_worker(hand):
    hand.write()
    current.follow()


def test_what_is_taken_back_leaves_nothing(world, cast):
    before = current.current()
    with pytest.raises(RuntimeError), transaction.atomic():
        registry.add(
            **Hand(1, cast.shi).grounds(), place=Place.objects.get(code="421381001"), kind="enterprise", name="新厂"
        )
        assert current.current() != before
        raise RuntimeError
    assert current.current().change == before.change
    assert (
        current.current().facts().unit.count().to_pyarrow().as_py() == before.facts().unit.count().to_pyarrow().as_py()
    )


def test_killed_in_the_middle_the_next_one_does_it_whole(world, cast, monkeypatch):
    current.current()
    hand, written = Hand(4, cast.shi), []

    def killed(*args, **more):
        written.append(args)
        if len(written) == 9:
            raise KeyboardInterrupt
        return WRITTEN(*args, **more)

    hand.write()
    hand.write()
    monkeypatch.setattr(delta.pq, "write_table", killed)
    with pytest.raises(KeyboardInterrupt):
        current.current()
    monkeypatch.setattr(delta.pq, "write_table", WRITTEN)
    assert differences() == []


def test_pages_go_on_while_the_worker_writes_and_nothing_is_lost(world, cast, monkeypatch):
    hand, seen = Hand(5, cast.shi), []
    first = current.current()
    hand.write()

    def meanwhile(edition, day):
        Work.objects.create(unit=hand.any(Unit.objects), kind="visit", on=date(2012, 7, 1))
        seen.append(current.current())

    monkeypatch.setattr(current.Current, "prepare", meanwhile)
    current.follow()
    assert seen[0].base == first.base < current.current().base
    assert differences() == []


def test_what_is_committed_late_comes_in_late(committed, cast):
    """A note numbered before others may be seen after them."""
    registerworld.fill(1, units=20)
    first, second = Work.objects.count(), [unit.pk for unit in Unit.objects.all()[:2]]
    add = "INSERT INTO registry_work (unit_id, kind, \"on\") VALUES (%s, 'visit', '2012-07-01')"
    current.current()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as slow:
        slow.execute(add, [second[0]])
        with connection.cursor() as cursor:
            cursor.execute(add, [second[1]])
        assert current.current().facts().work.count().to_pyarrow().as_py() == first + 1
        slow.commit()
    assert current.current().facts().work.count().to_pyarrow().as_py() == first + 2
