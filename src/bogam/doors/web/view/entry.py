"""What stands beside an entry of the audit log."""

from __future__ import annotations

from typing import Any

import msgspec


def noted(detail: str) -> str:
    """Lay the note of an entry out for reading; one that is no JSON object stays as it is."""
    try:
        note = msgspec.json.decode(detail, type=dict[str, Any]) if detail else {}
    except (msgspec.DecodeError, UnicodeError):
        return detail
    return " · ".join(f"{key}: {_plain(value)}" for key, value in note.items() if value != "")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
