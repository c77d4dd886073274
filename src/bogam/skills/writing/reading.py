"""What every section of a draft reads from: the timeline, the request, and the moment it speaks from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol, TypeVar

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Section
from bogam.record.facts import Encounter, Fact, Timeline
from bogam.skills.writing.compose import Line, label
from bogam.skills.writing.words import Language, Words

Item = TypeVar("Item")
AnyFact = TypeVar("AnyFact", bound=Fact)

_KINDS: Final = (
    "conditions",
    "medications",
    "allergies",
    "results",
    "encounters",
    "procedures",
    "immunizations",
    "devices",
    "care_plans",
    "orders",
    "reports",
    "notes",
    "family",
)


class Asked(Protocol):
    """What every request of a skill that writes has."""

    @property
    def language(self) -> Language: ...

    @property
    def as_of(self) -> date | None: ...

    @property
    def whole(self) -> bool:
        """Whether everything is to be listed, routine entries too."""
        ...

    def limit(self, section: str) -> int | None:
        """Return how many items ``section`` may show; None means all."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One finished section: its claims, and how many items the chosen length left out.

    ``title`` stands in for the title of ``key``. With ``place`` it is shown though it is empty: a place to write in.
    """

    key: str
    claims: tuple[Claim, ...]
    left_out: int = 0
    title: str = ""
    place: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The evidence as of one moment. ``later`` counts entries left out because they are dated after it.

    ``as_of`` is None, and ``moment`` long ago, when no day was asked for and nothing in the record is dated.
    """

    timeline: Timeline
    request: Asked
    words: Words
    as_of: date | None
    moment: datetime
    stay: Encounter | None
    later: int = 0

    @property
    def language(self) -> Language:
        return self.request.language

    def line(self) -> Line:
        """Begin a sentence."""
        return Line(self.language, self.words.phrases)

    def age(self, fact: Fact) -> float | None:
        """Return how many days before the moment ``fact`` began; None when undated."""
        return days_between(fact.at, self.moment)

    def cut(self, key: str, items: Sequence[Item], write: Callable[[Item], Claim], ignored: int = 0) -> Part:
        """Write as many of ``items`` as the section may show, and count the rest together with ``ignored``."""
        limit = self.request.limit(key)
        shown = items if limit is None else items[:limit]
        return Part(key, tuple(write(item) for item in shown), len(items) - len(shown) + ignored)

    def heading(self, part: Part) -> Section:
        """Return the draft's section for a part."""
        return Section(part.key, part.title or self.words.sections[part.key][self.language], part.left_out, part.place)


def days_between(first: datetime | None, second: datetime | None) -> float | None:
    """Return the days from ``first`` to ``second``; None when either is not known."""
    if first is None or second is None:
        return None
    return (second - first).total_seconds() / 86400


def read(timeline: Timeline, request: Asked, words: Words) -> Reading:
    """Fix the moment that a draft speaks from, and leave out what is dated after it."""
    if request.as_of is None:
        if timeline.latest is None:
            return Reading(timeline, request, words, None, datetime(1800, 1, 1, tzinfo=UTC), None)
        return Reading(
            timeline, request, words, timeline.latest.date(), timeline.latest, _stay(timeline, timeline.latest)
        )
    end = datetime.combine(request.as_of, time.max, tzinfo=UTC)
    if timeline.latest is None or timeline.latest <= end:
        return Reading(timeline, request, words, request.as_of, end, _stay(timeline, end))
    kept = {kind: tuple(f for f in getattr(timeline, kind) if f.at is None or f.at <= end) for kind in _KINDS}
    later = sum(len(getattr(timeline, kind)) - len(kept[kind]) for kind in _KINDS)
    said = tuple(m for m in timeline.mentions if m.at is None or m.at <= end)
    earlier = replace(timeline, **kept, mentions=said)
    return Reading(earlier, request, words, request.as_of, end, _stay(earlier, end), later)


def _stay(timeline: Timeline, moment: datetime) -> Encounter | None:
    """Return the encounter the patient is in: in progress, begun, newest; hospital stays before visits."""
    if timeline.person.deceased is not None and timeline.person.deceased.text != "false":
        return None
    open_now = [
        e
        for e in timeline.encounters
        if e.status == "in-progress" and (e.at is None or e.at <= moment + timedelta(days=1))
    ]
    return next((e for e in open_now if setting(e) in ("inpatient", "emergency")), open_now[0] if open_now else None)


_SETTINGS: Final = {
    "AMB": "outpatient",
    "EMER": "emergency",
    "IMP": "inpatient",
    "ACUTE": "inpatient",
    "NONAC": "inpatient",
    "OBSENC": "inpatient",
    "SS": "inpatient",
    "PRENC": "planned-visit",
    "HH": "home",
    "VR": "virtual",
}
"""HL7 v3 ActEncounterCode."""


def setting(encounter: Encounter) -> str:
    """Return the phrase for where an encounter takes place, from its class."""
    return _SETTINGS.get(encounter.kind.text.upper(), "visit") if encounter.kind else "visit"


_GENERIC: Final = re.compile(
    r"(?:hospital|inpatient|emergency|outpatient|ambulatory|clinic|office)?[ -]?(?:department )?"
    r"(?:admission|visit|encounter|stay)"
    r"|입원|외래|응급|응급실|(?:외래|응급실|응급|입원) ?진료",
    re.IGNORECASE,
)


def named(encounter: Encounter) -> bool:
    """Say whether an encounter's name tells more than where it takes place."""
    if encounter.kind is not None and encounter.name.pointer == encounter.kind.pointer:
        return False
    return setting(encounter) == "visit" or _GENERIC.fullmatch(label(encounter.name)) is None


def groups(facts: Iterable[AnyFact]) -> list[list[AnyFact]]:
    """Group facts of the same name, keeping the order of first appearance and within a group."""
    found: dict[str, list[AnyFact]] = {}
    for fact in facts:
        found.setdefault(label(fact.name), []).append(fact)
    return list(found.values())
