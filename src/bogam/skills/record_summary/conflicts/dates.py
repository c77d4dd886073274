"""Dates in an order that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.facts import Fact, Medication, Procedure, Result
from bogam.skills.writing.compose import Piece, day, joined, minute, name
from bogam.skills.writing.reading import Reading

_DAY: Final = timedelta(days=1)
_KINDS: Final = (
    "conditions",
    "medications",
    "allergies",
    "results",
    "encounters",
    "procedures",
    "immunizations",
    "reports",
)


def date_order(reading: Reading) -> Iterator[Claim]:
    """Ends before its beginning; before birth; measured, given or done after death.

    Dates are compared as precisely as both are recorded, and births and deaths with a day's tolerance, because records
    mix time zones. Visits, certificates and causes of death are recorded after a death on purpose: only measured
    values, drugs and procedures count there.
    """
    birth = reading.timeline.person.birth_date
    born = _parsed(birth.text) if birth is not None else None
    seen: set[tuple[str, str]] = set()
    for kind in _KINDS:
        for fact in getattr(reading.timeline, kind):
            for phrase, claim in _of(reading, fact, born):
                key = (fact.origin.source, phrase)
                if key not in seen:
                    seen.add(key)
                    yield claim


def _of(reading: Reading, fact: Fact, born: datetime | None) -> Iterator[tuple[str, Claim]]:
    who = reading.timeline.person
    if _backwards(fact) and fact.start is not None and fact.end is not None:
        start, end = _pair(fact.start, fact.end)
        yield "end", _claim(reading, "conflict-end", name=name(fact.name), start=start, end=end)
    if fact.at is None or fact.start is None:
        return
    if who.birth_date is not None and born is not None and _before(fact.start.text, who.birth_date.text, fact.at, born):
        pieces = {"name": name(fact.name), "x": day(fact.start), "birth": day(who.birth_date)}
        yield "birth", _claim(reading, "conflict-birth", **pieces)
    died = who.deceased_at
    if died is not None and who.deceased is not None and _physical(fact) and fact.at > died + _DAY * 2:
        pieces = {"name": name(fact.name), "x": day(fact.start), "death": day(who.deceased)}
        yield "death", _claim(reading, "conflict-death", **pieces)


def _claim(reading: Reading, phrase: str, **pieces: Piece) -> Claim:
    return reading.line().say(phrase, **pieces).claim("conflicts", "conflict.date-order")


def _backwards(fact: Fact) -> bool:
    if fact.at is None or fact.end_at is None or fact.start is None or fact.end is None:
        return False
    precision = min(len(fact.start.text), len(fact.end.text), 10)
    if precision < 10 or min(len(fact.start.text), len(fact.end.text)) == 10:
        return fact.end.text[:precision] < fact.start.text[:precision]
    return fact.end_at < fact.at


def _before(dated: str, birth: str, at: datetime, born: datetime) -> bool:
    precision = min(len(dated), len(birth), 10)
    if precision < 10:
        return dated[:precision] < birth[:precision]
    return at < born - _DAY


def _parsed(text: str) -> datetime | None:
    """Parse a full or partial FHIR date as its first moment, UTC."""
    padded = text[:10] + "-01-01"[len(text[:10]) - 4 :] if len(text) < 10 else text[:10]
    try:
        return datetime.fromisoformat(padded).replace(tzinfo=UTC)
    except ValueError:
        return None


def _physical(fact: Fact) -> bool:
    """Say whether a fact needs a living patient."""
    if isinstance(fact, Result):
        return fact.category in ("lab", "vital")
    if isinstance(fact, Procedure):
        return fact.status in ("completed", "in-progress")
    return isinstance(fact, Medication) and fact.kind in ("request", "administration")


def _pair(start: Field, end: Field) -> tuple[Piece, Piece]:
    """Show both with the time where they are of the same day."""
    show = minute if start.text[:10] == end.text[:10] else day
    return joined([show(start)]), joined([show(end)])
