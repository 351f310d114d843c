"""The audit sheet: written with an empty result beside each drawn record, read back in the order of the draw."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.sample import draw
from dishu.engine.sample.inspectors import Inspector, Record

ORDER: Final = ("顺序", "order")
IDS: Final = ("编号", "id", "代码", "统一社会信用代码", "unit_id", "member_id", "rec_id", "身份证号")
PLACES: Final = ("所在地", "所在地区", "地区", "place")
REGISTRARS: Final = ("登记人", "采集员", "填报人", "registrar", "collector")
MOST: Final = ("上限", "每人上限", "most")
RESULTS: Final = ("结果", "result", "核查结果", "抽查结果", "score", "good", "属实")


def write(out: Path, drawn: Sequence[str], inspectors: Sequence[str] | None = None) -> None:
    """Write the sheet, whole or not at all; with a mark at its head so that table programs read it as UTF-8.

    `inspectors`: who goes to each record, in the same order; a column of its own.
    """
    extra = {} if inspectors is None else {"核查人": inspectors}
    draft = out.with_name(f".{out.name}.draft")
    with draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([ORDER[0], IDS[0], *extra, RESULTS[0]])
        writer.writerows(zip(range(1, len(drawn) + 1), drawn, *extra.values(), [""] * len(drawn), strict=True))
    draft.replace(out)


def column(table: pa.Table, asked: str | None, usual: tuple[str, ...]) -> str:
    """The column asked for, else one with a usual name, else the only one. LookupError naming the columns there are.

    A number is no name of a column: a list without its heading would lose its first record.

    >>> column(pa.table({"编号": ["a"], "名称": ["甲"]}), None, IDS)
    '编号'
    """
    names = [name for name in table.column_names if name != "_row"]
    if asked and asked not in names:
        raise LookupError(f"没有“{asked}”这一列；现有：{'、'.join(names)}")
    found = asked or next((name for name in usual if name in names), None) or (names[0] if len(names) == 1 else None)
    if found is not None and found not in usual and found.replace(".", "").isdecimal():
        raise LookupError(f"第一行应是列名，现在是“{found}”：请在最上面加一行，写“{usual[0]}”")
    if found is None:
        raise LookupError(f"看不出哪一列是{usual[0]}：请用 --column 写明列名；现有：{'、'.join(names)}")
    return found


def ids(table: pa.Table, asked: str | None = None) -> list[str]:
    """The ids of a frame (text columns and `_row`), as they count. LookupError as `column`, ValueError as `draw.frame`."""
    return draw.frame(table[column(table, asked, IDS)].to_pylist(), table["_row"].to_pylist())


def records(table: pa.Table, found: Sequence[str], drawn: Sequence[str]) -> list[Record]:
    """The drawn records of a frame with place and registrar, where it has such columns. `found`: its ids by row."""
    rows = zip(found, _cells(table, PLACES), _cells(table, REGISTRARS), strict=True)
    by_id = {one: Record(one, place, registrar) for one, place, registrar in rows}
    return [by_id[one] for one in drawn]


def inspectors(table: pa.Table) -> list[Inspector]:
    """A list of inspectors: id (or name), place and how many records at most. ValueError for a limit that is no number."""
    names = [name for name in ("核查人", "姓名", "inspector", *IDS) if name in table.column_names]
    own = _cells(table, (column(table, names[0] if names else None, IDS),))
    most = [_limit(text, row) for text, row in zip(_cells(table, MOST), table["_row"].to_pylist(), strict=True)]
    return [Inspector(*one) for one in zip((text or "" for text in own), _cells(table, PLACES), most, strict=True)]


def _limit(text: str | None, row: int) -> int | None:
    if text is not None and not text.isdecimal():
        raise ValueError(f"核查人名单第{row}行的上限“{text}”不是整数")
    return None if text is None else int(text)


def _cells(table: pa.Table, usual: tuple[str, ...]) -> list[str | None]:
    """The cleaned cells of the first column of these names; None where it is empty or there is none."""
    name = next((name for name in usual if name in table.column_names), None)
    cells = table[name].to_pylist() if name else [None] * table.num_rows
    return [draw.normal(text or "") or None for text in cells]


def in_order(table: pa.Table) -> pa.Table:
    """A sheet of results in drawn order: by its order column where it has one, else as it stands.

    ValueError where the numbers of the order are not 1, 2, 3 … each once: a record left out would bend the result. In a
    sheet of results alone an empty row is a record nobody has looked at.
    """
    name = next((name for name in ORDER if name in table.column_names), None)
    if name is None:
        return _with_gaps(table) if table.num_columns == 2 else table
    written = [draw.normal(text or "") for text in table[name].to_pylist()]
    numbers = [int(text) if text.isdecimal() else 0 for text in written]
    expected = range(1, len(numbers) + 1)
    if sorted(numbers) != list(expected):
        missing = sorted(set(expected) - set(numbers))
        raise ValueError(
            f"“{name}”一栏应是 1 到 {len(numbers)} 各一次，缺：{'、'.join(map(str, missing[:10]))}。"
            "抽中的记录一条也不能删、不能换；没有核到的，结果空着"
        )
    return table.take(pc.sort_indices(pa.array(numbers)))


def _with_gaps(table: pa.Table) -> pa.Table:
    rows = table["_row"].to_pylist()
    cells = dict(zip(rows, table[0].to_pylist(), strict=True))
    every = range(rows[0], rows[-1] + 1) if rows else range(0)
    return pa.table({table.column_names[0]: pa.array([cells.get(row) for row in every], pa.string()), "_row": every})


def check_drawn(table: pa.Table, frame: Sequence[str], seed: str, size: int) -> None:
    """That a sheet in drawn order holds just what the seed draws from a frame of `size`. ValueError names what differs.

    LookupError where the sheet has no ids.
    """
    if len(frame) != size:
        raise ValueError(f"写的总数是 {size} 条，名单有 {len(frame)} 条：两者应相同")
    name = next((name for name in IDS if name in table.column_names), None)
    if name is None:
        raise LookupError("结果文件没有编号一列，无法核对是不是抽中的那些记录")
    found = [draw.normal(text or "") for text in table[name].to_pylist()]
    drawn = draw.draw(frame, seed, min(len(found), len(frame)))
    pairs = zip(found, drawn + [""] * (len(found) - len(drawn)), table["_row"].to_pylist(), strict=True)
    for one, other, row in pairs:
        if one != other:
            raise ValueError(
                f"第{row}行的编号是“{one}”，按种子抽出的这一条应是“{other}”：抽中的记录不能换，也不能改次序"
            )
