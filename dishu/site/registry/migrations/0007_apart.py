"""Units that were joined and are split again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_joined")]
    operations = [
        migrations.AddField(model_name="joined", name="apart", field=models.BooleanField(default=False)),
    ]
