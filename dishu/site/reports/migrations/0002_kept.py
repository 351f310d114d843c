"""Sealed editions are only ever added, and seen only from the places they are of."""

from django.db import migrations

from dishu.site.territory.walls import wall

KEEP = """
CREATE FUNCTION sealed_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '封存的版次不能修改、不能删除';
END $$;
CREATE TRIGGER sealed_keep BEFORE UPDATE OR DELETE ON reports_sealed FOR EACH ROW EXECUTE FUNCTION sealed_keep();
CREATE TRIGGER sealed_keep_all BEFORE TRUNCATE ON reports_sealed FOR EACH STATEMENT EXECUTE FUNCTION sealed_keep();
"""
UNDO = "DROP TRIGGER sealed_keep_all ON reports_sealed; DROP TRIGGER sealed_keep ON reports_sealed; DROP FUNCTION sealed_keep();"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_sealed"), ("territory", "0002_wall")]
    operations = [migrations.RunSQL(KEEP, UNDO), wall("reports_sealed")]
