"""The database itself notes which records the facts changed of, whoever writes and by whatever way."""

from django.db import migrations

#: More records than this in one statement are noted as the counties they lie in (or the places, where these are in none).
NOTE = """
CREATE TABLE reports_changed (id bigserial PRIMARY KEY, kind text NOT NULL, key bigint NOT NULL);
REVOKE INSERT, UPDATE, DELETE ON reports_changed FROM dishu_walled;
CREATE FUNCTION reports_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    written text := CASE TG_OP WHEN 'INSERT' THEN 'come' WHEN 'DELETE' THEN 'gone' ELSE '(TABLE gone UNION ALL TABLE come) both_of' END;
    keys bigint[];
    places bigint[];
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %s', TG_ARGV[1], written) INTO keys;
    IF cardinality(keys) <= 500 OR TG_ARGV[0] = 'place' THEN
        INSERT INTO reports_changed (kind, key) SELECT TG_ARGV[0], unnest(keys);
        RETURN NULL;
    END IF;
    CASE WHEN TG_ARGV[2] <> '' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %s', TG_ARGV[2], written) INTO places;
    WHEN TG_ARGV[0] = 'unit' THEN
        SELECT array_agg(DISTINCT place_id) INTO places FROM registry_unit WHERE id = ANY (keys);
    ELSE
        SELECT array_agg(DISTINCT place_id) INTO places FROM membership_member WHERE id = ANY (keys);
    END CASE;
    INSERT INTO reports_changed (kind, key)
    SELECT DISTINCT 'place', coalesce(county.id, place.id) FROM unnest(places) AS place (id)
    LEFT JOIN (SELECT r.place_id, p.id FROM territory_reach r JOIN territory_place p ON p.id = r.node_id WHERE p.level = 'county') county
    ON county.place_id = place.id;
    RETURN NULL;
END $$;
CREATE FUNCTION reports_note_reach() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN  -- what a county is written from
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reports_changed (kind, key)
        SELECT DISTINCT 'place', node_id FROM come JOIN territory_place p ON p.id = node_id WHERE p.level = 'county';
    ELSE
        INSERT INTO reports_changed (kind, key)
        SELECT DISTINCT 'place', node_id FROM gone JOIN territory_place p ON p.id = node_id WHERE p.level = 'county';
    END IF;
    RETURN NULL;
END $$;
"""
#: Of which record a row speaks, by table: kind, column, and the column of the record's own place where there is one.
TABLES = {
    "registry_unit": "'unit', 'id', 'place_id'",
    **dict.fromkeys(("registry_unitstate", "registry_posting", "registry_work"), "'unit', 'unit_id', ''"),
    **dict.fromkeys(("membership_coverage", "membership_planned"), "'unit', 'unit_id', ''"),
    "membership_member": "'member', 'id', 'place_id'",
    **{
        f"membership_{name}": "'member', 'member_id', ''"
        for name in ("standing", "employment", "affiliation", "participation", "shown")
    },
    "membership_organizationstate": "'org', 'org_id', 'place_id'",
    "territory_place": "'place', 'id', ''",
    "territory_placestate": "'place', 'place_id', ''",
}
ROWS = {"INSERT": "NEW TABLE AS come", "DELETE": "OLD TABLE AS gone", "UPDATE": "OLD TABLE AS gone NEW TABLE AS come"}


def _triggers(table: str, function: str, events: tuple[str, ...] = tuple(ROWS)) -> migrations.RunSQL:
    return migrations.RunSQL(
        "".join(
            f"CREATE TRIGGER changed_{event.lower()} AFTER {event} ON {table} REFERENCING {ROWS[event]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function};"
            for event in events
        ),
        "".join(f"DROP TRIGGER changed_{event.lower()} ON {table};" for event in events),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_sealed_once"), ("territory", "0003_reach"), ("registry", "0007_apart"), ("membership", "0005_lies"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS trail_changes", migrations.RunSQL.noop),
        migrations.RunSQL(
            NOTE, "DROP FUNCTION reports_note_reach(); DROP FUNCTION reports_note(); DROP TABLE reports_changed;"
        ),
        *(_triggers(table, f"reports_note({words})") for table, words in TABLES.items()),
        _triggers("territory_reach", "reports_note_reach()", ("INSERT", "DELETE")),
    ]
