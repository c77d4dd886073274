"""What a physician expects in a chart and does not find. Each rule is a function that says its reasoning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Fact, Medication, Order, Result
from bogam.skills.writing.compose import Piece, day, hidden, joined, label, name, number
from bogam.skills.writing.dose import dosed
from bogam.skills.writing.drugs import current
from bogam.skills.writing.importance import laboratory, rank
from bogam.skills.writing.orders import open_orders, open_reports, overdue
from bogam.skills.writing.person import age
from bogam.skills.writing.reading import Reading, days_between, setting

_WEIGHTS: Final = frozenset({"29463-7", "3141-9", "8335-2", "3142-7", "8339-4", "8341-0"})
"""LOINC codes of body weight; 8339-4 is birth weight."""


def missing(reading: Reading) -> tuple[Claim, ...]:
    """Run every rule, the most dangerous gap first."""
    return tuple(claim for rule in RULES for claim in rule(reading))


def _absent(reading: Reading, phrase: str, kind: str, looked_for: str, found: int = 0) -> Claim:
    """Return a pure absence: it cites nothing and says what was searched."""
    searched = f"{looked_for}: {found} of {reading.timeline.resources} resources"
    return reading.line().say(phrase).claim("missing", kind, searched)


def _each(reading: Reading, phrase: str, kind: str, pieces: Sequence[Piece]) -> Iterator[Claim]:
    """Return one claim on every entry with the same gap. It cites all, names the first `_NAMED`, and tells how many."""
    if pieces:
        rest = joined(pieces[_NAMED:], "; ")
        named = [*pieces[:_NAMED], *([Piece("…", rest.citations)] if rest.text else [])]
        searched = f"{_LOOKED[kind]}: {len(pieces)}"
        yield reading.line().say(phrase, x=joined(named, "; ")).claim("missing", kind, searched)


_NAMED: Final = 8


_LOOKED: Final = {
    "missing.medication-reason": "MedicationRequest.reasonCode, reasonReference",
    "missing.dose": "MedicationRequest.dosageInstruction",
    "missing.unit": "Observation.valueQuantity.unit, code",
    "missing.reference-range": "Observation.referenceRange, interpretation",
    "missing.result-pending": "DiagnosticReport.basedOn, Observation.basedOn",
    "missing.follow-up-overdue": "Encounter, Appointment, Observation, DiagnosticReport",
    "missing.note-text": "DocumentReference.content.attachment",
}


def identity(reading: Reading) -> Iterator[Claim]:
    """Birth date, gender and name decide doses, ranges and whose record this is."""
    who = reading.timeline.person
    if who.birth_date is None:
        yield _absent(reading, "miss-birth-date", "missing.birth-date", "Patient.birthDate")
    if who.gender is None or who.gender.text == "unknown":
        yield _absent(reading, "miss-gender", "missing.gender", "Patient.gender")
    if who.name is None:
        yield _absent(reading, "miss-name", "missing.name", "Patient.name")


def allergy_list(reading: Reading) -> Iterator[Claim]:
    """No allergy entry at all, not even "none known"."""
    if not reading.timeline.allergies:
        yield _absent(reading, "miss-allergies", "missing.allergies", "AllergyIntolerance")


def drug_list(reading: Reading) -> Iterator[Claim]:
    """No medication entry of any status: the patient may still take something."""
    if not reading.timeline.medications:
        looked = "MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense"
        yield _absent(reading, "miss-medications", "missing.medications", looked)


def problem_list(reading: Reading) -> Iterator[Claim]:
    """No clinical problem. Entries on employment or education are none."""
    clinical = [c for c in reading.timeline.conditions if rank(c.name.text) != "noise"]
    if not clinical:
        yield _absent(reading, "miss-problems", "missing.problems", "Condition", len(reading.timeline.conditions))


def vital_signs(reading: Reading) -> Iterator[Claim]:
    """No vital signs; or, in hospital for more than a day, none in the last 24 hours."""
    vital = next((r for r in reading.timeline.results if r.category == "vital" and r.value is not None), None)
    if vital is None:
        yield _absent(reading, "miss-vitals", "missing.vitals", "Observation (vital-signs)")
        return
    stay = reading.stay
    if stay is None or setting(stay) not in ("inpatient", "emergency") or vital.start is None:
        return
    since, stayed = days_between(vital.at, reading.moment), days_between(stay.at, reading.moment)
    if since is not None and since > 1 and (stayed is None or stayed > 1):
        searched = f"Observation (vital-signs): the newest of {vital.start.text[:16]}"
        yield reading.line().say("miss-vitals-day").claim("missing", "missing.vitals", searched)


def body_weight(reading: Reading) -> Iterator[Claim]:
    """No weight on record, or in a child none for half a year: doses depend on it."""
    weighed = [
        r for r in reading.timeline.results if any(c.code.text in _WEIGHTS for c in r.codes) and r.value is not None
    ]
    if not weighed:
        yield _absent(reading, "miss-weight", "missing.weight", "Observation 29463-7 (body weight)")
        return
    birth = reading.timeline.person.birth_date
    aged = age(birth.text, reading.as_of) if birth is not None else None
    newest = weighed[0]
    since = reading.age(newest)
    child = aged is not None and (aged[0] != "years" or aged[1] < 18)
    if child and since is not None and since > 180 and not _died(reading) and newest.start is not None:
        searched = f"Observation 29463-7 (body weight): the newest of {newest.start.text[:10]}"
        yield reading.line().say("miss-weight-child").claim("missing", "missing.weight", searched)


def _died(reading: Reading) -> bool:
    deceased = reading.timeline.person.deceased
    return deceased is not None and deceased.text != "false"


def drug_doses(reading: Reading) -> Iterator[Claim]:
    """Current drugs without a dose. The strength in a name is not how much is taken."""
    drugs = [entries for entries in current(reading) if not any(dosed(entry.dosage) for entry in entries)]
    yield from _each(reading, "miss-dose", "missing.dose", [_drug(entries[0]) for entries in drugs])


def drug_reasons(reading: Reading) -> Iterator[Claim]:
    """Current drugs for which the record links no reason."""
    drugs = [entries for entries in current(reading) if all(entry.reason is None for entry in entries)]
    yield from _each(reading, "miss-reason", "missing.medication-reason", [_drug(entries[0]) for entries in drugs])


def _drug(drug: Medication) -> Piece:
    return joined([name(drug.name), hidden(drug.status_field)], "")


_UNITLESS: Final = re.compile(
    r"\bph\b|inr|ratio|score|index|scale|specific gravity|비중|점수|지수|apgar|t-score|gcs|coma|count of|\bage\b",
    re.IGNORECASE,
)


def units(reading: Reading) -> Iterator[Claim]:
    """Numbers without a unit, where the quantity has one. A later entry with unit does not heal an earlier one."""
    bare: dict[str, Result] = {}
    for result in reading.timeline.results:
        if result.number is None or result.unit is not None or result.category == "other":
            continue
        if result.status != "cancelled" and not _UNITLESS.search(result.name.text):
            bare.setdefault(result.origin.source + label(result.name), result)
    pieces = [_valued(result) for result in bare.values()]
    yield from _each(reading, "miss-unit", "missing.unit", pieces)


def _valued(result: Result) -> Piece:
    assert result.value is not None
    parts = [joined([name(result.name), number(result.value)], " ")]
    return joined([*parts, *([day(result.start)] if result.start else [])], ", ")


def ranges(reading: Reading) -> Iterator[Claim]:
    """Recent laboratory values with neither range nor interpretation: nobody has judged them."""
    newest: dict[str, Result] = {}
    for result in reading.timeline.results:
        if result.category == "lab" and result.number is not None and result.status != "cancelled":
            newest.setdefault(result.key, result)
    bare = [
        r
        for r in newest.values()
        if r.flag is None
        and r.low is None
        and r.high is None
        and r.range_text is None
        and (reading.age(r) or 9e9) <= 365
    ]
    bare.sort(key=lambda result: -laboratory(result.name.text))
    unique = {label(result.name): result for result in bare}
    yield from _each(reading, "miss-range", "missing.reference-range", [name(r.name) for r in unique.values()])


_FOLLOW_UP: Final = re.compile(
    r"follow|appointment|visit|review|clinic|recheck|외래|재진|추적|예약|방문|진료", re.IGNORECASE
)


def results_due(reading: Reading) -> Iterator[Claim]:
    """Orders that nothing answers, and reports that are not final. What had a later day set is told by `follow_up`."""
    if _died(reading):
        return
    orders = [o for o in open_orders(reading) if not _is_follow_up(o) and not _in_future(reading, o)]
    yield from _each(reading, "miss-result", "missing.result-pending", [_asked(order) for order in orders])
    reports = [joined([name(r.name), hidden(r.status_field), _on(r)]) for r in open_reports(reading)]
    yield from _each(reading, "miss-report", "missing.result-pending", reports)


def follow_up(reading: Reading) -> Iterator[Claim]:
    """Visits, appointments, tasks and studies whose day has passed and that nothing answers."""
    if _died(reading):
        return
    late = [o for o in open_orders(reading) if _is_follow_up(o) and overdue(reading, o)]
    yield from _each(reading, "miss-follow-up", "missing.follow-up-overdue", [_asked(order) for order in late])


def _is_follow_up(order: Order) -> bool:
    """Say whether an order is for a later day: a visit, a task, or a study more than a week after its order."""
    kind = order.origin.source.partition("/")[0]
    ahead = days_between(order.at, order.due_at)
    return (
        kind in ("Appointment", "Task")
        or (ahead is not None and ahead > 7)
        or _FOLLOW_UP.search(order.name.text) is not None
    )


def _in_future(reading: Reading, order: Order) -> bool:
    return order.due_at is not None and order.due_at > reading.moment


def _asked(order: Order) -> Piece:
    when = order.due or order.start
    return joined([name(order.name), hidden(order.status_field), *([day(when)] if when is not None else [])])


def _on(fact: Fact) -> Piece:
    return day(fact.start) if fact.start is not None else Piece("")


def unread_notes(reading: Reading) -> Iterator[Claim]:
    """Notes whose text could not be read."""
    unread = [joined([name(n.name), _on(n)]) for n in reading.timeline.notes if n.unread is not None and not n.parts]
    yield from _each(reading, "miss-text", "missing.note-text", unread)


def notes_not_read(reading: Reading) -> Iterator[Claim]:
    """Notes of a very long chart from which no facts were read."""
    if reading.timeline.notes_not_read:
        looked = "DocumentReference, oldest notes not read"
        yield _absent(reading, "miss-notes", "missing.notes-not-read", looked, reading.timeline.notes_not_read)


def later_entries(reading: Reading) -> Iterator[Claim]:
    """What the chosen day leaves out."""
    if reading.later:
        yield _absent(reading, "miss-later", "missing.later-entries", "all types, dated later", reading.later)


RULES: Final[tuple[Callable[[Reading], Iterable[Claim]], ...]] = (
    allergy_list,
    identity,
    drug_list,
    problem_list,
    drug_doses,
    vital_signs,
    body_weight,
    results_due,
    follow_up,
    drug_reasons,
    units,
    ranges,
    unread_notes,
    notes_not_read,
    later_entries,
)
