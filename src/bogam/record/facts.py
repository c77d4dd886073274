"""The typed facts of a patient's timeline. Every value is a `Field`, so every value can be cited.

Status words are normalised per kind (given at each class); the field the status came from is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from msgspec import Struct

from bogam.record.citation import Field, Origin


class Coding(Struct, frozen=True, gc=False):
    """A FHIR Coding: system URI, code and where the code stands; display where given."""

    system: str
    code: Field
    display: Field | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What all facts share.

    ``name`` is what it is, in the record's words (CodeableConcept.text, else a display, else a code).
    ``start`` is when it began, was taken, was given or was written; ``at`` is the same as an aware datetime for
    sorting and arithmetic (a partial date is its first moment, a missing zone is UTC), None when not recorded.
    ``status_field`` is the element that ``status`` was normalised from.
    """

    origin: Origin
    name: Field
    codes: tuple[Coding, ...] = ()
    status: str = "unknown"
    status_field: Field | None = None
    start: Field | None = None
    at: datetime | None = None
    end: Field | None = None
    end_at: datetime | None = None
    encounter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The Patient resource. ``name`` may be None: a patient can be unknown.

    ``name`` is one leaf (HumanName.text, else the family name); ``display`` is the whole name as the person's language
    writes it, put together from ``name_parts``. ``resuscitation`` stands in the Observation, Flag or Consent that says
    it.
    """

    origin: Origin
    id: str
    name: Field | None
    birth_date: Field | None = None
    gender: Field | None = None
    deceased: Field | None = None
    deceased_at: datetime | None = None
    identifiers: tuple[tuple[str, Field], ...] = ()
    """(label, value): the label is the identifier's type code (MR, SS, DL, PPN …) or its system."""
    phone: Field | None = None
    address: Field | None = None
    language: Field | None = None
    marital_status: Field | None = None
    resuscitation: Field | None = None
    name_parts: tuple[Field, ...] = ()
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Fact):
    """status: active | resolved | refuted | unknown. ``end`` is the abatement.

    inactive and remission count as resolved (``status_field`` has the exact word). Without a clinical status: resolved
    when an abatement is recorded, active when it is on the problem list, else unknown.
    """

    verification: Field | None = None
    severity: Field | None = None
    category: str | None = None
    """problem-list-item, encounter-diagnosis, health-concern …"""
    note: Field | None = None
    body_site: Field | None = None


@dataclass(frozen=True, slots=True)
class Dosage:
    """The first dosage instruction. Either ``text`` or the structured parts, or both.

    ``value_to`` is the upper limit of a dose range, ``timing`` a schedule in words or code (BID). ``as_needed`` is set
    only when the dose is as needed.
    """

    text: Field | None = None
    value: Field | None = None
    unit: Field | None = None
    route: Field | None = None
    frequency: Field | None = None
    period: Field | None = None
    period_unit: Field | None = None
    as_needed: Field | None = None
    value_to: Field | None = None
    timing: Field | None = None
    rate: Field | None = None
    rate_unit: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication(Fact):
    """status: current | stopped | completed | planned | on-hold | unknown.

    From MedicationRequest, MedicationStatement, MedicationAdministration and MedicationDispense. ``reason`` may stand
    in the linked Condition (its origin says so).

    An active entry whose period of use ended before the record's latest entry is completed, though its ``status_field``
    still says active; where only the quantity dispensed tells the end, as much time again is allowed for a late refill.
    ``do_not_perform`` marks an order not to give it (status stopped).
    """

    dosage: Dosage | None = None
    reason: Field | None = None
    stop_reason: Field | None = None
    kind: Literal["request", "statement", "administration", "dispense"] = "request"
    do_not_perform: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Fact):
    """status: active | inactive | resolved | refuted | unknown. ``none_known`` marks "no known allergy" entries.

    Without a clinical status it is active: leaving out an allergy is the dangerous error.
    """

    criticality: Field | None = None
    category: str | None = None
    reactions: tuple[Field, ...] = ()
    verification: Field | None = None
    none_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Fact):
    """An Observation, or one component of one. status: final | preliminary | amended | cancelled | unknown.

    ``number`` is the value as float for computing; ``value`` is what is shown and cited. ``flag`` is the recorded
    interpretation, else computed from the recorded reference range (``flag_from`` says which). ``key`` is equal for
    values that make one series (same code and unit). ``upper`` is the upper limit of a Range (``value`` the lower),
    ``denominator`` that of a Ratio (``value`` the numerator). ``low_number`` and ``high_number`` are the range as
    floats, read from ``range_text`` where the limits have no fields of their own.
    """

    category: Literal["lab", "vital", "other"] = "other"
    value: Field | None = None
    number: float | None = None
    comparator: Field | None = None
    unit: Field | None = None
    low: Field | None = None
    high: Field | None = None
    range_text: Field | None = None
    flag: Literal["critical-low", "low", "normal", "high", "critical-high", "abnormal"] | None = None
    flag_from: Literal["interpretation", "range"] | None = None
    flag_field: Field | None = None
    key: str = ""
    absent_reason: Field | None = None
    upper: Field | None = None
    denominator: Field | None = None
    low_number: float | None = None
    high_number: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter(Fact):
    """status: planned | in-progress | finished | cancelled | unknown."""

    kind: Field | None = None
    """Encounter.class, e.g. AMB, EMER, IMP."""
    reasons: tuple[Field, ...] = ()
    location: Field | None = None
    disposition: Field | None = None
    attending: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Fact):
    """status: completed | in-progress | planned | not-done | stopped | unknown."""

    body_site: Field | None = None
    reason: Field | None = None
    outcome: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Immunization(Fact):
    """status: completed | not-done | unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Fact):
    """Device and DeviceUseStatement. status: active | inactive | unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlan(Fact):
    """CarePlan and Goal. status: active | on-hold | completed | revoked | planned | unknown.

    ``activities``: what is planned, in order.
    """

    activities: tuple[Field, ...] = ()
    kind: Literal["plan", "goal"] = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Fact):
    """Something asked for: ServiceRequest, Appointment, Task, NutritionOrder, DeviceRequest.

    status: pending | done | cancelled | unknown. ``due`` is when it is to happen. ``answered`` is True when a result, a
    report, a procedure or a visit in the record is based on it.
    """

    due: Field | None = None
    due_at: datetime | None = None
    answered: bool = False
    reason: Field | None = None
    priority: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Fact):
    """DiagnosticReport and ImagingStudy. status: final | preliminary | pending | cancelled | unknown."""

    conclusion: Field | None = None
    category: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Fact):
    """A DocumentReference, DiagnosticReport.presentedForm or Composition with text. ``parts``: text, in order (PDF: a
    page each). status: current | superseded | preliminary | entered-in-error | unknown. ``unread``: why an attachment
    has no text (an external URL, a damaged PDF), in one sentence.
    """

    parts: tuple[Field, ...] = ()
    author: Field | None = None
    unread: str | None = None


Assertion = Literal["present", "absent", "possible", "historical", "hypothetical", "other"]
"""How a note means what it mentions: the patient has it, has it not, may have it, had it, might get it, or it is
someone else's (i2b2/VA 2010's assertion classes, with ``historical`` for its past and ``other`` for its "associated
with someone else")."""
MentionKind = Literal[
    "problem", "symptom", "drug", "allergy", "lab", "vital", "procedure", "anatomy", "device", "date", "duration"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Fact):
    """Something said in a note: read from text by code, not recorded as an entry of its own.

    ``name`` is the words themselves, in their place in the note; ``sentence`` the sentence around them; ``note`` the
    note's name; ``start``, ``at`` and ``encounter`` are the note's. ``key`` is equal for what means the same in Korean
    and English (``d:metformin``, ``hypertension``; ``none-known`` for "no known allergies"). The other fields are the
    words that belong to it: of a drug dose, route and frequency, of a laboratory value or vital sign value, unit and
    flag.
    """

    kind: MentionKind
    assertion: Assertion
    sentence: Field
    note: Field
    key: str = ""
    section: str = ""
    side: Field | None = None
    value: Field | None = None
    number: float | None = None
    unit: Field | None = None
    flag: Field | None = None
    dose: Field | None = None
    route: Field | None = None
    frequency: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Fact):
    """FamilyMemberHistory: ``name`` is the condition, ``relation`` whose it is."""

    relation: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Fact):
    """A Flag: a warning that staff must see. status: active | inactive | unknown."""

    category: Field | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """All facts of one patient. Each tuple is ordered newest first, ties by source, undated last."""

    person: Person
    conditions: tuple[Condition, ...] = ()
    medications: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    results: tuple[Result, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    immunizations: tuple[Immunization, ...] = ()
    devices: tuple[Device, ...] = ()
    care_plans: tuple[CarePlan, ...] = ()
    orders: tuple[Order, ...] = ()
    reports: tuple[Report, ...] = ()
    notes: tuple[Note, ...] = ()
    family: tuple[Family, ...] = ()
    other: tuple[tuple[str, int], ...] = ()
    """(resource type, count) of what is in the record and is none of the above, e.g. Claim; ordered by type."""
    resources: int = 0
    sha: str = ""
    """SHA-256 over the sorted (source, version, sha) of every resource read: the evidence hash."""
    latest: datetime | None = None
    """The newest moment at which anything is recorded (future orders and plans not counted).

    A moment after the resource was stored is a slip of the pen and does not count either.
    """
    flags: tuple[Flag, ...] = ()
    retracted: int = 0
    """Resources marked entered-in-error: they make no fact."""
    mentions: tuple[Mention, ...] = ()
    """What the notes say, newest note first; empty until `bogam.text.chart.with_mentions` has read them."""
    notes_not_read: int = 0
    """Notes, the oldest, that `bogam.text.chart.with_mentions` left out, wholly or in part, because of their length."""
