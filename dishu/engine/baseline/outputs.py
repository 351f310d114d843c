"""What stands beside an edition: figures, the lists behind them, the doubts, the Excel and the Word report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from dishu.engine import backends, kept
from dishu.engine.annual import table27
from dishu.engine.baseline import formation, missing
from dishu.engine.baseline.job import Found
from dishu.engine.baseline.lists import Register, harmless, listed
from dishu.engine.edition import Edition
from dishu.engine.facts import Table, View
from dishu.engine.figures import EVERYTHING, SMALL_SECTOR, Counts, States, figures, rows, states_at
from dishu.engine.indicators import ALL, SIX, Indicator
from dishu.engine.plan import from_edition, without
from dishu.engine.plan.job import PlanWrong
from dishu.engine.report import excel, word
from dishu.engine.report.content import Content, Definition, Formation, Missing, Rows
from dishu.engine.report.letter import Letter
from dishu.engine.territory import Tree
from dishu.engine.wording import say
from dishu.standards import calendar, law
from dishu.standards.problems import problem

#: Rows of a list that a workbook shows; the CSV beside it has all.
SHOWN_ROWS = 2_000
TREND_MONTHS = 24
#: Columns of problems about people who are in no member roster: said, but without the value.
OWNERS = ("owner", "owner_id", "owner_phone", "instructor")


@dataclass(frozen=True)
class Outputs:
    """Everything that is written from one edition, computed when first needed."""

    edition: Edition
    register: Register
    connection: backends.Connection
    place: str | None = None

    @cached_property
    def tree(self) -> Tree:
        """The places on the edition's day."""
        return self.edition.tree()

    @cached_property
    def states(self) -> States:
        """The state of everything on the edition's day, kept on the connection."""
        return states_at(self.edition.facts(self.connection), self.edition.day, self.connection)

    @cached_property
    def view(self) -> View:
        """The facts on the edition's day."""
        return self.edition.facts(self.connection).at(self.edition.day)

    @cached_property
    def top(self) -> str:
        """What the report is about: `place`, or else the lowest place that holds all units."""
        if self.place:
            return self.place
        units = self.states["unit"].select("place").distinct().to_pyarrow()["place"].to_pylist()
        paths = [self.tree.path(place) for place in units]
        common = set(paths[0]).intersection(*paths) if paths else set(self.tree.tops())
        return max(common, key=len)

    def gap(self, indicator: Indicator) -> pa.Table:
        """The rows that need work: those that fail or are unknown, or, in a list of trouble, those that hold."""
        table = rows(self.states, self.tree, indicator.code, self.top)
        wanted = table.outcome == "held" if indicator.bad else table.outcome != "held"
        return self._listed(table.filter(wanted), indicator)

    def _listed(self, table: Table, indicator: Indicator) -> pa.Table:
        return listed(table, indicator.subject, self.tree, self.register)


def write(edition: Edition, found: Found, folder: Path, letter: Letter | None = None) -> None:
    """All of it, into one folder; `letter` is what only the sender of the Word report knows."""
    outputs = Outputs(edition, found.register, backends.duckdb())
    pa_csv.write_csv(figures_csv(edition), folder / "figures.csv")
    lists = _lists(outputs, folder / "rows")
    _doubts(found, folder / "review")
    content = _content(outputs, found, lists, folder)
    excel.write(content, folder / "report.xlsx")
    word.write(content, folder / "report.docx", letter)


def figures_csv(edition: Edition) -> pa.Table:
    """The sealed figures in the columns of the command line."""
    return edition.sealed_figures().drop_columns(["level"])


def with_gaps() -> Iterable[Indicator]:
    """Indicators that have a goal or list trouble: those whose rows somebody must act on."""
    return (i for i in ALL if i.goal is not None or i.bad)


def _lists(outputs: Outputs, folder: Path) -> dict[str, Rows]:
    folder.mkdir()
    lists = {}
    for indicator in with_gaps():
        table = outputs.gap(indicator)
        if table.num_rows:
            pa_csv.write_csv(harmless(table), folder / f"{indicator.code}.csv")
            lists[indicator.code] = Rows(table.slice(0, SHOWN_ROWS), table.num_rows, f"rows/{indicator.code}.csv")
    return lists


def _doubts(found: Found, folder: Path) -> None:
    folder.mkdir()
    for title, table in found.doubts.items():
        pa_csv.write_csv(harmless(table), folder / f"{title}.csv")
    problems = found.gathered.problems()
    connection = duckdb.connect()
    connection.register("p", problems)
    shown = connection.execute(
        f"SELECT source_file AS 文件, sheet AS 工作表, row AS 行号, column_title AS 栏目, code AS 代码,"
        f" CASE severity WHEN 'refused' THEN '退回' ELSE '提醒' END AS 处理, text AS 问题, mend AS 如何改正"
        f" FROM p WHERE field IS NULL OR field NOT IN {OWNERS} UNION ALL"
        f" SELECT source_file, sheet, row, column_title, code, CASE severity WHEN 'refused' THEN '退回' ELSE '提醒' END,"
        f" '（涉及他人个人信息，内容不留存）', mend FROM p WHERE field IN {OWNERS} ORDER BY 1, 2, 3"
    ).to_arrow_table()
    pa_csv.write_csv(harmless(shown), folder / "问题.csv")


UNIT_OF_COUNT = {"unit": "户", "member": "名", "org": "个", "instructor": "人"}


def definitions(day: date) -> tuple[Definition, ...]:
    """Every indicator in words, with the rules as they stood on that day."""
    return tuple(_definition(indicator, day) for indicator in ALL)


def _definition(i: Indicator, day: date) -> Definition:
    deadline = law.at(day).find("six_100_deadline") if "six_100_deadline" in i.rules else None
    return Definition(
        code=i.code,
        name=i.name,
        group=i.group,
        among_text=i.among_text,
        holds_text=i.holds_text,
        source=i.source,
        goal=i.goal,
        deadline=deadline,
        law=tuple(_rule(name, day) for name in i.rules),
        unit_of_count={"assets": "元", "turnover": "元"}.get(
            i.weight or "", "人" if i.weight else UNIT_OF_COUNT[i.subject]
        ),
        weight_label=i.weight and i.name,
        bad=i.bad,
    )


def _rule(name: str, day: date) -> str:
    title = law.rule(name).title
    try:
        reading = law.at(day).reading(name)
    except law.OutsideDates:
        return f"{title}：{day} 尚无规定"
    return f"{title}：{reading.value}（{reading.since} 起，{reading.source}）"


def _content(outputs: Outputs, found: Found, lists: dict[str, Rows], folder: Path) -> Content:
    planned, why_not = _formation(outputs, folder / formation.FOLDER)
    return replace(
        content(outputs, lists),
        problems=_problem_counts(found.gathered.problems()),
        sources=found.gathered.sources(),
        notes=(*_notes(found), *why_not),
        missing=_missing(outputs, found, folder / missing.FILE),
        formation=planned,
    )


def content(outputs: Outputs, lists: dict[str, Rows]) -> Content:
    """What a report says of an edition alone, whatever it was made from. `lists`: rows to print, by indicator."""
    tree, day = outputs.tree, outputs.edition.day
    name = tree.now[outputs.top].name
    grid = table27(outputs.states, tree, outputs.top)
    content = Content(
        title=f"{name}非公有制领域党建底数情况报告",
        place_name=name,
        day=day,
        edition=outputs.edition.short_hash,
        figures=_figures(outputs, outputs.edition.sealed_figures().to_pylist()),
        definitions=definitions(day),
        rows=lists,
        table27=grid.table(),
        checks=tuple(grid.failed_checks()),
        trend=_trend(outputs),
    )
    small = small_sector(outputs.states, tree, outputs.top)
    if small is None:
        return content
    part = replace(content, place_name=f"{name}个体工商户和市场", figures=_figures(outputs, small.to_pylist()))
    return replace(content, small=part)


def small_sector(states: States, tree: Tree, top: str) -> pa.Table | None:
    """The six 100 % of individual businesses and markets, by place; None where there are none, or nothing else.

    At the top place all six are told: nothing to count is a figure, too.
    """
    codes = [i.code for i in SIX]
    counts = Counts.of(states)
    base = {  # units of the top place: of the part, of all
        part: figures(counts, tree, ["units"], part=part).to_pylist() for part in (SMALL_SECTOR, EVERYTHING)
    }
    small, every = (next((r["total"] for r in found if r["place"] == top), 0) for found in base.values())
    if small in (0, every):
        return None
    found = figures(counts, tree, codes, part=SMALL_SECTOR)
    here = found.filter(pc.equal(found["place"], top))["indicator"].to_pylist()
    node = {"place": top, "name": tree.now[top].name, "level": tree.now[top].level}
    none = {**node, "total": 0, "held": 0, "failed": 0, "unknown": 0, "share": None, "verified_share": None}
    more = [none | {"indicator": code} for code in codes if code not in here]
    return pa.concat_tables([found, pa.Table.from_pylist(more, schema=found.schema)])


def _missing(outputs: Outputs, found: Found, path: Path) -> Missing | None:
    """What an independent re-count among the rosters, known by its name, says of how many members are missing."""
    doubtful = found.doubts["疑似同一党员"].num_rows
    answer = missing.find(outputs.view, outputs.register.tables.get("member"), doubtful)
    if answer is None:
        return None
    missing.write(*answer, path)
    return answer[1]


def _formation(outputs: Outputs, folder: Path) -> tuple[Formation | None, tuple[str, ...]]:
    """The plan for the units with members and no organization, if there are any; or why there is none."""
    day, tree = outputs.edition.day, outputs.tree
    names = from_edition.named(outputs.edition, outputs.register)
    try:
        found = without.find(outputs.states, outputs.view, tree, outputs.top, day, names)
    except PlanWrong as wrong:  # the figures are right all the same
        return None, (say("formation_wrong", number=len(wrong.violations)),)
    except law.OutsideDates as outside:
        return None, (say("formation_no_law", why=outside),)
    return (formation.write(found, tree, day, outputs.register, folder) if found.total else None), ()


def _figures(outputs: Outputs, figures: list[dict[str, Any]]) -> pa.Table:
    """Figures of the top place, its children and grandchildren, top first."""
    tree = outputs.tree
    shown = []
    for row in figures:
        path = tree.path(row["place"])
        depth = path.index(outputs.top) if outputs.top in path else None
        if depth is not None and depth <= 2:
            shown.append((depth, {**row, "parent": path[1] if len(path) > 1 else None}))
    shown.sort(key=lambda item: (item[0], item[1]["place"]))
    return pa.Table.from_pylist([row for _, row in shown])


def _trend(outputs: Outputs) -> pa.Table:
    """The six 100 % at the last month-ends up to the day."""
    day = outputs.edition.day
    first = calendar.add_months(day, -TREND_MONTHS)
    days = [d for d in calendar.month_ends(first, day) if d < day] + [day]
    cube = kept.cube(outputs.edition, outputs.connection)
    leaves = outputs.tree.under(outputs.top, cube.leaves)
    found: list[dict[str, Any]] = []
    for indicator in SIX:
        for point in cube.trend(indicator.code, days, leaves).to_pylist():
            share = point["held"] / point["total"] if point["total"] else None
            found.append({"indicator": indicator.code, "day": point["day"], "share": share})
    return pa.Table.from_pylist(found)


def _problem_counts(problems: pa.Table) -> pa.Table:
    """How often each problem occurs in each file and column: file, code, text, refused, warned."""
    connection = duckdb.connect()
    connection.register("p", problems)
    counts = connection.execute(
        "SELECT source_file AS file, code, column_title AS title, count(*) FILTER (severity = 'refused') AS refused,"
        " count(*) FILTER (severity = 'warned') AS warned,"
        f" min(text) FILTER (field IS NULL OR field NOT IN {OWNERS}) AS example FROM p GROUP BY ALL ORDER BY file, refused DESC, warned DESC, code"
    ).to_arrow_table()
    texts = [_in_general(row["code"], row["title"], row["example"]) for row in counts.to_pylist()]
    return counts.set_column(2, "text", pa.array(texts, pa.string())).drop_columns("example")


def _in_general(code: str, title: str | None, example: str | None) -> str:
    """A problem in words, without the single value: from the catalogue, or from one of its cases.

    >>> _in_general("date_unreadable", "成立日期", "成立日期“去年”不是能认出的日期")
    '成立日期不是能认出的日期'
    >>> _in_general("date_order", "注销日期", "注销日期早于成立日期")
    '注销日期早于成立日期'
    """
    text = re.sub(r"“\{\w+\}”", "", problem(code).text)
    if example and set(re.findall(r"\{(\w+)\}", text)) - {"title"}:
        return re.sub(r"第\s*\d+\s*行", "另一行", re.sub(r"“[^”]*”", "", example))
    return re.sub(r"\{\w+\}", (title or "").strip("*＊ ") or "某一栏", text)


def _notes(found: Found) -> tuple[str, ...]:
    refused = tuple(f"{r.path.name} 没有读入：{r.text}。{r.mend}" for r in found.gathered.refused)
    doubts = tuple(
        f"{title} {table.num_rows} 条，见 review/{title}.csv" for title, table in found.doubts.items() if table.num_rows
    )
    return refused + doubts
