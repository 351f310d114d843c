"""Two people send the same roster at the same moment: nothing comes twice."""

import threading

from django.db import close_old_connections, connection
from rosterdesk import OTHER_UNIT, SUN, UNIT, sent, written

from dishu.site.intake.models import Upload
from dishu.site.membership.models import Member, Standing
from dishu.site.registry.models import Unit, UnitState
from dishu.site.rosters import actions, work

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


def waited_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


def test_a_file_read_a_second_time_meanwhile_does_not_take_back_the_commit_button(committed):
    upload = sent("单位.csv", written(UNIT))
    Upload.objects.filter(pk=upload.pk).update(stage="reading")

    def second():
        try:
            work.prepare.func(upload.pk)
        finally:
            connection.close()

    with work.once(upload.pk):  # the first worker is at it
        thread = threading.Thread(target=second)
        thread.start()
        while thread.is_alive() and not waited_for():
            pass
        assert thread.is_alive()
        Upload.objects.filter(pk=upload.pk).update(stage="committing")  # it ended, and somebody pressed the button
    thread.join(timeout=60)
    upload.refresh_from_db()
    assert upload.stage == "committing"
