"""The role that requests run as, and what the policies of all later tables ask."""

from django.db import migrations

from dishu.site.territory.walls import ROLE, UNROLE


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]
    operations = [migrations.RunSQL(ROLE, UNROLE)]
