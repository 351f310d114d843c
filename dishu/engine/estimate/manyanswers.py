"""What three and more lists say, whole: numbers under plain names for machines, sentences with ranges for officials."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dishu.engine.estimate.manylists import ManyLists
from dishu.engine.estimate.models import MOST_LISTS
from dishu.engine.wording import say


def warnings(found: ManyLists) -> list[str]:
    """What must be said beside the numbers: lists left out, models refused, and why nothing is shown."""
    said = [say("estimate_nested", inner=inner, outer=outer) for inner, outer in found.nested]
    lists = len(found.cells.names)
    if found.fits is None:
        few = lists < 3
        return [
            *said,
            say("estimate_lists_too_few" if few else "estimate_lists_too_many", lists=lists, most=MOST_LISTS),
        ]
    reasons = Counter(str(reason) for reason in found.fits.refusal if reason)
    if reasons:
        told = "、".join(f"{say(f'estimate_{reason}')} {many} 个" for reason, many in reasons.most_common())
        said.append(
            say("estimate_refused_models", models=len(found.fits.refusal), refused=reasons.total(), reasons=told)
        )
    if found.shown is None:
        said.append(say("estimate_best_imprecise" if len(found.order) else "estimate_no_model"))
    return said


def numbers(found: ManyLists) -> dict[str, Any]:
    """Every number by name, in people; nothing averaged and nothing shown where no estimate exists.

    `envelope` is that of the models about as good as the best; `shown` holds it and the average's own range.
    """
    average, envelope, shown = found.averaged, found.envelope, found.shown
    return {
        "seen": found.cells.seen,
        "models": found.models(),
        "averaged": average and {"total": average.value, "lower": average.lower, "upper": average.upper},
        "envelope": envelope and {"lower": envelope[0], "upper": envelope[1]},
        "lower_bound": found.lower_bound,
        "shown": shown and {"total": shown.value, "lower": shown.lower, "upper": shown.upper},
        "warnings": warnings(found),
    }


def sentences(found: ManyLists) -> list[str]:
    """The same for officials."""
    seen, lists = found.cells.seen, len(found.cells.names)
    bound = say("estimate_lower_bound", bound=round(found.lower_bound), seen=seen)
    if found.shown is None:
        return [*warnings(found), bound, say("estimate_floor")]
    total = say("estimate_lists_total", lists=lists, seen=seen, total=round(found.shown.value))
    apart = say("estimate_models_disagree", lower=round(found.shown.lower), upper=round(found.shown.upper))
    return [total + apart, *warnings(found), bound, say("estimate_floor")]
