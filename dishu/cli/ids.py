"""`dishu ids`: are the numbers in a column well formed?"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyarrow as pa

from dishu.cli import output
from dishu.engine import intake
from dishu.standards import ids as judges
from dishu.standards import problems

JUDGES = {"citizen": judges.citizen_id, "unit": judges.unit_code, "phone": judges.phone}
WORDS = {"身份证": "citizen", "公民": "citizen", "证件": "citizen", "手机": "phone", "电话": "phone"}


def kind_of(column: str) -> str:
    """Which judge a column's title asks for: people's numbers, telephones, else unit codes.

    >>> kind_of("身份证号"), kind_of("联系电话"), kind_of("统一社会信用代码"), kind_of("id_no")
    ('citizen', 'phone', 'unit', 'citizen')
    """
    if column in ("id_no", "citizen_id", "owner_id"):
        return "citizen"
    if "phone" in column:
        return "phone"
    return next((kind for word, kind in WORDS.items() if word in column), "unit")


def said(verdict: judges.Verdict, column: str) -> str | None:
    """Why a number is refused, or what is odd about one that is good.

    >>> said(judges.unit_code("4213002100123"), "注册号")
    '注册号是13位旧注册号（2007年7月以前编的），没有校验码，无法核验；能查到的请换成现行代码'
    """
    told = ("；".join(problems.tell(code, title=column)) for code in verdict.warnings)
    return verdict.reason or "；".join(told) or None


@click.command()
@click.argument("file", metavar="名册文件", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--column", required=True, help="列名")
@click.option("--kind", type=click.Choice(list(JUDGES)), help="号码种类；默认由列名判断")
@output.formats
def ids(file: Path, column: str, kind: str | None, form: str | None) -> None:
    """号码是否合规，为什么；对地区代码不作判断（号码保留发证当年的代码）。

    例：dishu ids 党员.xlsx --column 身份证号
    """
    table = intake.raw(file)
    if column not in table.column_names:
        raise LookupError(f"{file.name} 里没有“{column}”这一列；现有：{'、'.join(table.column_names)}")
    judge = JUDGES[kind or kind_of(column)]
    verdicts = [judge(text or "") for text in table[column].to_pylist()]
    shown = pa.table(
        {
            "行": table["_row"],
            "是否合规": ["是" if v.ok else "否" for v in verdicts],
            "代码": pa.array([v.code or "、".join(v.warnings) or None for v in verdicts], pa.string()),
            "说明": pa.array([said(v, column) for v in verdicts], pa.string()),
        }
    )
    output.show(shown, form)
    bad = sum(not v.ok for v in verdicts)
    click.echo(f"{len(verdicts):,} 行，{bad:,} 行不合规", err=True)
    sys.exit(1 if bad else 0)
