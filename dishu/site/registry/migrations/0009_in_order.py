"""A page of a list that is searched is found in the order of the list, behind the wall."""

from django.db import migrations

from dishu.site.registry.finding import in_order


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_fewer_indexes"), ("territory", "0004_ends")]
    operations = [in_order("registry_unit", coded=True)]
