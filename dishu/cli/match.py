"""`dishu match`: which rows of two lists mean the same person or unit."""

from __future__ import annotations

from pathlib import Path

import click
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from dishu.cli import output
from dishu.engine import intake, link
from dishu.engine.link.columns import standard_columns

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("left", metavar="名单甲", type=FILE)
@click.argument("right", metavar="名单乙", type=FILE)
@click.option("--kind", type=click.Choice(["person", "unit"]), default="person", help="人还是单位")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="配对结果（CSV）")
def match(left: Path, right: Path, kind: str, out: Path) -> None:
    """两份名单里哪些行是同一个人（同一个单位）。

    例：dishu match 登记负责人.csv 党员.xlsx --kind person --out 配对.csv

    只写配上的和要人看的；没配上的人不留下任何痕迹。
    """
    tell = output.teller()
    one, two = (standard_columns(intake.raw(path), kind, prefix=side) for path, side in ((left, "L"), (right, "R")))
    tell(f"{left.name} {one.num_rows:,} 行，{right.name} {two.num_rows:,} 行")
    pairs = (link.people if kind == "person" else link.units).link(one, two)
    shown = pairs.select(["left_id", "right_id", "probability", "decision", "reasons"])
    draft = out.with_name(f".{out.name}.draft")
    pa_csv.write_csv(shown, draft)
    draft.rename(out)
    sure = pc.sum(pc.equal(pairs["decision"], "match")).as_py() or 0
    tell(f"同一{'人' if kind == 'person' else '单位'} {sure:,} 对，要人看的 {pairs.num_rows - sure:,} 对；写在 {out}")
