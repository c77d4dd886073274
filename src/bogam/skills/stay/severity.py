"""How ill the patient is, from what is recorded in the last day: NEWS2, critical results, resuscitation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.stay.written import Course
from bogam.skills.writing.compose import Piece, hidden, joined, minute, name, plain
from bogam.skills.writing.person import age
from bogam.skills.writing.reading import Part, Reading
from bogam.skills.writing.values import coded, measurement, series, valued
from bogam.terms import news2

_CODES: Final[dict[str, tuple[str, ...]]] = {
    "respiratory-rate": ("9279-1",),
    "spo2": ("59408-5", "2708-6"),
    "oxygen": ("3151-8",),
    "sbp": ("8480-6",),
    "heart-rate": ("8867-4",),
    "gcs": ("9269-2",),
    "temperature": ("8310-5", "8331-1"),
}
"""LOINC codes of what the score is made of."""
_UNITS: Final = {"temperature": ("Cel", "°C", "C"), "spo2": ("%",)}
_FRESH: Final = timedelta(hours=24)
_TOGETHER: Final = timedelta(hours=4)
"""Values taken so close together make one score."""
_CONSCIOUS: Final = timedelta(hours=24)
_SHOWN_LOWER: Final = ("gcs", "oxygen")
_ADULT: Final = 16


@dataclass(frozen=True, slots=True)
class Score:
    """The newest score that the record allows. ``lacking`` are parameters not recorded: then it is a lower bound."""

    values: dict[str, Result]
    lacking: tuple[str, ...]

    @property
    def numbers(self) -> dict[str, float]:
        return {key: result.number for key, result in self.values.items() if result.number is not None}

    @property
    def made(self) -> bool:
        """Whether it says anything: the vital signs that are always taken are there."""
        return not set(self.lacking) - set(_SHOWN_LOWER)


def score(reading: Reading) -> Score:
    """Take the newest value of each parameter within `_TOGETHER` of the newest vital sign of the last day."""
    near: dict[str, Result] = {}
    vital = [
        (key, r)
        for r in reading.timeline.results
        for key, codes in _CODES.items()
        if r.number is not None
        and r.at is not None
        and r.status in ("final", "amended", "preliminary", "unknown")
        and timedelta() <= reading.moment - r.at <= _FRESH
        and any(coded(r, code) for code in codes)
        and _usable(key, r)
    ]
    newest = max((r.at for _, r in vital if r.at is not None), default=None)
    for key, result in vital:
        within = _CONSCIOUS if key == "gcs" else _TOGETHER
        if newest is not None and result.at is not None and newest - result.at <= within:
            near.setdefault(key, result)
    return Score(near, tuple(key for key in news2.PARAMETERS if key not in near))


def _usable(key: str, result: Result) -> bool:
    return key not in _UNITS or (result.unit is not None and result.unit.text in _UNITS[key])


def unfit(reading: Reading) -> Literal["young", "pregnant", "no-age"] | None:
    """Return why NEWS2 is not made for this patient: under 16, recorded as pregnant, or of an age not recorded."""
    birth = reading.timeline.person.birth_date
    aged = age(birth.text, reading.as_of) if birth is not None else None
    if aged is None:
        return "no-age"
    if aged[0] != "years" or aged[1] < _ADULT:
        return "young"
    pregnant = any(
        c.status == "active" and ("pregnan" in c.name.text.casefold() or "임신" in c.name.text)
        for c in reading.timeline.conditions
    )
    return "pregnant" if pregnant else None


def applies(reading: Reading) -> bool:
    """Say whether NEWS2 is made for this patient."""
    return unfit(reading) is None


def critical(reading: Reading) -> list[list[Result]]:
    """Return the series whose newest value is of the last day and recorded as critical."""
    return [
        points
        for points in series(reading, "lab", "vital", "other")
        if points[0].flag in ("critical-low", "critical-high")
        and points[0].at is not None
        and reading.moment - points[0].at <= _FRESH
    ]


def graded(course: Course) -> Iterable[Part]:
    """The part on how ill the patient is."""
    return [severity(course.reading)]


def severity(reading: Reading, key: str = "severity") -> Part:
    """Say how ill the patient is and why; the title says so where not enough is recorded."""
    found = score(reading)
    told: list[Claim] = []
    if applies(reading) and found.made:
        told.append(_scored(reading, found, key))
    for points in critical(reading):
        told.append(measurement(reading, points, key, True))
    graded = bool(told)
    status = reading.timeline.person.resuscitation
    if status is not None:
        told.append(reading.line().say("resuscitation", x=plain(status)).claim(key))
    title = reading.words.sections[key][reading.language]
    if not graded:
        title += reading.words.phrases[f"severity-{unfit(reading) or 'unknown'}"][reading.language]
    return Part(key, tuple(told), title=title, place=True)


def _scored(reading: Reading, found: Score, key: str) -> Claim:
    numbers = found.numbers
    band = news2.band(numbers)
    grade = "unstable" if band == "high" else "watcher" if band != "low" or critical(reading) else "stable"
    if grade == "stable" and found.lacking:
        grade = "low"
    parts = [joined([name(r.name), valued(r)], " ") for r in found.values.values()]
    red = [name(found.values[each].name) for each, value in numbers.items() if news2.points(each, value) == 3]
    newest = max(found.values.values(), key=lambda result: result.at or reading.moment)
    line = reading.line().say(
        f"{grade}-least" if found.lacking else grade,
        n=Piece(str(news2.total(numbers))),
        band=Piece("" if band == "low" else reading.words.phrases[f"band-{band}"][reading.language]),
        x=joined(parts),
    )
    if red:
        line.say("red", x=joined([Piece(piece.text, piece.citations) for piece in red]))
    if newest.start is not None:
        line.add(minute(newest.start))
    if found.lacking:
        lacking = ", ".join(reading.words.phrases[f"news-{each}"][reading.language] for each in found.lacking)
        line.say("not-recorded", x=Piece(lacking))
    return line.add(hidden(*(r.unit for r in found.values.values()))).claim(key)
