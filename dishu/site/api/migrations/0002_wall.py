"""Tokens, and what was answered to them, are seen and written by their owner alone; the door reads them before the wall stands."""

from django.db import migrations

MINE = "owner_id = nullif(current_setting('dishu.user', true), '')::bigint"
OF_MINE = "token_id IN (SELECT id FROM api_token)"


def wall(table: str, whose: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY owner ON {table} TO dishu_walled USING ({whose}) WITH CHECK ({whose});",
        f"DROP POLICY owner ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("territory", "0002_wall")]
    operations = [wall("api_token", MINE), wall("api_answer", OF_MINE)]
