"""What the rosters of a place said last; seen from that place only."""

import django.db.models.deletion
from django.db import migrations, models

from dishu.site.territory.walls import wall


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0002_walls"),
        ("territory", "0002_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.place"
                    ),
                ),
            ],
        ),
        wall("membership_judgement"),
    ]
