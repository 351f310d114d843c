"""Everybody sees the columns they chose themselves."""

from django.db import migrations

MINE = "user_id = nullif(current_setting('dishu.user', true), '')::bigint"


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("territory", "0002_wall")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE records_columns ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY own ON records_columns TO dishu_walled USING ({MINE}) WITH CHECK ({MINE});",
            "DROP POLICY own ON records_columns; ALTER TABLE records_columns DISABLE ROW LEVEL SECURITY;",
        )
    ]
