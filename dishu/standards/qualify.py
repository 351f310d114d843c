"""What organization may a unit with so many members form, on that day's law, and how safe is it?

All of it is soft: the texts say "as a rule" (一般), or "with approval of the superior organization". The answer
proposes and names its readings; people decide.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dishu.standards import law

Form = Literal["none", "joint", "single", "general_branch", "committee"]


@dataclass(frozen=True)
class Qualification:
    """What a unit qualifies for.

    `form`: none (no members), joint branch, single branch, general branch, committee. `also`: other forms equally in
    order. `with_committee`: it has a committee (支部委员会 in a branch). `at_risk`: it would lose its own organization
    if a few full members left. `max_units`: how many units a joint branch covers as a rule, None without a limit.
    `reason` in Chinese; `readings`: the law it rests on.
    """

    form: Form
    also: tuple[Form, ...]
    with_committee: bool
    at_risk: bool
    max_units: int | None
    reason: str
    readings: tuple[law.Reading, ...]

    @property
    def hard(self) -> bool:
        """Whether no exception can be approved: only if some reading is hard."""
        return any(reading.hard for reading in self.readings)


def qualify(full: int, members: int, day: date) -> Qualification:
    """What a unit qualifies for with `full` full members among its `members` members, on a day.

    Count by affiliation (组织关系), not by presence; `members` includes the probationary. ValueError unless
    0 <= full <= members; law.OutsideDates before 1982-09-06. Source: 党章, 支部工作条例 第四、五条.

    >>> found = qualify(3, 5, date(2018, 10, 28))
    >>> found.form, found.with_committee, found.at_risk
    ('single', False, True)
    >>> found.reason
    '正式党员3名，达到3名，应当单独建立党支部；流出1名就不足3名'
    """
    if not 0 <= full <= members:
        raise ValueError(f"正式党员{full}名、党员{members}名：应有 0 ≤ 正式党员 ≤ 党员")
    rules = law.at(day)
    minimum = rules.value("branch_min_full_members")
    if full < minimum:
        return _without_its_own(full, members, minimum, rules)
    return _with_its_own(full, members, minimum, rules)


def _without_its_own(full: int, members: int, minimum: int, rules: law.Rules) -> Qualification:
    if members == 0:
        return Qualification("none", (), False, False, None, "没有党员，应选派党建工作指导员", rules.read)
    cap = rules.find("joint_branch_max_units")
    limit = f"，一般不超过{cap}个单位" if cap else ""
    reason = f"正式党员{full}名，不足{minimum}名，应与邻近单位建立联合党支部{limit}"
    return Qualification("joint", (), False, False, cap, reason, rules.read)


def _with_its_own(full: int, members: int, minimum: int, rules: law.Rules) -> Qualification:
    form, also, why = _form(full, members, minimum, rules)
    committee = form != "single" or _branch_committee(full, members, rules)
    at_risk = full <= minimum + rules.value("at_risk_margin")
    if committee and form == "single":
        why += "，设支部委员会"
    if at_risk:
        why += f"；流出{full - minimum + 1}名就不足{minimum}名"
    return Qualification(form, also, committee, at_risk, None, why, rules.read)


def _form(full: int, members: int, minimum: int, rules: law.Rules) -> tuple[Form, tuple[Form, ...], str]:
    """The form by number of members, the others in order, and why. Where the law sets no number, a branch it is."""
    least = rules.find("basic_committee_min_members")
    if least is not None and members >= least:
        return "committee", (), f"党员{members}名，达到{least}名，经批准可建立基层党委"
    general = rules.find("general_branch_min_members")
    if general is not None and members > (rules.find("branch_max_members") or 0) and members >= general:
        return "general_branch", (), f"党员{members}名，达到{general}名，经批准可建立党总支"
    why = f"正式党员{full}名，达到{minimum}名，应当单独建立党支部"
    if general is not None and members >= general:
        return "single", ("general_branch",), f"{why}；党员{members}名，经批准也可建立党总支"
    return "single", (), why


def _branch_committee(full: int, members: int, rules: law.Rules) -> bool:
    """Whether a branch of this size has a committee; before 2018 local rules counted all members."""
    least = rules.find("committee_min_full_members")
    if least is None:
        return False
    return bool((members if rules.value("committee_counts") == "members" else full) >= least)
