"""The parts of a hand-off. I-PASS and SBAR are two orders of the same content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bogam.evidence.claim import Claim
from bogam.skills.handoff.schema import Request
from bogam.skills.record_summary.sections import allergies, medications, pending, problems
from bogam.skills.stay import sections
from bogam.skills.stay.lately import happened
from bogam.skills.stay.request import StayRequest
from bogam.skills.stay.said import Said, conditional, newest, quoted, under
from bogam.skills.stay.severity import critical, graded
from bogam.skills.stay.written import Course, Part
from bogam.skills.writing.compose import hidden, name
from bogam.skills.writing.values import measurement, series

_PROBLEMS: Final = 6
_ABNORMAL: Final = 8
_DRUGS: Final = 20
_HISTORY: Final = 3
_RECENT: Final = 2.0
"""Days within which an abnormal result is worth a line."""


Told = Callable[[Course], Iterable[Claim]]


def part(key: str, *made: Told) -> Callable[[Course], Iterable[Part]]:
    """Make one part of several lists of sentences, each sentence once."""

    def section(course: Course) -> Iterator[Part]:
        told = dict.fromkeys(replace(claim, section=key) for each in made for claim in each(course))
        yield Part(key, tuple(told))

    return section


def who(course: Course) -> Iterable[Claim]:
    """Age and sex, record number, and how the patient came here."""
    status = course.reading.timeline.person.resuscitation
    known = [claim for made in sections.person(course) for claim in made.claims]
    yield from (claim for claim in known if status is None or status.cite() not in claim.citations)
    told = [claim for made in sections.admission(course) for claim in made.claims]
    yield from told if _whole(course.request) else told[:_HISTORY]


def background(course: Course) -> Iterable[Claim]:
    """Problems in order of importance, allergies, running drugs, procedures and reports of the stay."""
    yield from problems(course.reading).claims[:_PROBLEMS]
    yield from allergies(course.reading).claims
    yield from medications(course.reading).claims[:_DRUGS]
    yield from (claim for made in sections.procedures(course) for claim in made.claims)
    yield from (claim for made in sections.reports(course) for claim in made.claims)


def findings(course: Course) -> Iterable[Claim]:
    """The latest vital signs, and abnormal results of the last days that the severity has not told."""
    yield from sections.last_vitals(course, course.reading.moment)
    told = {id(points[0]) for points in critical(course.reading)}
    for points in [
        points
        for points in series(course.reading, "lab")
        if points[0].flag not in (None, "normal")
        and id(points[0]) not in told
        and (course.reading.age(points[0]) or 0) <= _RECENT
    ][:_ABNORMAL]:
        yield measurement(course.reading, points, "now")


def own_assessment(course: Course) -> Iterable[Claim]:
    """What the newest note with an assessment assesses."""
    return (c for made in sections.from_notes("now", "assessment", "assessment-and-plan")(course) for c in made.claims)


def todo(course: Course) -> Iterable[Claim]:
    """What is ordered and open, overdue first; then what the newest note plans, and others of the last hours."""
    yield from pending(course.reading).claims
    planned = newest(course.said, under("plan", "assessment-and-plan"))
    for said in planned:
        if not conditional(said) and (said.note is planned[0].note or _recent(course, said)):
            yield quoted(course.reading, said, "actions")


def _recent(course: Course, said: Said) -> bool:
    """Say whether a line was written in the hours asked for."""
    request, at = course.request, said.note.at
    hours = request.since if isinstance(request, Request) else 24
    return at is not None and course.reading.moment - at <= timedelta(hours=hours)


def changed(course: Course) -> Iterable[Claim]:
    """What was started, stopped and done in the hours asked for, or since the patient came to the emergency room."""
    request, moment = course.request, course.reading.moment
    since = moment - timedelta(hours=request.since if isinstance(request, Request) else 24)
    if course.stay is not None and _whole(request):
        since = min(since, course.stay.begin)
    return happened(course, since, moment, "changes")


def _whole(request: StayRequest) -> bool:
    return isinstance(request, Request) and request.setting == "ed-to-ward"


def flags(course: Course) -> Iterable[Claim]:
    """Active warnings: falls, isolation, and the like."""
    for flag in course.reading.timeline.flags:
        if flag.status == "active":
            yield course.reading.line().add(name(flag.name)).add(hidden(flag.status_field)).claim("awareness")


def nursing(course: Course) -> Iterable[Claim]:
    """What nurses wrote in the hours asked for, or last."""
    found = newest(course.said, under("nursing"))
    return [
        quoted(course.reading, said, "awareness")
        for said in found
        if not conditional(said) and (said.note is found[0].note or _recent(course, said))
    ]


def if_then(course: Course) -> Iterable[Claim]:
    """What the notes say to do when something happens."""
    return (claim for made in sections.contingency(course) for claim in made.claims)


def receiver(course: Course) -> Iterable[Part]:
    """An empty place for what the receiver reads back."""
    return [Part("synthesis", (), place=True)]


IPASS: Final = (
    graded,
    part("summary", who, background),
    part("now", findings),
    part("changes", changed),
    part("actions", todo),
    part("awareness", flags, if_then, nursing),
    receiver,
)
SBAR: Final = (
    graded,
    part("situation", who),
    part("background", background),
    part("assessment", findings, changed, own_assessment),
    part("recommendation", todo, flags, if_then, nursing),
    receiver,
)
