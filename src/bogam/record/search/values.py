"""Values as the index keeps them: times as ranges, text without case and accents, systems as numbers."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

FIRST: Final = -62_135_596_800_000
"""Before all times: 0001-01-01, in milliseconds since 1970 UTC."""
LAST: Final = 253_402_300_800_000
"""After all times: 10000-01-01."""
LEAST: Final = -1e300
MOST: Final = 1e300

_DAY: Final = 86_400_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Span(NamedTuple):
    """A stretch of time in milliseconds since 1970 UTC, ``low`` included, ``high`` not.

    ``shift`` is the offset of its zone in milliseconds; None when it has none.
    """

    low: int
    high: int
    shift: int | None


@lru_cache(maxsize=65_536)
def span(text: str) -> Span:
    """The time that a FHIR date, dateTime or instant covers, by its precision. Without a zone it is taken as UTC.

    Raises
    ------
    ValueError
        When ``text`` is none of them.
    """
    size = len(text)
    if size > 10:
        return _instant(text)
    year = int(text[:4])
    if size == 10:
        low = _milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))
        return Span(low, low + _DAY, None)
    if size == 7:
        month = int(text[5:])
        low = _milliseconds(datetime(year, month, 1, tzinfo=UTC))
        return Span(low, low + monthrange(year, month)[1] * _DAY, None)
    if size == 4:
        low = _milliseconds(datetime(year, 1, 1, tzinfo=UTC))
        return Span(low, _milliseconds(datetime(year + 1, 1, 1, tzinfo=UTC)) if year < 9999 else LAST, None)
    raise ValueError(text)


def _instant(text: str) -> Span:
    minutes = text[16:17] in ("", "Z", "+", "-")
    if not minutes and text[17:19] == "60":
        text = text[:17] + "59" + text[19:]
    at = datetime.fromisoformat(text)
    offset = at.utcoffset()
    low = _milliseconds(at if offset is not None else at.replace(tzinfo=UTC))
    width = 60_000 if minutes else 1 if at.microsecond or text[19:20] == "." else 1000
    return Span(low, low + width, None if offset is None else round(offset.total_seconds() * 1000))


def _milliseconds(at: datetime) -> int:
    since = at - _EPOCH
    return since.days * _DAY + since.seconds * 1000 + since.microseconds // 1000


@lru_cache(maxsize=65_536)
def norm(text: str) -> str:
    """Text for comparing: no case, no accents, one space between words."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))
    return " ".join(text.casefold().split())


@lru_cache(maxsize=4_096)
def digest(system: str) -> int:
    """A 63-bit number for the URI of a system, 0 for none."""
    return int.from_bytes(blake2b(system.encode(), digest_size=8).digest()) >> 1 if system else 0
