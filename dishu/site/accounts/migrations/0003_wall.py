"""Everybody's scope is read from the appointments; they are written only at places of the writer's own scope."""

from django.db import migrations

INSIDE = (
    "(SELECT dishu_whole()) OR place_id IN (SELECT place_id FROM territory_reach WHERE node_id = ANY (dishu_nodes()))"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_temporary"), ("territory", "0003_reach")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_appointment ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY reading ON accounts_appointment FOR SELECT TO dishu_walled USING (true);"
            f"CREATE POLICY adding ON accounts_appointment FOR INSERT TO dishu_walled WITH CHECK ({INSIDE});"
            f"CREATE POLICY changing ON accounts_appointment FOR UPDATE TO dishu_walled"
            f" USING ({INSIDE}) WITH CHECK ({INSIDE});",
            "DROP POLICY reading ON accounts_appointment; DROP POLICY adding ON accounts_appointment;"
            "DROP POLICY changing ON accounts_appointment; ALTER TABLE accounts_appointment DISABLE ROW LEVEL SECURITY;",
        )
    ]
