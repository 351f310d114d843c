"""Present states are found by place: lists of a county by industry and survey read its states only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_columns"),
        ("registry", "0004_found"),
        ("territory", "0004_ends"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="unitstate",
            index=models.Index(
                condition=models.Q(("until__isnull", True)),
                fields=["place", "unit"],
                include=("industry", "surveyed", "verified_on"),
                name="unit_state_present",
            ),
        ),
    ]
