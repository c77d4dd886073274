"""What a cited place says, with the structure around it.

A place in a resource is more than its characters: a Quantity's value has the unit, code and comparator beside it; a
value is the value of what its resource is named; a medication's dose is that drug's; and a status says whether all
of it still holds. A place in a text has the sentence around it. Dates and numbers count only where they are cited
themselves.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple, cast

from bogam.evidence.resolve import Document
from bogam.record.json import Number, PointerError, point
from bogam.terms.units import canonical
from bogam.text.atoms import Reading, read
from bogam.text.dates import When, dates, iso
from bogam.text.polarity import AFFIRMED, DENIED, sentence_around
from bogam.text.quantities import Frequency, rate


class Scope(NamedTuple):
    """A resource, or one component of an Observation: what it is called, and whether it holds.

    ``label`` maps the keys of its names to how they are meant, as bits (1 << AFFIRMED, 1 << DENIED, 1 << UNCERTAIN).
    ``statuses`` are of current, ended and planned. ``refuted``: it was entered in error, refuted or not done.
    """

    id: str
    type: str
    names: str
    label: dict[str, int]
    statuses: frozenset[str]
    refuted: bool
    flag: str


class Measured(NamedTuple):
    """A cited number: digits, units it is in (none: bare), comparator, and the keys it is the value of."""

    digits: str
    units: frozenset[str]
    comparator: str
    label: frozenset[str]
    scope: str
    structured: bool
    shown: str
    limit: bool = False
    """It is an end of a reference range, not a value."""


class Often(NamedTuple):
    """A cited frequency and the keys it is said of."""

    frequency: Frequency
    label: frozenset[str]


class Piece(NamedTuple):
    """All that one citation bears out."""

    scope: Scope
    pointer: str
    text: str
    measured: tuple[Measured, ...]
    often: tuple[Often, ...]
    dates: tuple[When, ...]
    keys: dict[str, int]
    sides: tuple[tuple[str, tuple[str, ...]], ...]
    denies: bool
    statuses: frozenset[tuple[str, frozenset[str]]]
    reading: Reading


_ISO: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d.*)?)?)?")
_NAMED: Final = (
    "code",
    "medicationCodeableConcept",
    "vaccineCode",
    "type",
    "serviceType",
    "class",
    "relationship",
    "reasonCode",
)
_STATUS: Final = {
    "active": "current", "recurrence": "current", "relapse": "current", "in-progress": "current", "intended": "planned",
    "stopped": "ended", "completed": "ended", "finished": "ended", "resolved": "ended", "inactive": "ended",
    "remission": "ended", "cancelled": "ended", "revoked": "ended", "ended": "ended", "abated": "ended",
    "not-taken": "ended",
    "planned": "planned", "proposed": "planned", "pending": "planned", "booked": "planned", "draft": "planned",
    "requested": "planned", "preparation": "planned", "on-hold": "ended", "arrived": "current",
}  # fmt: skip
_REFUTED: Final = frozenset({"refuted", "entered-in-error", "not-done"})
_HAS_STATUS: Final = frozenset({
    "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationStatement", "MedicationDispense",
    "MedicationAdministration", "Procedure", "Encounter", "CarePlan", "Goal", "DeviceUseStatement", "Immunization",
    "ServiceRequest", "Appointment", "Task", "Coverage",
})  # fmt: skip
_IMPLIED: Final = {
    "AllergyIntolerance": ("allergy",),
    "Immunization": ("vaccination",),
    "FamilyMemberHistory": ("family-history",),
}
_COMPONENT: Final = re.compile(r"^/component/\d+")
_DOSAGE: Final = re.compile(r"^(.*/timing/repeat)/(?:frequency|frequencyMax|period|periodMax|periodUnit)$")
_SYSTEM_CODES: Final = {"allergy": frozenset({"716186003", "409137002", "428607008"})}
_FLAGS: Final = {
    "H": "high",
    "HH": "high",
    "HU": "high",
    "L": "low",
    "LL": "low",
    "LU": "low",
    "N": "normal",
    "A": "",
    "AA": "",
}


def _object(value: Any) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [_object(item) for item in cast(list[Any], value)]
    return [_object(value)] if isinstance(value, dict) else []


def _concept(value: Any) -> list[str]:
    found: list[str] = []
    for concept in _objects(value):
        found += [text for name in ("text", "display") if isinstance(text := concept.get(name), str)]
        found += [text for coding in _objects(concept.get("coding")) if isinstance(text := coding.get("display"), str)]
    return found


def _code(value: Any) -> str:
    for coding in _objects(_object(value).get("coding")):
        if isinstance(code := coding.get("code"), str):
            return code
    return ""


def scope_of(document: Document, pointer: str) -> Scope:
    """Return the scope that ``pointer`` lies in."""
    match = _COMPONENT.match(pointer)
    prefix = match[0] if match else ""
    found = document.kept.get(prefix)
    if found is None:
        found = document.kept[prefix] = _scope(document, prefix)
    return found


def _scope(document: Document, prefix: str) -> Scope:
    json = _object(document.json)
    kind = str(json.get("resourceType", ""))
    part = _object(point(document.json, prefix)) if prefix else json
    names = [text for name in _NAMED for text in _concept(json.get(name))]
    names += _concept(json.get("medicationReference"))
    names += [text for condition in _objects(json.get("condition")) for text in _concept(condition.get("code"))]
    if prefix:
        names = _concept(part.get("code")) + names
    label: dict[str, int] = {}
    statuses, refuted = _status(kind, json)
    for name in dict.fromkeys(names):
        reading = read(name)
        for key in reading.keys:
            label[key.name] = label.get(key.name, 0) | 1 << (DENIED if refuted else reading.polarity.at(key.start))
    for name in _IMPLIED.get(kind, ()):
        known = _code(json.get("code")) in _SYSTEM_CODES.get(name, frozenset())
        label.setdefault(name, 1 << (DENIED if known or refuted else AFFIRMED))
    return Scope(document.ref + prefix, kind, " | ".join(dict.fromkeys(names)), label, statuses, refuted, _flag(part))


def _status(kind: str, json: dict[str, Any]) -> tuple[frozenset[str], bool]:
    if kind not in _HAS_STATUS and json.get("status") != "entered-in-error":
        return frozenset(), False
    status = json.get("status")
    words = [status] if isinstance(status, str) else []
    clinical = _code(json.get("clinicalStatus"))
    words += [clinical, _code(json.get("verificationStatus"))]
    groups = {_STATUS[word] for word in words if word in _STATUS}
    if not clinical and any(key.startswith("abatement") for key in json):
        groups.add("ended")
    refuted = any(word in _REFUTED for word in words) or json.get("doNotPerform") is True
    return frozenset(groups), refuted


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, Number)) and not isinstance(value, bool) else None


def _flag(part: dict[str, Any]) -> str:
    """Return high, low or normal where the record says it, or its reference range does."""
    for concept in _objects(part.get("interpretation")):
        code = _code(concept)
        if code in _FLAGS:
            return _FLAGS[code]
    value = _float(_object(part.get("valueQuantity")).get("value"))
    ranges = _objects(part.get("referenceRange"))
    if value is None or len(ranges) != 1:
        return ""
    low, high = (_float(_object(ranges[0].get(end)).get("value")) for end in ("low", "high"))
    if high is not None and value > high:
        return "high"
    if low is not None and value < low:
        return "low"
    return "normal" if low is not None and high is not None else ""


def piece(document: Document, pointer: str, start: int, end: int) -> Piece:
    """Read what the code points ``start`` to ``end`` of the value at ``pointer`` bear out."""
    key = (pointer, start, end)
    found = document.kept.get(key)
    if found is None:
        found = document.kept[key] = _piece(document, pointer, start, end)
    return found


def _piece(document: Document, pointer: str, start: int, end: int) -> Piece:
    whole = document.leaf(pointer)
    quote = whole[start:end]
    scope = scope_of(document, pointer)
    parent, token = _parent(document, pointer)
    names = frozenset(scope.label)
    quantity = _quantity(parent, token)
    if quantity is not None:
        return _of_quantity(scope, pointer, quote, quantity, names, token)
    repeat = _DOSAGE.match(pointer)
    if repeat is not None:
        return _of_timing(scope, pointer, quote, parent, names)
    if _ISO.fullmatch(whole):
        return _plain(scope, pointer, quote)._replace(dates=iso(quote) if start == 0 else dates(quote))
    if token == "code" and quote == whole:
        return _plain(scope, pointer, quote)._replace(keys={key.name: 1 << AFFIRMED for key in read(quote).keys})
    return _of_text(scope, pointer, whole, start, end, names)


def _parent(document: Document, pointer: str) -> tuple[dict[str, Any], str]:
    head, _, token = pointer.rpartition("/")
    try:
        return _object(point(document.json, head)), token
    except PointerError:
        return {}, token


def _quantity(parent: dict[str, Any], token: str) -> dict[str, Any] | None:
    if token in ("value", "unit", "code", "comparator") and _float(parent.get("value")) is not None:
        return parent
    return None


_EMPTY: Final = read("")


def _plain(scope: Scope, pointer: str, quote: str) -> Piece:
    denies = bool(re.match(r"(?:un|in(?=active)|not?[- ]|non)", quote))
    return Piece(scope, pointer, quote, (), (), (), {}, (), denies, frozenset(), _EMPTY)


def _of_quantity(
    scope: Scope, pointer: str, quote: str, quantity: dict[str, Any], names: frozenset[str], token: str
) -> Piece:
    found = _plain(scope, pointer, quote)
    if token != "value":
        return found
    written = [canonical(unit) for name in ("unit", "code") if isinstance(unit := quantity.get(name), str)]
    units = frozenset(unit for unit in written if unit)
    comparator = str(quantity.get("comparator", ""))
    shown = f"{comparator}{quote} {quantity.get('unit') or quantity.get('code') or ''}".strip()
    limit = "/referenceRange/" in pointer
    return found._replace(measured=(Measured(quote, units, comparator, names, scope.id, True, shown, limit),))


def _of_timing(scope: Scope, pointer: str, quote: str, repeat: dict[str, Any], names: frozenset[str]) -> Piece:
    found = _plain(scope, pointer, quote)
    frequency, period = _float(repeat.get("frequency", 1)), _float(repeat.get("period", 1))
    unit = repeat.get("periodUnit")
    if _float(quote and repeat.get(pointer.rpartition("/")[2])) is not None:
        number = Measured(quote, frozenset(), "", names, scope.id, True, quote)
        units = {
            "frequency": frozenset({"times"}),
            "period": frozenset({canonical(str(unit))}) if unit else frozenset[str](),
        }
        found = found._replace(measured=(number._replace(units=units.get(pointer.rpartition("/")[2], frozenset())),))
    if frequency is not None and period is not None and isinstance(unit, str):
        most = _float(repeat.get("frequencyMax")) or frequency
        low, high = rate(frequency, period, unit), rate(most, period, unit)
        if low is not None and high is not None:
            found = found._replace(often=(Often(Frequency(0, 0, low.low, high.high), names),))
    return found


def _of_text(scope: Scope, pointer: str, whole: str, start: int, end: int, names: frozenset[str]) -> Piece:
    """Read a span of text: numbers, dates and terms from the span, denial and side from the sentences around it."""
    first, last = start, end
    if (start, end) != (0, len(whole)):
        first, last = sentence_around(whole, start, end)
    around = read(whole[first:last])
    low, high = start - first, end - first
    inside = around if (low, high) == (0, last - first) else read(whole[start:end])
    measured: list[Measured] = []
    for number, label in zip(around.quantities, around.labels, strict=True):
        if number.start < low or number.start + len(number.digits) > high:
            continue
        units = frozenset({number.unit}) if number.unit else frozenset[str]()
        text = around.text[number.start : number.end]
        clean = label or (names if len(around.quantities) == 1 else frozenset[str]())
        place = f"{scope.id}{pointer}:{around.polarity.sentence(number.start)}"
        measured.append(
            Measured(number.digits, units, number.comparator, clean, place, False, number.comparator + text)
        )
    present = dict.fromkeys((key.name for key in inside.keys), 0)
    for key in around.keys:
        if low <= key.start < high and key.name in present:
            present[key.name] |= 1 << (DENIED if scope.refuted else around.polarity.at(key.start))
    sides = tuple(
        (side.side, side.of)
        for side in around.sides
        if low <= side.start < high or any(key in present for key in side.of)
    )
    moments = tuple(when for when in around.dates if low <= when.start and when.end <= high) or inside.dates
    statuses = frozenset((group, frozenset(_clause_keys(around, place))) for group, place in around.polarity.statuses)
    often = tuple(
        Often(each, _last_drug(around, each.start) or frozenset(key for key in names if key[:2] == "d:"))
        for each in around.frequencies
        if low <= each.start < high
    )
    denies = any(span.state == DENIED and span.start < high and low < span.end for span in around.polarity.denied)
    return Piece(
        scope, pointer, whole[start:end], tuple(measured), often, moments, present, sides,
        denies or bool(re.match(r"(?:un(?=con|rel)|in(?=active)|not-)", whole)), statuses, inside,
    )  # fmt: skip


def _last_drug(reading: Reading, place: int) -> frozenset[str]:
    before = [key for key in reading.keys if key.name[:2] == "d:" and key.start < place]
    return frozenset(key.name for key in before if key.start == before[-1].start) if before else frozenset()


_CLAUSE: Final = re.compile(r"[,;\n.]|\bbut\b|\band\b|하고|이고|고 |며 ")


def _clause_keys(reading: Reading, place: int) -> list[str]:
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(reading.text)), len(reading.text)]
    begin = max(cut for cut in cuts if cut <= place)
    end = min(cut for cut in cuts if cut > place) if place < len(reading.text) else len(reading.text)
    found = [key.name for key in reading.keys if begin <= key.start < end]
    return found or [key.name for key in reading.keys]


def clause_keys(reading: Reading, place: int) -> frozenset[str]:
    """Return the keys of the clause around ``place``, or of the whole text where the clause names nothing."""
    return frozenset(_clause_keys(reading, place))
