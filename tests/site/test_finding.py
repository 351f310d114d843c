"""What is searched for is found through the index, and never beyond the wall; the many and the few alike."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dishu.site.accounts.scope import walled
from dishu.site.membership.models import Affiliation, Member, Organization
from dishu.site.records import lists
from dishu.site.registry import finding
from dishu.site.registry.models import Unit
from dishu.site.territory.models import Place

pytestmark = pytest.mark.django_db
WORDS = ("鑫源", "xysm", "XYSM", "源商", "91421302MA00000001", "00000001", "9142", "%", "_", "无此", "鑫商")


@pytest.fixture
def units(place):
    rows = [
        ("421302", "鑫源商贸", "91421302MA00000001"),
        ("421381", "鑫源商贸", "91421381MA00000002"),
        ("421302", "百分之%店", None),
    ]
    return [Unit.objects.create(kind="enterprise", name=name, code=code, place=place(at)) for at, name, code in rows]


def plain(text):
    """Found by reading every name."""
    low = text.lower()
    by_code = [u.pk for u in Unit.objects.all() if text.isalnum() and u.code and (u.code.startswith(text.upper()) or u.code.endswith(text.upper()))]  # fmt: skip
    return {u.pk for u in Unit.objects.all() if low in u.name.lower() or (text.isascii() and low in u.initials)} | set(
        by_code
    )


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("most", [2000, 0])
def test_a_search_finds_what_reading_every_name_would(units, text, most, monkeypatch):
    monkeypatch.setattr(finding, "MOST", most)
    assert set(Unit.objects.matching(text).values_list("pk", flat=True)) == plain(text)


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("common, near", [(10_000, 4000), (0, 4000), (0, 1)])
def test_the_next_in_order_are_the_same_whether_rare_or_common_near_or_far(units, text, common, near, monkeypatch):
    monkeypatch.setattr(finding, "COMMON", common)
    monkeypatch.setattr(finding, "NEXT", near)
    with connection.cursor() as cursor:
        cursor.execute(finding.in_order("registry_unit", coded=True).sql)
    found = []
    while keys := finding.after("registry_unit", text, (), (0, found[-1] if found else 0), 1):
        found += keys
    assert found == sorted(plain(text)) == finding.after("registry_unit", text, (), (0, 0), 9)


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("common, near", [(10_000, 4000), (0, 4000), (0, 1)])
@pytest.mark.parametrize("who", ["shi", "zeng", "guang"])
def test_those_of_some_places_come_place_after_place(units, cast, place, text, who, common, near, monkeypatch):
    monkeypatch.setattr(finding, "COMMON", common)
    monkeypatch.setattr(finding, "NEXT", near)
    for at in ("421302", "421381001", "421381"):
        Unit.objects.create(kind="enterprise", name="鑫源商贸", place=place(at))
    with connection.cursor() as cursor:
        cursor.execute(finding.in_order("registry_unit", coded=True).sql)
    scope = cast.scope(who)
    mine = sorted((u.place_id, u.pk) for u in scope.narrow(Unit.objects.filter(pk__in=plain(text))))
    with walled(scope):
        found, stands = [], (0, 0)
        while keys := finding.after("registry_unit", text, scope.nodes, stands, 1):
            stands = (Unit.objects.get(pk=keys[0]).place_id, keys[0])
            found.append(stands)
        assert found == mine
        assert finding.after("registry_unit", text, scope.nodes, (0, 0), 9) == [key for _, key in mine]


@pytest.mark.parametrize("who, seen", [("shi", 2), ("zeng", 1), ("guang", 1), ("stranger", 0)])
def test_the_index_is_asked_within_the_wall(units, cast, who, seen):
    with walled(cast.scope(who)):
        assert len(finding.found("registry_unit", "鑫源")) == seen
        assert len(finding.after("registry_unit", "鑫源", (), (0, 0), 9)) == seen


def test_members_likewise(cast, place):
    for at in ("421302", "421381"):
        Member.objects.create(name="王小芳", place=place(at))
    with walled(cast.scope("zeng")):
        assert [m.place.code for m in Member.objects.matching("小芳")] == ["421302"]
        assert [m.place.code for m in Member.objects.matching("wxf")] == ["421302"]


@pytest.mark.parametrize("who", ["shi", "zeng"])
def test_what_hangs_on_a_unit_never_makes_the_database_read_all_units(cast, who):
    with walled(cast.scope(who)), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM membership_coverage WHERE unit_id = 1")
        assert "hashed" not in "".join(row[0] for row in cursor.fetchall() if "registry_unit" in row[0])


def test_the_wall_costs_one_statement(cast):
    scope = cast.scope("zeng")
    with CaptureQueriesContext(connection) as asked, walled(scope):
        Place.objects.first()
    told = [q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(told) == 2


@pytest.mark.parametrize("lots", [(), (1,), (1, 2), (9,)])
@pytest.mark.parametrize("asked_for", ["?q=鑫源", "", "?place=421302"])
@pytest.mark.parametrize("who", ["zeng", "shi"])
def test_pages_hold_what_the_filters_leave_in_reach_once_each(client, cast, place, who, asked_for, lots, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 1)
    monkeypatch.setattr(lists, "LOTS", lots)
    for n, closed in enumerate((True, True, False, True, False, False, True)):
        Unit.objects.create(
            kind="enterprise",
            name=f"鑫源{n}号店",
            place=place("421381" if n == 4 else "421302"),
            closed_on=date(2012, 1, 1) if closed else None,
        )
    client.force_login(getattr(cast, who))
    seen = listed(client, f"/units/{asked_for}")
    names = {"?q=鑫源": "254", "": "254", "?place=421302": "25"}[asked_for]
    assert seen == [f"鑫源{n}号店" for n in names if who == "shi" or n != "4"]


@pytest.mark.parametrize("more", ["", "&as=csv"])
def test_a_county_is_listed_place_after_place_its_pages_and_its_file_alike(client, cast, place, monkeypatch, more):
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr(lists, "CHUNK", 2)
    homes = ["421302", "421381001", "421381", "421302", "421381001", "421381", "421381", "421381001"]
    units = [Unit.objects.create(kind="enterprise", name=f"店{n}", place=place(home)) for n, home in enumerate(homes)]
    inside = [one.name for one in sorted(units, key=lambda one: (one.place_id, one.pk)) if one.place.code != "421302"]
    client.force_login(cast.guang)
    if more:
        file = b"".join(client.get("/units/?as=csv&col=name").streaming_content).decode("utf-8-sig")
        assert file.split() == ["名称", *inside]
        return
    assert listed(client, "/units/") == inside


def test_organizations_that_lie_nowhere_come_last(client, cast, place, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 1)
    member = Member.objects.create(name="王小芳", place=place("421302"))
    for name, at in (("甲", None), ("乙", "421302"), ("丙", "421381"), ("丁", None), ("戊", "421302"), ("己", None)):
        org = Organization.objects.create(name=name, plain=name, place=at and place(at))
        if name in "丁己":
            Affiliation.objects.create(member=member, org=org, source="名册", since=date(2012, 1, 1))
    client.force_login(cast.zeng)
    assert listed(client, "/organizations/?state=named") == ["乙", "戊", "丁", "己"]


def listed(client, address):
    """The names of all pages of a list."""
    names, path = [], address.partition("?")[0]
    while address:
        asked = client.get(address).context["asked"]
        names += [row["name"] for row in asked.rows]
        address = asked.more and path + asked.more
    return names


@pytest.mark.parametrize("after", ["x", "²", "7", "7.", ".7", "7.²", "7.7.7"])
def test_who_tells_no_row_to_begin_behind_sees_the_first_page(client, cast, place, after):
    Unit.objects.create(kind="enterprise", name="鑫源", place=place("421302"))
    client.force_login(cast.zeng)
    assert [row["name"] for row in client.get(f"/units/?after={after}").context["asked"].rows] == ["鑫源"]


@pytest.mark.parametrize("after", ["9" * 30, f"{'9' * 30}.1", f"1.{'9' * 30}"])
@pytest.mark.parametrize("text", ["", "鑫源"])
def test_a_row_beyond_all_numbers_is_answered(client, cast, after, text):
    client.force_login(cast.zeng)
    assert client.get(f"/units/?q={text}&after={after}").status_code == 200
