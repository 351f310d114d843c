"""The worker: takes up what an earlier one left in the middle, then does the long work as it comes."""

from typing import Any

from django_tasks_db.management.commands.db_worker import Command as Worker

from dishu.site.rosters import work


class Command(Worker):
    """`dishu manage work`; several may run at once, each step is done once."""

    def handle(self, **options: Any) -> None:
        """Resume, then wait for work."""
        if left := work.resume():
            self.stdout.write(f"接着做上次没有做完的名册：{left} 份")
        super().handle(**options)
