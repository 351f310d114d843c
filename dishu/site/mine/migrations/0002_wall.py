"""A member's own wall: a role of the database that reads one record and what hangs on it, and writes what is theirs to write.

Nothing is granted that the member's pages do not need; of every granted table the policy `own` shows the own rows only.
"""

from django.db import migrations

from dishu.site.territory.walls import wall_by

ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dishu_own') THEN CREATE ROLE dishu_own NOLOGIN; END IF;
    EXECUTE format('GRANT dishu_own TO %I', current_user);
END $$;
GRANT USAGE ON SCHEMA public TO dishu_own;
CREATE FUNCTION dishu_member() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('dishu.member', true), '')::bigint $$;
CREATE FUNCTION dishu_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('dishu.user', true), '')::bigint $$;
-- the chain reads the line before, whoever writes the next one
ALTER FUNCTION trail_add() SECURITY DEFINER SET search_path = public, pg_temp;
"""
UNROLE = """
ALTER FUNCTION trail_add() SECURITY INVOKER RESET search_path;
DROP FUNCTION dishu_user(); DROP FUNCTION dishu_member();
REVOKE USAGE ON SCHEMA public FROM dishu_own;
"""

TIES = ("standing", "employment", "affiliation", "participation", "shown")
#: What a member reads: table -> which rows.
READS = {
    "membership_member": "id = dishu_member()",
    **{f"membership_{table}": "member_id = dishu_member()" for table in TIES},
    "membership_organization": (
        "id IN (SELECT org_id FROM membership_affiliation UNION ALL SELECT org_id FROM membership_participation)"
    ),
    "registry_unit": "id IN (SELECT unit_id FROM membership_employment)",
    "intake_upload": "id IN ("
    + " UNION ALL ".join(f"SELECT upload_id FROM membership_{table}" for table in TIES)
    + ")",
    "trail_trailline": "subject_type = 'membership.member' AND subject_id = dishu_member()",
    "accounts_user": "id = dishu_user() OR id IN (SELECT by_id FROM trail_trailline)"
    " OR id IN (SELECT answered_by_id FROM mine_correction)",
    "territory_place": "true",
    "mine_correction": "member_id = dishu_member()",
}
#: Not behind the officers' wall until now: there they stay as open as they were.
OPEN = ("membership_organization", "intake_upload", "trail_trailline", "accounts_user")
WRITES = (
    "GRANT UPDATE (version) ON membership_member TO dishu_own;"
    "GRANT INSERT, UPDATE ON membership_shown, mine_correction TO dishu_own;"
    "GRANT INSERT ON trail_trailline TO dishu_own;"
    "GRANT USAGE ON SEQUENCE membership_shown_id_seq, mine_correction_id_seq, trail_trailline_id_seq TO dishu_own;"
)
UNWRITES = "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM dishu_own; REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM dishu_own;"


def opened(table: str) -> migrations.RunSQL:
    """The table gets a wall that lets officers through as before."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY scope ON {table} TO dishu_walled USING (true) WITH CHECK (true);",
        f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def own(table: str, rows: str) -> migrations.RunSQL:
    """A member sees and, where that is granted, writes these rows."""
    return migrations.RunSQL(
        f"GRANT SELECT ON {table} TO dishu_own; CREATE POLICY own ON {table} TO dishu_own USING ({rows}) WITH CHECK ({rows});",
        f"DROP POLICY own ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("mine", "0001_initial"),
        ("accounts", "0004_user_member"),
        ("membership", "0003_judgement"),
        ("registry", "0002_walls"),
        ("intake", "0001_initial"),
        ("trail", "0003_asked"),
        ("territory", "0004_ends"),
    ]
    operations = [
        migrations.RunSQL(ROLE, UNROLE),
        *(wall_by(table, "member_id", "membership_member") for table in ("mine_activation", "mine_correction")),
        *(opened(table) for table in OPEN),
        *(own(table, rows) for table, rows in READS.items()),
        migrations.RunSQL(WRITES, UNWRITES),
    ]
