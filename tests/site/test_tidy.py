"""What is kept for a time only is thrown away by the worker, which comes back by itself."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rosterdesk import UNIT, put

from dishu.site.api import tidy
from dishu.site.intake.models import Upload
from dishu.site.intake.owners import FILE


@pytest.fixture
def queued(settings):
    """Tasks wait in the database for a worker, as they do outside tests."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_owners_of_a_roster_are_held_as_long_as_the_setting_says(cast, settings):
    upload, _ = put("企业.csv", UNIT)
    file = upload.folder / FILE
    tidy.throw_away()
    assert file.exists()
    Upload.objects.update(committed_at=timezone.now() - timedelta(days=settings.OWNERS_HELD_DAYS + 1))
    tidy.throw_away()
    assert not file.exists()


def test_sessions_that_ended_go(db):
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    tidy.throw_away()
    assert [one.session_key for one in Session.objects.all()] == ["new"]


def test_the_next_time_always_waits_and_only_once(db, home, queued):
    tidy.keep_coming(tidy.EVERY)
    tidy.keep_coming(tidy.EVERY)
    waiting = DBTaskResult.objects.get()
    assert waiting.run_after > timezone.now()
    DBTaskResult.objects.update(status="RUNNING")
    tidy.tidy.func()
    assert DBTaskResult.objects.filter(status="READY").count() == 1
