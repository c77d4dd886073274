"""The diagnoses of a stay: its own first, the principal one before all, then every other that is active."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bogam.evidence.claim import Claim
from bogam.record.facts import Condition, Medication, Procedure
from bogam.skills.record_summary.sections import problems as all_problems
from bogam.skills.stay.course import Stay
from bogam.skills.stay.quotations import own_assessment
from bogam.skills.stay.said import quoted
from bogam.skills.stay.written import Course, Part
from bogam.skills.writing.compose import Piece, day, fill, hidden, joined, label, name
from bogam.skills.writing.importance import provisional, rank, weight
from bogam.skills.writing.reading import groups


def problems_of_stay(course: Course) -> list[Condition]:
    """Return the problems that began in the stay, are its reason, or that something was given or done for.

    The reason of the stay comes first, then what began in it, then what weighs most.
    """
    stay = course.stay
    if stay is None:
        return []
    reasons = {label(reason) for reason in stay.encounter.reasons}
    treated = {label(fact.reason) for fact in given_or_done(course, stay) if fact.reason is not None}
    found: dict[str, Condition] = {}
    for condition in course.reading.timeline.conditions:
        if condition.status == "refuted" or rank(condition.name.text) in ("noise", "social"):
            continue
        called = label(condition.name)
        if stay.has(condition) or called in reasons or called in treated:
            found.setdefault(called, condition)

    def order(item: tuple[str, Condition]) -> tuple[bool, bool, int]:
        called, condition = item
        why = any(reason in called or called in reason for reason in reasons)
        return not why, not stay.has(condition), -weight(condition, course.reading.age(condition))

    return [condition for _, condition in sorted(found.items(), key=order)]


def given_or_done(course: Course, stay: Stay) -> list[Medication | Procedure]:
    """Return the drugs ordered and the procedures done in the stay."""
    drugs = [m for m in course.reading.timeline.medications if m.kind != "administration" and stay.has(m)]
    return [*drugs, *(p for p in course.reading.timeline.procedures if p.status != "planned" and stay.has(p))]


def began(course: Course, problem: Condition, key: str) -> Claim:
    """Write a problem with when it began and when it resolved."""
    line = course.reading.line().add(_called(course, problem)).add(hidden(problem.status_field))
    if problem.start is not None:
        line.say("onset", x=day(problem.start))
    if problem.end is not None:
        line.say("resolved", x=day(problem.end))
    return line.claim(key)


def _called(course: Course, problem: Condition) -> Piece:
    shown = name(problem.name)
    if not provisional(problem):
        return shown
    unconfirmed = course.reading.words.phrases["not-confirmed"][course.reading.language]
    return fill(unconfirmed, {"x": joined([shown, hidden(problem.verification)])})


def diagnoses(course: Course) -> Iterator[Part]:
    """Every active problem, and those of the stay that resolved. What began after the stay is counted."""
    reading, stay = course.reading, course.stay
    whole = all_problems(reading)
    if stay is None:
        yield _under(whole.claims, whole.left_out)
        return
    known = tuple(c for c in reading.timeline.conditions if c.at is None or c.at <= stay.end or stay.has(c))
    said = tuple(m for m in reading.timeline.mentions if m.at is None or m.at <= stay.end or stay.has(m))
    then = all_problems(replace(reading, timeline=replace(reading.timeline, conditions=known, mentions=said)))
    own = problems_of_stay(course)
    place = {problem.origin.source: at for at, problem in enumerate(own)}
    resolved = [began(course, problem, "diagnoses") for problem in own if problem.status == "resolved"]
    told = sorted([*then.claims, *resolved], key=lambda c: min(place.get(x.source, len(own)) for x in c.citations))
    later = max(0, len(whole.claims) - len(then.claims))
    yield _under(tuple(told), then.left_out + later)


def _under(claims: tuple[Claim, ...], left_out: int) -> Part:
    return Part("diagnoses", tuple(replace(claim, section="diagnoses") for claim in claims), left_out)


def assessment(course: Course) -> Iterator[Part]:
    """The problems of the stay, the other active ones in one line, and the newest note's own assessment."""
    own = problems_of_stay(course)
    told = [began(course, problem, "assessment") for problem in own]
    named = {label(problem.name) for problem in own}
    active = [c for c in course.reading.timeline.conditions if c.status in ("active", "unknown")]
    others = [entries[0] for entries in groups(active) if label(entries[0].name) not in named]
    kept = [c for c in others if rank(c.name.text) not in ("noise", "social")]
    kept.sort(key=lambda c: -weight(c, course.reading.age(c)))
    if kept:
        names = joined([joined([_called(course, c), hidden(c.status_field)], "") for c in kept])
        told.append(course.reading.line().say("others-active", x=names).claim("assessment"))
    told += [quoted(course.reading, said, "assessment") for said in own_assessment(course)]
    noise = sum(rank(c.name.text) == "noise" for c in others)
    yield Part("assessment", tuple(told), noise)
