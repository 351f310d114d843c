"""The database chains the lines itself and refuses to change them, whoever asks."""

from django.db import migrations

DIGEST = """
CREATE FUNCTION trail_digest(line trail_trailline) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        line.id, extract(epoch FROM line.at), line.by_id, line.verb, line.subject_type, line.subject_id, line.place_id,
        line.reason, line.details, encode(coalesce(line.previous, ''), 'hex'))::text, 'UTF8'))
$$;
CREATE FUNCTION trail_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7201);  -- one line after the other
    NEW.id := nextval(pg_get_serial_sequence('trail_trailline', 'id'));
    NEW.at := clock_timestamp();
    NEW.previous := (SELECT digest FROM trail_trailline ORDER BY id DESC LIMIT 1);
    NEW.digest := trail_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER trail_add BEFORE INSERT ON trail_trailline FOR EACH ROW EXECUTE FUNCTION trail_add();
CREATE FUNCTION trail_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '操作记录不能修改、不能删除';
END $$;
CREATE TRIGGER trail_keep BEFORE UPDATE OR DELETE ON trail_trailline FOR EACH ROW EXECUTE FUNCTION trail_keep();
CREATE TRIGGER trail_keep_all BEFORE TRUNCATE ON trail_trailline FOR EACH STATEMENT EXECUTE FUNCTION trail_keep();
"""
UNDO = """
DROP TRIGGER trail_keep_all ON trail_trailline;
DROP TRIGGER trail_keep ON trail_trailline;
DROP TRIGGER trail_add ON trail_trailline;
DROP FUNCTION trail_keep(); DROP FUNCTION trail_add(); DROP FUNCTION trail_digest(trail_trailline);
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [migrations.RunSQL(DIGEST, UNDO)]
