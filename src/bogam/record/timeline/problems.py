"""Reads Condition, AllergyIntolerance, FamilyMemberHistory and Flag."""

from __future__ import annotations

import re
from typing import Final

from bogam.record.facts import Allergy, Condition, Family, Flag
from bogam.record.timeline.links import Record, encounter, fallback
from bogam.record.timeline.node import Node

_CLINICAL: Final = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "resolved",
    "remission": "resolved",
    "resolved": "resolved",
}
_CATEGORIES: Final = ("problem-list-item", "encounter-diagnosis", "health-concern")
_ABATEMENTS: Final = ("abatementDateTime", "abatementPeriod", "abatementString", "abatementAge", "abatementRange")

# Transcribed from general knowledge, not from a named edition: SNOMED CT's "no known allergy" findings.
_NONE_KNOWN: Final = frozenset(
    {
        "716186003",
        "409137002",
        "429625007",
        "428607008",
        "1003774007",
        "160244002",
        "no-known-allergies",
        "no-known-medication-allergies",
        "no-known-food-allergies",
        "no-known-environmental-allergies",
    }
)
_NONE_KNOWN_WORDS: Final = re.compile(
    r"\b(?:no|not)\s+(?:any\s+)?known\s+(?:\w+\s+){0,2}(?:allerg|reaction|intoleran)|\bnk[fd]?a\b|"
    r"(?:알레르기|알러지|과민반응)(?:\s*이?력)?\s*(?:없음|없다|없습니다|무$|\(-\))",
    re.IGNORECASE,
)


def condition(node: Node, record: Record) -> tuple[Condition, ...]:
    """Read a Condition."""
    status_field, verification = node.code("clinicalStatus"), node.code("verificationStatus")
    categories = [coding.code.text for coding in node.codings("category")]
    category = next((one for one in _CATEGORIES if one in categories), next(iter(categories), None))
    status = _CLINICAL.get(status_field.text, "unknown") if status_field else "unknown"
    if status_field is None:
        if any(key in node.value for key in _ABATEMENTS):
            status = "resolved"
        elif category == "problem-list-item":
            status = "active"
    if verification and verification.text == "refuted":
        status, status_field = "refuted", verification
    began = node.span("onsetDateTime", "onsetPeriod", "recordedDate", "onsetString")
    ended = node.span("abatementDateTime", "abatementPeriod", "abatementString")
    note = node.child("note")
    fact = Condition(
        origin=node.origin,
        name=node.name("code") or fallback(node),
        codes=node.codings("code"),
        status=status,
        status_field=status_field,
        start=began.start,
        at=began.at,
        end=ended.end or ended.start,
        end_at=ended.end_at if ended.end else ended.at,
        encounter=encounter(node),
        verification=verification,
        severity=node.name("severity"),
        category=category,
        note=note.leaf("text") if note else None,
        body_site=node.name("bodySite"),
    )
    return (fact,)


def allergy(node: Node, record: Record) -> tuple[Allergy, ...]:
    """Read an AllergyIntolerance."""
    status_field, verification = node.code("clinicalStatus"), node.code("verificationStatus")
    status = status_field.text if status_field else "active"
    if status not in ("active", "inactive", "resolved"):
        status = "unknown"
    if verification and verification.text == "refuted":
        status, status_field = "refuted", verification
    reactions = list(node.children("reaction"))
    substance = next((field for one in reactions if (field := one.name("substance"))), None)
    name = node.name("code") or substance or fallback(node)
    codes = node.codings("code")
    began = node.span("onsetDateTime", "onsetPeriod", "recordedDate", "onsetString")
    fact = Allergy(
        origin=node.origin,
        name=name,
        codes=codes,
        status=status,
        status_field=status_field,
        start=began.start,
        at=began.at,
        encounter=encounter(node),
        criticality=node.leaf("criticality"),
        category=_first(node, "category"),
        reactions=tuple(
            field for one in reactions for field in one.names("manifestation") or (one.leaf("description"),) if field
        ),
        verification=verification,
        none_known=any(coding.code.text in _NONE_KNOWN for coding in codes)
        or _NONE_KNOWN_WORDS.search(name.text) is not None,
    )
    return (fact,)


def family(node: Node, record: Record) -> tuple[Family, ...]:
    """Read a FamilyMemberHistory: a fact for each condition of the relative."""
    written, relation = node.span("date"), node.name("relationship", "name")
    return tuple(
        Family(
            origin=node.origin,
            name=name,
            codes=one.codings("code"),
            status=node.word("status") or "unknown",
            status_field=node.leaf("status"),
            start=written.start,
            at=written.at,
            relation=relation,
        )
        for one in node.children("condition")
        if (name := one.name("code"))
    )


def flag(node: Node, record: Record) -> tuple[Flag, ...]:
    """Read a Flag."""
    when = node.span("period")
    fact = Flag(
        origin=node.origin,
        name=node.name("code") or fallback(node),
        codes=node.codings("code"),
        status=node.word("status") if node.word("status") in ("active", "inactive") else "unknown",
        status_field=node.leaf("status"),
        start=when.start,
        at=when.at,
        end=when.end,
        end_at=when.end_at,
        encounter=encounter(node),
        category=node.name("category"),
    )
    return (fact,)


def _first(node: Node, key: str) -> str | None:
    found = node.name(key)
    return found.text if found else None
