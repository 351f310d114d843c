"""Prints the reference pages and the tree of ARCHITECTURE.md from the code: what is printed cannot fall behind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import reference_api
import reference_facts
from print_tree import ROOT, with_tree

from dishu.engine.facts import TABLES
from dishu.engine.indicators import ALL, Indicator
from dishu.standards import forms, law, problems
from dishu.standards.law.book import read_file

NOTE = "<!-- 由 make docs 从代码打印，请勿手改 -->\n"
SUBJECTS = {"unit": "单位", "member": "党员", "org": "党组织", "instructor": "指导员"}
MARKS = {"T": "读过条文", "S": "二手资料", "C": "计算得出", "K": "未核实，可配置"}
SEVERITIES = {
    "refused": "退回这一行", "warned": "提醒，这一行照用", "layout": "看名册格式怎么定", "note": "对工作表的说明",
    "file": "整个文件不读",
}  # fmt: skip
TYPES = {
    "text": "文字", "name": "姓名", "unit_name": "单位名称", "citizen_id": "身份证号", "phone": "电话",
    "unit_code": "信用代码或注册号", "date": "日期", "int": "整数", "wan": "金额（万元）", "bool": "是或否",
    "choice": "选项", "place": "地区",
}  # fmt: skip


def table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    titles = list(titles)
    body = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in body) + "\n"


def indicators() -> str:
    """Every indicator: among whom, who passes, where it stands, which rules it reads."""
    page = [
        "# 指标\n",
        "每个指标说清两件事：在谁中间数，怎样算达到。总数＝达到＋未达到＋未知；没有人看过的单列为未知。"
        "“核实比例”是同一总体中一年内经电话、上门或确认核实的部分。\n",
    ]
    for group, members in groupby(ALL, key=lambda i: i.group):
        page += [f"## {group}\n", table(_INDICATOR_TITLES, map(_indicator, members))]
    return "\n".join(page)


_INDICATOR_TITLES = ("代码", "名称", "数什么", "在谁中间", "怎样算达到", "目标", "出处", "依据的规则")


def _indicator(i: Indicator) -> list[str]:
    rules = "、".join(f"[{name}](rules.md#{name})" for name in i.rules)
    goal = "问题清单，越少越好" if i.bad else "" if i.goal is None else f"{i.goal:.0%}"
    counted = SUBJECTS[i.subject] + (f"的 {i.weight} 之和" if i.weight else "")
    return [f"`{i.code}`", i.name, counted, i.among_text, i.holds_text, goal, i.source, rules]


def rules() -> str:
    """Every rule with all its dated values, each with its source and how sure it is."""
    page = ["# 规则\n", "每条规则的每个值都有起止日期和出处；数字按事实发生那天的规则算。"]
    page += ["把握：" + "；".join(f"{mark} {text}" for mark, text in MARKS.items()) + "。\n"]
    for file in sorted(Path(law.__file__).parent.glob("*.yaml")):
        page.append(f"## {file.stem}\n\n{_heading(file)}\n")
        page += [_rule(law.rule(name)) for name in read_file(file)]
    return "\n".join(page)


def _heading(file: Path) -> str:
    return file.read_text("utf-8").partition("\n")[0].lstrip("# ")


def _rule(rule: law.Rule) -> str:
    kind = "硬性规定，不能例外" if rule.hard else "一般规定，经批准可以例外"
    titles = ("自", "至（不含）", "值", "出处", "把握")
    rows = [(str(s.since), str(s.until or "今"), plain(s.value), s.source, s.mark) for s in rule.steps]
    return f"### {rule.name}\n\n{rule.title}。单位：{rule.unit}。{kind}。\n\n{table(titles, rows)}"


def plain(value: Any) -> str:
    """A rule's value in one line."""
    if isinstance(value, Mapping):
        return "；".join(f"{key} {plain(part)}" for key, part in value.items())
    if isinstance(value, tuple):
        return "［" + ", ".join(map(plain, value)) + "］"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "以上" if value is None else str(value)


def layouts() -> str:
    """Every roster layout with its columns, their synonyms and what may stand in them."""
    page = ["# 名册格式\n", "栏目按名称或同义名称认，次序不拘；空格、换行、括号样式不影响。\n"]
    for layout in forms.layouts():
        page += [f"## {layout.title} `{layout.name}`\n", f"{layout.about}。\n"]
        page.append(table(("栏目", "代码", "类型", "必填", "也可写作", "可填"), map(_field, layout.fields)))
        if layout.checks:
            page += [
                "栏目之间的核对：\n",
                table(("核对", "栏目", "不符时"), [_check(layout, c) for c in layout.checks]),
            ]
    return "\n".join(page)


def _field(field: forms.Field) -> list[str]:
    choices = "；".join(
        "／".join(written[:3]) for value, written in field.choices.items() if written and value != "none"
    )
    kind = TYPES[field.type]
    return [field.title, f"`{field.name}`", kind, "是" if field.required else "", "、".join(field.also), choices]


def _check(layout: forms.Layout, check: forms.Check) -> list[str]:
    used = [part for use in check.use.values() for part in (use if isinstance(use, (list, tuple)) else [use])]
    titles = "、".join(field.title for field in layout.fields if field.name in used)
    return [f"[{check.code}](problems.md)", titles, SEVERITIES[check.severity]]


def problem_list() -> str:
    """The catalogue of what can be wrong with a file, a sheet or a row."""
    entries = problems.catalogue().values()
    rows = [(f"`{p.code}`", SEVERITIES[p.severity], p.text, p.mend) for p in entries]
    about = "花括号里的字在具体问题中换成栏目、写法等。代码长期不变。\n"
    return f"# 问题目录\n\n{about}\n{table(('代码', '处理', '问题', '如何改正'), rows)}"


def facts() -> str:
    """The tables everything is computed from."""
    page = ["# 事实表\n", reference_facts.ABOUT]
    for name, columns in TABLES.items():
        rows = [
            (f"`{column}`", kind.lstrip("!"), "是" if kind.startswith("!") else "", reference_facts.COLUMNS[column])
            for column, kind in columns.items()
        ]
        page += [f"## {name}\n\n{reference_facts.CAPTIONS[name]}\n", table(("列", "类型", "必有", "含义"), rows)]
    return "\n".join(page)


def commands() -> str:
    """The help of every command, word by word."""
    import click

    main = import_module("dishu.cli").main
    page = ["# 命令\n", "退出码：0 完成；1 完成，但有退回的行或发现了问题；2 调用有误或无法完成。\n"]
    with click.Context(main, info_name="dishu", terminal_width=100, **main.context_settings) as above:
        page += command_pages(main, above)
    return "\n".join(page)


def command_pages(group: Any, above: Any) -> Iterator[str]:
    """The pages of a group's commands, those of groups within it after the group's own."""
    import click

    for name, command in sorted(group.commands.items()):
        with click.Context(command, info_name=name, parent=above, terminal_width=100) as context:
            yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
            if isinstance(command, click.Group):
                yield from command_pages(command, context)


def interface() -> str:
    """The calls of the API, and the codes of its refusals."""
    page = ["# 接口\n", "怎样使用见 [use-the-api](../how-to/use-the-api.md)。\n"]
    for tag, rows in reference_api.calls():
        page.append(f"## {tag}\n\n{table(('方法', '地址', '用途', '参数', '需要的权限'), rows)}")
    page.append(
        f"## 不能照办时的代码\n\n{table(('代码', 'HTTP', '说明', 'English', '怎么办'), reference_api.refusals())}"
    )
    return "\n".join(page)


def pages() -> dict[Path, str]:
    """Each page that is printed, and what must stand in it."""
    printers: dict[str, Callable[[], str]] = {
        "indicators": indicators, "rules": rules, "layouts": layouts, "problems": problem_list, "facts": facts,
    }  # fmt: skip
    if find_spec("dishu.cli"):
        printers["commands"] = commands
    if find_spec("dishu.site"):
        printers["api"] = interface
    printed = {ROOT / f"docs/reference/{name}.md": f"{NOTE}\n{make()}" for name, make in printers.items()}
    architecture = ROOT / "ARCHITECTURE.md"
    return {**printed, architecture: with_tree(architecture.read_text("utf-8"))}


def stale() -> Iterator[Path]:
    """The pages that do not say what the code says."""
    for path, text in pages().items():
        if not path.is_file() or path.read_text("utf-8") != text:
            yield path


def main() -> None:
    """Print all pages, naming those that changed."""
    changed = list(stale())
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print("\n".join(f"已更新 {path.relative_to(ROOT)}" for path in changed) or "参考页都是最新的")


if __name__ == "__main__":
    sys.exit(main())
