"""The timeline as rows: one for each dated fact, newest first, each with the place it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from bogam.record.citation import Field
from bogam.record.facts import Dosage, Fact, Mention, Result, Timeline

KINDS: Final = (
    "conditions",
    "medications",
    "allergies",
    "labs",
    "vitals",
    "results",
    "encounters",
    "procedures",
    "immunizations",
    "devices",
    "care_plans",
    "flags",
    "orders",
    "reports",
    "notes",
)
"""``labs`` and ``vitals`` are the timeline's results of these categories, ``results`` the others."""

MENTIONS: Final = "mentions"
"""What is read from notes, shown only where it is asked for: it is no entry of the record."""

_SAID: Final = frozenset({"problem", "symptom", "drug", "allergy", "procedure", "device"})
"""Kinds of mention that are shown: values that a note repeats stand under the results already."""

_RESULTS: Final = {"labs": "lab", "vitals": "vital", "results": "other"}
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. ``status`` and ``flag`` are the timeline's own words; a page translates them. ``field`` is the place to
    cite."""

    kind: str
    at: datetime | None
    when: str
    what: str
    extra: str
    status: str
    flag: str
    field: Field


@dataclass(frozen=True, slots=True)
class Moment:
    """Neighbouring rows of one time and kind: values taken together are read together. Other kinds stand alone."""

    kind: str
    when: str
    events: tuple[Event, ...]


def events(timeline: Timeline, kind: str = "", text: str = "") -> list[Event]:
    """Return the facts as rows, newest first; only those of ``kind`` and with every word of ``text`` where given."""
    kinds = (kind,) if kind in (*KINDS, MENTIONS) else KINDS
    found = [_event(name, fact) for name in kinds for fact in _facts(timeline, name)]
    words = text.casefold().split()
    if words:
        found = [each for each in found if all(word in f"{each.what} {each.extra}".casefold() for word in words)]
    found.sort(key=lambda each: each.at or _LONG_AGO, reverse=True)
    return found


def by_day(rows: Sequence[Event]) -> list[tuple[str, list[Moment]]]:
    """Group neighbouring rows of one date; the date is empty for undated facts."""
    return [(day, _moments(list(group))) for day, group in groupby(rows, key=lambda each: each.when.partition("T")[0])]


def counts(timeline: Timeline) -> dict[str, int]:
    """Return how many facts of each kind there are, leaving out kinds with none."""
    found = {kind: len(_facts(timeline, kind)) for kind in (*KINDS, MENTIONS)}
    return {kind: count for kind, count in found.items() if count}


def _facts(timeline: Timeline, kind: str) -> Sequence[Fact]:
    if kind in _RESULTS:
        return [each for each in timeline.results if each.category == _RESULTS[kind]]
    if kind == MENTIONS:
        return [each for each in timeline.mentions if each.kind in _SAID]
    return getattr(timeline, kind)


def _moments(rows: Sequence[Event]) -> list[Moment]:
    moments: list[Moment] = []
    for row in rows:
        last = moments[-1] if moments else None
        if last is not None and row.kind in _RESULTS and (last.kind, last.when) == (row.kind, row.when):
            moments[-1] = Moment(last.kind, last.when, (*last.events, row))
        else:
            moments.append(Moment(row.kind, row.when, (row,)))
    return moments


def dose(dosage: Dosage | None) -> str:
    """Return a dosage as recorded: its text, else its structured parts in reading order."""
    if dosage is None:
        return ""
    if dosage.text is not None:
        return dosage.text.text
    amount = _words((dosage.value, dosage.unit))
    timing = ""
    if dosage.frequency and dosage.period and dosage.period_unit:
        timing = f"{dosage.frequency.text} × / {dosage.period.text} {dosage.period_unit.text}"
    return " · ".join(part for part in (amount, timing, _words((dosage.route,))) if part)


def said(mention: Mention) -> str:
    """Return the words of a note that belong to what it mentions: a value with its unit, or dose, route, frequency."""
    return _words((mention.side, mention.value, mention.unit, mention.dose, mention.route, mention.frequency))


def value(result: Result) -> str:
    """Return a result's value with its comparator and unit, as recorded."""
    return _words((result.comparator, result.value, result.unit))


def reference(result: Result) -> str:
    """Return the recorded reference range, empty for none."""
    if result.range_text is not None:
        return result.range_text.text
    low, high = (bound.text if bound else "" for bound in (result.low, result.high))
    if low and high:
        return f"{low}–{high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def _event(kind: str, fact: Fact) -> Event:
    flag = fact.flag if isinstance(fact, Result) and fact.flag not in (None, "normal") else None
    cited = fact.value if isinstance(fact, Result) and fact.value is not None else fact.name
    when = fact.start.text if fact.start else ""
    return Event(
        kind,
        fact.at,
        when,
        fact.name.text,
        _EXTRA.get("results" if isinstance(fact, Result) else kind, _none)(fact),
        fact.assertion if isinstance(fact, Mention) else fact.status,
        flag or "",
        cited,
    )


def _none(fact: Any) -> str:
    return ""


def _words(fields: Iterable[Field | None]) -> str:
    return " ".join(field.text for field in fields if field is not None)


def _listed(fields: Iterable[Field | None]) -> str:
    return " · ".join(field.text for field in fields if field is not None)


_EXTRA: Final[dict[str, Callable[[Any], str]]] = {
    "results": value,
    "medications": lambda fact: dose(fact.dosage),
    "allergies": lambda fact: _listed(fact.reactions),
    "encounters": lambda fact: _listed((fact.kind, fact.location, *fact.reasons)),
    "procedures": lambda fact: _listed((fact.body_site, fact.reason)),
    "orders": lambda fact: _listed((fact.due, fact.reason)),
    "reports": lambda fact: _listed((fact.conclusion,)),
    "notes": lambda fact: _listed((fact.author,)),
    "care_plans": lambda fact: _listed(fact.activities[:3]),
    MENTIONS: lambda fact: " · ".join(part for part in (said(fact), fact.note.text) if part),
}
