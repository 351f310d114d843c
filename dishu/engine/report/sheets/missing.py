"""还差多少人: what an independent re-count says of how many are not registered, with ranges and what it cannot see."""

from __future__ import annotations

from ..book import Book, Column

COLUMNS = (Column("项目", width=44), Column("数值", "no", 22), Column("下限", "no", 22), Column("上限", "no", 22))


def write(book: Book) -> None:
    """The counts, the estimate with its interval, how it was made, and how it may be said; nothing without a re-count."""
    missing = book.content.missing
    if missing is None:
        return
    sheet = book.sheet("还差多少人", f"{book.content.place_name}：还差多少人", COLUMNS)
    after = book.table(sheet, 2, COLUMNS, zip(*missing.table.to_pydict().values(), strict=True), "", filters=True)
    texts = (f"方法：{missing.method}。", *missing.sentences)
    book.foot(sheet, book.paragraphs(sheet, after, COLUMNS, texts), COLUMNS)
