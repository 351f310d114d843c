"""One sentence for each thing a situation report has to say, made from figures and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from .content import Content, Definition, Figure, Place, count_of
from .words import count, day, listed, percent, share, verified

PLAIN_COUNT = "全部计数"
AMOUNTS = ("employees", "assets", "turnover")
CHECKED = ("verified", "members_verified")


def figure_sentence(definition: Definition, figure: Figure) -> str:
    """Among how many, how many held, the share, and apart from each other the failed and the unknown.

    >>> d = Definition("identity_shown", "亮身份", "六个100%", "掌握的党员", "已亮明身份", "", 1.0, unit_of_count="名")
    >>> figure_sentence(d, Figure("identity_shown", "4213", "随州市", "prefecture", None, 10, 7, 2, 1, 0.5))
    '掌握的党员共10名，其中已亮明身份的7名，占70.0%；未达到的2名，情况不明的1名。'
    """
    unit = definition.unit_of_count
    if not figure.total:
        return f"{definition.among_text}为0，无可统计的对象。"
    if definition.holds_text == PLAIN_COUNT:
        return f"{definition.among_text}共{count(figure.total, unit)}。"
    ratio = f"，占{share(figure)}" if figure.held else ""
    held = f"{_among_them(definition)}{count(figure.held, unit)}{ratio}"
    return f"{definition.among_text}共{count(figure.total, unit)}，{held}{gap_clause(definition, figure)}。"


def _among_them(definition: Definition) -> str:
    """其中…的, also where the definition's own words begin with 其中的."""
    noun = definition.holds_text.removeprefix("其中的")
    return f"其中{noun}" if noun != definition.holds_text else f"其中{noun}的"


def gap_clause(definition: Definition, figure: Figure) -> str:
    """What is missing, the unknown said apart; nothing missing is claimed only with what of it was verified.

    >>> d = Definition("base_known", "底数摸清", "六个100%", "单位", "已摸清", "讲话", 1.0)
    >>> gap_clause(d, Figure("base_known", "1", "甲", "county", None, 4, 4, 0, 0, 0.25))
    '（按已有记录计，经核实的占25.0%）'
    """
    unit = definition.unit_of_count
    if figure.complete:
        sure = figure.verified_share == 1.0
        checked = (
            "均未标明核实情况" if figure.verified_share is None else f"经核实的占{verified(figure.verified_share)}"
        )
        return "" if sure or definition.goal is None else f"（按已有记录计，{checked}）"
    parts = [f"未达到的{count(figure.failed, unit)}"] if figure.failed and definition.goal is not None else []
    parts += [f"情况不明的{count(figure.unknown, unit)}"] if figure.unknown else []
    return "；" + "，".join(parts) if parts else ""


def deadline_sentence(when: date | None, at: date) -> str:
    """How far it is to a deadline whose goal is not reached, or that it has passed.

    >>> deadline_sentence(date(2011, 12, 31), date(2011, 12, 1)), deadline_sentence(date(2011, 12, 31), date(2012, 1, 9))
    ('距2011年12月31日的期限还有30天。', '2011年12月31日的期限已过9天，尚未完成。')
    >>> deadline_sentence(date(2011, 12, 31), date(2011, 12, 31))
    '2011年12月31日的期限当日届满，尚未完成。'
    """
    if when is None:
        return ""
    left = (when - at).days
    if left > 0:
        return f"距{day(when)}的期限还有{left}天。"
    return f"{day(when)}的期限{'当日届满' if left == 0 else f'已过{-left}天'}，尚未完成。"


def open_deadlines(content: Content) -> set[date]:
    """The deadlines of those of the six whose goal is not reached."""
    return {d.deadline for d, f in content.six if d.deadline and f.total and not reached(d, f)}


def reached(definition: Definition, figure: Figure) -> bool:
    """Whether the goal is reached: a goal of all only when nothing is missing or unknown.

    >>> d = Definition("x", "甲", "组", "单位", "好", "", 0.9)
    >>> reached(d, Figure("x", "1", "甲", "county", None, 10, 9, 0, 1, None))
    True
    """
    if definition.goal is None or figure.share is None:
        return False
    return figure.complete if definition.goal >= 1 else figure.share >= definition.goal


def part_sentence(content: Content) -> str:
    """The six of one part of the population in one sentence: how many of how many, what is missing, what is unknown."""
    return "；".join(_part_clause(d, f) for d, f in content.six) + "。" if content.six else ""


def _part_clause(definition: Definition, figure: Figure) -> str:
    """One of them.

    >>> d = Definition("base_known", "底数100%摸清", "六个100%", "单位", "已摸清", "讲话", 1.0)
    >>> _part_clause(d, Figure("base_known", "1", "甲", "county", None, 10, 7, 2, 1, None))
    '底数摸清共10户，已达到7户，占70.0%，未达到2户，情况不明1户'
    """
    unit = definition.unit_of_count
    if not figure.total:
        return f"{definition.plain_name}没有统计对象"
    told = [f"{definition.plain_name}共{count(figure.total, unit)}", f"已达到{count(figure.held, unit)}"]
    told += [f"占{share(figure)}"] if figure.held else []
    told += [f"未达到{count(figure.failed, unit)}"] if figure.failed else []
    told += [f"情况不明{count(figure.unknown, unit)}"] if figure.unknown else []
    return "，".join(told) + (gap_clause(definition, figure) if figure.complete else "")


def gaps_by_place(content: Content, definition: Definition, most: int = 5) -> str:
    """Where the gap lies, the largest first, the rest summed; empty without a gap or without lower places."""
    figures = [(p, f) for p in content.children if (f := content.at(definition.code, p)) and f.gap]
    if not figures or definition.goal is None:
        return ""
    figures.sort(key=lambda pair: -pair[1].gap)
    unit = definition.unit_of_count
    parts = [_place_gap(place, figure, unit) for place, figure in figures[:most]]
    rest = figures[most:]
    if rest:
        parts.append(f"其余{len(rest)}个地区合计{count(sum(f.gap for _, f in rest), unit)}")
    return f"{definition.plain_name}方面，缺口为：{'，'.join(parts)}。{_unplaced(content, definition, figures)}"


def _place_gap(place: Place, figure: Figure, unit: str) -> str:
    apart = f"（其中情况不明{count(figure.unknown, unit)}）" if figure.unknown else ""
    return f"{place.name}{count(figure.gap, unit)}{apart}"


def _unplaced(content: Content, definition: Definition, figures: Sequence[tuple[Place, Figure]]) -> str:
    """What the top has and no place beneath it: records whose place is not told finely enough."""
    top = content.at(definition.code)
    left = top.gap - sum(f.gap for _, f in figures) if top else 0
    return f"另有{count(left, definition.unit_of_count)}未能落到下级地区。" if left > 0 else ""


def summary_sentence(content: Content) -> str:
    """How many of the six are complete, which are not, and which cannot be counted.

    >>> summary_sentence.__name__
    'summary_sentence'
    """
    six = content.six
    done = [d.plain_name for d, f in six if f.complete]
    empty = [d.plain_name for d, f in six if not f.total]
    open_ = [d.plain_name for d, f in six if f.total and not f.complete]
    parts = [f"{len(done)}项没有缺口（{'、'.join(done)}）" if done else "没有一项完全达到"]
    parts += [f"{len(open_)}项仍有缺口（{'、'.join(open_)}）"] if open_ else []
    parts += [f"{len(empty)}项没有统计对象（{'、'.join(empty)}）"] if empty else []
    return f"截至{day(content.day)}，{len(six)}项指标中，{'，'.join(parts)}。" if six else ""


def basis_sentence(pairs: Sequence[tuple[Definition, Figure]]) -> str:
    """The same progress against different denominators, each named, so that none passes for another."""
    parts = [
        f"按{d.denominator}，{d.among_text}共{count(f.total, d.unit_of_count)}，"
        f"{d.holds_text}的{count(f.held, d.unit_of_count)}，占{share(f)}{_unknown_part(d, f)}"
        f"{gap_clause(d, f) if f.complete else ''}"
        for d, f in pairs
        if d.denominator and f.total
    ]
    closing = "。以上口径分母不同，不能相互替代。" if len(parts) > 1 else "。"
    return "；".join(parts) + closing if parts else ""


def _unknown_part(definition: Definition, figure: Figure) -> str:
    return f"，另有情况不明的{count(figure.unknown, definition.unit_of_count)}" if figure.unknown else ""


def trouble_sentence(pairs: Sequence[tuple[Definition, Figure]]) -> str:
    """The lists of trouble that are not empty, each with how many of how many.

    >>> d = Definition("split", "同一单位党员分属不同上级", "组织关系", "单位", "分属", "", bad=True)
    >>> trouble_sentence([(d, Figure("split", "1", "甲", "county", None, 40, 3, 37, 0, None))])
    '需要注意的情况：同一单位党员分属不同上级3户（共40户）。'
    """
    parts = [
        f"{d.name}{count(f.held, d.unit_of_count)}（共{count(f.total, d.unit_of_count)}）{_unknown_part(d, f)}"
        for d, f in pairs
        if d.bad and f.held
    ]
    return f"需要注意的情况：{'；'.join(parts)}。" if parts else ""


def amounts_sentence(pairs: Sequence[tuple[Definition, Figure]]) -> str:
    """Totals of people and money in one sentence: what units fill in, added up.

    >>> d = Definition("assets", "资产总额（元）", "规模", "单位", "有", "", unit_of_count="元", weight_label="资产总额（元）")
    >>> amounts_sentence([(d, Figure("assets", "1", "甲", "county", None, 5_872_000_000, 0, 0, 0, None))])
    '按已填报的加总，资产总额58.72亿元。'
    """
    parts = [
        f"{(d.weight_label or d.name).removesuffix('（元）')}{count(f.total, d.unit_of_count)}"
        for d, f in pairs
        if d.code in AMOUNTS and f.total
    ]
    return f"按已填报的加总，{'，'.join(parts)}。" if parts else ""


def verified_sentence(content: Content) -> str:
    """What share rests on a check, among whom; that the rest is only reported; or that nothing is known about it."""
    pairs = content.counted(tuple(d for code in CHECKED if (d := content.definition(code))))
    counted = [(d, f) for d, f in pairs if f.total]
    base = content.at("base_known")
    if counted:
        parts = [f"{d.among_text}中{d.holds_text}的{count(f.held, d.unit_of_count)}，占{share(f)}" for d, f in counted]
        whole = all(f.complete for _, f in counted)
    elif base is not None and base.verified_share is not None:
        parts, whole = [f"摸底记录中经核实的占{verified(base.verified_share)}"], base.verified_share == 1.0
    else:
        return "数据未标明核实情况，按未核实对待。"
    return "；".join(parts) + "。" + ("" if whole else "其余为上报数据，尚未核实。")


def trend_sentence(content: Content) -> str:
    """How the six moved since the first day of the trend, in percentage points; never a level, the figures say that."""
    if content.trend is None or not content.trend.num_rows:
        return ""
    moves = [(d.plain_name, move) for d, _ in content.six if (move := _move(content.trend, d.code)) is not None]
    first = min(content.trend.column("day").to_pylist())
    parts = [f"{name}比例{_points(move)}" for name, move in moves]
    return f"与{day(first)}相比，{'，'.join(parts)}。" if parts else ""


def _move(trend: pa.Table, code: str) -> float | None:
    points = sorted(
        (r["day"], r["share"]) for r in trend.to_pylist() if r["indicator"] == code and r["share"] is not None
    )
    return float(points[-1][1] - points[0][1]) * 100 if len(points) > 1 else None


def _points(move: float) -> str:
    if abs(move) < 0.05:
        return "基本持平"
    return f"{'提高' if move > 0 else '下降'}{abs(move):.1f}个百分点"


def sources_sentence(content: Content) -> str:
    """How many files and rows were read and how many refused, with the most frequent reasons."""
    if content.sources is None or not content.sources.num_rows:
        return "本版次未附数据来源清单。"
    files = len(set(content.sources.column("file").to_pylist()))
    rows, refused = count_of(content.sources, "rows"), count_of(content.sources, "refused")
    text = f"本次共读入名册{files}份、记录{rows}行，采用{count_of(content.sources, 'good')}行"
    if not refused:
        return f"{text}，没有退回的记录。"
    return (
        f"{text}，退回{refused}行，占{percent(refused, rows)}{_reasons(content.problems)}。退回的记录未计入各项数字。"
    )


def _reasons(problems: pa.Table | None) -> str:
    totals: dict[str, int] = {}
    for row in problems.to_pylist() if problems is not None else []:
        totals[row["text"]] = totals.get(row["text"], 0) + (row["refused"] or 0)
    worst = sorted((-n, text) for text, n in totals.items() if n)[:3]
    return f"，主要原因是{listed([f'{text}（{-n}处）' for n, text in worst])}" if worst else ""


def checks_sentence(checks: Sequence[str]) -> str:
    """Which checks of the annual table failed.

    >>> checks_sentence(["第1行不等于第3至6行与第9至11行之和"])
    '附表27有1处审核关系不符：第1行不等于第3至6行与第9至11行之和。上报前须逐条核对。'
    """
    if not checks:
        return ""
    return f"附表27有{len(checks)}处审核关系不符：{'；'.join(c.rstrip('。') for c in checks)}。上报前须逐条核对。"
