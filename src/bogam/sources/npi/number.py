"""The National Provider Identifier and its check digit (45 CFR 162.406; Luhn over 80840 and the ten digits)."""

from __future__ import annotations

import re
from typing import Final

from bogam.sources.answer import BadQuery

_TEN: Final = re.compile(r"[0-9]{10}")
_PREFIX_SUM: Final = 24
"""What the digits of 80840 add, the prefix that makes an NPI a card issuer number of the United States."""
_DOUBLED: Final = tuple(sum(divmod(2 * digit, 10)) for digit in range(10))
_OUTER: Final = tuple(_DOUBLED[a] + b + _DOUBLED[c] for a in range(10) for b in range(10) for c in range(10))
_INNER: Final = tuple(a + _DOUBLED[b] + c for a in range(10) for b in range(10) for c in range(10))
"""What three digits add of which the outer two are doubled, or the inner one: millions of numbers are checked."""


def check_digit(nine: str) -> str:
    """Return the check digit that belongs to the first nine digits of an NPI."""
    return str(-(_PREFIX_SUM + _OUTER[int(nine[:3])] + _INNER[int(nine[3:6])] + _OUTER[int(nine[6:])]) % 10)


def is_npi(text: str) -> bool:
    """Say whether ``text`` is ten ASCII digits of which the last is the right check digit."""
    return len(text) == 10 and text.isascii() and text.isdigit() and check_digit(text[:9]) == text[9]


def checked(text: str) -> str:
    """Return ``text`` if it can be an NPI.

    Raises
    ------
    BadQuery
        Naming what is wrong: the length, or the check digit.
    """
    if not _TEN.fullmatch(text):
        raise BadQuery(f'"{text[:40]}" is no NPI: an NPI has exactly ten digits.')
    if not is_npi(text):
        due = check_digit(text[:9])
        raise BadQuery(
            f"{text} is no NPI: its check digit (the last) is {text[9]}, and for the digits before it must be {due}. "
            "Read the number again."
        )
    return text
