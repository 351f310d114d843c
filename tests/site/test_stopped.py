"""A commit that is stopped anywhere leaves nothing half done, and begins again to the same end."""

import itertools
import random

import pytest
from django.db import connection
from rosterdesk import OTHER_UNIT, UNIT, row_versions, sent, written

from dishu.site.intake import owners
from dishu.site.registry.models import Unit
from dishu.site.rosters import actions

pytestmark = pytest.mark.django_db
OWNED = {"法定代表人姓名": "赵立新", "联系电话": "19477319049"}


class Stopped(BaseException):
    """Nobody catches it, as nobody catches a power cut."""


def stopping(here):
    """Stop at the first statement of which `here` says so, by its number and words."""
    count = itertools.count(1)

    def run(execute, sql, params, many, context):
        if here(next(count), sql):
            raise Stopped
        return execute(sql, params, many, context)

    return connection.execute_wrapper(run)


def test_stopped_anywhere_nothing_is_half_done_and_the_end_is_the_same():
    upload = sent("单位.csv", written({**UNIT, **OWNED}, OTHER_UNIT))
    before = row_versions()
    somewhere = [lambda n, _, at=at: n == at for at in random.Random(6).sample(range(1, 25), 5)]
    for here in (*somewhere, lambda _, sql: 'INSERT INTO "trail_trailline"' in sql):  # the last word of a commit
        with pytest.raises(Stopped), stopping(here):
            actions.commit(upload, by=upload.by)
        assert row_versions() == before
        upload.refresh_from_db()
        assert upload.stage == "previewed"
    actions.commit(upload, by=upload.by)
    held = owners.held(upload.place)
    assert held["owner"].to_pylist() == ["赵立新"]
    assert held["unit"].to_pylist() == [Unit.objects.get(name=UNIT["企业名称"]).pk]
