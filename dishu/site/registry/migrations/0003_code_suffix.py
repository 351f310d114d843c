"""Units are found by how their code ends, too."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Reverse


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_walls")]
    operations = [
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(OpClass(Reverse("code"), "text_pattern_ops"), name="unit_code_suffix"),
        ),
    ]
