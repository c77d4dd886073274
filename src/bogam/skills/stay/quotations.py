"""The sections that are quotations of the stay's notes: history, course, assessment, plan, nursing, what to do if."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Final

from bogam.evidence.claim import Claim
from bogam.skills.stay.said import Said, conditional, done, emergency, newest, quoted, under
from bogam.skills.stay.written import Course, Part
from bogam.skills.writing.compose import label
from bogam.skills.writing.person import dead
from bogam.skills.writing.reading import setting

_HISTORY: Final = under("chief-complaint", "history", "history-of-present-illness")
COURSE: Final = under("hospital-course", "course", "brief-course", "summary")


def first_history(course: Course) -> list[Said]:
    """Return complaint and history as the oldest note that has one tells them.

    The complaint is left out where it repeats the recorded reason of the stay and a history follows.
    """
    first = next((said.note for said in reversed(course.said) if _HISTORY(said)), None)
    found = newest((said for said in course.said if said.note is first), _HISTORY)[:6]
    stay = course.stay
    visits = [one for one in (stay.encounter, stay.arrival) if one is not None] if stay is not None else []
    reasons = [label(reason) for visit in visits for reason in visit.reasons]
    fuller = [s for s in found if not (s.section == "chief-complaint" and any(r in label(s.line) for r in reasons))]
    return fuller or found


def hospital_course(course: Course) -> Iterator[Part]:
    """What the notes themselves tell of the course, oldest first."""
    found = [said for said in newest(course.said, COURSE) if len(said.line.text) > 12]
    yield course.reading.cut("told", list(reversed(found)), lambda said: quoted(course.reading, said, "told"))


def contingency(course: Course, key: str = "contingency") -> Iterator[Part]:
    """Lines of the notes that say what to do when something happens; newest first."""
    yield Part(key, tuple(quoted(course.reading, said, key) for said in newest(course.said, conditional)))


def planned(course: Course) -> list[Said]:
    """Return the lines of plans that may still stand, newest note first: of a patient in hospital only.

    The plan of an emergency note ends when another note follows, nurses' notes and reports aside. What is told as done
    is no plan.
    """
    stay = course.stay
    if stay is None or stay.over or dead(course.reading.timeline.person):
        return []
    reports = "DiagnosticReport/"
    latest = next(
        (
            said.note
            for said in course.said
            if said.section not in ("nursing", "vitals") and not said.note.origin.source.startswith(reports)
        ),
        None,
    )
    admitted = setting(stay.encounter) == "inpatient"
    return [
        said
        for said in newest(course.said, under("plan", "assessment-and-plan"))
        if not done(said) and not (admitted and emergency(said.note) and said.note is not latest)
    ]


def plan(course: Course) -> Iterator[Part]:
    """What the newest note with a plan plans."""
    found = planned(course)
    yield Part("plan", tuple(quoted(course.reading, said, "plan") for said in found if said.note is found[0].note))


def own_assessment(course: Course) -> list[Said]:
    """Return what the newest note with an assessment says beyond naming recorded problems."""
    return beyond_names(course, _newest_note(course, "assessment", "impression", "assessment-and-plan"))


def beyond_names(course: Course, found: Iterable[Said]) -> list[Said]:
    """Leave out lines that are no more than the name of a recorded problem."""
    known = {label(problem.name) for problem in course.reading.timeline.conditions}
    return [said for said in found if label(said.line) not in known]


def nursing(course: Course, hours: float, key: str = "nursing") -> list[Claim]:
    """Quote what nurses wrote in the last hours, or last, but for what allergies, drugs and conflicts already tell."""
    since = course.reading.moment - timedelta(hours=hours)
    found = [s for s in newest(course.said, under("nursing")) if not course.told(s) and not conditional(s)]
    return [
        quoted(course.reading, said, key)
        for said in found
        if said.note is found[0].note or (said.note.at is not None and said.note.at >= since)
    ]


def from_notes(key: str, *sections: str, first: bool = False) -> Callable[[Course], Iterable[Part]]:
    """Make a section of what one note says under some headings: the newest that has them, or the first."""

    def made(course: Course) -> Iterator[Part]:
        told = beyond_names(course, _newest_note(course, *sections, first=first))
        yield course.reading.cut(key, told, lambda said: quoted(course.reading, said, key))

    return made


def _newest_note(course: Course, *sections: str, first: bool = False) -> list[Said]:
    found = [said for said in course.said if said.section in sections]
    wanted = found[-1].note if first and found else found[0].note if found else None
    return [said for said in found if said.note is wanted]
