"""What the situation report says: honest numbers, each denominator named, the unknown said apart."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.report import sentences as say
from dishu.engine.report import steps, text, words
from dishu.engine.report.content import FIGURE_COLUMNS, SIX, Content, Definition, Figure, Missing

DAY = date(2011, 11, 30)
SHOWN = Definition(
    "identity_shown", "党员身份100%亮明", "六个100%", "党员", "已亮明身份", "讲话", 1.0, date(2011, 12, 31), (), "名"
)


def figure(total, held, failed, unknown, verified=None, code="identity_shown", place="42"):
    return Figure(code, place, "某市", "prefecture", None, total, held, failed, unknown, verified)


def whole(content):
    return "\n".join(p.lead + p.text for p in text.report(content))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((10, 7, 2, 1), "党员共10名，其中已亮明身份的7名，占70.0%；未达到的2名，情况不明的1名。"),
        ((10, 7, 3, 0), "党员共10名，其中已亮明身份的7名，占70.0%；未达到的3名。"),
        ((10, 9, 0, 1), "党员共10名，其中已亮明身份的9名，占90.0%；情况不明的1名。"),
        ((9, 0, 9, 0), "党员共9名，其中已亮明身份的0名；未达到的9名。"),
        ((9000, 8999, 0, 1), "党员共9000名，其中已亮明身份的8999名，占99.9%以上；情况不明的1名。"),
        ((5, 5, 0, 0), "党员共5名，其中已亮明身份的5名，占100%（按已有记录计，均未标明核实情况）。"),
        ((5, 5, 0, 0, 0.4), "党员共5名，其中已亮明身份的5名，占100%（按已有记录计，经核实的占40.0%）。"),
        ((5, 5, 0, 0, 1.0), "党员共5名，其中已亮明身份的5名，占100%。"),
        ((0, 0, 0, 0), "党员为0，无可统计的对象。"),
    ],
)
def test_a_figure_in_words(counts, said):
    assert say.figure_sentence(SHOWN, figure(*counts)) == said


def test_a_plain_count_has_no_share():
    members = Definition("members", "党员", "总量", "党员", "全部计数", "讲话", unit_of_count="名")
    assert say.figure_sentence(members, figure(4056, 4056, 0, 0)) == "党员共4056名。"


def test_denominators_are_named_side_by_side(content):
    said = whole(content)
    assert "按计划口径，列入组建计划的单位共62户，已建立党组织的61户，占98.4%" in said
    assert "按当日应建口径，当日应建的单位共71户，已建立党组织的61户，占85.9%" in said
    assert "以上口径分母不同，不能相互替代" in said


def test_gaps_are_told_by_place_the_largest_first_and_the_unknown_apart(content):
    said = say.gaps_by_place(content, content.definition("identity_shown"))
    assert said == "党员身份亮明方面，缺口为：曾都区750名（其中情况不明300名），广水市453名（其中情况不明203名）。"


def test_a_gap_that_no_lower_place_has_is_told(content):
    rows = content.figures.to_pylist()
    for row in rows:
        if row["indicator"] == "single_formed" and row["place"] == "421381":
            row.update(held=52, failed=0)
    changed = replace(content, figures=pa.Table.from_pylist(rows, content.figures.schema))
    said = say.gaps_by_place(changed, changed.definition("single_formed"))
    assert said == "具备单独组建条件的单建方面，缺口为：曾都区5户。另有4户未能落到下级地区。"


def test_money_and_members_as_the_speech_of_2007_says_them(content):
    said = whole(content)
    assert "资产总额58.72亿元" in said
    assert "从业人员共64492人，其中党员4056人，占6.3%" in said


def test_the_share_that_was_verified_is_told_and_that_the_rest_is_only_reported(content):
    assert "在册单位中经电话、上门或确认核实的796户，占61.2%。其余为上报数据，尚未核实。" in whole(content)


def test_without_any_check_the_data_count_as_unverified(nothing):
    assert say.verified_sentence(nothing) == "数据未标明核实情况，按未核实对待。"


def test_the_trend_speaks_of_points_and_never_of_levels(content):
    assert say.trend_sentence(content) == (
        "与2011年9月30日相比，党组织和党员底数摸清比例提高26.8个百分点，党员身份亮明比例提高30.3个百分点。"
    )


def test_sources_refusals_checks_and_notes_are_told(content):
    said = whole(content)
    assert "本次共读入名册2份、记录3715行，采用3700行，退回15行，占0.4%" in said
    assert "身份证号校验码不符（12处）、缺少单位名称（3处）" in said
    assert "附表27有1处审核关系不符" in said
    assert "广水市个体工商户名册为10月底数据。" in said


def test_how_many_are_missing_is_a_section_only_where_there_was_a_re_count(content):
    said = "独立复核找到 180 人，其中 164 人已在册。"
    recounted = replace(content, missing=Missing((said,), pa.table({"item": []}), ""))
    headings = [p.text for p in text.report(recounted) if p.kind == "heading"]
    assert [heading.split("、")[1] for heading in headings].index("还差多少人") == 3
    assert said in whole(recounted)
    assert "还差多少人" not in whole(content)


def test_what_is_proposed_for_those_without_an_organization_is_a_section_only_where_there_are_any(content, proposed):
    headings = [p.text for p in text.report(proposed) if p.kind == "heading"]
    assert [heading.split("、")[1] for heading in headings].index("未建党组织单位的组建方案") == 5
    told = [p for p in text.report(proposed) if p.lead in ("（一）对象。", "（二）拟建。")]
    assert "有党员而没有党组织覆盖的单位共3户。" in [p.text for p in told]
    assert "组建方案" not in "".join(p.text for p in text.report(content) if p.kind == "heading")


def test_steps_come_in_the_order_of_the_gaps_and_name_the_places(content):
    found = steps.next_steps(content)
    assert [head for head, _ in found] == [
        "跟上新增单位",
        "推进联合组建和依托组建",
        "做好亮身份工作",
        "抓紧单独组建",
        "摸清剩余底数",
        "完成组建计划",
        "巩固薄弱支部",
        "补正退回记录",
        "加强核实",
    ]
    assert "重点在广水市。于2011年12月31日前完成。" in dict(found)["摸清剩余底数"]
    assert "由本人决定" in dict(found)["做好亮身份工作"]


def test_a_deadline_that_has_passed_is_not_promised_again(content):
    late = replace(content, day=date(2012, 1, 9))
    assert "2011年12月31日的期限已过9天，尚未完成。" in whole(late)
    assert "原定2011年12月31日的期限已过，由责任单位说明原因，重新确定期限。" in whole(late)


def test_headings_are_numbered_without_holes(content, nothing):
    for one in (content, nothing):
        heads = [p.text for p in text.report(one) if p.kind == "heading"]
        assert [h.partition("、")[0] for h in heads] == [words.ordinal(n) for n in range(1, len(heads) + 1)]


def test_with_nothing_counted_it_says_so(nothing):
    assert "本版次没有可汇总的数字。" in whole(nothing)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("关于全市非公有制企业党建工作底数情况的报告", "全市非公有制企业党建工作底数情况"),
        ("随州市非公有制领域党建底数情况报告", "非公有制领域党建底数情况"),
        ("报告", "非公有制领域党建底数情况"),
    ],
)
def test_the_opening_says_what_the_title_says(content, title, told):
    assert text.subject(replace(content, title=title)) == told


PARTS = st.tuples(*[st.integers(0, 30_000)] * 3, st.sampled_from([None, 0.0, 0.5, 1.0]))


@settings(max_examples=150, deadline=None)
@given(six=st.lists(PARTS, min_size=6, max_size=6), day=st.dates(date(2011, 1, 1), date(2013, 1, 1)))
def test_never_all_while_anything_is_missing_or_unknown(six, day):
    """For each indicator: 100% stands in its own sentence only if nothing failed and nothing is unknown."""
    rows, names = [], ("某市", "prefecture", None)
    for code, (held, failed, unknown, verified) in zip(SIX, six, strict=True):
        total = held + failed + unknown
        share = round(held / total, 4) if total else None
        rows.append((code, "42", *names, total, held, failed, unknown, share, verified))
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(FIGURE_COLUMNS)})
    definitions = tuple(replace(SHOWN, code=code, name=f"第{n}项100%", law=()) for n, code in enumerate(SIX))
    content = Content("关于底数情况的报告", "某市", day, "ab12", table, definitions)
    for code, parts in zip(SIX, six, strict=True):
        said = say.figure_sentence(content.definition(code), content.at(code))
        assert ("100%" in said.partition("（")[0]) == (parts[0] > 0 and parts[1] == parts[2] == 0)
    if all(parts[1] + parts[2] for parts in six):
        levels = [p.lead + p.text for p in text.report(content) if p.kind == "body"]
        assert not any("占100%" in line for line in levels if "核实的占" not in line)
        assert "没有一项完全达到" in whole(content)
