"""Which stay a document is about, and when it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bogam.record.facts import Encounter, Fact
from bogam.skills.writing.reading import Reading, setting

_BEFORE: Final = timedelta(hours=24)
"""An emergency visit that ended so long before an admission led to it."""
_AFTER: Final = timedelta(hours=12)
"""What is ordered or written so long after a stay ended still belongs to it."""


_OLDEST: Final = 1800
"""Year before which a visit is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay. ``arrival`` is the emergency visit before it; ``begin`` counts from there.

    ``end`` is when the patient left, or the moment that the draft speaks from when they have not or no end is recorded.
    """

    encounter: Encounter
    arrival: Encounter | None
    begin: datetime
    end: datetime
    over: bool

    def has(self, fact: Fact) -> bool:
        """Say whether a fact is of this stay, by its encounter or its time."""
        if fact.encounter is not None and fact.encounter in self._encounters:
            return True
        return fact.at is not None and self.begin <= fact.at <= self.end + (_AFTER if self.over else timedelta())

    @property
    def _encounters(self) -> tuple[str, ...]:
        return tuple(one.origin.source for one in (self.encounter, self.arrival) if one is not None)


def stay_of(reading: Reading, kinds: Sequence[str] = ("inpatient", "emergency")) -> Stay | None:
    """Return the stay in progress, else the newest that is over; admissions before emergency visits."""
    known = [
        e
        for e in reading.timeline.encounters
        if e.status in ("in-progress", "finished", "unknown")
        and e.at is not None
        and e.at.year >= _OLDEST
        and e.at <= reading.moment
        and setting(e) in kinds
    ]
    open_now = [e for e in known if e is reading.stay]
    admitted = [e for e in known if setting(e) == "inpatient"]
    chosen = next(iter([*open_now, *admitted, *known]), None)
    return None if chosen is None or chosen.at is None else _stay(reading, chosen, chosen.at)


def _stay(reading: Reading, chosen: Encounter, start: datetime) -> Stay:
    arrival = next(
        (
            e
            for e in reading.timeline.encounters
            if setting(e) == "emergency"
            and e is not chosen
            and e.at is not None
            and e.at <= start
            and (e.end_at or e.at) >= start - _BEFORE
        ),
        None,
    )
    begin = arrival.at if arrival is not None and arrival.at is not None else start
    over = chosen.end_at <= reading.moment if chosen.end_at is not None else chosen.status == "finished"
    end = chosen.end_at if over and chosen.end_at is not None else reading.moment
    return Stay(chosen, arrival, begin, end, over)
