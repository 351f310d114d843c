"""The whole text of the situation report, section by section, with honest numbers in plain official Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from . import sentences as say
from .content import Content
from .steps import next_steps
from .words import day, ordinal, whole

Kind = Literal["heading", "body"]
#: Told in the first section, in this order, where counted.
OVERALL = ("members", "members_of_employees", "single_orgs_of_units")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: a heading (一、…) or body text; `lead` is the run-in heading （一）… set apart in 楷体."""

    kind: Kind
    text: str
    lead: str = ""


def report(content: Content) -> list[Paragraph]:
    """The text from the opening to the last step; sections without anything to say are left out.

    >>> import pyarrow as pa
    >>> from datetime import date
    >>> from dishu.engine.report.content import FIGURE_COLUMNS
    >>> nothing = pa.table({name: pa.array([], pa.string()) for name in FIGURE_COLUMNS})
    >>> [p.text for p in report(Content("关于底数情况的报告", "随州市", date(2007, 8, 31), "ab12", nothing, ()))][1]
    '一、总体情况'
    """
    sections = (
        ("总体情况", overall(content)),
        ("“六个100%”完成情况", six_hundred(content)),
        ("党组织覆盖情况", coverage(content)),
        ("还差多少人", [Paragraph("body", text) for text in content.missing.sentences] if content.missing else []),
        ("分地区缺口", by_place(content)),
        ("未建党组织单位的组建方案", formation(content)),
        ("数据质量", quality(content)),
        ("下一步工作", steps(content)),
    )
    told = [(heading, paragraphs) for heading, paragraphs in sections if paragraphs]
    out = [Paragraph("body", opening(content))]
    for number, (heading, paragraphs) in enumerate(told, start=1):
        out += [Paragraph("heading", f"{ordinal(number)}、{heading}"), *paragraphs]
    return out


def subject(content: Content) -> str:
    """What the title is about, without place, 关于 and the kind of document."""
    title = content.title.replace("\n", "").removeprefix(content.place_name).removeprefix("关于")
    core = re.sub(r"的?(?:情况)?的?(?:报告|通报|汇报)$", "", title).removeprefix(content.place_name)
    return f"{core or '非公有制领域党建底数'}情况"


def opening(content: Content) -> str:
    """The first paragraph: what, where, as of when, from which edition, and how the numbers are to be read."""
    return (
        f"现将{content.place_name}截至{day(content.day)}的{subject(content)}报告如下。文中数字由逐户逐人的登记记录汇总产生"
        f"（版次{content.edition}），比例均注明分母；情况不明的单独列出，不计入已达到。"
    )


def overall(content: Content) -> list[Paragraph]:
    """The base: how many, how much, how many members, and what of it was verified."""
    if not content.by_key:
        return [Paragraph("body", "本版次没有可汇总的数字。")]
    pairs = content.counted(content.definitions)
    base = "".join(whole(content.place_name) + say.figure_sentence(d, f) for d, f in pairs if d.code == "base_known")
    amounts = say.amounts_sentence(pairs)
    others = [say.figure_sentence(d, f) for code in OVERALL for d, f in pairs if d.code == code and f.total]
    texts = (base + amounts + "".join(others), say.verified_sentence(content))
    return [Paragraph("body", text) for text in texts if text]


def six_hundred(content: Content) -> list[Paragraph]:
    """The six 100 %, one paragraph each, after a summary; the trend last."""
    if not content.six:
        return []
    common = say.open_deadlines(content)
    once = say.deadline_sentence(next(iter(common)), content.day) if len(common) == 1 else ""
    out = [Paragraph("body", say.summary_sentence(content) + once)]
    for number, (d, f) in enumerate(content.six, start=1):
        own = not once and f.total and not say.reached(d, f)
        text = say.figure_sentence(d, f) + (say.deadline_sentence(d.deadline, content.day) if own else "")
        out.append(Paragraph("body", text, lead=f"（{ordinal(number)}）{d.plain_name}情况。"))
    if content.small:
        lead = f"（{ordinal(len(content.six) + 1)}）其中个体工商户和市场情况。"
        out.append(Paragraph("body", say.part_sentence(content.small), lead=lead))
    trend = say.trend_sentence(content)
    return [*out, Paragraph("body", trend)] if trend else out


def coverage(content: Content) -> list[Paragraph]:
    """Coverage against each denominator by its name, group by group; new units; lists of trouble."""
    pairs = content.counted(content.definitions)
    groups = dict.fromkeys(d.group for d, _ in pairs if d.denominator)
    texts = [say.basis_sentence([(d, f) for d, f in pairs if d.denominator and d.group == group]) for group in groups]
    texts += [say.figure_sentence(d, f) for d, f in pairs if d.code == "newcomers_formed" and f.total]
    texts.append(say.trouble_sentence(pairs))
    return [Paragraph("body", text) for text in texts if text]


def by_place(content: Content) -> list[Paragraph]:
    """Where the gaps lie, one paragraph per indicator of the six that has one."""
    texts = (say.gaps_by_place(content, d) for d, _ in content.six)
    return [Paragraph("body", text) for text in texts if text]


def formation(content: Content) -> list[Paragraph]:
    """What is proposed for the units without an organization."""
    told = content.formation.paragraphs if content.formation else ()
    return [Paragraph("body", text, lead=f"（{ordinal(n)}）{head}。") for n, (head, text) in enumerate(told, start=1)]


def quality(content: Content) -> list[Paragraph]:
    """What was read and refused, which checks failed, and the caller's notes."""
    texts = (
        say.sources_sentence(content),
        say.checks_sentence(content.checks),
        *(without_path(note).rstrip("。") + "。" for note in content.notes),
    )
    return [Paragraph("body", text) for text in texts if text]


def without_path(note: str) -> str:
    """A note without the file it points to, which nobody who reads the paper has.

    >>> without_path("工作单位未找到 9 条，见 review/工作单位未找到.csv")
    '工作单位未找到 9 条'
    """
    return re.sub(r"，见 \S+$", "", note)


def steps(content: Content) -> list[Paragraph]:
    """The next steps, numbered."""
    found = next_steps(content) if content.by_key else []
    return [Paragraph("body", text, lead=f"（{ordinal(n)}）{head}。") for n, (head, text) in enumerate(found, start=1)]
