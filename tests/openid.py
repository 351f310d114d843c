"""A small OpenID Connect provider on loopback: discovery, authorization, token and userinfo, as strict as the standard."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "dishu", "made-up-secret"


class Provider:
    """`who` is the person sitting at the provider: their claims, or None where they decline."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.who: dict[str, str] | None = None
        self.lacks = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, str]] = {}

    def discovery(self) -> object:
        """What it says of itself; `lacks` is not said."""
        if self.lacks == "all":
            return []
        told = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        return {name: value for name, value in told.items() if name != self.lacks}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        if self.who is None:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, object] | None:
        """A token for a code that was given, once, to the same client; else nothing."""
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = asked and sent.get("client_secret") == SECRET and sent["redirect_uri"] == asked["redirect_uri"]
        if not right or challenge != asked["code_challenge"] or self.who is None:
            return None
        token = secrets.token_urlsafe()
        self.tokens[token] = self.who
        return {"access_token": token, "token_type": "Bearer", "expires_in": 60}


class Handler(BaseHTTPRequestHandler):
    """The provider's four addresses."""

    provider: Provider

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""

    def answer(self, said: object, status: int = 200) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/.well-known/openid-configuration":
            return self.answer(self.provider.discovery())
        if url.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize({k: v[0] for k, v in parse_qs(url.query).items()}))
            self.send_header("Content-Length", "0")
            return self.end_headers()
        claims = self.provider.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if url.path == "/userinfo" and claims:
            return self.answer(claims)
        return self.answer({"error": "invalid_token"}, 401)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = self.provider.token({key: values[0] for key, values in sent.items()})
        self.answer(given or {"error": "invalid_grant"}, 200 if given else 400)


@contextmanager
def provider():
    """A provider while the block lasts, on a port of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Handler.provider = Provider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Handler.provider
        finally:
            server.shutdown()
            thread.join()
