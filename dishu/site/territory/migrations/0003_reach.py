"""Reach is made by the database itself; requests write places only strictly below the nodes of their scope."""

from django.db import migrations

REACH = """
CREATE FUNCTION territory_reach_again(one bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint[] := CASE WHEN one IS NULL THEN ARRAY(SELECT id FROM territory_place)
        ELSE ARRAY(SELECT place_id FROM territory_reach WHERE node_id = one UNION SELECT one) END;
    changed bigint;
BEGIN
    WITH RECURSIVE up (place, node) AS (
        SELECT id, id FROM territory_place WHERE id = ANY (moved)
        UNION  -- never the same pair twice, so a circle would end too
        SELECT up.place, coalesce(p.successor_id, p.parent_id)
        FROM up JOIN territory_place p ON p.id = up.node
        WHERE coalesce(p.successor_id, p.parent_id) IS NOT NULL
    ), gone AS (
        DELETE FROM territory_reach r WHERE r.place_id = ANY (moved)
            AND NOT EXISTS (SELECT FROM up WHERE up.place = r.place_id AND up.node = r.node_id)
        RETURNING 1
    ), come AS (
        INSERT INTO territory_reach (node_id, place_id) SELECT node, place FROM up
        WHERE NOT EXISTS (SELECT FROM territory_reach r WHERE r.place_id = up.place AND r.node_id = up.node)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM come) INTO changed;
    RETURN changed;
END $$;
REVOKE INSERT, UPDATE, DELETE ON territory_reach FROM dishu_walled;
"""
UNREACH = """
GRANT INSERT, UPDATE, DELETE ON territory_reach TO dishu_walled;
DROP FUNCTION territory_reach_again(bigint);
"""
#: Everybody reads the tree (scope is made of it); what is written must lie under a place of the scope, now and after.
_BELOW = (
    "(SELECT dishu_whole()) OR parent_id IN (SELECT place_id FROM territory_reach WHERE node_id = ANY (dishu_nodes()))"
)


def _wall(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY reading ON {table} FOR SELECT TO dishu_walled USING (true);"
        f"CREATE POLICY adding ON {table} FOR INSERT TO dishu_walled WITH CHECK ({_BELOW});"
        f"CREATE POLICY changing ON {table} FOR UPDATE TO dishu_walled USING ({_BELOW}) WITH CHECK ({_BELOW});",
        f"DROP POLICY reading ON {table}; DROP POLICY adding ON {table}; DROP POLICY changing ON {table};"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [("territory", "0002_wall")]
    operations = [migrations.RunSQL(REACH, UNREACH), _wall("territory_place"), _wall("territory_placestate")]
