"""Units as the engine sees them: dated states, no names."""

QUERIES = {
    "unit": """
        SELECT u.id, p.code, u.kind, s.control, s.industry, s.employees, s.assets, s.turnover, s.legal_rep_member,
            s.legal_rep_secretary, s.surveyed, s.verified_on, s.channel, s.since, s.until
        FROM registry_unitstate s JOIN registry_unit u ON u.id = s.unit_id JOIN territory_place p ON p.id = s.place_id
        WHERE {inside} AND s.control IS DISTINCT FROM 'state' AND s.control IS DISTINCT FROM 'collective'""",
}
PLACE = {"unit": "u.place_id"}
