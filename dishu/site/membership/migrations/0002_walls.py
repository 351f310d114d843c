"""Members and what hangs on them are seen only from the places they lie at; organizations likewise."""

from django.db import migrations

from dishu.site.territory.walls import wall, wall_by


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial"), ("registry", "0002_walls"), ("territory", "0002_wall")]
    operations = [
        wall("membership_member"),
        *(
            wall_by(f"membership_{table}", "member_id", "membership_member")
            for table in ("standing", "employment", "affiliation", "participation", "shown")
        ),
        *(wall_by(f"membership_{table}", "unit_id", "registry_unit") for table in ("coverage", "planned")),
        wall("membership_organizationstate"),
    ]
