"""来源与退回: which files were read, how many rows of each were refused or warned about and why, and the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa

from ..book import Book, Column

FILES = (
    Column("文件", width=44),
    Column("工作表", width=22),
    Column("名册种类", width=34),
    Column("读入行数", "int", 12),
    Column("采用", "int", 12),
    Column("退回", "int", 12),
)
PROBLEMS = tuple(
    replace(column, title=title)
    for column, title in zip(FILES, ("文件", "问题代码", "问题", "退回处数", "提醒处数", "合计"), strict=True)
)


def write(book: Book) -> None:
    """Files, problems and notes, one under the other; the filter belongs to the files."""
    content = book.content
    sheet = book.sheet("来源与退回", "数据来源与退回的记录", FILES)
    files = _rows(content.sources, ("file", "sheet", "layout", "rows", "good", "refused"))
    after = book.table(sheet, 2, FILES, files, "没有读入文件", filters=True)
    after += 1
    problems = (
        (*row, (row[3] or 0) + (row[4] or 0))
        for row in _rows(content.problems, ("file", "code", "text", "refused", "warned"))
    )
    after = book.table(sheet, after, PROBLEMS, problems, "没有退回或提醒的记录", filters=False)
    for words in content.notes:
        book.wide(sheet, after, FILES, f"说明：{words}")
        after += 1
    book.foot(sheet, after, FILES)


def _rows(table: pa.Table | None, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    for row in table.to_pylist() if table is not None else ():
        yield tuple(row[name] for name in names)
