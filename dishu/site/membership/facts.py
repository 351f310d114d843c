"""Members, organizations and their ties as the engine sees them: keys and dates, no names, no numbers."""

_MEMBER = "JOIN membership_member m ON m.id = t.member_id"
_UNIT = "JOIN registry_unit u ON u.id = t.unit_id"
QUERIES = {
    "member": "SELECT t.member_id, p.code, t.standing, t.verified_on, t.channel, t.since, t.until FROM membership_standing t"
    f" {_MEMBER} JOIN territory_place p ON p.id = t.place_id WHERE {{inside}}",
    "employment": "SELECT t.member_id, t.unit_id, t.role, t.since, t.until FROM membership_employment t"
    f" {_MEMBER} WHERE {{inside}}",
    "affiliation": "SELECT t.member_id, t.org_id, t.source, t.since, t.until FROM membership_affiliation t"
    f" {_MEMBER} WHERE {{inside}}",
    "participation": "SELECT t.member_id, t.org_id, t.since, t.until FROM membership_participation t"
    f" {_MEMBER} WHERE {{inside}}",
    "identity": f"SELECT t.member_id, t.shown, t.since, t.until FROM membership_shown t {_MEMBER} WHERE {{inside}}",
    "org": """
        SELECT t.org_id, p.code, t.kind, t.system, t.superior_id, t.since, t.until
        FROM membership_organizationstate t JOIN territory_place p ON p.id = t.place_id WHERE {inside}""",
    "coverage": f"SELECT t.unit_id, t.org_id, t.mode, t.since, t.until FROM membership_coverage t {_UNIT} WHERE {{inside}}",
    "plan": f"SELECT t.plan, t.unit_id, t.deadline, t.since, t.until FROM membership_planned t {_UNIT} WHERE {{inside}}",
}
PLACE = (
    dict.fromkeys(("member", "employment", "affiliation", "participation", "identity"), "m.place_id")
    | dict.fromkeys(("coverage", "plan"), "u.place_id")
    | {"org": "t.place_id"}
)
#: Of which record a row is.
KEY = (
    dict.fromkeys(("member", "employment", "affiliation", "participation", "identity"), "t.member_id")
    | dict.fromkeys(("coverage", "plan"), "t.unit_id")
    | {"org": "t.org_id"}
)
