"""What only the sender of a document knows: letterhead, number, addressee, signature, imprint; read from one small file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Letter:
    """The parts of GB/T 9704-2012 that no figure tells; each part left out is not printed.

    head: red letterhead (发文机关标志); number: 发文字号 like 随组文〔2007〕12号; addressee: without the colon;
    signature: the sender's name; signer: 签发人, of documents that go up; dated: 成文日期, the figures' day when left
    out; remark: 附注, without brackets; copies: 抄送; printer, printed: 印发机关 and 印发日期; title: instead of ours.
    """

    head: str | None = None
    number: str | None = None
    addressee: str | None = None
    signature: str | None = None
    signer: str | None = None
    dated: date | None = None
    remark: str | None = None
    copies: tuple[str, ...] = ()
    printer: str | None = None
    printed: date | None = None
    title: str | None = None

    @property
    def imprinted(self) -> bool:
        """Whether there is anything to print in the imprint (版记)."""
        return bool(self.copies or self.printer or self.printed)


#: The keys of the file and what they fill.
KEYS = {
    "发文机关标志": "head", "发文字号": "number", "签发人": "signer", "标题": "title", "主送机关": "addressee",
    "发文机关署名": "signature", "成文日期": "dated", "附注": "remark", "抄送": "copies", "印发机关": "printer",
    "印发日期": "printed",
}  # fmt: skip
EXAMPLE = """\
发文机关标志: 中共随州市委组织部文件
发文字号: 随组文〔2007〕12号
主送机关: 市委
发文机关署名: 中共随州市委组织部
成文日期: 2007-08-03
抄送: [市政府办公室, 各县（市、区）委组织部]
印发机关: 中共随州市委组织部办公室
印发日期: 2007-08-06
"""
DAYS = {f.name for f in fields(Letter) if "date" in str(f.type)}


def read(path: Path) -> Letter:
    """The letter in a file (YAML, UTF-8 or GB18030). Raises ValueError that says which key is wrong and what to write."""
    return parse(_text(path), path.name)


def parse(text: str, name: str = "公文要素") -> Letter:
    """The letter in a text.

    >>> letter = parse(EXAMPLE)
    >>> letter.number, letter.dated, letter.copies[0]
    ('随组文〔2007〕12号', datetime.date(2007, 8, 3), '市政府办公室')
    """
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第{mark.line + 1}行" if mark else ""
        raise ValueError(f"{name} {where}看不懂：每行写“名称: 内容”，冒号后空一格，如“主送机关: 市委”") from error
    if found is None:
        return Letter()
    if not isinstance(found, dict):
        raise ValueError(f"{name} 看不懂：每行写“名称: 内容”，冒号后空一格，如“主送机关: 市委”")
    for key in found:
        if key not in KEYS:
            raise ValueError(f"{name} 中没有“{key}”这一项；可写：{'、'.join(KEYS)}")
    return Letter(**{KEYS[key]: _value(name, key, value) for key, value in found.items() if value is not None})


def _value(name: str, key: str, value: Any) -> Any:
    part = KEYS[key]
    if part in DAYS:
        return _day(name, key, value)
    if part == "copies":
        several = value if isinstance(value, list) else [value]
        return tuple(_words(name, key, one) for one in several)
    return _words(name, key, value)


def _words(name: str, key: str, value: Any) -> str:
    if isinstance(value, dict | list | bool) or not str(value).strip():
        raise ValueError(f"{name} 的“{key}”要写文字")
    return str(value).strip()


def _day(name: str, key: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"{name} 的“{key}”不是一个日期，请写成 2007-08-03 这样")


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(f"{path.name} 不是文本文件；请用记事本写，存为 UTF-8")
