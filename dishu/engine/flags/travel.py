"""Two visits on the spot so far apart, and so close in time, that nobody could have made both."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from dishu.engine.flags.answers import collectors, moments
from dishu.engine.flags.model import Asked, Look
from dishu.engine.flags.speed import bulk

_EARTH: Final = 6371.0088  # km, mean radius (IUGG)
GPS_KM: Final = 0.1  # what two fixes may be wrong together
#: Channels on which nobody stands at the unit's door.
FAR: Final = ("phone", "report", "电话", "上报", "网上", "线上", "desk")


def kilometres(longitude: Any, latitude: Any, longitude2: Any, latitude2: Any) -> Any:
    """Great-circle distance by the haversine formula, degrees in, km out.

    >>> round(float(kilometres(113.37, 31.72, 114.30, 30.59)), 1)
    153.7
    """
    x, y, x2, y2 = (np.radians(part) for part in (longitude, latitude, longitude2, latitude2))
    half = np.sin((y2 - y) / 2) ** 2 + np.cos(y) * np.cos(y2) * np.sin((x2 - x) / 2) ** 2
    return 2 * _EARTH * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def on_site(visits: pa.Table) -> Any:
    """Which records were made at the door: with coordinates, not typed in later, not by telephone."""
    far = np.array([any(w in (c or "").lower() for w in FAR) for c in visits["channel"].to_pylist()])
    located = np.asarray(visits["longitude"].is_valid()) & np.asarray(visits["latitude"].is_valid())
    return located & ~far & ~bulk(visits)


def impossible(visits: pa.Table, asked: Asked) -> list[Look]:
    """Neighbouring on-site visits of a collector with more than `limit` km/h between the end of one and the next start.

    100 m are allowed for the fixes, and a minute where clocks show whole minutes only. A fixed rule without a p-value;
    `least`: such steps of one collector.
    """
    names, who = collectors(visits)
    start, end = moments(visits, "started_at"), moments(visits, "ended_at")
    end = np.where(np.isnan(end), start, end)
    x, y = (np.asarray(visits[name].fill_null(np.nan).combine_chunks()) for name in ("longitude", "latitude"))
    usable = np.flatnonzero(on_site(visits) & ~np.isnan(start))
    slack = 60.0 if len(usable) and not (start[usable] % 60).any() else 0.0
    usable = usable[np.lexsort((start[usable], who[usable]))]
    first, then = usable[:-1], usable[1:]
    first, then = first[who[first] == who[then]], then[who[first] == who[then]]
    km = kilometres(x[first], y[first], x[then], y[then])
    hours = np.maximum(start[then] - end[first], 0.0) / 3600 + slack / 3600
    over = (km > GPS_KM) & (km - GPS_KM > asked.limit * hours)
    ids = np.array(visits["visit_id"].to_pylist(), dtype=object)
    looks = []
    for one in np.unique(who[first][over]):
        mine = np.flatnonzero(over & (who[first] == one))
        worst = mine[np.argmax(km[mine] - asked.limit * hours[mine])]
        said = {
            "k": len(mine), "first": ids[first[worst]], "then": ids[then[worst]], "km": float(km[worst]),
            "minutes": round(float(hours[worst] * 60)), "limit": asked.limit,
        }  # fmt: skip
        steps = int((who[first] == one).sum())
        examples = tuple(ids[then[mine]][:5])
        looks.append(Look(names[one], None, len(mine) / steps, said, examples, met=len(mine) >= asked.least))
    return looks
