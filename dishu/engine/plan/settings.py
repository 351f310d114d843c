"""Prices, limits and locks of a plan as people write them: a short YAML file, in kilometres, with Chinese words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from dishu.engine.plan.model import Attach, Limits, Locks, Prices

#: Our name of a price, what people call it, what it means.
PRICES = {
    "new_branch": ("新建支部", "新建一个联合党支部"),
    "kept_branch": ("沿用支部", "沿用一个现有联合党支部（仍由书记所在单位牵头）"),
    "per_km": ("每公里", "单位到牵头单位的每公里"),
    "other_industry": ("行业不同", "与牵头单位不同行业"),
    "other_place": ("地点不同", "与牵头单位不在同一市场（都不在市场的：不在同一村、街、楼）"),
    "moved": ("变动", "离开现在的支部或所挂靠的党组织"),
    "above_usual": ("超一般数", "超过一般单位数的每一个单位"),
    "fragile": ("刚好达到", "正式党员刚好达到最低数，走一个就不够"),
    "uncovered": ("未覆盖", "一个单位没有着落，留给人研究"),
    "max_km": ("最远", "到牵头单位或党组织最远几公里"),
    "far_km": ("协会最远", "到全县性的协会、商会最远几公里"),
}
ATTACH = {"base": "起步", "per_km": "每公里", "other_industry": "行业不同", "other_place": "地点不同"}
HOSTS = {"village": "村社区", "enterprise": "企业", "association": "协会商会", "market": "市场"}
LIMITS = {"usual_units": "一般单位数", "most_units": "最多单位数", "most_members": "最多党员数"}


def preset() -> str:
    """The prices of `Prices()` as the YAML file people change, each line explained.

    >>> print(preset().splitlines()[1])
    新建支部: 3.0  # 新建一个联合党支部
    """
    given = asdict(Prices())
    lines = ["# 单位都是公里：0.5 就是说，这一条和多走半公里一样不合算。不写的行按这里的数。"]
    lines += [f"{word}: {given[name]}  # {text}" for name, (word, text) in PRICES.items()]
    lines.append("挂靠:  # 不进联合党支部，挂靠一个现有党组织")
    for kind, word in HOSTS.items():
        terms = "，".join(f"{said}: {given['attach'][kind][name]}" for name, said in ATTACH.items())
        lines.append(f"  {word}: {{{terms.replace('，', ', ')}}}")
    lines.append("# 上限: {一般单位数: 5, 最多单位数: 8, 最多党员数: 50}  # 不写则按当天的规定")
    return "\n".join(lines) + "\n"


def read_prices(path: Path, limits: Limits, usual: Prices) -> tuple[Prices, Limits]:
    """Prices and limits from a YAML file; what it leaves out stays as usual and as the law of the day says.

    ValueError names the line's word and what is wrong: unknown words, what is no number, negative numbers.
    """
    body = _mapping(path)
    words = {word: name for name, (word, _) in PRICES.items()}
    given = _known(body, {**words, "挂靠": "attach", "上限": "limits"}, path.name)
    attach = _attach(given.pop("attach", {}), usual, path.name)
    changed = _limits(given.pop("limits", {}), limits, path.name)
    amounts: dict[str, Any] = {name: _amount(value, name, path.name) for name, value in given.items()}
    return replace(usual, **amounts, attach=attach), changed


def _mapping(path: Path) -> dict[str, Any]:
    try:
        body = yaml.safe_load(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f"第{where.line + 1}行附近" if where else ""
        raise ValueError(f"{path.name}{line}看不懂；每行应是“名称: 数”，用英文冒号、UTF-8 编码") from error
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise ValueError(f"{path.name} 应是一行一条“名称: 数”")
    return {str(key): value for key, value in body.items()}


def _known(body: Any, words: Mapping[str, str], where: str) -> dict[str, Any]:
    """The lines by our names; people's words and ours are both understood."""
    if not isinstance(body, dict):
        raise ValueError(f"{where} 里“{'、'.join(words)}”应各写一行“名称: 数”")
    unknown = [str(key) for key in body if key not in words and key not in words.values()]
    if unknown:
        near = get_close_matches(unknown[0], words, 1) or list(words)
        raise ValueError(f"{where} 里的“{unknown[0]}”不认识；可以写：{'、'.join(near)}")
    return {words.get(str(key), str(key)): value for key, value in body.items()}


def _amount(value: Any, name: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        word = PRICES[name][0] if name in PRICES else name
        raise ValueError(f"{where} 里的“{word}”应是不小于0的数（公里），现在写的是 {value}")
    return float(value)


def _attach(body: Any, usual: Prices, where: str) -> dict[str, Attach]:
    found = dict(usual.attach)
    for kind, terms in _known(body, {word: kind for kind, word in HOSTS.items()}, where).items():
        given = _known(terms, {word: name for name, word in ATTACH.items()}, where)
        found[kind] = replace(found[kind], **{name: _amount(value, name, where) for name, value in given.items()})
    return found


def _limits(body: Any, limits: Limits, where: str) -> Limits:
    """The numbers the law calls usual may be changed with approval; the least number of full members may not."""
    given = _known(body, {word: name for name, word in LIMITS.items()}, where)
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{where} 里的“{LIMITS[name]}”应是不小于1的整数，现在写的是 {value}")
    changed = replace(limits, **given)
    if changed.usual_units > changed.most_units:
        raise ValueError(f"{where}：一般单位数{changed.usual_units}大于最多单位数{changed.most_units}；请两个都写")
    return changed


LOCKS = {"在一起": "together", "分开": "apart", "挂靠": "hosts", "保持": "branches"}


def read_locks(path: Path, units: Mapping[str, str | None], hosts: Collection[str]) -> Locks:
    """What people have decided, from a YAML file; `units`: the present branch of each planned unit by id.

    在一起, 分开: lists of lists of unit ids; 挂靠: unit id to organization id; 保持: branches that stay as they are.
    ValueError names an id that is not in the plan.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
    ...     _ = file.write("在一起: [[a, b]]"); file.flush()
    ...     read_locks(Path(file.name), {"a": None, "b": None}, []).together == (frozenset("ab"),)
    True
    """
    given = _known(_mapping(path), LOCKS, path.name)
    together, apart = (tuple(_groups(given.get(name), path.name)) for name in ("together", "apart"))
    at = {str(unit): str(host) for unit, host in (given.get("hosts") or {}).items()}
    branches = frozenset(map(str, given.get("branches") or ()))
    _present(path, "单位", {unit for group in (*together, *apart) for unit in group} | set(at), units)
    _present(path, "党组织", set(at.values()), hosts)
    _present(path, "现有联合党支部", branches, {branch for branch in units.values() if branch})
    for one, other in ((one, other) for one in together for other in apart):
        if len(one & other) > 1:
            raise ValueError(f"{path.name}：单位{'、'.join(sorted(one & other))}又在一起又分开；请删去一条")
    return Locks(together, apart, at, branches)


def _groups(body: Any, where: str) -> list[frozenset[str]]:
    groups = body or []
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise ValueError(f"{where} 里“在一起”“分开”应写成 [[单位1, 单位2], [单位3, 单位4]]")
    return [frozenset(map(str, group)) for group in groups]


def _present(path: Path, what: str, asked: Collection[str], known: Collection[str]) -> None:
    if unknown := sorted(set(asked) - set(known)):
        raise ValueError(f"{path.name} 里的{what}{'、'.join(unknown[:5])}不在本方案内；请核对编号，或删去这一条")
