"""`dishu manage verify_trail`: prove that no line of the trail was changed or taken out."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dishu.site.trail import chain


class Command(BaseCommand):
    """Exit 0: the trail holds; 1: it does not, with the number of the line; 2: the call was wrong."""

    help = "校验操作记录：逐行核对摘要，指出第一处被改动或抽走的行。例：dishu manage verify_trail --expect 1200:3f9a…"

    def add_arguments(self, parser: CommandParser) -> None:
        """What was noted down at an earlier proof."""
        parser.add_argument("--expect", metavar="行号:摘要", help="上次校验记下的行号和摘要；核对末尾没有被截断重写")

    def handle(self, *_: Any, expect: str | None = None, **__: Any) -> None:
        """Prove it."""
        proof = chain.whole()
        if proof.broken is not None:
            self.stderr.write(
                f"操作记录第 {proof.broken} 行与前一行不符：它或它前面的行被改动或抽走。请立即报告审计管理员并保全数据库。"
            )
            sys.exit(1)
        if expect and not self._held(expect):
            self.stderr.write(
                f"上次记下的行（{expect}）已不在或不同：末尾曾被截断重写。请立即报告审计管理员并保全数据库。"
            )
            sys.exit(1)
        self.stdout.write(
            f"操作记录完整：{proof.lines} 行。请记下末行，下次用 --expect 核对：{proof.last}:{proof.digest}"
        )

    def _held(self, expect: str) -> bool:
        number, _, digest = expect.partition(":")
        if not number.isdecimal() or not digest:
            self.stderr.write("--expect 应写成 行号:摘要，如 1200:3f9a…")
            sys.exit(2)
        return chain.holds(int(number), digest)
