"""Units that were joined: by what they are known again."""

import django.db.models.deletion
from django.db import migrations, models

from dishu.site.territory.walls import wall_by


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_present"), ("territory", "0004_ends")]

    operations = [
        migrations.CreateModel(
            name="Joined",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.BigIntegerField(unique=True)),
                ("code", models.CharField(max_length=18, null=True)),
                ("name", models.CharField(max_length=200)),
                ("address", models.CharField(max_length=300)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.place"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="joined", to="registry.unit"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["code"], name="joined_code")]},
        ),
        wall_by("registry_joined", "unit_id", "registry_unit"),
    ]
