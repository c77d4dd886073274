"""Text from records and sources without characters that hide or reorder what it says."""

from __future__ import annotations

from typing import Any, Final, cast

from bogam.text.unseen import seen

_DEEPEST: Final = 80
_LONGEST_KEY: Final = 200
_WIDEST: Final = 2**63


def plain(value: Any, depth: int = 0) -> Any:
    """Return a JSON value with each such character replaced by U+FFFD, one for one, so that offsets stay right.

    Names of members are cut at 200 characters: whoever makes longer ones means no good. Whole numbers of more than 64
    bits, which most readers of JSON would round, become text.
    """
    if isinstance(value, str):
        return seen(value, "\ufffd")
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
