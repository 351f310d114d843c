"""Units as the engine sees them: dated states, no names."""

QUERIES = {
    "unit": """
        SELECT u.id, p.code, u.kind, s.control, s.industry, s.employees, s.assets, s.turnover, s.legal_rep_member,
            s.legal_rep_secretary, s.surveyed, s.verified_on, s.channel, s.since, s.until
        FROM registry_unitstate s JOIN registry_unit u ON u.id = s.unit_id JOIN territory_place p ON p.id = s.place_id
        WHERE {inside} AND s.control IS DISTINCT FROM 'state' AND s.control IS DISTINCT FROM 'collective'""",
    "instructor": """
        SELECT t.instructor_id, t.unit_id, t.since, t.until FROM registry_posting t
        JOIN registry_unit u ON u.id = t.unit_id WHERE {inside}""",
    "work": """
        SELECT t.unit_id, t.kind, t."on" FROM registry_work t JOIN registry_unit u ON u.id = t.unit_id WHERE {inside}""",
}
PLACE = dict.fromkeys(("unit", "instructor", "work"), "u.place_id")
#: Of which record a row is.
KEY = {"unit": "u.id", "instructor": "t.unit_id", "work": "t.unit_id"}
