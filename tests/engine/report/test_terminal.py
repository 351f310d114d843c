"""Tables in the terminal: Chinese columns stay aligned, numbers are those of the figures, texts are never markup."""

from rich.cells import cell_len

from dishu.engine.report import terminal


def test_the_six_with_their_numbers(content):
    lines = terminal.draw(terminal.six(content), width=140).split("\n")
    assert lines[0] == "随州市“六个100%”　截至2011年11月30日　版次3f9a2c7"
    shown = next(line for line in lines if "党员身份亮明" in line)
    assert shown.split() == [
        "党员身份亮明", "4056", "名", "2853", "名", "700", "名", "503", "名", "70.3%", "40.0%", "2011-12-31", "推进中",
    ]  # fmt: skip


def test_a_gap_of_one_is_not_shown_as_all(content):
    line = next(line for line in terminal.draw(terminal.six(content), 140).split("\n") if "组织关系" in line)
    assert "99.9%以上" in line
    assert "100%" not in line


def test_columns_are_aligned_by_width_not_by_characters():
    drawn = terminal.draw(terminal.table(["地区", "说明"], [("曾都区", "甲"), ("ab", "乙")]))
    starts = {cell_len(line[: line.index(mark)]) for line in drawn.split("\n") for mark in "甲乙" if mark in line}
    assert len(starts) == 1


def test_brackets_are_text_and_not_markup():
    assert "[bold]企业[/bold]" in terminal.draw(terminal.table(["名称"], [("[bold]企业[/bold]",)]))


def test_no_rows_are_said_to_be_none():
    assert "（没有行）" in terminal.draw(terminal.table(["名称"], []))
