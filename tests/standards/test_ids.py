"""Numbers: what is accepted, what is mended, what is refused and why."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards import ids

# --- citizen numbers (GB 11643-1999) ---


@pytest.mark.parametrize(
    "text",
    ["11010519491231002X", "440524188001010014", "34052419800101001X", "421303197001010013", "99000019800229001X"],
)
def test_citizen_number_in_order(text: str) -> None:
    assert ids.citizen_id(text) == ids.Verdict(True, text)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("11010519491231002x", "11010519491231002X"),
        (" 110105 19491231 002X ", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("11010519491231002×", "11010519491231002X"),
        ("11010519491231002Х", "11010519491231002X"),
        ("'421303197001010013", "421303197001010013"),
        ("\u200b421303197001010013\u3000", "421303197001010013"),
    ],
)
def test_citizen_number_as_typed_is_mended(typed: str, value: str) -> None:
    assert ids.citizen_id(typed).value == value


@pytest.mark.parametrize(
    ("old", "new"), [("130503670401001", "130503196704010016"), ("320311770706001", "320311197707060018")]
)
def test_fifteen_digits_become_eighteen_with_a_warning(old: str, new: str) -> None:
    assert ids.citizen_id(old) == ids.Verdict(True, new, warnings=("citizen_id_15",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "citizen_id_empty"),
        ("  ", "citizen_id_empty"),
        ("110105194912310021", "citizen_id_check"),
        ("110105194913310029", "citizen_id_birth"),
        ("11010518791231002X", "citizen_id_birth"),
        ("130503670231001", "citizen_id_birth"),
        ("11010519490229002X", "citizen_id_birth"),
        ("11010519001231", "citizen_id_length"),
        ("11010519491231002XX1", "citizen_id_masked"),
        ("1101051949123100A2", "citizen_id_digits"),
        ("13050367040100X", "citizen_id_digits"),
        ("4.21303E+17", "citizen_id_rounded"),
        ("无", "citizen_id_length"),
    ],
)
def test_citizen_number_refused(text: str | None, code: str) -> None:
    verdict = ids.citizen_id(text)
    assert (verdict.ok, verdict.value, verdict.code) in [(False, None, code), (False, text, "citizen_id_masked")]
    assert verdict.reason


@pytest.mark.parametrize("text", ["110105********002X", "110105＊＊＊＊＊＊＊＊002X", "1101**"])
def test_masked_citizen_number_keeps_what_is_left(text: str) -> None:
    verdict = ids.citizen_id(text)
    assert (verdict.ok, verdict.code, verdict.value) == (False, "citizen_id_masked", text.replace("＊", "*"))


def test_demo_area_is_accepted_only_in_demos() -> None:
    assert ids.citizen_id("99000019800229001X").ok
    assert ids.citizen_id("99000019800229001X", demo=False).code == "citizen_id_demo"
    assert ids.citizen_id("421303197001010013", demo=False).ok


def test_birth_and_sex_are_in_the_number() -> None:
    assert ids.citizen_birth("440524188001010014") == date(1880, 1, 1)
    assert ids.citizen_sex("440524188001010014") == "male"
    assert ids.citizen_sex("11010519491231002X") == "female"


births = st.dates(date(1900, 1, 1), date(2030, 12, 31))
areas = st.integers(110000, 999999)
sequences = st.integers(0, 999)


def _number(area: int, birth: date, sequence: int) -> str:
    body = f"{area:06d}{birth:%Y%m%d}{sequence:03d}"
    return body + ids.citizen_check(body)


@settings(max_examples=200)
@given(areas, births, sequences)
def test_every_number_with_its_check_digit_is_accepted(area: int, birth: date, sequence: int) -> None:
    text = _number(area, birth, sequence)
    assert ids.citizen_id(text).value == text
    assert ids.citizen_birth(text) == birth
    assert ids.citizen_sex(text) == ("male" if sequence % 2 else "female")


@settings(max_examples=200)
@given(areas, births, sequences, st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_is_caught(area: int, birth: date, sequence: int, place: int, shift: int) -> None:
    text = _number(area, birth, sequence)
    changed = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    assert not ids.citizen_id(changed).ok


@settings(max_examples=100)
@given(areas, st.dates(date(1900, 1, 1), date(1999, 12, 31)), sequences)
def test_fifteen_and_eighteen_name_the_same_person(area: int, birth: date, sequence: int) -> None:
    new = _number(area, birth, sequence)
    assert ids.citizen_id(new[:6] + new[8:17]).value == new


@settings(max_examples=200)
@given(st.text(max_size=25))
def test_normalising_twice_changes_nothing_and_no_text_breaks_a_judge(text: str) -> None:
    once = ids.normalise(text)
    assert ids.normalise(once) == once
    for judge in (ids.citizen_id, ids.credit_code, ids.registration_no, ids.unit_code, ids.phone):
        verdict = judge(text)
        assert verdict.ok is (verdict.code is None) is (verdict.reason is None)


# --- unified social credit codes (GB 32100-2015) ---

REAL = """
914403001922038216 9144030071526726XG 91440300708461136T 91330100799655058B 91330100716105852F 91440300192317458F
91110108551385082Q 91110000802100433B 9152000071430580XT 91100000100003962T 911100001000044477 911000001000013428
911100001000054748 91110000710925462X 91440300100012316L 9144030010001686XA 91440400192548256N 91440606722473344C
91440300192181490G 91350900587527783P 91370200264574251E 9132070070404786XB 9144030027939873X7 91330000733796106P
91330000747735638J 91330000142944445H
"""
MADE_UP = """
92421303XXXXXXX192 92330110XXXXXXX19W 93421321XXXXXXX191 52330100XXXXXXX19H 12330100XXXXXXX19M 11421300XXXXXXX192
"""


@pytest.mark.parametrize("code", (REAL + MADE_UP).split())
def test_credit_code_with_both_checks(code: str) -> None:
    assert ids.credit_code(code) == ids.Verdict(True, code)
    assert ids.credit_code(f" {code.lower()}").value == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("914403001922038217", "credit_code_check"),
        ("91440300192203821O", "credit_code_letters"),
        ("91440300192203821", "credit_code_length"),
        ("", "credit_code_empty"),
    ],
)
def test_credit_code_refused(text: str, code: str) -> None:
    assert ids.credit_code(text).code == code


def test_a_failing_organization_code_within_is_only_a_warning() -> None:
    body = "91421303XXXXXXX18"  # the organization code's own check would be 9
    verdict = ids.credit_code(body + ids.credit_check(body))
    assert (verdict.ok, verdict.warnings) == (True, ("credit_code_org_check",))


@settings(max_examples=200)
@given(
    st.sampled_from((REAL + MADE_UP).split()), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY")
)
def test_one_changed_character_of_a_credit_code_is_caught(code: str, place: int, letter: str) -> None:
    changed = code[:place] + letter + code[place + 1 :]
    assert ids.credit_code(changed).ok is (changed == code)


# --- registration numbers before 2015 (GS15-2006) ---


@pytest.mark.parametrize(
    "text", ["110108000000016", "440301103097413", "110000450002172", "421302000000014", "421300600000016"]
)
def test_registration_number_in_order(text: str) -> None:
    assert ids.registration_no(text) == ids.Verdict(True, text)
    assert ids.unit_code(text).ok


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("421302000000015", "registration_no_check"),
        ("42130200000001", "registration_no_length"),
        ("42130200000001A", "registration_no_digits"),
        (None, "registration_no_empty"),
    ],
)
def test_registration_number_refused(text: str | None, code: str) -> None:
    assert ids.registration_no(text).code == code


def test_numbers_of_thirteen_digits_are_older_than_their_check_digit() -> None:
    """Given before 2007-07-01 (工商办字〔2007〕79号), still in the rosters of the years after: kept, said to be unproven."""
    assert ids.unit_code("４２１３００２１００１２３") == ids.Verdict(
        True, "4213002100123", warnings=("registration_no_13",)
    )
    assert ids.unit_code("421300210012A").code == "unit_code_length"
    assert ids.registration_no("4213002100123").code == "registration_no_length"
    assert ids.unit_kind_of("4213002100123") is None


@settings(max_examples=100)
@given(st.integers(0, 10**14 - 1), st.integers(0, 14), st.integers(1, 9))
def test_one_changed_digit_of_a_registration_number_is_caught(number: int, place: int, shift: int) -> None:
    body = f"{number:014d}"
    text = body + ids.registration_check(body)
    changed = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    assert ids.registration_no(text).ok and not ids.registration_no(changed).ok


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("914403001922038216", "enterprise"),
        ("92421303XXXXXXX192", "individual_business"),
        ("93421321XXXXXXX191", None),
        ("52330100XXXXXXX19H", None),
        ("421302000000014", "enterprise"),
        ("110000450002172", "enterprise"),
        ("421300600000016", "individual_business"),
    ],
)
def test_the_code_says_what_kind_of_unit_it_is(code: str, kind: str | None) -> None:
    assert ids.unit_kind_of(code) == kind


# --- phones ---


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13800138000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("0086 138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("19400000001", "19400000001"),
    ],
)
def test_phone_is_reduced_to_its_eleven_digits(typed: str, value: str) -> None:
    assert ids.phone(typed).value == value


def test_phone_segments_assigned_by_march_2023() -> None:
    refused = [s for s in range(130, 200) if ids.phone(f"{s}00000000", demo=False).code]
    assert refused == [140, 141, 142, 143, 144, 154, 160, 161, 163, 164, 168, 169, 179, 194]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "phone_empty"),
        ("1380013800", "phone_length"),
        ("138****8000", "phone_masked"),
        ("0722-3312345", "phone_landline"),
        ("3312345", "phone_landline"),
        ("1380013800O", "phone_digits"),
        ("15400000000", "phone_segment"),
    ],
)
def test_phone_refused(text: str | None, code: str) -> None:
    verdict = ids.phone(text)
    assert (verdict.code, verdict.value) == (code, text if code == "phone_masked" else None)


def test_demo_phone_is_refused_outside_demos() -> None:
    assert ids.phone("19400000001", demo=False).code == "phone_demo"


# --- masks ---


@pytest.mark.parametrize(
    ("name", "shown", "strict"),
    [("张三", "张*", "张**"), ("张小三", "张*三", "张**"), ("欧阳修", "欧阳*", "欧阳**"), ("东方", "东*", "东**")],
)
def test_name_masked(name: str, shown: str, strict: str) -> None:
    assert (ids.mask_name(name), ids.mask_name(name, strict=True)) == (shown, strict)


def test_numbers_masked() -> None:
    assert ids.mask_citizen_id("11010519491231002X") == "110105********002X"
    assert ids.mask_citizen_id("11010519491231002X", strict=True) == "110************02X"
    assert ids.mask_phone("13800131234") == "138****1234"
    assert ids.mask_phone("13800131234", strict=True) == "*******1234"


@settings(max_examples=100)
@given(st.text("0123456789X", max_size=20), st.booleans())
def test_a_mask_keeps_the_length_and_hides_short_texts_whole(text: str, strict: bool) -> None:
    for masked in (ids.mask_citizen_id(text, strict), ids.mask_phone(text, strict)):
        assert len(masked) == len(text)
        assert "*" in masked or not text
