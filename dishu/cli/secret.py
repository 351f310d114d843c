"""The secret behind the keys: read from a file, made when first needed, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

DEFAULT = "~/.config/dishu/key"


def read(path: Path | None) -> bytes:
    """The secret in `path`, in the file that DISHU_KEY_FILE names, or in the default place."""
    file = path or Path(os.environ.get("DISHU_KEY_FILE", DEFAULT)).expanduser()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32))
    text = file.read_text("ascii").strip()
    if len(text) < 32:
        raise ValueError(f"{file} 里的密钥太短：至少要有32个字符")
    return text.encode()
