"""What happened between two moments: drugs started and ended, procedures done."""

from __future__ import annotations

from datetime import datetime

from bogam.evidence.claim import Claim
from bogam.record.facts import Medication, Procedure
from bogam.skills.stay.written import Course
from bogam.skills.writing.compose import Line, hidden, joined, minute, name, plain
from bogam.skills.writing.dose import dose


def happened(course: Course, since: datetime, until: datetime, section: str) -> list[Claim]:
    """Write what was started, stopped and done after ``since`` and up to ``until``, in order."""

    def between(at: datetime | None) -> bool:
        return at is not None and since <= at <= until

    found: list[tuple[datetime, Claim]] = []
    for drug in course.reading.timeline.medications:
        if drug.kind != "request" or drug.status == "unknown":
            continue
        if drug.at is not None and between(drug.at):
            found.append((drug.at, _begun(course, drug, section)))
        if drug.end_at is not None and between(drug.end_at):
            found.append((drug.end_at, _ended(course, drug, section)))
    for done in course.reading.timeline.procedures:
        if done.status != "planned" and done.at is not None and between(done.at):
            found.append((done.at, _done(course, done, section)))
    return [claim for _, claim in sorted(found, key=lambda item: item[0])]


def _dated(course: Course, fact: Medication | Procedure) -> Line:
    line = course.reading.line()
    return line.add(minute(fact.start)) if fact.start is not None else line


def _begun(course: Course, drug: Medication, section: str) -> Claim:
    shown = [piece for piece in (name(drug.name), dose(drug.dosage, course.reading.language)) if piece is not None]
    return _dated(course, drug).say("newly", x=joined(shown)).add(hidden(drug.status_field)).claim(section)


def _ended(course: Course, drug: Medication, section: str) -> Claim:
    line = course.reading.line()
    if drug.end is not None:
        line.add(minute(drug.end))
    line.say("ended" if drug.status in ("stopped", "completed") else "ends", x=name(drug.name))
    if drug.stop_reason is not None:
        line.say("because", x=plain(drug.stop_reason))
    return line.add(hidden(drug.status_field)).claim(section)


def _done(course: Course, done: Procedure, section: str) -> Claim:
    line = _dated(course, done).add(name(done.name))
    if done.status in ("not-done", "in-progress"):
        line.say(done.status, x=hidden(done.status_field))
    return line.claim(section)
