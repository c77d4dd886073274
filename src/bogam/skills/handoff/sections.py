"""The parts of a hand-off. I-PASS and SBAR are two orders of the same content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Result
from bogam.skills.handoff.schema import Request
from bogam.skills.record_summary.sections import allergies as all_allergies
from bogam.skills.record_summary.sections import medications, pending, problems
from bogam.skills.stay import quotations, sections
from bogam.skills.stay.lately import happened
from bogam.skills.stay.request import StayRequest
from bogam.skills.stay.said import Said, conditional, quoted
from bogam.skills.stay.severity import applies, critical, graded, score
from bogam.skills.stay.whereabouts import out
from bogam.skills.stay.written import Course, Part, Section
from bogam.skills.writing.compose import hidden, name
from bogam.skills.writing.values import measurement, series

_PROBLEMS: Final = 6
_ABNORMAL: Final = 6
_DRUGS: Final = 15
_NURSING: Final = 5
_RECENT: Final = timedelta(days=2)
"""How long an abnormal result is worth a line."""


def part(key: str, *made: Section) -> Section:
    """Make one part of several."""

    def section(course: Course) -> Iterator[Part]:
        parts = [part for each in made for part in each(course)]
        told = dict.fromkeys(replace(claim, section=key) for part in parts for claim in part.claims)
        yield Part(key, tuple(told), sum(part.left_out for part in parts))

    return section


def plain(told: Callable[[Course], Iterable[Claim]], most: int | None = None) -> Section:
    """Make a part of sentences; those beyond ``most`` are counted."""

    def section(course: Course) -> Iterator[Part]:
        yield _first(Part("", tuple(told(course))), most)

    return section


def _first(part: Part, most: int | None) -> Part:
    kept = part.claims[:most]
    return replace(part, claims=kept, left_out=part.left_out + len(part.claims) - len(kept))


def who(course: Course) -> Iterable[Claim]:
    """Age and sex, or death; how and why the patient came. The record number stands in the heading."""
    numbers = {value.cite() for _, value in course.reading.timeline.person.identifiers}
    for made in sections.identity(course):
        yield from (claim for claim in made.claims if not numbers & set(claim.citations))
    told = [claim for made in sections.admission(course) for claim in made.claims]
    history = [quoted(course.reading, said, "admission") for said in quotations.first_history(course)]
    yield from told if _whole(course.request) else [*told[:1], *history[-1:]]


def allergies(course: Course) -> Iterable[Part]:
    """Allergies have a place of their own, which says so where nothing is recorded."""
    found = all_allergies(course.reading)
    words, language = course.reading.words, course.reading.language
    title = words.sections["allergies"][language]
    if not found.claims:
        title += words.phrases["allergies-unknown"][language]
    yield replace(found, title=title, place=True)


def findings(course: Course) -> Iterable[Part]:
    """Vital signs that are abnormal or that the severity does not tell, and abnormal results of the last days."""
    reading = course.reading
    scored = score(reading)
    told = {id(result) for result in scored.values.values()} if applies(reading) and scored.made else set[int]()
    told |= {id(points[0]) for points in critical(reading)}
    flagged = ("low", "high", "abnormal", "critical-low", "critical-high")
    cited = {result.origin.source for result in scored.values.values()} if told else set[str]()
    vitals = sections.last_vitals(course, reading.moment)
    abnormal = {r.origin.source for r in reading.timeline.results if r.flag in flagged}
    signs = [c for c in vitals if not (sources := {each.source for each in c.citations}) & cited or sources & abnormal]
    recent = [points for points in series(reading, "lab") if _since(points[0], reading.moment - _RECENT)]
    wrong = [points for points in recent if points[0].flag in flagged and id(points[0]) not in told]
    wrong.sort(key=sections.by_importance)
    labs = tuple(measurement(reading, points, "now") for points in wrong[:_ABNORMAL])
    yield Part("now", (*signs, *labs), len(vitals) - len(signs) + len(recent) - len(labs))


def _since(result: Result, moment: datetime) -> bool:
    return result.at is not None and result.at >= moment and result.value is not None


def own_assessment(course: Course) -> Iterable[Claim]:
    """What the newest note with an assessment says beyond naming the problems."""
    return (quoted(course.reading, said, "now") for said in quotations.own_assessment(course))


def todo(course: Course) -> Iterable[Claim]:
    """What is ordered and open, overdue first; then what the newest note plans, and others of the last hours."""
    yield from pending(course.reading).claims
    found = quotations.planned(course)
    for said in found:
        if not conditional(said) and (said.note is found[0].note or _recent(course, said)):
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
    request = course.request
    return quotations.nursing(course, request.since if isinstance(request, Request) else 24, "awareness")


def if_then(course: Course) -> Iterable[Claim]:
    """What the notes say to do when something happens."""
    return (claim for made in quotations.contingency(course) for claim in made.claims)


def receiver(course: Course) -> Iterable[Part]:
    """An empty place for what the receiver reads back."""
    return [Part("synthesis", (), place=True)]


def _problems(course: Course) -> Iterable[Part]:
    yield _first(problems(course.reading), _PROBLEMS)


def _drugs(course: Course) -> Iterable[Part]:
    yield _first(medications(course.reading), _DRUGS)


_AWARE: Final = (plain(flags), plain(if_then), plain(nursing, _NURSING))
_DONE: Final = part("done", sections.procedures, sections.reports)
IPASS: Final = (
    out,
    graded,
    allergies,
    part("summary", plain(who), _problems),
    part("medications", _drugs),
    _DONE,
    part("now", findings),
    part("changes", plain(changed)),
    part("actions", plain(todo)),
    part("awareness", *_AWARE),
    receiver,
)
SBAR: Final = (
    out,
    graded,
    part("situation", plain(who)),
    allergies,
    part("background", _problems),
    part("medications", _drugs),
    _DONE,
    part("assessment", findings, plain(changed), plain(own_assessment)),
    part("recommendation", plain(todo), *_AWARE),
    receiver,
)
