"""All rosters of a place judged with what is known of them: the last judgement, and what people decided."""

from __future__ import annotations

from dishu.site.doubts import memory
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.membership import write
from dishu.site.membership.judge import Judged, judge
from dishu.site.territory.models import Place


def judged(top: Place, uploads: list[Upload]) -> Judged:
    """What these rosters say together."""
    before = write.last(top)
    uploads = sorted(uploads, key=lambda u: (u.day, u.name, u.pk))
    told = memory.told(top, "member")
    return judge(top, uploads, max(u.day for u in uploads), before.owned, set(before.recs.values()), told)


def again(top: Place, before: write.Last) -> int:
    """Judge all committed rosters once more, and write what differs from `before`. Returns how many rows were touched."""
    uploads = kept.committed(top)
    if not uploads:
        return 0
    return write.write(top, judged(top, uploads), before, frozenset(u.pk for u in uploads))
