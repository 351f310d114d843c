"""The wall of members' own log-ins and requests asks for its own member alone: no list of all members is made first."""

from django.db import migrations

from dishu.site.territory.walls import wall_one_by_one


class Migration(migrations.Migration):
    dependencies = [("mine", "0002_wall")]

    operations = [
        wall_one_by_one(f"mine_{table}", "member_id", "membership_member") for table in ("activation", "correction")
    ]
