"""Records found by a part of the name, its initials or their code: through the index, though the wall stands.

The wall's policies come before everything the database cannot prove silent, and that hides an index on parts of names:
each search would read the whole register. So a function of the tables' owner asks the index, and asks the wall itself.
"""

from __future__ import annotations

from django.db import connection, migrations

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


def function(table: str, coded: bool = False) -> migrations.RunSQL:
    """The function of one table, as its migration writes it. `coded`: its rows are found by their code too."""
    made = _FOUND.format(table=table, codes=_CODES if coded else "")
    return migrations.RunSQL(made, f"DROP FUNCTION {table}_found(text, varchar[], integer)")


def found(table: str, text: str) -> list[int] | None:
    """Keys of the rows in reach that are found by the text; None where they are many."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table}_found(%s, %s, %s)", [text, search.asked(text), MOST + 1])
        keys = [row[0] for row in cursor.fetchall()]
    return None if len(keys) > MOST else keys
