"""Units and their states are seen only from the places they lie at."""

from django.db import migrations

from dishu.site.territory.walls import wall, wall_by


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("territory", "0002_wall")]
    operations = [
        wall("registry_unit"),
        wall("registry_unitstate"),
        wall("registry_instructor"),
        wall_by("registry_posting", "unit_id", "registry_unit"),
        wall_by("registry_work", "unit_id", "registry_unit"),
    ]
