"""The same call with the same key twice at the same moment: one does it, the other waits and says the same."""

import threading

from apicalls import Caller, token
from django.db import close_old_connections, connection

from dishu.site.accounts.models import User
from dishu.site.registry.models import Unit
from dishu.site.trail.models import TrailLine

BODY = {"kind": "enterprise", "name": "新厂", "place": "421303", "day": "2010-01-01", "reason": "上门核实"}


def at_once(*calls):
    """Each call on a connection of its own, all started together; what they were answered."""
    start, answers, failed = threading.Barrier(len(calls)), [], []

    def run(call):
        close_old_connections()
        try:
            start.wait(timeout=20)
            answers.append(call())
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    return answers


def test_two_at_once_with_one_key_make_one_record(committed):
    secret = token(User.objects.get(username="shi"), "city_officer", "4213")
    answers = at_once(*(lambda: Caller(secret).post("/units", BODY, key="k-1") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
    assert Unit.objects.filter(name="新厂").count() == 1
    assert TrailLine.objects.filter(verb="created", subject_type="registry.unit").count() == 1


def test_two_at_once_change_one_record_and_one_is_told(committed):
    secret = token(User.objects.get(username="shi"), "city_officer", "4213")
    unit = Caller(secret).post("/units", BODY).json()["id"]
    change = {"version": 1, "day": "2010-01-01", "reason": "核对"}
    answers = at_once(
        *(lambda n=n: Caller(secret).post(f"/units/{unit}/correct", change | {"employees": n}) for n in (5, 6))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    told = next(answer.json() for answer in answers if answer.status_code == 409)
    assert told["code"] == "version_conflict" and told["details"]["version"] == 2
