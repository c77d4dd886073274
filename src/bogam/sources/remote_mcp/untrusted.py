"""What a remote server says, made harmless to show: bounded, and without characters that hide or turn text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final, cast

from bogam.text.unseen import JOINERS, seen

_KEPT: Final = frozenset(f"\n\t{JOINERS}")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Control, format (bidirectional, zero width, tags), private, surrogate and unassigned code points."""
_DEEPEST: Final = 40


def plain(text: str, most: int) -> str:
    """Return text without hidden characters, at most ``most`` code points of it."""
    legible = seen(text[: most * 2])
    shown = "".join(each for each in legible if each in _KEPT or unicodedata.category(each) not in _HIDDEN)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def plain_json(value: Any, most: int, depth: int = 0) -> Any:
    """Return a JSON value with all its texts made plain, names of members too; too deep a part is left out."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, str):
        return plain(value, most)
    if isinstance(value, Mapping):
        members = cast(Mapping[Any, Any], value)
        return {plain(str(name), most): plain_json(each, most, depth + 1) for name, each in members.items()}
    if isinstance(value, list | tuple):
        return [plain_json(each, most, depth + 1) for each in cast(list[Any], value)]
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, bool | int | float | None) else plain(str(value), most)
