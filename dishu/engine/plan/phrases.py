"""The reason line of each unit and the sentence of each exception, from codes and numbers by fixed templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dishu.engine.plan.alternatives import NextBest
from dishu.engine.plan.model import Limits
from dishu.engine.plan.reasons import Exceptional, Explained, GroupReason, UnitReason
from dishu.engine.wording import say
from dishu.standards.codes import industry


@dataclass(frozen=True)
class Speech:
    """Says reasons: `names` of units, organizations and branches by id (the id where there is none), `source` of the rule.

    `far_km`: the plan's longest way.
    """

    explained: Explained
    limits: Limits
    source: str
    far_km: float
    names: Mapping[str, str] = field(default_factory=dict)
    _lines: dict[str, str] = field(default_factory=dict)

    def name(self, id: str | None) -> str:
        """What people call it."""
        return self.names.get(id or "", id or "")

    def line(self, reason: UnitReason) -> str:
        """The whole reason line of one unit.

        「拟建联合党支部：覆盖5家、正式党员7名。各单位均不足3名正式党员……次优方案：……」
        """
        group = reason.group.group_id
        if group not in self._lines:
            self._lines[group] = self.group(self.explained.groups[group])
        return self._lines[group] + self.next_best(reason)

    def group(self, reason: GroupReason) -> str:
        """What is said of a whole group; of an attached or uncovered unit what is said of each (full members of all)."""
        if reason.group.kind == "uncovered":
            return say("plan_uncovered", full=reason.full, least=self.limits.least_full)
        if reason.group.kind == "attached":
            return ""
        kept = say("plan_joint_kept" if reason.stay else "plan_joint_new", branch=self.name(reason.branch),
                   units=len(reason.group.units), full=reason.full)  # fmt: skip
        rule = say("plan_rule", least=self.limits.least_full, source=self.source)
        return f"{kept}{'；'.join((rule, self._shared(reason), self._lead(reason), self._stay(reason)))}。"

    def _shared(self, reason: GroupReason) -> str:
        size = len(reason.group.units)
        spot = say(f"plan_spot_{_share(reason.at_spot, size)}", spot=self.name(reason.spot), number=reason.at_spot)
        trade = say(
            f"plan_trade_{_share(reason.in_industry, size)}", trade=_trade(reason.industry), number=reason.in_industry
        )
        return f"{spot}，{trade}"

    def _lead(self, reason: GroupReason) -> str:
        lead = say("plan_lead_kept" if reason.kept_lead else "plan_lead", lead=self.name(reason.group.lead))
        radius = say("plan_radius" if reason.located else "plan_radius_unknown", km=reason.radius / 1000)
        return f"{lead}，{radius}"

    def _stay(self, reason: GroupReason) -> str:
        size = len(reason.group.units)
        how = "none" if not reason.stay else "all" if reason.stay == size else "some"
        return say(f"plan_stay_{how}", stay=reason.stay, new=size - reason.stay, branch=self.name(reason.branch))

    def _attached(self, reason: UnitReason) -> str:
        code = "plan_attached" if reason.unit.located else "plan_attached_unlocated"
        text = say(code, host=self.name(reason.group.host), full=reason.unit.full, least=self.limits.least_full,
                   source=self.source, km=reason.metres / 1000)  # fmt: skip
        stays = "；" + say("plan_attached_stay") if reason.unit.host == reason.group.host else ""
        return f"{text}{stays}。"

    def next_best(self, reason: UnitReason) -> str:
        """The second half of the line: where else the unit could go and what that would cost."""
        first = self._attached(reason) if reason.group.kind == "attached" else ""
        if reason.next_best is None or reason.regret is None:
            return first + say("plan_locked")
        regret, best = reason.regret / 1000, reason.next_best
        if reason.needed:
            return first + say("plan_next_needed", least=self.limits.least_full, regret=regret)
        if best.kind == "uncovered":
            uncovered = reason.group.kind == "uncovered"
            return first + say("plan_uncovered_nothing" if uncovered else "plan_next_uncovered", km=self.far_km)
        why = f"（{'、'.join(found)}）" if (found := list(_differences(reason, best))) else ""
        lead = self.explained.groups[best.id or ""].group.lead if best.kind == "joint" else None
        return first + say(
            f"plan_next_{best.kind}", lead=self.name(lead), host=self.name(best.id), regret=regret, why=why
        )

    def exception(self, found: Exceptional) -> str:
        """What is said of an exception."""
        return say(f"plan_exception_{found.code}", number=found.number, limit=found.limit)


def _share(some: int, size: int) -> str:
    return "all" if some == size else "most" if some > 1 else "none"


def _trade(code: str) -> str:
    """The name of an industry; what is none as written.

    >>> _trade("F"), _trade("卖鱼"), _trade("")
    ('批发和零售业', '卖鱼', '行业不详')
    """
    found = industry.industry(code) if code else None
    return found.name if found else code or "行业不详"


def _differences(reason: UnitReason, best: NextBest) -> list[str]:
    """What makes the next best worse (or better) than the present place, in words."""
    farther = best.metres - reason.metres
    found = []
    if reason.unit.located and abs(farther) >= 50:  # below that it would read 0.0
        found.append(say("plan_farther" if farther > 0 else "plan_nearer", km=abs(farther) / 1000))
    for term, code in (
        ("other_industry", "plan_other_industry"),
        ("other_place", "plan_other_place"),
        ("moved", "plan_moves"),
    ):
        if best.terms.get(term, 0) and not reason.terms.get(term, 0):
            found.append(say(code))
    return found
