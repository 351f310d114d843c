"""Accounts are opened by administrators: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """allauth's questions answered for this house."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
