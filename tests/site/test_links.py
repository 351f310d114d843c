"""No page leads where its reader is refused: whoever sees a link may open it."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import ROLES
from dishu.site.membership.models import (  # fmt: skip
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    OrganizationState,
    Standing,
)
from dishu.site.registry.models import Unit, UnitState

pytestmark = pytest.mark.django_db
SINCE, COUNTY, STREET = date(2000, 1, 1), "421381", "421381001"
LINK = re.compile(r'href="(/[^"#]*)')
#: Addresses of no page.
APART = ("/static/", "/accounts/logout", "/api/")


@pytest.fixture
def unit(cast, place):
    """An enterprise with an organization and a member, so that their pages have something to lead to."""
    street = place(STREET)
    unit = Unit.objects.create(kind="enterprise", name="鑫源商贸", place=street)
    UnitState.objects.create(unit=unit, place=street, since=SINCE)
    org = Organization.objects.create(name="鑫源党支部", plain="鑫源", place=street)
    OrganizationState.objects.create(org=org, place=street, kind="branch", system="market", since=SINCE)
    Coverage.objects.create(unit=unit, org=org, mode="single", since=SINCE)
    member = Member.objects.create(name="王小芳", place=street)
    Standing.objects.create(member=member, place=street, standing="full", since=SINCE)
    Employment.objects.create(member=member, unit=unit, role="employee", since=SINCE)
    Affiliation.objects.create(member=member, org=org, source="名册", since=SINCE)
    return unit


def kind(url):
    """Pages that differ in a number, or in the indicator, are one page to a walker."""
    plain = re.sub(r"/\d+(?=/|$)", "/1", url.partition("?")[0])
    return re.sub(r"^/figures/1/[a-z_0-9]+/", "/figures/1/one/", plain)


@pytest.mark.parametrize("role", [role for role in ROLES.values() if role.appointed], ids=lambda role: role.code)
def test_no_page_leads_where_its_reader_is_refused(client, unit, place, role):
    user = User.objects.create_user("reader", None, name="读者")
    Appointment.objects.create(user=user, role=role.code, place=place(COUNTY), since=SINCE)
    client.force_login(user)
    seen, waiting = set(), ["/", *([reverse("unit", args=[unit.pk])] if "units.read" in role.may else [])]
    while waiting:
        url = waiting.pop(0)
        if kind(url) in seen or url.startswith(APART):
            continue
        seen.add(kind(url))
        answer = client.get(url)
        assert answer.status_code not in (403, 404), url
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            waiting += [html.unescape(link) for link in LINK.findall(answer.content.decode())]
    assert len(seen) > 5
