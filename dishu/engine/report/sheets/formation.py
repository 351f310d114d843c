"""组建方案: what is proposed for units with members and no organization, by place and, on a sheet of its own, unit by unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..book import Book, Column
from ..content import Formation

NAME, LIST = "组建方案", "清单-组建方案"
WIDTHS = {"办法": 13, "组别": 16, "所在地区": 34, "代码": 22, "名称": 34, "在岗正式党员": 9, "在岗党员": 8, "牵头": 7,
          "依托的党组织": 30, "理由": 70, "编号": 23}  # fmt: skip

COUNTED = "未建单位为有党员而没有党组织的单位；联合支部按个、需指导员按名、其余按户计。"


def write(book: Book) -> None:
    """Two sheets, or none where no unit is without an organization."""
    found = book.content.formation
    if found is not None:
        _places(book, found)
        _units(book, found)


def _places(book: Book, found: Formation) -> None:
    titles = found.by_place.column_names[4:]
    columns = (Column("地区", width=26), *(Column(title, "int", 13) for title in titles))
    sheet = book.sheet(NAME, f"{book.content.place_name}未建党组织单位的组建方案", columns)
    sheet.write_url(1, 5, f"internal:'{LIST}'!A1", book.looks["sub"], "逐户清单 →", "打开清单")
    after = book.table(sheet, 2, columns, _rows(found, titles), "", filters=True)
    texts = (COUNTED, *(f"{head}：{words}" for head, words in found.paragraphs))
    book.foot(sheet, book.paragraphs(sheet, after, columns, texts), columns)


def _rows(found: Formation, titles: list[str]) -> Iterator[tuple[Any, ...]]:
    """Each place set in beneath the one it lies in."""
    depth: dict[str | None, int] = {}
    for row in found.by_place.to_pylist():
        depth[row["place"]] = depth.get(row["parent"], -1) + 1
        yield ("　" * depth[row["place"]] + row["name"], *(row[title] for title in titles))


def _units(book: Book, found: Formation) -> None:
    table = found.units.table
    columns = tuple(
        Column(name, "int" if name.startswith("在岗") else "text", WIDTHS[name]) for name in table.column_names
    )
    sheet = book.sheet(LIST, "清单：未建党组织单位的组建方案", columns, head_rows=2)
    sheet.write_url(1, 0, f"internal:'{NAME}'!A1", book.looks["sub"], "← 返回组建方案", "返回组建方案")
    shown = f"共{found.units.full_count}户"
    if found.units.truncated:
        shown += f"，此处只列前{table.num_rows}户，全部见 {found.units.csv_name}"
    sheet.write_string(
        2, 0, f"{shown}。联合党支部的理由写在牵头单位一行，其他单位一行写另外的去处。", book.looks["sub"]
    )
    values = zip(*(column.to_pylist() for column in table.columns), strict=True)
    after = book.table(sheet, 3, columns, values, "", filters=True)
    book.foot(sheet, after, columns)
