"""`dishu flags`: does it look made up? Where to visit again, with the reason; no verdict on anybody."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.csv as pa_csv

from dishu.cli import output
from dishu.engine import flags as engine
from dishu.engine import intake
from dishu.engine.flags.visits import BadRow, read_time
from dishu.engine.wording import say

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_SHOWN = 20


@click.command(cls=output.Many)
@click.argument("visits", type=FILE)
@click.option("--deadline", help="截止时间，如 2026-10-31 或 2026-10-31 18:00；不写则不查截止前突击")
@click.option("--coverage", type=click.FloatRange(0, 1), help="摸清率（0—1），如 0.911；不写则用其他采集员的平均")
@click.option("--kinds", type=FILE, help="采集员类别表（两列：采集员、采集员类别），用时按类别比较")
@click.option("--by-rule", multiple=True, help="按规定计算的数字列（如党费），不查末位数，可多个")
@click.option(
    "--flag", "only", multiple=True, type=click.Choice([f.code for f in engine.ALL]), help="只查这几项，可多个"
)
@click.option("--set", "settings", multiple=True, help="改门槛，如 too_fast=0.3；改最少数用 too_fast.least=50；可多个")
@click.option("--seed", default="1", show_default=True, help="公开的种子：随机分组和抽签都用它")
@click.option(
    "--revisits", type=click.Path(path_type=Path), help="把回访名单（疑点前5%和同样多的随机对照）写进这个文件夹"
)
@click.option(
    "--results", type=FILE, help="回访结果（采集员、有无需更正：是/否），与 --revisits 的文件夹一起用，算出两边命中率"
)
@output.formats
def flags(visits: Path, form: str | None, **asked: Any) -> None:
    """走访记录里哪些与众不同，建议先回访谁；疑点不是结论，待核实。

    例：dishu flags 走访.csv --deadline 2026-10-31 --coverage 0.91 --revisits 回访

    列：visit_id,collector,unit_id,started_at,ended_at,longitude,latitude,entry_mode,channel，每个答案一列 a_…；
    名册里的同一项写成 r_…（r_order 为名册次序），a_found、a_new 为遇到的人数和其中不在册的人数。
    """
    if asked["results"]:
        return _score(asked["results"], asked["revisits"], form)
    raw = intake.raw(visits)
    table, bad = engine.typed(_with_kinds(raw, asked["kinds"]) if asked["kinds"] else raw)
    report = engine.examine(table, _case(asked))
    if asked["revisits"]:
        _write_revisits(asked["revisits"], table, report, asked["seed"])
    _show(report, form)
    _say_bad(bad, table.num_rows)
    for code, why in report.not_run.items():
        click.echo(f"没有查“{engine.get(code).title}”：{why}", err=True)
    sys.exit(1 if bad else 0)


def _case(asked: dict[str, Any]) -> engine.Case:
    limits, least = _settings(asked["settings"])
    return engine.Case(
        seed=_number_of(asked["seed"]), deadline=_deadline(asked["deadline"]), coverage=asked["coverage"],
        by_rule=frozenset(asked["by_rule"]), only=frozenset(asked["only"]), limits=limits, least=least,
    )  # fmt: skip


def _number_of(seed: str) -> int:
    """The seed of the shuffles: the number it is, else made of its letters.

    >>> _number_of("20261122"), _number_of("ab")
    (20261122, 24930)
    """
    return int(seed) if seed.isascii() and seed.isdigit() else int.from_bytes(seed.encode())


def _deadline(text: str | None) -> datetime | None:
    """A moment; a day alone ends with its last second."""
    if text is None:
        return None
    whole_day = read_time(f"{text} 00:00")
    when = whole_day + timedelta(days=1, seconds=-1) if whole_day else read_time(text)
    if when is None:
        raise ValueError(f"截止时间“{text}”认不出来；请写成 2026-10-31 或 2026-10-31 18:00")
    return when


def _settings(words: Sequence[str]) -> tuple[dict[str, float], dict[str, int]]:
    limits: dict[str, float] = {}
    least: dict[str, int] = {}
    for word in words:
        name, _, value = word.partition("=")
        code, _, part = name.partition(".")
        engine.get(code)
        try:
            if part not in ("", "least") or float(value) < 0:
                raise ValueError
            if part:
                least[code] = int(value)
            else:
                limits[code] = float(value)
        except ValueError:
            raise ValueError(f"门槛“{word}”写法不对；请写成 too_fast=0.3 或 too_fast.least=50，不能为负数") from None
    return limits, least


def _with_kinds(raw: pa.Table, path: Path) -> pa.Table:
    """The visits with the kind of their collector beside them."""
    kinds = intake.raw(path)
    if len(kinds.column_names) < 3:
        raise LookupError(f"{path.name} 应有两列：采集员、采集员类别")
    known = dict(zip(kinds.column(0).to_pylist(), kinds.column(1).to_pylist(), strict=True))
    who = next((name for name in ("collector", "采集员", "采集人", "走访人") if name in raw.column_names), None)
    if who is None:
        return raw
    return raw.append_column("collector_kind", pa.array([known.get(one) for one in raw[who].to_pylist()], pa.string()))


def _show(report: engine.Report, form: str | None) -> None:
    rows = [
        {"flag": f.flag, "subject": f.subject, "evidence": f.evidence, "p_value": f.p_value, "q_value": f.q_value}
        for f in report.findings
    ]
    kinds = [("flag", pa.string()), ("subject", pa.string()), ("evidence", pa.string())]
    schema = pa.schema([*kinds, ("p_value", pa.float64()), ("q_value", pa.float64())])
    if form:
        return output.show(pa.Table.from_pylist(rows, schema=schema), form)
    if not rows:
        click.echo(say("flag_none"))
        return None
    place = {name: at for at, (name, _) in enumerate(report.ranking)}
    people = [
        {
            "建议回访的先后": place[f.subject] + 1,
            "采集员": f.subject,
            "疑点": engine.get(f.flag).title,
            "说明": f.evidence,
        }
        for f in sorted(report.findings, key=lambda f: place[f.subject])
    ]
    return output.show(pa.Table.from_pylist(people), None, "待核实（疑点只用来安排回访，不是结论）")


def _say_bad(bad: list[BadRow], good: int) -> None:
    for one in bad[:_SHOWN]:
        click.echo(f"第 {one.row} 行没有用：{one.text}；{one.mend}", err=True)
    if len(bad) > _SHOWN:
        click.echo(f"……另有 {len(bad) - _SHOWN:,} 行也没有用", err=True)
    click.echo(f"用了 {good:,} 条记录，{len({one.row for one in bad}):,} 行有误", err=True)


def _write_revisits(folder: Path, table: pa.Table, report: engine.Report, seed: str) -> None:
    """The mixed list for those who go, and in a file of its own who stands on it why."""
    chosen = engine.choose(table, report, seed)
    folder.mkdir(parents=True, exist_ok=True)
    names = {"visit_id": "走访编号", "unit_id": "单位编号", "collector": "采集员"}
    mixed = chosen.visits.rename_columns([names[name] for name in chosen.visits.column_names])
    pa_csv.write_csv(mixed, folder / "回访名单.csv")
    why = {"采集员": list(chosen.why), "入选": ["疑点" if w == "flagged" else "对照" for w in chosen.why.values()]}
    pa_csv.write_csv(pa.table(why), folder / "入选原因（不给回访人）.csv")
    click.echo(f"回访名单写在 {folder}；入选原因单独一份，请勿交给回访人", err=True)


def _score(results: Path, folder: Path | None, form: str | None) -> None:
    """How often the conspicuous and the drawn had records to correct."""
    if folder is None or not (key := folder / "入选原因（不给回访人）.csv").is_file():
        raise LookupError("请用 --revisits 指明当初写回访名单的文件夹（里面有入选原因）")
    with key.open(encoding="utf-8") as stream:
        why = {row["采集员"]: "flagged" if row["入选"] == "疑点" else "control" for row in csv.DictReader(stream)}
    table = intake.raw(results)
    who, said = (table.column(at).to_pylist() for at in (0, 1))
    wrong = {one: word == "是" for one, word in zip(who, said, strict=True) if one and word in ("是", "否")}
    rates = engine.hit_rates(why, wrong)
    if form:
        output.show(pa.Table.from_pylist([rates]), form)
    else:
        click.echo(say("flag_hits", **rates))
