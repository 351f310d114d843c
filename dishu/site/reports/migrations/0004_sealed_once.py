"""What was sealed once is not sealed again; another day is another edition, even where nothing changed."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_changes"),
        ("territory", "0004_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="sealed",
            name="contents",
            field=models.CharField(max_length=64, verbose_name="内容摘要"),
        ),
        migrations.AddConstraint(
            model_name="sealed",
            constraint=models.UniqueConstraint(fields=("place", "day", "contents"), name="sealed_once"),
        ),
    ]
