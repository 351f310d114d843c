"""What the law of a day allows a joint branch and a host, as the limits a plan keeps, with the readings they rest on.

The law says "as a rule" (一般) to 5 units and to 50 members. A plan may go above the 5, at a price, as an exception to
approve; never above `joint_branch_planned_max_units`, a default of ours. The 50 it never passes. Before 2018-10-28 no
national rule capped the units of a joint branch: then the usual number is the most a plan forms, so that nothing is called
an exception which was none on that day.
"""

from __future__ import annotations

from datetime import date

from dishu.engine.plan.model import HostKind, Limits
from dishu.standards import law


def at(day: date) -> Limits:
    """The limits of a plan made for that day. `law.OutsideDates` before 2002-11-14. Source: 支部工作条例 第四、五条.

    >>> at(date(2026, 1, 1))
    Limits(least_full=3, usual_units=5, most_units=8, most_members=50)
    >>> at(date(2012, 1, 1)).usual_units
    8
    """
    return _limits(law.at(day))


def readings(day: date) -> tuple[law.Reading, ...]:
    """The rules behind `at(day)`, each with its dates and source.

    >>> [(r.name, r.mark) for r in readings(date(2026, 1, 1))][1]
    ('joint_branch_planned_max_units', 'K')
    """
    rules = law.at(day)
    _limits(rules)
    host_units(rules)
    return rules.read


def _limits(rules: law.Rules) -> Limits:
    least, most = rules.value("branch_min_full_members"), rules.value("joint_branch_planned_max_units")
    usual = rules.find("joint_branch_max_units")
    return Limits(least, most if usual is None else usual, most, rules.value("branch_max_members"))


def host_units(rules: law.Rules) -> dict[HostKind, int]:
    """How many small units a host of each kind may look after.

    >>> host_units(law.at(date(2026, 1, 1)))["association"]
    10
    """
    return dict(rules.value("host_planned_max_units"))
