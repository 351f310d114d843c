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
#: Of a name that, as the database guesses, more than `COMMON` rows have, the next rows are looked at one by one.
COMMON, NEXT = 10_000, 4000
_AFTER = """
CREATE OR REPLACE FUNCTION {table}_found_after(part text, pieces varchar[], nodes bigint[], place bigint, since bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $found$
DECLARE
    -- an array, not a question: it leaves the order of the index as it is
    inside text := 'place_id = ANY (ARRAY(SELECT place_id FROM territory_reach WHERE node_id = ANY (%s)))';
    asked text := CASE WHEN nodes IS NULL THEN 'id > $4' ELSE '(place_id, id) > ($3, $4) AND ' || format(inside, '$5') END
        || CASE WHEN current_setting('role') = 'none' OR dishu_whole() THEN '' ELSE ' AND ' || format(inside, 'dishu_nodes()') END;
    line text := CASE WHEN nodes IS NULL THEN 'id' ELSE 'place_id, id' END;
    code text := CASE WHEN part ~ '^[0-9A-Za-z]+$' THEN $q${codes}$q$ ELSE '' END;
    matches text := '(grams @> $2 AND (position(upper($1) IN upper(name)) > 0 OR position(lower($1) IN initials) > 0)' || code || ')';
    guess json;
    met integer := 0;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE grams @> %L::varchar[]', pieces) INTO guess;
    IF (guess -> 0 -> 'Plan' ->> 'Plan Rows')::float >= {common} THEN
        RETURN QUERY EXECUTE 'SELECT id FROM (SELECT * FROM {table} WHERE ' || asked || ' ORDER BY ' || line || ' LIMIT {next}) near'
            || ' WHERE ' || matches || ' ORDER BY ' || line || ' LIMIT $6' USING part, pieces, place, since, nodes, most;
        GET DIAGNOSTICS met = ROW_COUNT;
        IF met < most THEN
            EXECUTE 'SELECT place_id, id FROM {table} WHERE ' || asked || ' ORDER BY ' || line || ' OFFSET {next} - 1 LIMIT 1'
                INTO place, since USING part, pieces, place, since, nodes;
        END IF;
        IF met = most OR since IS NULL THEN
            RETURN;
        END IF;
    END IF;
    asked := regexp_replace(asked, 'place_id(,| =)', 'place_id + 0\\1', 'g');  -- a sum is in no index: found by the name, put in order
    RETURN QUERY EXECUTE 'SELECT id FROM {table} WHERE ' || asked || ' AND ' || matches
        || ' ORDER BY ' || replace(line, 'id', 'id + 0') || ' LIMIT $6' USING part, pieces, place, since, nodes, most - met;
END $found$;
REVOKE ALL ON FUNCTION {table}_found_after(text, varchar[], bigint[], bigint, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {table}_found_after(text, varchar[], bigint[], bigint, bigint, integer) TO dishu_walled;
"""


def function(table: str, coded: bool = False) -> migrations.RunSQL:
    """The function of one table, as its migration writes it. `coded`: its rows are found by their code too."""
    made = _FOUND.format(table=table, codes=_CODES if coded else "")
    return migrations.RunSQL(made, f"DROP FUNCTION {table}_found(text, varchar[], integer)")


def in_order(table: str, coded: bool = False) -> migrations.RunSQL:
    """The function of one table that finds rows in the order of a list, a page at a time."""
    made = _AFTER.format(table=table, codes=_CODES if coded else "", next=NEXT, common=COMMON)
    return migrations.RunSQL(
        made, f"DROP FUNCTION {table}_found_after(text, varchar[], bigint[], bigint, bigint, integer)"
    )


def after(table: str, text: str, nodes: tuple[int, ...], stands: tuple[int, int], most: int) -> list[int]:
    """The next so many keys of the rows in reach that are found by the text, in order of the key.

    `nodes`: only what they reach, place after place. `stands`: place and key of the row that they come behind.
    """
    asked = [text, search.asked(text), list(nodes) or None, *stands, most]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table}_found_after(%s, %s, %s, %s, %s, %s)", asked)
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
