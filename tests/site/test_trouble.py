"""Lists of trouble and what settles them: history kept, the figure follows, nobody outside reaches it."""

import html
import re
from datetime import date

import pytest
import registerworld

from dishu.site.membership import settling
from dishu.site.membership.models import Affiliation, Employment, Member, Organization, OrganizationState, Standing
from dishu.site.registry.models import Unit
from dishu.site.reports.trouble import TROUBLES
from dishu.site.trail.models import TrailLine

ROSTER, SETTLED = date(2011, 6, 30), date(2011, 9, 1)


@pytest.fixture
def orgs(cast, place):
    """Three branches in 广水市."""
    made = [Organization.objects.create(name=f"{n}支部", plain=f"{n}支部", place=place("421381")) for n in "甲乙丙"]
    for org in made:
        OrganizationState.objects.create(
            org=org, place=place("421381"), kind="branch", system="enterprise", since=ROSTER
        )
    return made


@pytest.fixture
def member(orgs, place):
    """Two rosters say two branches."""
    one = Member.objects.create(name="王明", place=place("421381"))
    Standing.objects.create(member=one, place=one.place, standing="full", since=ROSTER)
    for org in orgs[:2]:
        Affiliation.objects.create(member=one, org=org, source="名册", since=ROSTER)
    return one


@pytest.fixture
def log_in(cast, client):
    def as_(who):
        client.force_login(getattr(cast, who), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_


def history(member):
    rows = Affiliation.objects.filter(member=member).order_by("since", "org__name")
    return [(one.org.name, one.since, one.until, one.held) for one in rows]


@pytest.mark.parametrize(
    ("chosen", "after"),
    [
        (0, [("乙支部", ROSTER, SETTLED, False), ("甲支部", ROSTER, SETTLED, False), ("甲支部", SETTLED, None, True)]),
        (2, [("乙支部", ROSTER, SETTLED, False), ("甲支部", ROSTER, SETTLED, False), ("丙支部", SETTLED, None, True)]),
    ],
    ids=["one of the claims", "another organization"],
)
def test_from_the_day_on_one_organization_holds_the_membership(cast, orgs, member, chosen, after):
    settling.settle_affiliation(by=cast.guang, member=member, org=orgs[chosen], since=SETTLED, reason="介绍信")
    assert history(member) == after
    line = TrailLine.objects.first()
    assert (line.verb, line.subject_id, line.reason) == ("changed", member.pk, "介绍信")


def test_settled_again_the_first_settlement_stays_in_the_history(cast, orgs, member):
    for org, day in ((orgs[0], SETTLED), (orgs[1], date(2012, 1, 1))):
        settling.settle_affiliation(by=cast.guang, member=member, org=org, since=day, reason="介绍信")
    assert history(member)[2:] == [
        ("甲支部", SETTLED, date(2012, 1, 1), True),
        ("乙支部", date(2012, 1, 1), None, True),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"since": ROSTER}, "since"),
        ({"since": date(2011, 1, 1)}, "since"),
        ({"seen": 9}, ""),
    ],
)
def test_what_contradicts_is_refused_and_nothing_is_done(cast, orgs, member, change, field):
    before = history(member)
    asked = {"by": cast.guang, "member": member, "org": orgs[0], "since": SETTLED, "reason": "介绍信"} | change
    with pytest.raises(settling.Impossible) as why:
        settling.settle_affiliation(**asked)
    assert (why.value.field, history(member)) == (field, before)


def test_the_list_leads_to_the_page_and_settling_empties_it(log_in, member, orgs):
    client = log_in("guang")
    listing = "/figures/421381/affiliation_contradicting/held/"
    assert f"/trouble/settle/{member.pk}/" in client.get(listing).content.decode()
    answer = client.post(
        f"/trouble/settle/{member.pk}/",
        {"org": orgs[0].pk, "since": "2012-01-01", "reason": "介绍信", "seen": member.version, "back": listing},
    )
    assert (answer.status_code, answer.url) == (302, listing)
    assert f"/trouble/settle/{member.pk}/" not in client.get(listing).content.decode()


def test_what_is_wrong_is_said_at_the_field_and_what_was_written_stays(log_in, member):
    page = log_in("guang").post(
        f"/trouble/settle/{member.pk}/", {"org_name": "没有的支部", "since": "2012-01-01", "reason": "介绍信"}
    )
    text = page.content.decode()
    assert page.status_code == 200 and "名册里没有这个党组织" in text and "没有的支部" in text


@pytest.mark.parametrize(
    ("who", "answer"), [("guang", 200), ("shi", 200), ("zeng", 404), ("lead", 403), ("system", 403)]
)
def test_a_member_is_settled_from_the_own_place_only(log_in, member, who, answer):
    assert log_in(who).get(f"/trouble/settle/{member.pk}/").status_code == answer


def test_it_never_leads_away_from_the_site(log_in, member, orgs):
    answer = log_in("guang").post(
        f"/trouble/settle/{member.pk}/",
        {"org": orgs[0].pk, "since": "2012-01-01", "reason": "介绍信", "back": "https://example.org/"},
    )
    assert answer.url == "/trouble/"


def test_a_unit_is_covered_after_approval(cast, log_in, orgs, place):
    unit = Unit.objects.create(kind="enterprise", name="厂", place=place("421381"))
    asked = {"mode": "joint", "org_name": "甲支部", "since": "2012-01-01", "reason": "批复3号", "seen": unit.version}
    assert log_in("guang").post(f"/trouble/cover/{unit.pk}/", asked).status_code == 302
    assert [(one.org.name, one.mode, one.since) for one in unit.coverages.all()] == [
        ("甲支部", "joint", date(2012, 1, 1))
    ]
    twice = log_in("guang").post(f"/trouble/cover/{unit.pk}/", asked | {"seen": unit.version + 1})
    assert "已有登记" in twice.content.decode() and unit.coverages.count() == 1


def test_every_list_says_what_to_do_and_has_a_button_that_does_it():
    assert [one.title for one in TROUBLES if not (one.step and one.view and one.button)] == []


def test_where_there_is_no_branch_yet_it_is_founded_and_then_covers_the_unit(log_in, orgs, place):
    unit = Unit.objects.create(kind="enterprise", name="鑫源商贸", place=place("421381"))
    one = Member.objects.create(name="王明", place=place("421381"))
    Standing.objects.create(member=one, place=one.place, standing="full", since=ROSTER)
    Employment.objects.create(member=one, unit=unit, role="owner", since=ROSTER)
    client, here = log_in("guang"), f"/trouble/cover/{unit.pk}/"
    page = client.get(here).content.decode()
    assert "甲支部" in page and "按规定" in page  # near ones are offered, and what the rules say of these members
    new = html.unescape(re.search(r'href="(/organizations/new/[^"]+)"', page)[1])
    form = client.get(new).context["paper"]
    said = {name: form[name].value() for name in ("name", "place", "kind", "system")}
    assert said["name"] == "中共鑫源商贸支部委员会" and said["kind"] == "branch"
    back = client.post(new, said | {"day": "2012-01-01", "reason": "批复3号"})
    assert back.url.startswith(here)
    page = client.get(back.url).content.decode()
    assert 'value="中共鑫源商贸支部委员会"' in page and 'value="single" required checked' in page
    asked = {
        "mode": "single",
        "org_name": said["name"],
        "since": "2012-01-02",
        "reason": "批复3号",
        "seen": unit.version,
    }
    client.post(here, asked)
    assert unit.coverages.get().org.name == said["name"]


def test_every_list_counts_what_it_lists(cast, log_in):
    registerworld.fill(3)
    client = log_in("shi")
    overview = client.get("/trouble/4213/").content.decode()
    for one in TROUBLES:
        assert str(one.title) in overview
        assert client.get(f"/figures/4213/{one.code}/{one.part}/").status_code == 200


@pytest.mark.parametrize("who", ["sheng", "shi", "guang", "suo", "lead", "system", "security", "audit", "stranger"])
def test_each_role_has_a_desk(log_in, who):
    page = log_in(who).get("/")
    assert page.status_code == 200
    assert ("还没有任职" in page.content.decode()) == (who == "stranger")


@pytest.mark.parametrize("page", ["/", "/figures/421381/", "/trouble/421381/"])
def test_where_nothing_is_registered_the_roster_comes_first(client, cast, page):
    """No green tick where there is nothing: no data is not the same as no trouble."""
    client.force_login(cast.guang)
    said = client.get(page).content.decode()
    assert "上传名册" in said and 'href="/rosters/"' in said and "text-held" not in said


def test_who_only_reads_is_told_who_sends_the_rosters(client, cast):
    client.force_login(cast.lead)
    said = client.get("/").content.decode()
    assert "这里还没有登记单位和党员" in said and 'href="/rosters/"' not in said
