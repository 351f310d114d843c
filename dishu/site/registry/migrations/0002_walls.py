"""Units and their states are seen only from the places they lie at."""

from django.db import migrations

from dishu.site.territory.walls import wall


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("territory", "0002_wall")]
    operations = [wall("registry_unit"), wall("registry_unitstate")]
