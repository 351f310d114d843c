"""What the worker does for figures: bring the current edition up, and put the whole history beside it."""

from __future__ import annotations

from django.tasks import task

from dishu.site.reports import current, history


@task
def follow() -> None:
    """Write the current edition again where much has changed."""
    current.follow()


@task
def remember() -> None:
    """Evaluate the whole history of the current edition for the trends."""
    history.build()
