"""Industries and the short lists of the forms."""

from datetime import date

import pytest

from dishu.standards.codes import KINDS, industry, kinds

CLASSES = """A 1-5, B 6-12, C 13-43, D 44-46, E 47-50, F 51-52, G 53-60, H 61-62, I 63-65, J 66-69, K 70-70, L 71-72,
M 73-75, N 76-79, O 80-82, P 83-83, Q 84-85, R 86-90, S 91-96, T 97-97"""  # GB/T 4754-2017
RANGES = {part.split()[0]: tuple(map(int, part.split()[1].split("-"))) for part in CLASSES.split(",")}


@pytest.mark.parametrize("letter", RANGES)
def test_each_letter_has_its_classes(letter):
    first, last = RANGES[letter]
    classes = [entry.klass for entry in industry.industries() if entry.letter == letter and entry.klass]
    assert classes == [f"{number:02d}" for number in range(first, last + 1)]
    assert all(industry.letter_of(klass) == letter for klass in classes)


@pytest.mark.parametrize(
    ("text", "letter", "klass"),
    [
        ("C13", "C", "13"),
        ("13", "C", "13"),
        ("1310", "C", "13"),
        ("c1310", "C", "13"),
        (" Ｃ １３ ", "C", "13"),
        ("C", "C", None),
        ("制造业", "C", None),
        ("零售业", "F", "52"),
        ("农林牧渔业", "A", None),
        ("房地产业", "K", None),  # letter and class of one name: the letter
        ("70", "K", "70"),
    ],
)
def test_industry_as_written_in_rosters(text, letter, klass):
    found = industry.industry(text)
    assert (found.letter, found.klass) == (letter, klass)


@pytest.mark.parametrize("text", ["A13", "00", "98", "U", "1", "13100", "", "不知道"])
def test_no_such_industry(text):
    assert industry.industry(text) is None


def test_names_of_industries_lead_back_to_them():
    for entry in industry.industries():
        assert industry.industry(entry.name).letter == entry.letter


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2007, 8, 1), "GB/T 4754-2002"),
        (date(2011, 11, 1), "GB/T 4754-2011"),
        (date(2017, 9, 30), "GB/T 4754-2011"),
        (date(2017, 10, 1), "GB/T 4754-2017"),
    ],
)
def test_edition_of_the_day(day, number):
    assert industry.edition_at(day).number == number


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("org_kind", "党总支部", "general_branch"),
        ("org_kind", "党支部", "branch"),
        ("org_kind", "联合支部", "joint_branch"),
        ("org_kind", "党小组", None),
        ("unit_kind", "个体户", "individual_business"),
        ("control", "外商独资", "foreign_sole"),
        ("control", "港澳台商经济控制", "hmt"),
        ("coverage_mode", "挂靠", "attached"),
        ("standing", " 预备　党员 ", "probationary"),
        ("channel", "上门", "visited"),
        ("channel", "VISITED", "visited"),
        ("surveyed", "未摸底", None),  # not surveyed is no finding
    ],
)
def test_codes_of_what_people_write(kind, text, code):
    assert kinds.parse(kind, text) == code


@pytest.mark.parametrize("kind", KINDS)
def test_every_label_means_its_own_code_and_no_spelling_means_two(kind):
    meant = [(text, code) for code in KINDS[kind] for text in kinds.spellings(kind, code)]
    assert len({text for text, _ in meant}) == len(meant)
    assert all(kinds.parse(kind, text) == code for text, code in meant)
    assert all(kinds.parse(kind, kinds.label(kind, code)) == code for code in KINDS[kind])


def test_unknown_lists_and_codes_are_errors():
    with pytest.raises(KeyError):
        kinds.parse("colour", "红")
    with pytest.raises(KeyError):
        kinds.label("unit_kind", "shop")
