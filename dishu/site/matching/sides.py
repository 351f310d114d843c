"""Two records laid side by side: field by field, each difference marked by the character, numbers compared behind the mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site import crypto
from dishu.site.doubts.models import Pair
from dishu.site.membership.models import Member
from dishu.site.records import members, units
from dishu.site.registry.models import Unit
from dishu.standards import ids

MODELS: dict[str, type[models.Model]] = {"member": Member, "unit": Unit}
#: key -> title; what tells people apart first.
FIELDS = {
    "member": {
        "name": lazy("姓名"), "sex": lazy("性别"), "birth": lazy("出生日期"), "citizen_id": lazy("身份证号"), "phone": lazy("手机号码"), "standing": lazy("党员类别"),
        "units": lazy("工作单位"), "orgs": lazy("组织关系所在党组织"), "takes_part": lazy("参加活动的党组织"), "place": lazy("所在地"),
    },
    "unit": {
        "name": lazy("名称"), "kind": lazy("类型"), "code": lazy("代码"), "address": lazy("经营地址"), "place": lazy("所在地"), "opened_on": lazy("成立日期"),
        "industry": lazy("行业"), "control": lazy("控股类型"), "employees": lazy("从业人员"), "members": lazy("党员"), "orgs": lazy("覆盖的党组织"),
        "closed_on": lazy("注销日期"),
    },
}  # fmt: skip
_ROWS: dict[str, Callable[[Any], list[dict[str, Any]]]] = {"member": members.rows, "unit": units.rows}
_TIES = {
    "member": ("standings", "employments", "affiliations", "participations", "shown"), "unit": ("states", "postings"),
}  # fmt: skip
_MASKS = {"citizen_id": ids.mask_citizen_id, "phone": ids.mask_phone}
HIDDEN = "*"


@dataclass(frozen=True)
class Piece:
    """Some characters that both have, or that differ."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Line:
    """One field of both: `verdict` says in words what the marks say."""

    title: str
    left: list[Piece]
    right: list[Piece]
    verdict: str
    differs: bool


@dataclass(frozen=True)
class Side:
    """One of the two: the record, the rows of rosters it comes from."""

    record: Any
    sources: list[Any]


def pieces(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ.

    >>> [(p.text, p.differs) for p in pieces("王维", "王伟")[0]]
    [('王', False), ('维', True)]
    """
    ones, twos = [], []
    for word, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        ones += [Piece(left[a:b], word != "equal")] if b > a else []
        twos += [Piece(right[c:d], word != "equal")] if d > c else []
    return ones, twos


def behind(left: str, right: str, mask: Callable[[str], str]) -> tuple[list[Piece], list[Piece]]:
    """Two numbers masked, compared digit by digit: which digits differ is shown, what they are is not.

    >>> one, two = behind("19400001234", "19400011234", lambda n: n[:3] + "****" + n[-4:])
    >>> [(p.text, p.differs) for p in one]
    [('194***', False), ('*', True), ('1234', False)]
    """
    if len(left) != len(right):
        return [Piece(mask(left), True)], [Piece(mask(right), True)]
    shown = mask(left), mask(right)
    cuts: list[tuple[int, int, bool]] = []
    for n, (a, b) in enumerate(zip(left, right, strict=True)):
        differs = a != b
        if cuts and cuts[-1][2] == differs:
            cuts[-1] = (cuts[-1][0], n + 1, differs)
        else:
            cuts.append((n, n + 1, differs))
    one, two = ([Piece(text[a:b], differs) for a, b, differs in cuts] for text in shown)
    return one, two


def lines(pair: Pair, left: Any, right: Any) -> list[Line]:
    """The fields of both records."""
    one, two = _ROWS[pair.kind]([left, right])
    return [_line(key, str(title), one, two, left, right) for key, title in FIELDS[pair.kind].items()]


def _line(key: str, title: str, one: dict[str, Any], two: dict[str, Any], left: Any, right: Any) -> Line:
    if key in _MASKS:
        return _numbers(key, title, left, right)
    first, second = ("" if row.get(key) in (None, "—") else str(row[key]) for row in (one, two))
    if not first or not second:
        verdict = _("两边都没有") if first == second else _("一边没有")
        return Line(title, _whole(first), _whole(second), verdict, False)
    if first == second:
        return Line(title, _whole(first), _whole(second), _("一致"), False)
    return Line(title, *pieces(first, second), _("不同"), True)


def _whole(text: str) -> list[Piece]:
    """A text of which nothing differs; no piece where there is none."""
    return [Piece(text, False)] if text else []


def _numbers(key: str, title: str, left: Any, right: Any) -> Line:
    """Numbers stay behind their masks; only how many digits differ, and where, is said."""
    one, two = (crypto.show(number) if number else "" for number in (getattr(left, key), getattr(right, key)))
    mask = _MASKS[key]
    if not one or not two:
        verdict = _("两边都没有") if one == two else _("一边没有")
        return Line(title, _whole(one and mask(one)), _whole(two and mask(two)), verdict, False)
    if one == two:
        return Line(title, _whole(mask(one)), _whole(mask(two)), _("逐位一致"), False)
    return Line(title, *behind(one, two, mask), _digits(one, two), True)


def _digits(one: str, two: str) -> str:
    """How two numbers differ.

    >>> _digits("123456", "124356"), _digits("1234", "123")
    ('第3、4位对调', '位数不同')
    """
    if len(one) != len(two):
        return _("位数不同")
    at = [n for n, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    if len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] == two[at[1]] and one[at[1]] == two[at[0]]:
        return _("第%(first)s、%(second)s位对调") % {"first": at[0] + 1, "second": at[1] + 1}
    if len(at) > 4:
        return _("%(count)s位不同") % {"count": len(at)}
    return _("第%(which)s位不同") % {"which": _("、").join(str(n + 1) for n in at)}


def side(kind: str, record: Any) -> Side:
    """The record with the rows of rosters it comes from, each once."""
    found: dict[tuple[Any, ...], Any] = {}
    for name in _TIES[kind]:
        for tie in getattr(record, name).select_related("upload"):
            if tie.upload_id and tie.row:
                found.setdefault((tie.upload_id, tie.sheet, tie.row), tie)
    return Side(record, list(found.values()))
