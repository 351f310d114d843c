"""The site as it is started in production, its worker beside it, and a browser of few words that asks it for pages."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

TICK = os.sysconf("SC_CLK_TCK")
GRANIAN = [sys.executable, "-m", "dishu.cli", "serve", "--no-worker", "--port"]
WORKER = [sys.executable, "-m", "django", "db_worker", "--interval", "0.1"]


def cookie(login: str) -> str:
    """The session of one who has logged in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from dishu.site.accounts.models import User

    user = User.objects.get(username=login)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.save()
    return str(session.session_key)


def client(login: str) -> Any:
    """A browser of one who has logged in."""
    from django.test import Client

    from dishu.site.accounts.models import User

    browser = Client()
    browser.force_login(User.objects.get(username=login), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@contextmanager
def started(words: list[str], **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the site's; ended politely at the end."""
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "dishu.site.settings", "PYTHONPATH": root, **more}
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def serving(words: list[str] = GRANIAN) -> Iterator[int]:
    """The server at a free port; the port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with started([word.format(port=port) for word in (words if words is not GRANIAN else [*words, str(port)])]):
        until = time.monotonic() + 120
        while not _answers(port):  # a server listens before its processes have read their code
            if time.monotonic() > until:
                raise TimeoutError("the server did not start")
            time.sleep(0.2)
        yield port


def _answers(port: int) -> bool:
    try:
        return Browser(port, "").get("/accounts/login/")[0] == 200
    except (ConnectionError, http.client.HTTPException):
        return False


class Browser:
    """Asks one page after the other over one connection."""

    def __init__(self, port: int, session: str) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._last = time.monotonic()
        self._token = secrets.token_hex(16)
        self._cookies = f"sessionid={session}; csrftoken={self._token}"

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and page."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> int:
        """Send a form."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), form)[0]

    def send(self, path: str, file: Path, **fields: str) -> int:
        """Send a form with a file."""
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"\r\n\r\n')
        body = "".join(parts).encode() + file.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})[0]

    def _ask(
        self, verb: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        if time.monotonic() - self._last > 5:  # the server closes a connection that nobody used for long
            self._link.close()
        headers = {"Cookie": self._cookies, "X-CSRFToken": self._token, **(more or {})}
        self._link.request(verb, quote(path, "/?=&%"), body, headers)
        answer = self._link.getresponse()
        page, self._last = answer.read(), time.monotonic()
        return answer.status, page


def cpu(pid: int) -> float:
    """CPU seconds of a process, all its threads and ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(fields[n]) for n in (11, 12, 13, 14)) / TICK


def cpu_of_database() -> float:
    """CPU seconds of the database's own processes, where it runs on this machine; else none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    try:
        postmaster = Path(f"/proc/{mine}/stat").read_text().rsplit(")", 1)[1].split()[1]
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return cpu(int(postmaster)) + sum(cpu(int(child)) for child in children)
    except (FileNotFoundError, OSError):
        return 0.0


def peak(pid: int) -> int:
    """The most memory a process has had, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0
