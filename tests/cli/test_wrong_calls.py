"""A wrong call is answered in Chinese, in at most two lines: what is wrong, and where the page with the example is."""

from __future__ import annotations

import ast
import inspect
import re

import click
import pytest
from click.testing import CliRunner

from dishu.cli import main, speech


def typed(*args):
    done = CliRunner().invoke(main, list(args), prog_name="dishu")
    return done.exit_code, done.stderr.splitlines()


def commands(group=main, before=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


ALL = dict(commands())
LATIN = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")  # two words of English, one after the other


# what was typed, what the first line says
CALLS = [
    ("baseline", "没有写 --units（登记、个体、市场名册，可多个）"),
    ("baseline --units", "没有写 --units"),
    ("baseline --units 不在.xlsx --day 2026-10-31 --out x", "--units：找不到文件“不在.xlsx”，请核对名称和所在的文件夹"),
    ("baseline --units . --day 2026-10-31 --out x", "--units：. 是文件夹，这里要写文件"),
    ("baseline --unit a.xlsx", "没有 --unit 这个选项；您要的可能是 --out、--units"),
    ("baseline --day", "选项 --day 后面没有写值"),
    ("baseline --json=3", "选项 --json 后面不写值，去掉等号和值"),
    ("figures", "没有写 版次文件夹"),
    ("figures x --day 2026-13-01", "--day：“2026-13-01”不是一个日期，请写成 2026-10-31 这样"),
    ("figures x --by xian", "--by：“xian”不能用，只能写：province、prefecture、county、township、village、market"),
    ("trend x --indicator a --place 4213 --months 两年", "--months：“两年”不是整数"),
    ("compare 一 二 三", "多写了“三”，去掉它；名称里有空格的，两头加引号"),
    ("compare 一 二 三 四", "多写了“三 四”，去掉它们"),
    ("match 甲.csv", "名单甲：找不到文件“甲.csv”"),
    ("ids 甲.xlsx --column 电话", "名册文件：找不到文件“甲.xlsx”"),
    ("demo-data shiyan --out x", "名称：“shiyan”不能用，只能写：suizhou-2007、"),
    ("nonsense", "没有“nonsense”这个命令"),
    ("--nonsense", "没有 --nonsense 这个选项"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "answer"), CALLS, ids=[call for call, _ in CALLS])
def test_it_says_what_is_wrong_and_where_to_look(call, answer):
    code, said = typed(*call.split())
    assert code == 2
    assert len(said) == 2
    assert said[0].startswith(f"没有完成：{answer}")
    assert "用法和例子：dishu" in said[1]
    assert said[1].endswith(" --help")


BARE = [words for words, command in ALL.items() if any(param.required for param in command.params)]
UNKNOWN = [(*words, "--no-such-option") for words in ALL if words != ("bench",)]  # bench hands options on


@pytest.mark.parametrize("call", BARE + UNKNOWN, ids=" ".join)
def test_every_command_answers_in_chinese(call):
    code, said = typed(*call)
    assert (code, len(said)) == (2, 2)
    assert not LATIN.search(" ".join(said).split(" dishu ")[0].split("用法和例子")[0])


def test_what_the_system_refuses_is_said_in_chinese(tmp_path):
    (tmp_path / "文件").write_text("not a folder")
    code, said = typed("demo-data", "suizhou-2007", "--out", str(tmp_path / "文件/随州"))
    assert (code, len(said)) == (2, 1)
    assert said[0].endswith("的上一级是文件，不是文件夹")


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_page_is_in_chinese(words):
    page = CliRunner().invoke(main, [*words, "--help"], prog_name="dishu").output
    assert "显示这页说明" in page
    assert re.search(r"例：(\w+=\S+ )*dishu ", page)
    assert not re.search(r"Usage|Options:|Show this|\[required\]|default:", page)


def test_the_page_a_wrong_call_names_exists():
    for call in ("baseline --day", "nonsense", "figures"):
        page = typed(*call.split())[1][1].split("：")[-1]
        assert CliRunner().invoke(main, page.split()[1:]).exit_code == 0


def test_a_wrong_call_of_the_whole_names_the_commands():
    assert "、".join(sorted(main.commands)) in typed("nonsense")[1][1]


def asked_of_gettext(module):
    """The texts a module of click marks for translation."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in ("_", "ngettext"):
            yield from (arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and type(arg.value) is str)


@pytest.mark.parametrize("module", speech.SPEAKERS, ids=lambda module: module.__name__)
def test_every_text_that_this_click_can_say_has_its_words(module):
    assert set(asked_of_gettext(module)) <= set(speech.WORDS)


def test_no_text_is_kept_that_click_no_longer_says():
    said = {text for module in speech.SPEAKERS for text in asked_of_gettext(module)}
    assert set(speech.WORDS) - said == {"required"}  # asked for through a variable


@pytest.mark.parametrize("text", speech.WORDS)
def test_our_words_use_no_placeholder_that_click_does_not_fill(text):
    names = set(re.findall(r"\{(\w+)", text))
    assert set(re.findall(r"\{(\w+)", speech.WORDS[text])) <= names
