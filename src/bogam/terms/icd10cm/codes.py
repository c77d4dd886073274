"""Codes and ranges of codes as the notes of the tabular list write them: ``E10.-``, ``O10-O11``, ``I51.4-I51.7``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_CODE: Final = r"[A-Z][0-9A-Z][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_SPAN: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?=[A-Z][0-9A-Z]*\d)({_CODE})\.?-?(?:\s?-\s?({_CODE})\.?-?)?(?![A-Za-z0-9])"
)
_CONDITION: Final = re.compile(
    r"\s?\.? ?with (?:(?P<place>fifth|5th|sixth|6th|seventh|7th|final|open)[^()\d]*?characters? )?"
    r"(?P<what>[-.0-9A-Z]+)(?=[),;]|$)"
)
_SHAPE: Final = re.compile(r"[A-Z][0-9A-Z][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")


class Span(NamedTuple):
    """Codes from ``low`` to ``high``, both with all that is below them."""

    low: str
    high: str

    def holds(self, code: str) -> bool:
        """Tell whether ``code`` lies in the range."""
        return self.low <= code and (code[: len(self.high)] <= self.high)


def dotted(code: str) -> str | None:
    """Return a code as the tabular list writes it (``s72001a`` is ``S72.001A``); None when it has not that shape."""
    plain = code.strip().upper()
    if not _SHAPE.fullmatch(plain):
        return None
    plain = plain.replace(".", "")
    return plain if len(plain) == 3 else f"{plain[:3]}.{plain[3:]}"


@lru_cache(maxsize=8192)
def spans(note: str) -> tuple[Span, ...]:
    """Return the codes that ``note`` names. Codes under a condition ("with 7th character B") are left out: whether the
    condition holds cannot be told from a range."""
    found: list[Span] = []
    for match in _SPAN.finditer(note):
        if _CONDITION.match(note, match.end()):
            continue
        low = match[1]
        found.append(Span(low, match[2] or low))
    return tuple(found)
