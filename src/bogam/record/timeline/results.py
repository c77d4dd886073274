"""Reads Observation: laboratory results, vital signs and everything else that was measured or found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from bogam.record.citation import Field
from bogam.record.facts import Coding, Result
from bogam.record.timeline.flags import Range, against, interpretation, reference_range
from bogam.record.timeline.links import Record, encounter, fallback
from bogam.record.timeline.node import Node, Span, number

Category = Literal["lab", "vital", "other"]

_LOINC: Final = "http://loinc.org"
_STATUS: Final = {
    "final": "final",
    "amended": "amended",
    "corrected": "amended",
    "preliminary": "preliminary",
    "registered": "preliminary",
    "cancelled": "cancelled",
}
_CATEGORY: Final[dict[str, Category]] = {"laboratory": "lab", "LAB": "lab", "vital-signs": "vital"}

# Transcribed from general knowledge, not from a named edition of LOINC.
_VITAL: Final = frozenset(
    {
        "85353-1",  # vital signs panel
        "85354-9",  # blood pressure panel
        "55284-4",
        "8480-6",  # systolic
        "8462-4",  # diastolic
        "8478-0",  # mean arterial pressure
        "8867-4",  # heart rate
        "9279-1",  # respiratory rate
        "8310-5",  # temperature
        "8331-1",
        "2708-6",  # oxygen saturation
        "59408-5",
        "29463-7",  # weight
        "3141-9",
        "8302-2",  # height
        "8306-3",
        "39156-5",  # body mass index
        "9843-4",  # head circumference
        "8287-5",
        "72514-3",  # pain 0-10
    }
)
_PLAIN_NUMBER: Final = re.compile(r"\s*[-+]?\d{1,15}(?:\.\d{1,15})?\s*")
_CHOICES: Final = (
    "valueCodeableConcept",
    "valueString",
    "valueInteger",
    "valueBoolean",
    "valueDateTime",
    "valueTime",
)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the components of one Observation have in common."""

    category: Category
    status: str
    status_field: Field | None
    taken: Span
    encounter: str | None


def result(node: Node, record: Record) -> tuple[Result, ...]:
    """Read an Observation: a fact for its own value and one for each component.

    A panel that only points at its members makes none, and neither do sampled data.
    """
    shared = _Shared(
        _category(node),
        _STATUS.get(node.word("status"), "unknown"),
        node.leaf("status"),
        node.span("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming", "issued"),
        encounter(node),
    )
    found: list[Result] = []
    if own := _result(node, shared):
        found.append(own)
    if "component" in node.value:
        found.extend(one for part in node.children("component") if (one := _result(part, shared)))
    if not found and not any(key in node.value for key in ("component", "hasMember", "valueSampledData")):
        found.append(_empty(node, shared))
    return tuple(found)


def _result(node: Node, shared: _Shared) -> Result | None:
    quantity = node.child("valueQuantity")
    if quantity:
        return _measured(node, shared, quantity)
    absent = node.name("dataAbsentReason")
    value = node.name(*_CHOICES)
    amount, upper, denominator, unit = number(node.value.get("valueInteger")), None, None, None
    if value is None:
        value, upper, denominator, unit = _compound(node)
    elif amount is None and "valueString" in node.value and _PLAIN_NUMBER.fullmatch(value.text):
        amount = float(value.text)
    if value is None and upper is None and absent is None:
        return None
    return _fact(node, shared, value, amount, None, unit, None, upper, denominator, absent)


def _measured(node: Node, shared: _Shared, quantity: Node) -> Result | None:
    value = quantity.leaf("value")
    absent = node.name("dataAbsentReason") if value is None else None
    if value is None and absent is None:
        return None
    unit = quantity.leaf("unit") or quantity.leaf("code")
    amount = number(quantity.value.get("value"))
    return _fact(node, shared, value, amount, quantity.leaf("comparator"), unit, quantity, None, None, absent)


def _compound(node: Node) -> tuple[Field | None, Field | None, Field | None, Field | None]:
    """Value, upper limit, denominator and unit of a Range, Ratio or Period."""
    if limits := node.child("valueRange"):
        low, high = limits.child("low"), limits.child("high")
        one = low or high
        unit = (one.leaf("unit") or one.leaf("code")) if one else None
        return low.leaf("value") if low else None, high.leaf("value") if high else None, None, unit
    if ratio := node.child("valueRatio"):
        top, bottom = ratio.child("numerator"), ratio.child("denominator")
        unit = (top.leaf("unit") or top.leaf("code")) if top else None
        return top.leaf("value") if top else None, None, bottom.leaf("value") if bottom else None, unit
    if period := node.child("valuePeriod"):
        return period.leaf("start") or period.leaf("end"), None, None, None
    return None, None, None, None


def _fact(
    node: Node,
    shared: _Shared,
    value: Field | None,
    amount: float | None,
    comparator: Field | None,
    unit: Field | None,
    quantity: Node | None,
    upper: Field | None,
    denominator: Field | None,
    absent: Field | None,
) -> Result:
    codes, name = node.codings("code"), node.name("code") or fallback(node)
    limits = reference_range(node, quantity) if "referenceRange" in node.value else _NO_RANGE
    flag, flag_field = interpretation(node) if "interpretation" in node.value else (None, None)
    flag_from: Literal["interpretation", "range"] | None = "interpretation" if flag else None
    if flag is None and amount is not None and limits is not _NO_RANGE:
        flag = against(amount, comparator.text if comparator else "", limits)
        if flag:
            breached = limits.high if flag == "high" else limits.low if flag == "low" else limits.low or limits.high
            flag_from, flag_field = "range", breached or limits.text
    return Result(
        origin=node.origin,
        name=name,
        codes=codes,
        status=shared.status,
        status_field=shared.status_field,
        start=shared.taken.start,
        at=shared.taken.at,
        end=shared.taken.end,
        end_at=shared.taken.end_at,
        encounter=shared.encounter,
        category="vital" if shared.category != "vital" and _is_vital(codes) else shared.category,
        value=value,
        number=amount,
        comparator=comparator,
        unit=unit,
        low=limits.low,
        high=limits.high,
        range_text=limits.text,
        flag=flag,
        flag_from=flag_from,
        flag_field=flag_field,
        key=_key(codes, name, quantity, unit),
        absent_reason=absent,
        upper=upper,
        denominator=denominator,
        low_number=limits.low_number,
        high_number=limits.high_number,
    )


_NO_RANGE: Final = Range()


def _empty(node: Node, shared: _Shared) -> Result:
    return _fact(node, shared, None, None, None, None, None, None, None, None)


def _is_vital(codes: tuple[Coding, ...]) -> bool:
    return any(one.code.text in _VITAL and one.system in (_LOINC, "") for one in codes)


def _category(node: Node) -> Category:
    """As recorded, else lab when it has a specimen or a reference range. `_fact` knows the codes of vital signs."""
    recorded = node.plain_codes("category")
    for code in recorded:
        if found := _CATEGORY.get(code):
            return found
    if recorded:
        return "other"
    return "lab" if "specimen" in node.value or "referenceRange" in node.value else "other"


def _key(codes: tuple[Coding, ...], name: Field, quantity: Node | None, unit: Field | None) -> str:
    code = next((one for one in codes if one.system == _LOINC), codes[0] if codes else None)
    what = f"{code.system}|{code.code.text}" if code else name.text.lower()
    return f"{what}|{(quantity.word('code') if quantity else '') or (unit.text if unit else '')}"
