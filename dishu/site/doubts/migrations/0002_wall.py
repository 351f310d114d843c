"""Pairs are seen only from the places both sides lie in."""

from django.db import migrations

from dishu.site.territory.walls import wall


class Migration(migrations.Migration):
    dependencies = [("doubts", "0001_initial"), ("territory", "0002_wall")]
    operations = [wall("doubts_pair")]
