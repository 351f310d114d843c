"""The pages written by hand: links lead somewhere, commands exist with the options shown, terms are in the glossary."""

import re
import shlex
from importlib.util import find_spec

import pytest
from print_tree import ROOT

from dishu.engine.facts import TABLES
from dishu.engine.indicators import SIX

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BY_HAND = [path for path in PAGES if path.parent.name != "reference"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(path):
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def calls(path) -> list[list[str]]:
    text = path.read_text("utf-8").replace("\\\n", " ")
    return [shlex.split(line, comments=True)[1:] for line in re.findall(r"^(?:\.venv/bin/)?dishu [^\n]*$", text, re.M)]


@pytest.mark.skipif(find_spec("dishu.cli") is None, reason="the command line is not there")
@pytest.mark.parametrize("path", BY_HAND, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_shown_exist_with_their_options(path):
    from dishu.cli import main

    for name, *words in calls(path):
        command = main.commands.get(name)
        while words and words[0] in getattr(command, "commands", {}):
            name = words.pop(0)
            command = command.commands[name]
        assert command, f"no command {name}"
        known = {flag for p in command.params for flag in (*p.opts, *p.secondary_opts)} | {"--help"}
        assert [word for word in words if word.startswith("-") and word not in known] == [], name


def test_the_readme_shows_the_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_the_glossary_has_our_words():
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    assert [name for name in (*TABLES, *(i.code for i in SIX)) if f"`{name}`" not in text] == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_setting_of_the_site_is_in_the_page_about_deploying():
    code = "".join(
        (ROOT / "dishu" / path).read_text("utf-8") for path in ("site/settings.py", "site/database.py", "cli/site.py")
    )
    page = (ROOT / "docs/how-to/deploy.md").read_text("utf-8").replace("`, `_", "` `DISHU_OIDC_")
    asked = set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", code)) - {"DJANGO_SETTINGS_MODULE"}
    assert len(asked) > 10
    assert [name for name in sorted(asked) if f"`{name}`" not in page] == []
