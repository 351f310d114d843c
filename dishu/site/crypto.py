"""Identifiers at rest: encrypted to be read by those who may, and hashed with a key to be found again."""

from __future__ import annotations

import hmac
import os
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


@cache
def _key(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(settings.DATA_KEY)


def hide_bytes(data: bytes) -> bytes:
    """The bytes encrypted: nonce and ciphertext. Equal bytes give different results."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key("identifiers")).encrypt(nonce, data, None)


def show_bytes(hidden: bytes | memoryview) -> bytes:
    """What `hide_bytes` was given; raises InvalidTag where a byte was changed or the key is another."""
    data = bytes(hidden)
    return AESGCM(_key("identifiers")).decrypt(data[:_NONCE], data[_NONCE:], None)


def hide(text: str) -> bytes:
    """A text encrypted."""
    return hide_bytes(text.encode())


def show(hidden: bytes | memoryview) -> str:
    """The text of `hide`."""
    return show_bytes(hidden).decode()


def trace(text: str) -> str:
    """A keyed hash by which an equal text is found again; says nothing about the text."""
    return hmac.new(_key("traces"), text.encode(), sha256).hexdigest()[:40]
