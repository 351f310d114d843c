"""Records found by a part of the name, its initials or their code: through the index, though the wall stands.

The wall's policies come before everything the database cannot prove silent, and that hides an index on parts of names:
each search would read the whole register. So a function of the tables' owner asks the index, and asks the wall itself.
"""

from __future__ import annotations

from django.db import connection, migrations
from django.db.models import BooleanField, ExpressionWrapper
from django.db.models.expressions import RawSQL

from dishu.site.registry import search

#: More than so many are not rare: reading the list in its order meets enough of them soon.
MOST = 2000
_CODES = " OR code LIKE upper($1) || '%' OR reverse(code) LIKE reverse(upper($1)) || '%'"
_FOUND = """
CREATE OR REPLACE FUNCTION {table}_found(part text, pieces varchar[], most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $found$
DECLARE
    inside text := CASE WHEN current_setting('role') = 'none' OR dishu_whole() THEN 'true'
        ELSE 'place_id IN (SELECT place_id FROM territory_reach WHERE node_id = ANY (dishu_nodes()))' END;
    code text := CASE WHEN part ~ '^[0-9A-Za-z]+$' THEN $q${codes}$q$ ELSE '' END;
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM {table} WHERE (grams @> $2 AND (position(upper($1) IN upper(name)) > 0'
        || ' OR position(lower($1) IN initials) > 0)' || code || ') AND ' || inside || ' LIMIT $3'
        USING part, pieces, most;
END $found$;
REVOKE ALL ON FUNCTION {table}_found(text, varchar[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {table}_found(text, varchar[], integer) TO dishu_walled;
"""
#: Of a name that, as the database guesses, more than `COMMON` rows have, the next rows in reach are looked at one by one.
COMMON, NEXT = 10_000, 4000
_AFTER = """
CREATE OR REPLACE FUNCTION {table}_found_after(part text, pieces varchar[], since bigint, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $found$
DECLARE
    inside text := CASE WHEN current_setting('role') = 'none' OR dishu_whole() THEN 'true'
        ELSE 'place_id IN (SELECT place_id FROM territory_reach WHERE node_id = ANY (dishu_nodes()))' END;
    code text := CASE WHEN part ~ '^[0-9A-Za-z]+$' THEN $q${codes}$q$ ELSE '' END;
    matches text := '(grams @> $2 AND (position(upper($1) IN upper(name)) > 0 OR position(lower($1) IN initials) > 0)' || code || ')';
    guess json;
    near bigint[];
    met integer := 0;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE grams @> %L::varchar[]', pieces) INTO guess;
    IF (guess -> 0 -> 'Plan' ->> 'Plan Rows')::float < {common} THEN
        near[{next}] := since;
    ELSE
        EXECUTE 'SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM {table} WHERE id > $1 AND ' || inside
            || ' ORDER BY id LIMIT {next}) near' INTO near USING since;
        RETURN QUERY EXECUTE 'SELECT id FROM {table} WHERE id = ANY ($3) AND ' || matches || ' ORDER BY id LIMIT $4'
            USING part, pieces, near, most;
        GET DIAGNOSTICS met = ROW_COUNT;
    END IF;
    IF met < most AND near[{next}] IS NOT NULL THEN  -- a sum is in no index: what is found by its name is put in order
        RETURN QUERY EXECUTE 'SELECT id FROM {table} WHERE id > $3 AND ' || matches || ' AND ' || inside
            || ' ORDER BY id + 0 LIMIT $4' USING part, pieces, near[{next}], most - met;
    END IF;
END $found$;
REVOKE ALL ON FUNCTION {table}_found_after(text, varchar[], bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {table}_found_after(text, varchar[], bigint, integer) TO dishu_walled;
"""


def function(table: str, coded: bool = False) -> migrations.RunSQL:
    """The function of one table, as its migration writes it. `coded`: its rows are found by their code too."""
    made = _FOUND.format(table=table, codes=_CODES if coded else "")
    return migrations.RunSQL(made, f"DROP FUNCTION {table}_found(text, varchar[], integer)")


def in_order(table: str, coded: bool = False) -> migrations.RunSQL:
    """The function of one table that finds rows in the order of a list, a page at a time."""
    made = _AFTER.format(table=table, codes=_CODES if coded else "", next=NEXT, common=COMMON)
    return migrations.RunSQL(made, f"DROP FUNCTION {table}_found_after(text, varchar[], bigint, integer)")


def after(table: str, text: str, key: int, most: int) -> list[int]:
    """The first so many keys above a key, in order, of the rows in reach that are found by the text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table}_found_after(%s, %s, %s, %s)", [text, search.asked(text), key, most])
        return [row[0] for row in cursor.fetchall()]


def found(table: str, text: str) -> list[int] | None:
    """Keys of the rows in reach that are found by the text; None where they are many."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table}_found(%s, %s, %s)", [text, search.asked(text), MOST + 1])
        keys = [row[0] for row in cursor.fetchall()]
    return None if len(keys) > MOST else keys


def within(table: str, nodes: tuple[int, ...]) -> ExpressionWrapper:
    """Whether a row lies where the nodes reach, said so that an index of places and keys is walked, place after place."""
    lies = f"{table}.place_id = ANY (ARRAY(SELECT place_id FROM territory_reach WHERE node_id = ANY (%s)))"
    return ExpressionWrapper(RawSQL(lies, [list(nodes)]), BooleanField())


def behind(table: str, place: int, key: int) -> ExpressionWrapper:
    """Whether a row stands behind another in the order of places and keys."""
    return ExpressionWrapper(RawSQL(f"({table}.place_id, {table}.id) > (%s, %s)", [place, key]), BooleanField())
