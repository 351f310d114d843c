"""What is kept for a time only, thrown away when that is over: owners held for matching, answers of calls, old sessions."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dishu.site.api import work
from dishu.site.intake import owners

#: How often the worker looks.
EVERY = timedelta(hours=6)
#: How long it can be seen what became of a task.
DONE_KEPT = timedelta(days=14)


def throw_away() -> None:
    """Everything whose time is over."""
    owners.forget()
    work.forget.func()
    call_command("clearsessions")
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - DONE_KEPT).delete()


@task
def tidy() -> None:
    """Throw away and come back later; the next time is written down first, so that an error ends nothing."""
    keep_coming(EVERY)
    throw_away()


def keep_coming(after: timedelta) -> None:
    """See to it that one such task waits for the worker, and not two."""
    if not DBTaskResult.objects.filter(task_path=tidy.module_path, status=TaskResultStatus.READY).exists():
        tidy.using(run_after=timezone.now() + after).enqueue()
