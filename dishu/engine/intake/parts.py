"""Which part of an .xlsx file is which sheet, and is it visible."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from dishu.engine.intake.inflate import inflated
from dishu.engine.intake.result import FileRefused

_LARGEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True)
class Part:
    """A sheet of a workbook: its zip entry (None for charts and macro sheets) and whether it is shown."""

    entry: zipfile.ZipInfo | None
    visible: bool


def sheet_parts(path: Path) -> dict[str, Part]:
    """The sheets of an .xlsx file by name, in order.

    Raises FileRefused `file_unreadable` where the table of contents makes no sense.
    """
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
    targets = {}
    for relation in _tree(path, entries, "xl/_rels/workbook.xml.rels"):
        target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))
        targets[relation.get("Id")] = entries.get(target.lstrip("/"))
    parts = {}
    for element in _tree(path, entries, "xl/workbook.xml").iter():
        if _local(element.tag) == "sheet":
            link = next((value for name, value in element.items() if _local(name) == "id"), "")
            entry = targets.get(link)
            sheet = entry if entry and "worksheets/" in entry.filename else None
            parts[element.get("name", "")] = Part(sheet, element.get("state", "visible") == "visible")
    return parts


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tree(path: Path, entries: dict[str, zipfile.ZipInfo], name: str) -> ElementTree.Element:
    """A small part as a tree; a document type declaration has no place in a workbook and may hide a bomb."""
    entry = entries.get(name)
    if entry is None or entry.file_size > _LARGEST:
        raise FileRefused("file_unreadable", path, reason="工作簿目录不完整")
    content = b"".join(inflated(path, entry))
    if b"<!DOCTYPE" in content:
        raise FileRefused("file_unreadable", path, reason="工作簿目录含有不允许的内容")
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise FileRefused("file_truncated", path) from error
