"""Dates and times as shown: the recorded local time, and how long ago it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from bogam.doors.web.words import Words

_STEPS: Final = (
    ("minutes", 60, 60),
    ("hours", 3600, 48),
    ("days", 86400, 60),
    ("months", 2629800, 24),
    ("years", 31557600, 10**6),
)


def shown(moment: str | datetime | None) -> str:
    """Return a FHIR date or dateTime to the minute, in the zone it was recorded in: ``2026-11-20 06:10``."""
    if not moment:
        return ""
    text = moment.isoformat() if isinstance(moment, datetime) else moment
    head, _, tail = text.partition("T")
    return f"{head} {tail[:5]}" if tail else head


def day(text: str | None) -> str:
    """Return the date of a FHIR date or dateTime."""
    return text.partition("T")[0] if text else ""


def clock(text: str | None) -> str:
    """Return the time of day of a FHIR dateTime to the minute, empty for a date."""
    return text.partition("T")[2][:5] if text else ""


def parsed(text: str) -> datetime | None:
    """Return an instant for arithmetic; a partial date is its first moment, a missing zone UTC."""
    padded = text if len(text) >= 10 else f"{text}-01-01"[:10]
    try:
        at = datetime.fromisoformat(padded)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def ago(at: datetime | None, words: Words, now: datetime | None = None) -> str:
    """Return how long ago ``at`` was, in the largest unit that still tells: ``3 h ago``; empty for none."""
    if at is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    if seconds < 0:
        return words("age.ahead", span=_span(-seconds, words))
    if seconds < 60:
        return words("age.now")
    return words("age.ago", span=_span(seconds, words))


def years(birth: str, until: date | None = None) -> int | None:
    """Return the age in completed years, None when the birth date is not a whole date."""
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        return None
    today = until or datetime.now(UTC).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def age(birth: str, words: Words, until: date | None = None) -> str:
    """Return an age as it is said: months under two years of age, else years; empty when not known."""
    whole = years(birth, until)
    if whole is None:
        return ""
    if whole < 2:
        lived = (until or datetime.now(UTC).date()) - date.fromisoformat(birth)
        return words("age.months_old", n=max(0, lived // timedelta(days=1) * 12 // 365))
    return words("age.years_old", n=whole)


def _span(seconds: float, words: Words) -> str:
    for unit, length, most in _STEPS:
        if seconds < length * most:
            return words(f"age.{unit}", n=max(1, int(seconds // length)))
    return ""
