"""What is compared between two persons, from "the same" to "nothing in common": the levels the model weighs.

ID number and date of birth are one comparison, because one says the other.
"""

from typing import Any

from dishu.engine.link import conditions as when

# One misprint in ten million random pairs is never sampled, and true pairs in the sample would be taken for chance:
# these shares among strangers are set by hand.
_U = {
    "id_same": 1e-9,
    "id_slip": 2e-8,
    "id_masked_birth": 5e-9,
    "phone_same": 3e-8,
    "phone_masked": 3e-7,
    "phone_slip": 5e-8,
}

Level = tuple[str, str] | tuple[str, str, str]  # name, condition, column whose frequency counts

_COMPARISONS: dict[str, tuple[str, list[Level]]] = {
    "ident": (
        f"{when.NO_ID} AND ({when.NOT_BORN})",
        [
            ("id_same", when.ID_SAME),
            ("id_slip", when.ID_SLIP),
            ("id_masked_birth", f"{when.ID_MASKED} AND {when.BORN_SAME}"),
            ("id_masked", f"{when.ID_MASKED} AND (l.born IS NULL OR r.born IS NULL)"),
            ("id_masked_other_birth", when.ID_MASKED),
            ("id_other", when.ID_OTHER),
            ("birth_same", when.BORN_SAME),
            ("birth_month", when.BORN_MONTH),
            ("birth_near", when.BORN_NEAR),
            ("birth_year", when.BORN_YEAR),
        ],
    ),
    "name": (
        when.NO_NAME,
        [
            ("name_same", when.NAME_SAME, "name"),
            ("name_sound", when.NAME_SOUND, "sound"),
            ("name_masked", when.NAME_MASKED),
            ("name_one_given", when.NAME_ONE_GIVEN),
            ("given_same", when.NAME_GIVEN),
            ("surname_same", when.NAME_SURNAME),
        ],
    ),
    "phone": (
        when.NO_PHONE,
        [
            ("phone_same", when.PHONE_SAME, "phone"),
            ("phone_masked", when.PHONE_MASKED),
            ("phone_slip", when.PHONE_SLIP),
        ],
    ),
    "employer": (
        when.NO_EMPLOYER,
        [
            ("employer_same", when.EMPLOYER_SAME, "emp"),
            ("employer_brand", when.EMPLOYER_BRAND),
            ("employer_two", when.EMPLOYER_TWO),
        ],
    ),
    "address": (
        when.NO_ADDRESS,
        [
            ("door_same", when.DOOR_SAME, "door"),
            ("estate_same", when.ESTATE_SAME, "estate"),
            ("county_same", when.COUNTY_SAME),
        ],
    ),
    "sex": (when.NO_SEX, [("sex_same", when.SEX_SAME)]),
}

# How often a value is met among all people, for jobs too small to tell.
TERM_FREQUENCIES = {"name": 2e-5, "sound": 4e-5, "phone": 1e-6, "emp": 2e-5, "door": 1e-5, "estate": 5e-4}

# Pairs worth weighing; `name_key` and `phone_key` are empty where a value is too common.
BLOCKING = (
    "l.idn = r.idn",
    "l.phone_key = r.phone_key",
    "l.name_key = r.name_key",
    "l.sound = r.sound AND l.born_y = r.born_y",
    "l.tail = r.tail AND l.sur = r.sur",
    "l.born = r.born AND l.sur_sound = r.sur_sound",
    "l.born = r.born AND l.giv = r.giv",
    "l.ph4 = r.ph4 AND l.ph3 = r.ph3 AND l.sur = r.sur",
    "l.emp = r.emp AND l.giv = r.giv",
    "l.emp = r.emp AND l.sur = r.sur AND (l.name IS NULL OR r.name IS NULL)",
    "l.sound = r.sound AND l.brand = r.brand",
    "l.door = r.door AND l.sur = r.sur",
    "l.sound = r.sound AND l.estate = r.estate",
)
# Each comparison is free in at least one of these.
TRAINING = (
    "l.name = r.name AND l.phone = r.phone",
    "l.born = r.born AND l.phone = r.phone",
    "l.name = r.name AND l.born = r.born",
    "l.sound = r.sound AND l.door = r.door",
)
# Sure enough to count pairs with, before any model.
CERTAIN = ("l.valid = r.valid", "l.name = r.name AND l.phone = r.phone", "l.name = r.name AND l.born = r.born")


def _level(name: str, condition: str, frequency: str | None = None) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": when.as_columns(condition), "label_for_charts": name}
    if frequency:
        level |= {"tf_adjustment_column": frequency, "tf_adjustment_weight": 1.0}
    if name in _U:
        level |= {"u_probability": _U[name], "fix_u_probability": True}
    return level


def comparisons() -> list[dict[str, Any]]:
    """The comparisons as Splink settings, untrained.

    >>> [one["output_column_name"] for one in comparisons()]
    ['ident', 'name', 'phone', 'employer', 'address', 'sex']
    """
    out = []
    for name, (unknown, levels) in _COMPARISONS.items():
        null = {"sql_condition": when.as_columns(unknown), "label_for_charts": "unknown", "is_null_level": True}
        rest = {"sql_condition": "ELSE", "label_for_charts": "other"}
        all_levels = [null, *(_level(*level) for level in levels), rest]
        out.append({"output_column_name": name, "comparison_levels": all_levels})
    return out
