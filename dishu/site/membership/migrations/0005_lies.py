"""A member lies where they work: whoever sees the unit sees its members. Kept so by the database, whoever writes."""

from django.db import migrations

LIES = """
CREATE FUNCTION membership_lie(ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE membership_member m SET place_id = work.place_id
    FROM (
        SELECT DISTINCT ON (e.member_id) e.member_id, u.place_id
        FROM membership_employment e JOIN registry_unit u ON u.id = e.unit_id
        WHERE e.member_id = ANY (ids) AND e.until IS NULL
        ORDER BY e.member_id, e.unit_id  -- of several the first, as figures count
    ) work
    WHERE m.id = work.member_id AND m.place_id <> work.place_id
$$;
CREATE FUNCTION membership_lie_by_work() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM membership_lie(ARRAY(SELECT DISTINCT member_id FROM written));
    RETURN NULL;
END $$;
CREATE FUNCTION membership_lie_by_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM membership_lie(ARRAY(SELECT member_id FROM membership_employment WHERE unit_id = NEW.id AND until IS NULL));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION membership_lie(bigint[]) FROM PUBLIC;
CREATE TRIGGER membership_lie_1 AFTER INSERT ON membership_employment
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION membership_lie_by_work();
CREATE TRIGGER membership_lie_2 AFTER UPDATE ON membership_employment
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION membership_lie_by_work();
CREATE TRIGGER membership_lie_3 AFTER DELETE ON membership_employment
    REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION membership_lie_by_work();
CREATE TRIGGER membership_lie AFTER UPDATE OF place_id ON registry_unit
    FOR EACH ROW WHEN (OLD.place_id IS DISTINCT FROM NEW.place_id) EXECUTE FUNCTION membership_lie_by_unit();
SELECT membership_lie(ARRAY(SELECT DISTINCT member_id FROM membership_employment));
"""
UNDO = """
DROP TRIGGER membership_lie ON registry_unit;
DROP TRIGGER membership_lie_1 ON membership_employment;
DROP TRIGGER membership_lie_2 ON membership_employment;
DROP TRIGGER membership_lie_3 ON membership_employment;
DROP FUNCTION membership_lie_by_unit();
DROP FUNCTION membership_lie_by_work();
DROP FUNCTION membership_lie(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0004_found"), ("registry", "0004_found")]
    operations = [migrations.RunSQL(LIES, UNDO)]
