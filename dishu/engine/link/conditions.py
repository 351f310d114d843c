"""What agreeing means, in one place: conditions in SQL over two cleaned rows `l` and `r`, for model, rules and reasons.

Distances only between digits: DuckDB counts bytes, so between Chinese characters parts are compared for equality.
"""

import re

ID_SAME = "l.idn = r.idn"
ID_SLIP = (
    "(NOT coalesce(l.checked, false) OR NOT coalesce(r.checked, false)) "
    "AND abs(length(l.idn) - length(r.idn)) <= 1 AND damerau_levenshtein(l.idn, r.idn) <= 2"
)
_ONE_MASKED = "(l.idn IS NULL OR r.idn IS NULL)"
_SEEN = "least(length(l.head), length(r.head))"
ID_MASKED = f"l.tail = r.tail AND {_ONE_MASKED} AND left(l.head, {_SEEN}) = left(r.head, {_SEEN})"
_AREA_DIFFERS = (
    "(length(l.head) = 6 AND length(r.head) = 6 AND l.head <> r.head AND (l.tail IS NULL OR r.tail IS NULL))"
)
ID_OTHER = f"(l.tail IS NOT NULL AND r.tail IS NOT NULL) OR {_AREA_DIFFERS}"
NO_ID = f"(l.tail IS NULL OR r.tail IS NULL) AND NOT coalesce({_AREA_DIFFERS}, false)"
# 15 digits carry no check, so they never veto.
ID_VETO = "coalesce(l.checked AND r.checked AND l.idn <> r.idn, false)"
ID_SPEAKS = f"coalesce(l.idn = r.idn OR (l.tail = r.tail AND ({_ONE_MASKED} OR l.born = r.born)), false)"
ID_TAIL_DIFFERS = f"coalesce(l.tail <> r.tail AND {_ONE_MASKED}, false)"

BORN_SAME = "l.born = r.born"
BORN_MONTH = "l.born_y = r.born_y AND l.born_m = r.born_m AND (l.born_d IS NULL OR r.born_d IS NULL)"
# One part wrong, day and month swapped, or the lunar date in one of them.
_SLIPPED = (
    "(l.born_m = r.born_m AND l.born_d = r.born_d) "
    "OR (l.born_y = r.born_y AND l.born_m = r.born_d AND l.born_d = r.born_m) OR abs(l.born - r.born) <= 50"
)
BORN_NEAR = f"(l.born_y = r.born_y AND l.born_m = r.born_m) OR {_SLIPPED}"
BORN_YEAR = "l.born_y = r.born_y"
BORN_APART = f"coalesce((l.born_y <> r.born_y OR l.born_m <> r.born_m) AND NOT coalesce({_SLIPPED}, false), false)"
NOT_BORN = "l.born_y IS NULL OR r.born_y IS NULL"

NAME_SAME = "l.name = r.name"
NAME_SOUND = "l.sound = r.sound"
NAME_MASKED = (
    "(l.name IS NULL OR r.name IS NULL) AND l.sur = r.sur AND (l.givn = r.givn OR l.givn IS NULL OR r.givn IS NULL)"
)
NAME_ONE_GIVEN = "l.sur_sound = r.sur_sound AND (l.giv1 = r.giv1 OR l.givn = r.givn)"
NAME_GIVEN = "l.giv = r.giv"
NAME_SURNAME = "l.sur = r.sur"
NAMES_KNOWN = "l.name IS NOT NULL AND r.name IS NOT NULL"
NO_NAME = "(l.name IS NULL AND l.sur IS NULL AND l.giv IS NULL) OR (r.name IS NULL AND r.sur IS NULL AND r.giv IS NULL)"

PHONE_SAME = "l.phone = r.phone"
PHONE_MASKED = "(l.phone IS NULL OR r.phone IS NULL) AND l.ph4 = r.ph4 AND l.ph3 = r.ph3"
PHONE_SLIP = "damerau_levenshtein(l.phone, r.phone) <= 1"
PHONE_OTHER = "l.ph4 <> r.ph4 OR l.phone <> r.phone"
NO_PHONE = "l.ph4 IS NULL OR r.ph4 IS NULL"

EMPLOYER_SAME = "l.emp = r.emp"
# 升金服饰 and 升金家具 are two firms, 升金 may be either.
_STARTS = "starts_with(l.emp, r.emp) OR starts_with(r.emp, l.emp)"
EMPLOYER_BRAND = f"l.brand = r.brand AND (l.emp = l.brand OR r.emp = r.brand OR {_STARTS})"
EMPLOYER_TWO = "l.two = r.two"
EMPLOYER_OTHER = "l.emp <> r.emp"
NO_EMPLOYER = "l.emp IS NULL OR r.emp IS NULL"

DOOR_SAME = "l.door = r.door"
ESTATE_SAME = "l.estate = r.estate"
COUNTY_SAME = "l.county = r.county"
COUNTY_OTHER = "l.county <> r.county"
NO_ADDRESS = "(l.estate IS NULL AND l.county IS NULL) OR (r.estate IS NULL AND r.county IS NULL)"

SEX_SAME = "l.sex = r.sex"
SEX_OTHER = "l.sex <> r.sex"
NO_SEX = "l.sex IS NULL OR r.sex IS NULL"

# No shared phone, home or firm makes two people one: their names must agree too, or nearly, with the ID number.
NAMES_AGREE = f"coalesce({NAME_SAME} OR {NAME_SOUND} OR ({NAME_MASKED}) OR ({NAME_ONE_GIVEN} AND {ID_SPEAKS}), false)"
# Colleagues and couples: nothing of the name agrees and no ID number speaks for it.
STRANGERS = (
    f"coalesce({NAMES_KNOWN} AND l.giv <> r.giv AND l.sound <> r.sound AND NOT ({NAME_ONE_GIVEN}) "
    f"AND NOT {ID_SPEAKS}, false)"
)
# Namesakes: the same name, but a date of birth or an ID number that is not merely miswritten.
NAMESAKES = f"({BORN_APART} OR {ID_TAIL_DIFFERS})"
MORE_THAN_A_FIRM = f"coalesce({BORN_SAME} OR l.tail = r.tail OR l.ph4 = r.ph4 OR {DOOR_SAME}, false)"


def as_columns(condition: str) -> str:
    """The condition over one row of a pair, as the model wants it.

    >>> as_columns("l.name = r.name")
    'name_l = name_r'
    """
    return re.sub(r"\b([lr])\.(\w+)", r"\2_\1", condition)
