"""What agreeing means between two units: conditions and points in SQL over two cleaned rows `l` and `r`."""

CODE_SAME = "(l.credit = r.credit OR l.reg = r.reg)"
ORG_SAME = "l.org = r.org"
CODES_SPEAK = f"coalesce({CODE_SAME} OR {ORG_SAME}, false)"
CODES_DIFFER = f"coalesce((l.credit <> r.credit OR l.reg <> r.reg) AND NOT {CODES_SPEAK}, false)"

FULL_SAME = "l.whole = r.whole"
CORE_SAME = "l.core = r.core"
BRAND_SAME = (
    "l.brand = r.brand AND (l.core = l.brand OR r.core = r.brand OR starts_with(l.core, r.core) OR "
    "starts_with(r.core, l.core))"
)
SHORT_NAME = "l.two = r.two AND (starts_with(l.core, r.core) OR starts_with(r.core, l.core))"
NAMES_DIFFER = "l.core <> r.core"
NO_NAME = "(l.core IS NULL OR r.core IS NULL)"
COMPANY = "coalesce(contains(l.whole, '公司') AND contains(r.whole, '公司'), false)"

OWNER_ID_SAME = "l.owner_id = r.owner_id"
OWNER_SAME = "l.owner = r.owner AND NOT coalesce(l.owner_id <> r.owner_id, false)"
OWNER_SOUND = "l.owner_sound = r.owner_sound AND NOT coalesce(l.owner_id <> r.owner_id, false)"
OWNER_DIFFERS = "(l.owner_id <> r.owner_id OR l.owner_sound <> r.owner_sound)"
SAME_OWNER = f"coalesce({OWNER_ID_SAME} OR ({OWNER_SAME}), false)"

PHONE_SAME = "l.phone = r.phone"
DOOR_SAME = "l.door = r.door"
ESTATE_SAME = "l.estate = r.estate"
SPOT_SAME = "l.spot = r.spot"
TOWN_DIFFERS = "l.town <> r.town"
COUNTY_SAME = "l.county = r.county"
COUNTY_DIFFERS = "l.county <> r.county AND l.coded = r.coded"
SAME_PLACE = f"coalesce({SPOT_SAME} OR {DOOR_SAME}, false)"
FURTHER = f"({SAME_OWNER} OR coalesce({PHONE_SAME} OR {DOOR_SAME}, false))"


def points(*facts: tuple[str, float]) -> str:
    """The sum of the points whose condition holds.

    >>> points(("l.a = r.a", 2))
    '(CASE WHEN l.a = r.a THEN 2 ELSE 0 END)'
    """
    return "(" + " + ".join(f"CASE WHEN {condition} THEN {worth:g} ELSE 0 END" for condition, worth in facts) + ")"


_NAME = f"(CASE WHEN {FULL_SAME} THEN 8 WHEN {CORE_SAME} THEN 6 WHEN {BRAND_SAME} THEN 3 ELSE 0 END)"
_OWNER = (
    f"(CASE WHEN {OWNER_ID_SAME} THEN 8 WHEN {OWNER_SAME} THEN 5 WHEN {OWNER_SOUND} THEN 3 "
    f"WHEN {OWNER_DIFFERS} AND NOT {COMPANY} THEN -4 ELSE 0 END)"
)
# Points like bits: 0 is even odds that two rows with a name in common are one unit.
WEIGHT = (
    f"(CASE WHEN {CODE_SAME} THEN 40 WHEN {ORG_SAME} THEN 30 ELSE "
    f"{_NAME} + {_OWNER} + "
    + points(
        (PHONE_SAME, 4),
        (DOOR_SAME, 4),
        (SPOT_SAME, 1),
        (COUNTY_SAME, 2),
        (COUNTY_DIFFERS, -6),
        (f"{TOWN_DIFFERS} AND NOT {COMPANY}", -3),
        (CODES_DIFFER, -12),
    )
    + " - 6 END)"
)
# For a written employer nothing but name, code and place is known.
FIND_WEIGHT = (
    f"(CASE WHEN {CODE_SAME} THEN 40 WHEN {ORG_SAME} THEN 30 ELSE "
    f"(CASE WHEN {FULL_SAME} THEN 8 WHEN {CORE_SAME} THEN 6 WHEN {SHORT_NAME} THEN 3 ELSE 0 END) + "
    + points((SPOT_SAME, 0.5), ("l.town = r.town", 0.5), (COUNTY_SAME, 2), (COUNTY_DIFFERS, -8), (CODES_DIFFER, -12))
    + " - 4 END)"
)
