"""A page of a list that is searched for some places is found place after place."""

from django.db import migrations

from dishu.site.registry.finding import in_order


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_in_order")]
    operations = [
        in_order("registry_unit", coded=True),
        migrations.RunSQL("DROP FUNCTION IF EXISTS registry_unit_found_after(text, varchar[], bigint, integer)", ""),
    ]
