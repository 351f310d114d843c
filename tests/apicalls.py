"""Calls of the API written in a test: a token for somebody, and what was answered."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from dishu.site.accounts.models import User
from dishu.site.api import tokens
from dishu.site.territory.models import Place


def token(user: User, role: str, place: str, *, writes: bool = True, days: int = 7) -> str:
    """The secret of a new token."""
    where = Place.objects.get(code=place)
    return tokens.make(by=user, name="试", role=role, place=where, days=days, writes=writes)[1]


class Caller:
    """Calls with one token; `caller.get("/units", q="鑫")`."""

    def __init__(self, secret: str | None, client: Client | None = None) -> None:
        self.client = client or Client(raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        """Read."""
        return self.client.get(f"/api{path}", query, headers=self.headers | (headers or {}))

    def post(self, path: str, body: Any = None, *, key: str = "", **query: Any) -> Any:
        """Write, with a JSON body."""
        headers = self.headers | ({"idempotency-key": key} if key else {})
        query_string = "&".join(f"{name}={value}" for name, value in query.items())
        return self.client.post(
            f"/api{path}" + (f"?{query_string}" if query else ""), json.dumps(body or {}),
            content_type="application/json", headers=headers,
        )  # fmt: skip


def sample(document: dict[str, Any], schema: dict[str, Any], **known: Any) -> Any:
    """The least that a schema takes; `known` values by the property's name."""
    if "$ref" in schema:
        return sample(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], **known)
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if "anyOf" in schema:
        return sample(document, schema["anyOf"][0], **known)
    if schema.get("type") == "object":
        needed = schema.get("required", [])
        return {
            name: known.get(name, sample(document, schema["properties"][name], **known)) for name in needed
        }  # fmt: skip
    if schema.get("type") == "array":
        return [sample(document, schema["items"], **known)] if schema.get("minItems") else []
    texts = {"date": "2020-01-01", "date-time": "2020-01-01T00:00:00Z"}
    plain = {"integer": schema.get("minimum", 1), "number": 1.0, "boolean": False}
    return plain.get(schema.get("type", ""), texts.get(schema.get("format", ""), "试"))


def body_of(document: dict[str, Any], operation: dict[str, Any], **known: Any) -> Any:
    """The least body that an operation takes; None where it takes none that is JSON."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return sample(document, content["schema"], **known) if content else None
