"""Two languages: every Chinese text of the site is a message, and every message has its English."""

import ast
import re
from pathlib import Path

import pytest
import translations
from print_tree import ROOT

SITE = ROOT / "dishu/site"
#: Han characters and the punctuation that goes with them.
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
TRANSLATED = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*translate .*?%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|_\((?:\"[^\"]*\"|'[^']*')\)|<script[^>]*json.*?</script>",
    re.S,
)
#: Texts that stay as they are, file by file, with the reason.
STAYS = {
    "settings.py": "names of the site and of its languages, before any reader is known",
    "registry/search.py": "examples of names",
    "registry/commit.py": "written into the record as its document",
    "registry/preview.py": "written into the rows of a preview",
    "rosters/work.py": "the worker writes for readers it does not know",
    "intake/actions.py": "a catalogue's text, kept with the upload",
    "reports/source.py": "a catalogue's text, as kept with the upload",
    "membership/settling.py": "written into the record as its source",
    "records/export.py": "the name of a typeface",
    "ui/templates/ui/_language.html": "the name of the language, in itself",
}
#: The command line and the API's document speak Chinese; the API's errors carry both languages of their own.
OTHERS = ("management/", "migrations/", "api/", "apps.py")


def _left_out(path: Path) -> bool:
    name = path.relative_to(SITE).as_posix()
    return name in STAYS or any(part in name for part in OTHERS)


def bare_in_template(text: str) -> list[str]:
    """Lines of a template with Chinese outside translation tags."""
    plain = TRANSLATED.sub(lambda found: "\n" * found[0].count("\n"), text)
    return [line.strip()[:60] for line in plain.splitlines() if CHINESE.search(line)]


def bare_in_python(text: str) -> list[str]:
    """Chinese string literals outside gettext; docstrings and what takes texts apart do not count."""
    tree = ast.parse(text)
    said = {id(part) for node in ast.walk(tree) if _says(node) for part in ast.walk(node.args[0])}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    docs |= {id(part) for node in ast.walk(tree) if _takes_apart(node) for part in node.args}
    return [
        f"{node.lineno}: {node.value[:40]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
        and id(node) not in said | docs
    ]  # fmt: skip


def _takes_apart(node: ast.AST) -> bool:
    """`text.split("；")` reads what was written, it says nothing."""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("split", "partition")
    )


def _says(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        and node.func.id in translations.CALLS and bool(node.args)
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted(SITE.rglob("*.html")), ids=lambda path: path.relative_to(SITE).as_posix())
def test_templates_say_chinese_only_in_translation_tags(path):
    if _left_out(path) and "api/" not in path.relative_to(SITE).as_posix():
        return
    bare = bare_in_template(path.read_text("utf-8"))
    assert bare == [], f'{path.name}: write {{% translate "…" %}} or {{% blocktranslate %}}, then `make translations`'


def test_python_says_chinese_only_through_gettext():
    bare = {
        path.relative_to(SITE).as_posix(): found
        for path in SITE.rglob("*.py")
        if not _left_out(path) and (found := bare_in_python(path.read_text("utf-8")))
    }
    assert bare == {}, "write _(…) (at import time: gettext_lazy as lazy), then `make translations`"


def test_an_underscore_that_translates_is_not_thrown_away_in_the_same_function():
    """`made, _ = …` makes `_` a local name: the next `_("…")` there would call whatever was thrown away."""
    both = [
        f"{path.relative_to(SITE)}: {node.name}"
        for path in SITE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and _throws_away(node)
        and any(_says(part) and part.func.id == "_" for part in ast.walk(node))
    ]  # fmt: skip
    assert both == []


def _throws_away(node: ast.FunctionDef) -> bool:
    own = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == "_" and isinstance(n.ctx, ast.Store)]
    inner = [
        n
        for c in ast.walk(node)
        if isinstance(c, ast.comprehension)
        for n in ast.walk(c.target)
        if isinstance(n, ast.Name)
    ]
    return any(n not in inner for n in own)


def test_scripts_carry_no_language_of_their_own():
    spoken = [
        path.name
        for path in SITE.rglob("static/**/*.js")
        if "vendor" not in path.parts and CHINESE.search(re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.M))
    ]
    assert spoken == [], "hand texts over in data attributes or with json_script"


def test_every_message_has_its_english_and_the_catalogue_is_what_the_code_says():
    entries = translations.refreshed()
    assert translations.lacking(entries) == []
    known = translations.read(translations.PO.read_text("utf-8"))
    assert known == entries, "run `make translations`"


def test_the_compiled_catalogue_is_the_written_one():
    known = translations.read(translations.PO.read_text("utf-8"))
    assert translations.PO.with_suffix(".mo").read_bytes() == translations.compiled(known), "run `make translations`"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{% translate "数字" %}', "数字"),
        ('{% translate "六个100%" %}', "六个100%%"),
        ("{% blocktranslate with a=b.c %}差 {{ a }}{% endblocktranslate %}", "差 %(a)s"),
        ("{% blocktranslate trimmed %}\n  一\n  二\n{% endblocktranslate %}", "一 二"),
        ('{{ x|default:_("没有") }}', "没有"),
    ],
)
def test_messages_are_gathered_as_django_asks_for_them(template, message):
    assert list(translations._from_template(template)) == [message]


def test_bare_chinese_is_seen():
    assert bare_in_template('<p title="数字">{% translate "数字" %}</p>') == ['<p title="数字"></p>']
    assert bare_in_python('"""文。"""\nx = _("是")\ny = f"第{x}行"') == ["3: 第", "3: 行"]
