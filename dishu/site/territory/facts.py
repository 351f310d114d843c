"""Places as the engine sees them: one row per state, keyed by official code."""

QUERIES = {
    "place": """
        SELECT p.code, s.name, s.level, nullif(p.kind, ''), parent.code, next.code, s.since, s.until
        FROM territory_placestate s JOIN territory_place p ON p.id = s.place_id
        LEFT JOIN territory_place parent ON parent.id = s.parent_id
        LEFT JOIN territory_place next ON next.id = p.successor_id
        WHERE {inside}""",
}
#: Which place of a row says in which county it is written.
PLACE = {"place": "p.id"}
