"""Members are found through their index behind the wall; what hangs on one is walled by asking for that one alone."""

from django.db import migrations

from dishu.site.registry.finding import function
from dishu.site.territory.walls import wall_one_by_one


class Migration(migrations.Migration):
    dependencies = [("membership", "0003_judgement"), ("registry", "0004_found")]
    operations = [
        function("membership_member"),
        *(
            wall_one_by_one(f"membership_{table}", "member_id", "membership_member")
            for table in ("standing", "employment", "affiliation", "participation", "shown")
        ),
        *(wall_one_by_one(f"membership_{table}", "unit_id", "registry_unit") for table in ("coverage", "planned")),
    ]
