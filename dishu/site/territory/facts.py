"""Places as the engine sees them."""

from __future__ import annotations

from django.db.models import F

from dishu.site.territory.models import PlaceState


def place() -> object:
    """Rows of the facts' table `place`, one per state: keys are the official codes."""
    return PlaceState.objects.order_by("place__code", "since").values_list(
        "place__code", "name", "level", F("place__kind"), "parent__code", "place__successor__code", "since", "until"
    )
