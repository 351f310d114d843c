"""How Django knows the app `accounts`, and log-ins into the trail."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, their roles and how far they reach."""

    name = "dishu.site.accounts"
    label = "accounts"
    verbose_name = "账号与权限"

    def ready(self) -> None:
        """Log-ins are announced by Django; they have no action of ours to write the line."""
        from dishu.site.accounts import logins  # noqa: F401  (registers itself)
