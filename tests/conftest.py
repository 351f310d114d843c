"""For tests of the site: a database with the places of one prefecture, and the fixed cast of people who log in."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connection

from dishu.site.accounts import actions as accounts
from dishu.site.accounts import scope as scopes
from dishu.site.accounts.models import User
from dishu.site.territory import actions as territory
from dishu.site.territory.models import Place

CITY, ZENGDU, GUANGSHUI, STREET = "4213", "421302", "421381", "421381001"
SINCE = date(2000, 1, 1)
PASSWORD = "made-up-2007"
#: Who they are: role and place. 曾都区 is inside for Zeng, outside for Guang.
CAST = {
    "sheng": ("province_officer", "42"),
    "shi": ("city_officer", CITY),
    "zeng": ("county_officer", ZENGDU),
    "guang": ("county_officer", GUANGSHUI),
    "suo": ("office_officer", STREET),
    "lead": ("leader", CITY),
    "system": ("system_administrator", CITY),
    "security": ("security_administrator", CITY),
    "audit": ("audit_administrator", CITY),
}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Places and people once for all tests; the trail may be emptied between browser tests, and only there."""
    with django_db_blocker.unblock():
        _stage()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trail_trailline DISABLE TRIGGER trail_keep_all")
            cursor.execute("ALTER TABLE reports_sealed DISABLE TRIGGER sealed_keep_all")


def _stage():
    """The places and the cast."""
    territory.load_divisions(by=None, scope=CITY)
    for name, (role, place) in CAST.items():
        user = accounts.open_account(by=None, username=name, name=name, password=PASSWORD)
        accounts.appoint(by=None, user=user, role=role, place=Place.objects.get(code=place), since=SINCE)
    accounts.open_account(by=None, username="stranger", name="stranger", password=PASSWORD)


@dataclass
class Cast:
    """`cast.zeng` is the user; `cast.scope("zeng")` what they reach."""

    def __getattr__(self, name: str) -> User:
        return User.objects.get(username=name)

    def scope(self, name: str) -> scopes.Scope:
        return scopes.of(getattr(self, name))


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def emptied(django_db_setup, django_db_blocker):
    """Places and people set up again after a test that commits, which is emptied in the end."""
    yield
    with django_db_blocker.unblock():
        if not Place.objects.exists():
            _stage()


@pytest.fixture(scope="module")
def restaged(django_db_setup, django_db_blocker):
    """The same after a whole file: a live server empties the database later than any fixture of one test ends."""
    yield
    with django_db_blocker.unblock():
        if not Place.objects.exists():
            _stage()


@pytest.fixture
def committed(restaged, emptied, transactional_db):
    """Places and people for a test that commits."""
    if not Place.objects.exists():
        _stage()


@pytest.fixture
def place(db):
    """`place("4213")`."""
    return lambda code: Place.objects.get(code=code)


@pytest.fixture
def home(settings, tmp_path):
    """Files and editions of a test in a folder of its own."""
    settings.HOME, settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path, tmp_path / "files", tmp_path
    return tmp_path
