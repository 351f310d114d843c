"""Units are found through their index behind the wall; what hangs on a unit is walled by asking for that unit alone."""

from django.db import migrations

from dishu.site.registry.finding import function
from dishu.site.territory.walls import wall_one_by_one


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_code_suffix"), ("territory", "0003_reach")]
    operations = [
        function("registry_unit", coded=True),
        wall_one_by_one("registry_posting", "unit_id", "registry_unit"),
        wall_one_by_one("registry_work", "unit_id", "registry_unit"),
    ]
