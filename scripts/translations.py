"""Keeps the site's English: gathers every message of templates, Python and catalogues into django.po and compiles it.

    python scripts/translations.py            # make translations: refresh the catalogue, name what lacks English
    python scripts/translations.py --check    # write nothing; exit 1 where something would change or lacks English

No gettext programs are needed: messages are plain Chinese texts, the catalogue is sorted by them and carries no line
numbers, so that two branches seldom touch the same lines. The compiled file is kept beside it, because Django reads only
that and machines without these scripts must speak English too; a test holds the two together.
"""

from __future__ import annotations

import ast
import json
import re
import struct
import sys
from collections.abc import Iterator

from print_tree import ROOT

from dishu.engine import labels
from dishu.engine.baseline.lists import SITUATION
from dishu.engine.comparing import APPEARED, GONE
from dishu.engine.indicators import ALL
from dishu.engine.link.reasons import judgements
from dishu.standards import codes, forms, ids, law, problems
from dishu.standards.codes.industry import industries

SITE = ROOT / "dishu/site"
PO = SITE / "locale/en/LC_MESSAGES/django.po"
CALLS = ("_", "lazy", "gettext", "gettext_lazy")
_HEADER = "Content-Type: text/plain; charset=UTF-8\nLanguage: en\n"
_TEXT = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_IN_TEMPLATE = re.compile(
    rf"{{%-?\s*translate\s+{_TEXT}|_\({_TEXT}\)|{{%\s*blocktranslate\b(.*?)%}}(.*?){{%\s*endblocktranslate", re.S
)
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def messages() -> set[str]:
    """Every message of the site, as Django asks for it."""
    found = set(_from_catalogues())
    for path in SITE.rglob("*.html"):
        found |= set(_from_template(path.read_text("utf-8")))
    for path in SITE.rglob("*.py"):
        found |= set(_from_python(path.read_text("utf-8")))
    return {text for text in found if text}


def _from_template(text: str) -> Iterator[str]:
    """Django doubles percent signs of `translate` and `blocktranslate` before it looks the text up."""
    for tag, constant, options, body in _IN_TEMPLATE.findall(text):
        yield from _from_template(options)
        if body:
            body = re.sub(r"\s*\n\s*", " ", body).strip() if "trimmed" in options.split() else body
            yield _VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))
        elif tag or constant:
            yield ast.literal_eval(tag or constant).replace("%", "%%")


def _from_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            said = node.args[0]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def _from_catalogues() -> Iterator[str]:
    """What the site takes from the engine and the standards and says through `said` and `words`."""
    for one in ALL:
        yield from (one.name, one.group, one.among_text, one.holds_text)
    yield from judgements()
    for catalogue in codes.KINDS.values():
        yield from catalogue.values()
    for layout in map(forms.layout, forms.names()):
        yield layout.title
        yield from (field.title for field in layout.fields)
    yield from (one.name for one in industries())
    for problem in problems.catalogue().values():
        yield from (problem.text, problem.mend)
    yield from (
        *labels.COLUMNS.values(),
        *labels.VALUES.values(),
        APPEARED,
        GONE,
        *SITUATION.values(),
        *ids._REASONS.values(),
        "是",
        "否",
        "未知",
        problems.ROW,
    )
    yield from (law.rule(name).title for one in ALL for name in one.rules)


def read(text: str) -> dict[str, str]:
    """The entries of a .po file: message and English."""
    entries: dict[str, str] = {}
    for block in text.split("\n\n"):
        parts: dict[str, str] = {}
        word = ""
        for line in block.splitlines():
            if match := re.match(r'(msgid|msgstr)?\s*(".*")$', line):
                word = match[1] or word
                parts[word] = parts.get(word, "") + json.loads(match[2])
        if parts.get("msgid"):
            entries[parts["msgid"]] = parts.get("msgstr", "")
    return entries


def written(entries: dict[str, str]) -> str:
    """The .po file of these entries, sorted by message."""
    blocks = [f'msgid ""\nmsgstr {_quoted(_HEADER)}']
    blocks += [f"{_flag(text)}msgid {_quoted(text)}\nmsgstr {_quoted(entries[text])}" for text in sorted(entries)]
    return (
        "# The site's English. Refresh with `make translations`; write only the msgstr lines.\n"
        + "\n\n".join(blocks)
        + "\n"
    )


def _flag(text: str) -> str:
    return "#, python-format\n" if "%(" in text else "#, python-brace-format\n" if re.search(r"{\w*[:}]", text) else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def compiled(entries: dict[str, str]) -> bytes:
    """The .mo file: header, two tables of lengths and places, the texts (GNU gettext manual, "MO Files")."""
    told = sorted({"": _HEADER, **{text: said for text, said in entries.items() if said}}.items())
    ids_, strings = ([part.encode() for part in column] for column in zip(*told, strict=True))
    count, start = len(told), 28 + 16 * len(told)
    tables, data = b"", b""
    for column in (ids_, strings):
        for part in column:
            tables += struct.pack("<2I", len(part), start + len(data))
            data += part + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start) + tables + data


def refreshed() -> dict[str, str]:
    """The messages of today with the English there is."""
    known = read(PO.read_text("utf-8")) if PO.exists() else {}
    return {text: known.get(text, "") for text in messages()}


def lacking(entries: dict[str, str]) -> list[str]:
    """What stops the site from speaking English, in words that say what to do."""
    found = [
        f"no English for {text!r}: write its msgstr in {PO.relative_to(ROOT)}"
        for text, said in entries.items()
        if not said
    ]
    for text, said in entries.items():
        if said and _placeholders(text) != _placeholders(said):
            found.append(f"other placeholders than {text!r}: {said!r}")
    return sorted(found)


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|(?<!%)%[sd]|{\w+", text))


def main() -> int:
    """Refresh (or check) the catalogue and its compiled file."""
    entries = refreshed()
    files = {PO: written(entries).encode(), PO.with_suffix(".mo"): compiled(entries)}
    stale = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    problems = lacking(entries)
    if "--check" not in sys.argv:
        PO.parent.mkdir(parents=True, exist_ok=True)
        for path in stale:
            path.write_bytes(files[path])
    else:
        problems += [f"{path.relative_to(ROOT)} is not up to date: run `make translations`" for path in stale]
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{len(entries)} messages, {len(problems)} to do", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
