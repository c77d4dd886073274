"""Text from records and sources without characters that hide or reorder what it says."""

from __future__ import annotations

import re
from typing import Any, Final, cast

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # direction, invisible
    "\U000e0000-\U000e007f\ud800-\udfff]"  # tags, which carry text that nobody sees; halves of pairs
)
_DEEPEST: Final = 80
_LONGEST_KEY: Final = 200
_WIDEST: Final = 2**63


def plain(value: Any, depth: int = 0) -> Any:
    """Return a JSON value with each such character replaced by U+FFFD, one for one, so that offsets stay right.

    Names of members are cut at 200 characters: whoever makes longer ones means no good. Whole numbers of more than 64
    bits, which most readers of JSON would round, become text.
    """
    if isinstance(value, str):
        return _UNSEEN.sub("\ufffd", value)
    if depth > _DEEPEST:
        return "(nested too deeply to show)" if isinstance(value, dict | list | tuple) else value
    if isinstance(value, dict):
        members = cast("dict[Any, Any]", value)
        return {plain(str(key))[:_LONGEST_KEY]: plain(member, depth + 1) for key, member in members.items()}
    if isinstance(value, list | tuple):
        return [plain(each, depth + 1) for each in cast("list[Any]", value)]
    if value.__class__ is int and not -_WIDEST <= value < _WIDEST:
        return str(value)
    return value
