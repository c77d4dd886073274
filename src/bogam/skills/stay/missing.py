"""What a document of a stay should have and the record does not give. Each rule says its reasoning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Medication
from bogam.skills.record_summary import missing as summary
from bogam.skills.stay import severity
from bogam.skills.stay.drugs import changes
from bogam.skills.stay.quotations import planned
from bogam.skills.stay.said import conditional, under
from bogam.skills.stay.sections import last_vitals
from bogam.skills.stay.written import Course, Rule
from bogam.skills.writing.compose import Piece, hidden, joined, minute, name
from bogam.skills.writing.dose import dosed
from bogam.skills.writing.orders import open_orders
from bogam.skills.writing.person import dead


def _absent(course: Course, phrase: str, kind: str, searched: str, **pieces: Piece) -> Claim:
    return course.reading.line().say(phrase, **pieces).claim("missing", f"missing.{kind}", searched)


def _notes(course: Course) -> str:
    """Say how much was searched for what only a note can have."""
    return _sought(course, "notes", len(course.said))


def _sought(course: Course, where: str, number: int = 0) -> str:
    """Say in the language of the draft what was searched."""
    return course.reading.words.phrases[f"sought-{where}"][course.reading.language].format(n=number)


def of_summary(*rules: Callable[..., Iterable[Claim]]) -> tuple[Rule, ...]:
    """Use rules of the record summary."""

    def made(rule: Callable[..., Iterable[Claim]]) -> Rule:
        return lambda course: rule(course.reading)

    return tuple(made(rule) for rule in rules)


def no_stay(course: Course) -> Iterator[Claim]:
    """Without an admission or an emergency visit there is nothing to write about but the record."""
    if course.stay is None:
        searched = _sought(course, "stay", len(course.reading.timeline.encounters))
        yield _absent(course, "miss-stay", "inpatient-encounter", searched)


def still_in(course: Course) -> Iterator[Claim]:
    """A discharge document of a patient who is still in hospital is a draft as of now."""
    stay = course.stay
    if stay is not None and not stay.over and course.reading.as_of is not None:
        basis = Piece(course.reading.as_of.isoformat())
        yield _absent(course, "miss-open", "discharge", "Encounter.period.end", x=basis)


def not_in(course: Course) -> Iterator[Claim]:
    """A hand-off or a transfer of a patient who is not in hospital tells a stay that is over."""
    stay = course.stay
    if stay is not None and stay.over and stay.encounter.end is not None:
        yield _absent(course, "miss-in", "stay-over", "Encounter.status: in-progress", x=minute(stay.encounter.end))


def _died(course: Course) -> bool:
    return dead(course.reading.timeline.person)


def no_follow_up(course: Course) -> Iterator[Claim]:
    """Neither an appointment ahead nor a note that plans one."""
    since = course.stay.end if course.stay is not None else course.reading.moment
    ahead = [o for o in open_orders(course.reading) if o.due_at is not None and o.due_at > since]
    if course.stay is not None and not _died(course) and not ahead and not any(map(under("follow-up"), course.said)):
        yield _absent(course, "miss-follow", "follow-up", f"Appointment, Task, ServiceRequest; {_notes(course)}")


def no_instructions(course: Course) -> Iterator[Claim]:
    """No note tells the patient what to do, and no care plan began."""
    stay = course.stay
    told = any(s.section in ("instructions", "patient-instructions", "education") for s in course.said)
    planned = stay is not None and any(stay.has(p) and p.activities for p in course.reading.timeline.care_plans)
    if stay is not None and not _died(course) and not told and not planned:
        yield _absent(course, "miss-instructions", "instructions", f"CarePlan; {_notes(course)}")


def no_course(course: Course) -> Iterator[Claim]:
    """A stay of which no note was written."""
    if course.stay is not None and not course.said:
        yield _absent(course, "miss-notes", "note", _sought(course, "written"))


def stop_reasons(course: Course) -> Iterator[Claim]:
    """A drug of before admission that was stopped, without a recorded reason."""
    if course.stay is None:
        return
    found = [c.now for c in changes(course.reading, course.stay) if c.change == "stopped" and c.now.stop_reason is None]
    yield from _each(course, "miss-stop-reason", "stop-reason", found, "MedicationRequest.statusReason")


def doses(course: Course) -> Iterator[Claim]:
    """A drug that goes on after the stay, without a recorded dose."""
    if course.stay is None:
        return
    going = [c.now for c in changes(course.reading, course.stay) if c.change in ("new", "changed", "continued")]
    found = [drug for drug in going if not dosed(drug.dosage)]
    yield from _each(course, "miss-dose", "dose", found, "MedicationRequest.dosageInstruction")


def _each(course: Course, phrase: str, kind: str, drugs: Sequence[Medication], searched: str) -> Iterator[Claim]:
    if drugs:
        named = joined([joined([name(drug.name), hidden(drug.status_field)], "") for drug in drugs], "; ")
        yield _absent(course, phrase, kind, f"{searched}: {len(drugs)}", x=named)


def no_condition(course: Course) -> Iterator[Claim]:
    """No vital signs at the end of the stay."""
    if course.stay is not None and not last_vitals(course, course.stay.end):
        yield _absent(course, "miss-condition", "condition", f"{_sought(course, 'vitals')}: 0")


def no_disposition(course: Course) -> Iterator[Claim]:
    """A stay that is over, without where the patient went."""
    if course.stay is not None and course.stay.over and course.stay.encounter.disposition is None:
        yield _absent(course, "miss-disposition", "disposition", "Encounter.hospitalization.dischargeDisposition")


def no_contingency(course: Course) -> Iterator[Claim]:
    """Nothing in the notes says what to do if something happens. None is made up."""
    if course.stay is not None and not _died(course) and not any(map(conditional, course.said)):
        yield _absent(course, "miss-contingency", "contingency", _notes(course))


def no_code_status(course: Course) -> Iterator[Claim]:
    """Whether to resuscitate is not recorded."""
    if course.reading.timeline.person.resuscitation is None:
        yield _absent(course, "miss-code", "resuscitation", "Observation 100822-6, 81351-9; Flag; Consent")


def no_score(course: Course) -> Iterator[Claim]:
    """Vital signs too few or too old for a NEWS2, or a patient whom it is not made for."""
    if _died(course):
        return
    if not severity.applies(course.reading):
        phrase = "miss-news-no-age" if severity.unfit(course.reading) == "no-age" else "miss-news-age"
        yield _absent(course, phrase, "severity", "Patient.birthDate, Condition")
        return
    found = severity.score(course.reading)
    if not found.made:
        lacking = ", ".join(
            course.reading.words.phrases[f"news-{each}"][course.reading.language] for each in found.lacking
        )
        yield _absent(course, "miss-news", "severity", _sought(course, "vitals"), x=Piece(lacking))


def no_plan(course: Course) -> Iterator[Claim]:
    """No note of the stay has a plan."""
    if course.stay is not None and not any(map(under("plan", "assessment-and-plan"), course.said)):
        yield _absent(course, "miss-plan", "plan", _notes(course))


def no_current_plan(course: Course) -> Iterator[Claim]:
    """A patient in hospital, and no note with a plan that still stands."""
    if course.stay is not None and not course.stay.over and not planned(course):
        yield _absent(course, "miss-plan", "plan", _notes(course))


def no_complaint(course: Course) -> Iterator[Claim]:
    """No note tells why the patient came."""
    if course.stay is not None and not any(map(under("chief-complaint", "history"), course.said)):
        yield _absent(course, "miss-complaint", "complaint", _notes(course))


def no_note_that_day(course: Course) -> Iterator[Claim]:
    """No note was written on the day of the progress note."""
    day = course.reading.as_of
    if day is not None and not any(
        s.note.start is not None and minute(s.note.start).text[:10] == f"{day}" for s in course.said
    ):
        yield _absent(course, "miss-day", "note", f"{_notes(course)}, {day}: 0")


BASICS: Final = of_summary(summary.allergy_list, summary.identity)
"""Whose record it is, and whether anything is recorded of allergies."""
OPEN: Final = of_summary(summary.results_due, summary.follow_up, summary.unread_notes, summary.later_entries)
"""What is open in the record whatever the document."""
