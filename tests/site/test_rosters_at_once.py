"""Two people send the same roster at the same moment: nothing comes twice."""

import threading

from django.db import close_old_connections, connection
from rosterdesk import OTHER_UNIT, SUN, UNIT, sent, written

from dishu.site.membership.models import Member, Standing
from dishu.site.registry.models import Unit, UnitState
from dishu.site.rosters import actions

MEMBER = {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"]}


def at_once(*uploads):
    """Commit each on a connection of its own, all started together."""
    start, failed = threading.Barrier(len(uploads)), []

    def run(upload):
        close_old_connections()
        try:
            start.wait(timeout=20)
            actions.commit(upload, by=upload.by)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(upload,)) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []


def test_two_uploads_at_once_make_no_duplicates(committed):
    at_once(sent("单位.csv", written(UNIT, OTHER_UNIT)), sent("2单位.csv", written(OTHER_UNIT, UNIT)))
    assert (Unit.objects.count(), UnitState.objects.count()) == (2, 2)
    at_once(sent("党员.csv", written(MEMBER)), sent("2党员.csv", written({**MEMBER, "到岗日期": ""})))
    assert (Member.objects.count(), Standing.objects.count()) == (1, 1)
