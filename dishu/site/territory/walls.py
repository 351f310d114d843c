"""The second wall: row-level security of the tables, as migrations write it."""

from django.db import migrations

#: The role requests run as: not the tables' owner, so the policies bind it.
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dishu_walled') THEN CREATE ROLE dishu_walled NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- a neighbouring database of the server made it meanwhile
END $$;
DO $$ BEGIN EXECUTE format('GRANT dishu_walled TO %I', current_user); END $$;
GRANT USAGE ON SCHEMA public TO dishu_walled;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dishu_walled;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dishu_walled;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dishu_walled;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO dishu_walled;
CREATE FUNCTION dishu_whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT current_setting('dishu.whole', true) = 'on' $$;
CREATE FUNCTION dishu_nodes() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT string_to_array(nullif(current_setting('dishu.nodes', true), ''), ',')::bigint[] $$;
"""
UNROLE = "DROP FUNCTION dishu_nodes(); DROP FUNCTION dishu_whole();"


def wall(table: str, column: str = "place_id") -> migrations.RunSQL:
    """Rows of `table` are seen and written only where `column` (a place's key) lies in the session's scope."""
    inside = (
        f"(SELECT dishu_whole()) OR {column} IN "
        "(SELECT place_id FROM territory_reach WHERE node_id = ANY (dishu_nodes()))"
    )
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY scope ON {table} TO dishu_walled USING ({inside}) WITH CHECK ({inside});",
        f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def wall_by(table: str, column: str, other: str) -> migrations.RunSQL:
    """Rows of `table` are seen where the row of `other` that `column` points to is seen."""
    inside = f"(SELECT dishu_whole()) OR {column} IN (SELECT id FROM {other})"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY scope ON {table} TO dishu_walled USING ({inside}) WITH CHECK ({inside});",
        f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def wall_one_by_one(table: str, column: str, other: str) -> migrations.RunSQL:
    """The wall of `wall_by`, but each row asks for its own row of `other`: a list of `other` is never made for it.

    `IN (SELECT id FROM ...)`, and `EXISTS` where the planner takes it for that, reads all of `other` that the scope shows
    before the first row is seen: a tenth of a second at 100,000 members, for three rows.
    """
    inside = f"(SELECT dishu_whole()) OR (SELECT true FROM {other} o WHERE o.id = {table}.{column})"
    listed = f"(SELECT dishu_whole()) OR {column} IN (SELECT id FROM {other})"
    return migrations.RunSQL(
        f"ALTER POLICY scope ON {table} USING ({inside}) WITH CHECK ({inside});",
        f"ALTER POLICY scope ON {table} USING ({listed}) WITH CHECK ({listed});",
    )
