"""`dishu manage load_divisions`: the places of a new site, from the published divisions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dishu.site.territory import actions
from dishu.site.territory.models import Place


class Command(BaseCommand):
    """Once, on an empty site; later changes are made in the browser, each with its document."""

    help = "装入区划：一个省或一个市。例：dishu manage load_divisions 4213"

    def add_arguments(self, parser: CommandParser) -> None:
        """Of which place."""
        parser.add_argument("scope", help="省、市的代码，如 42 或 4213")

    def handle(self, *_: Any, scope: str, **__: Any) -> None:
        """Load them."""
        if Place.objects.exists():
            raise CommandError("已经装入过区划。以后的变更请在“区域”页面上办理，写明文件依据。")
        actions.load_divisions(by=None, scope=scope)
        self.stdout.write(f"已装入 {Place.objects.count():,} 个区域。")
