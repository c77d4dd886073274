"""The patient's resuscitation status, where the record says it in a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bogam.record.citation import Field
from bogam.record.facts import Coding, Flag
from bogam.record.timeline.links import Record

# Transcribed from general knowledge, not from a named edition: SNOMED CT's resuscitation status findings, and "dnr" of
# the FHIR consent category codes.
_CODES: Final = frozenset({"304252001", "304253006", "450475007", "450476008", "dnr"})
_TIMES: Final = {
    "Observation": ("effectiveDateTime", "effectivePeriod", "issued"),
    "Consent": ("dateTime",),
}
_PLACE: Final = {"Observation": "valueCodeableConcept", "Consent": "category"}
_IN_FORCE: Final = {
    "Observation": frozenset({"final", "amended", "corrected", "preliminary"}),
    "Consent": frozenset({"active"}),
}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def resuscitation(record: Record, flags: Sequence[Flag]) -> Field | None:
    """Return the newest of what active Flags and Consents and valid Observations say; None when none does."""
    found: list[tuple[datetime, str, Field]] = []
    for fact in flags:
        if fact.status == "active" and (field := _said(fact.codes)):
            found.append((fact.at or _NEVER, fact.origin.source, field))
    for node in record.nodes.values():
        kind = node.value["resourceType"]
        if kind not in _PLACE or _PLACE[kind] not in node.value or node.word("status") not in _IN_FORCE[kind]:
            continue
        if _CODES.isdisjoint(node.plain_codes(_PLACE[kind])):
            continue
        if field := _said(node.codings(_PLACE[kind])):
            found.append((node.span(*_TIMES[kind]).at or _NEVER, node.origin.source, field))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _said(codes: Sequence[Coding]) -> Field | None:
    return next((code.display or code.code for code in codes if code.code.text in _CODES), None)
