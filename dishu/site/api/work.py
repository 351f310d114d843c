"""What the worker does for the API: forget the answers kept for repeated calls when their time is over."""

from __future__ import annotations

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from dishu.site.api.models import Answer

#: How long an answer is kept for the same key.
KEPT_HOURS = 48


@task
def forget() -> None:
    """Delete old answers of every token, also of those nobody uses any more: they may name people."""
    Answer.objects.filter(at__lt=timezone.now() - timedelta(hours=KEPT_HOURS)).delete()
