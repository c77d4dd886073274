"""Secrets of a home folder: random keys, made once, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret(path: Path) -> bytes:
    """Return the 32 bytes that ``path`` holds as hexadecimal digits; make them where there is no such file.

    Raises
    ------
    ValueError
        When the file holds no key of 32 bytes or more.
    """
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_hex(32).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            # A link to a finished file: another process sees the whole key or none.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise ValueError(f"{path} holds no key: it must be 64 hexadecimal digits.") from error
    if len(key) < 32:
        raise ValueError(f"{path} holds a key of {len(key)} bytes; 32 are needed.")
    return key
