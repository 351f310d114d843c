"""Doubtful pairs and what was decided of them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("intake", "0002_columns"),
        ("territory", "0004_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("member", "党员"), ("unit", "单位")], max_length=6, verbose_name="种类"),
                ),
                ("left", models.BigIntegerField(verbose_name="左")),
                ("right", models.BigIntegerField(verbose_name="右")),
                ("reasons", models.TextField(verbose_name="理由")),
                ("probability", models.FloatField(verbose_name="可能性")),
                ("model", models.CharField(max_length=40, verbose_name="比对模型")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待核对"),
                            ("unsure", "先放着"),
                            ("same", "同一个"),
                            ("different", "不是同一个"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="裁定",
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="发现时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="裁定时间")),
                (
                    "marks_left",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list),
                ),
                (
                    "marks_right",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list),
                ),
                ("before", models.BinaryField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="裁定人",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.place",
                        verbose_name="所在地",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.upload",
                        verbose_name="来自名册",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑似相同的记录",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["state", "place", "id"], name="pair_state"),
                    models.Index(fields=["by", "-decided_at"], name="pair_by"),
                    models.Index(fields=["kind", "right"], name="pair_right"),
                    django.contrib.postgres.indexes.GinIndex(fields=["marks_left"], name="pair_marks_left"),
                    django.contrib.postgres.indexes.GinIndex(fields=["marks_right"], name="pair_marks_right"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "left", "right"), name="pair_once"),
                    models.CheckConstraint(condition=models.Q(("left__lt", models.F("right"))), name="pair_ordered"),
                ],
            },
        ),
    ]
