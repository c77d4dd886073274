"""Whether the patient is in hospital: what a document for the ward says first of one who is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bogam.skills.stay.missing import no_stay
from bogam.skills.stay.written import Course, Part
from bogam.skills.writing.compose import hidden, minute, name


def out(course: Course) -> Iterator[Part]:
    """That the patient is not in hospital, and when the last stay ended; nothing of one who is."""
    stay = course.stay
    if stay is None:
        yield Part("out", tuple(replace(claim, section="out", kind="statement") for claim in no_stay(course)))
        return
    if not stay.over:
        return
    line = course.reading.line()
    if stay.encounter.end is not None:
        line.say("last-stay", x=minute(stay.encounter.end))
    else:
        line.say("stay-over", x=hidden(stay.encounter.status_field, stay.encounter.kind))
    if stay.encounter.disposition is not None:
        line.say("discharged", x=name(stay.encounter.disposition))
    yield Part("out", (line.claim("out"),))
