"""The report as a workbook: overview, places, indicators, annual table, lists, definitions, sources."""

from __future__ import annotations

from pathlib import Path

from .book import Book
from .content import Content
from .sheets import annual, definitions, formation, indicators, lists, missing, overview, regions, sources, trend

FIXED = ("总览", "分地区", "指标", "趋势", "附表27", "还差多少人", "组建方案", "清单-组建方案", "口径", "来源与退回")


def write(content: Content, path: Path) -> None:
    """Write the workbook; numbers stay numbers, texts beginning with = stay texts, the same content gives equal bytes.

    Sheets: 总览, 分地区, 指标, 趋势 (with a trend only), 附表27, 还差多少人 (after a re-count), 组建方案 with its list
    (where units have members and no organization), 清单-… (one per entry of `content.rows`), 口径, 来源与退回.
    """
    book = Book(content, path)
    for name in FIXED:
        book.name(name)
    found = lists.names(book)
    for sheet in (overview, regions, indicators, trend, annual, missing, formation):
        sheet.write(book)
    for definition, rows in found:
        lists.write(book, definition, rows)
    definitions.write(book)
    sources.write(book)
    book.workbook.close()
