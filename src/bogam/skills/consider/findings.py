"""Findings: what was typed, and what the record has of late: symptoms, abnormal values, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from bogam.record.citation import Field
from bogam.record.facts import Result, Timeline
from bogam.text.note import read_note
from bogam.text.reading import Entity

_APART: Final = re.compile(r"[,;\n、·]|(?<=[가-힣A-Za-z])\.\s")
_KINDS: Final = frozenset({"problem", "symptom", "lab", "vital"})
_LATELY: Final = timedelta(days=14)
_MOST: Final = 40
_HIGH: Final = frozenset({"high", "critical-high"})
_LOW: Final = frozenset({"low", "critical-low"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Parameters
    ----------
    key
        Equal for what means the same in both languages.
    words
        As typed or as the record has it.
    field
        Where the record says it; None for what was typed. Of a denied one the sentence that denies it.
    present
        False for what is denied or normal.
    flag
        ``high`` or ``low`` for a value.
    """

    key: str
    words: str
    field: Field | None
    present: bool = True
    flag: Literal["", "high", "low"] = ""
    background: bool = False
    """It is a problem of the list: it speaks for a condition beside a finding, but not alone."""


def findings(typed: str, evidence: Timeline | None) -> list[Finding]:
    """Return the findings, those typed first; each thing once, as it was said first."""
    found: dict[str, Finding] = {}
    for each in (*_typed(typed), *(_recorded(evidence) if evidence else ())):
        found.setdefault(each.key, each)
    return list(found.values())[:_MOST]


def entities(text: str) -> list[Entity]:
    """Return the problems, symptoms and values that a text names."""
    return [each for each in read_note(text).entities if each.kind in _KINDS]


def _typed(text: str) -> Iterator[Finding]:
    for part in _APART.split(text):
        for each in entities(part.strip()):
            words = part.strip()[each.start : each.end]
            yield Finding(each.key, words, None, each.assertion != "absent")


def _recorded(evidence: Timeline) -> Iterator[Finding]:
    since = evidence.latest - _LATELY if evidence.latest else None
    for each in evidence.mentions:
        if since is not None and each.at is not None and each.at < since:
            continue
        if each.kind == "symptom" and each.assertion in ("present", "absent"):
            shown = each.assertion == "present"
            yield Finding(each.key, each.name.text, each.name if shown else each.sentence, shown)
    seen: set[str] = set()
    for result in evidence.results:
        if result.key not in seen and result.flag and result.value is not None:
            seen.add(result.key)
            yield from _of_result(result)
    for condition in evidence.conditions:
        if condition.status == "active":
            for each in entities(condition.name.text)[:1]:
                yield Finding(each.key, condition.name.text, condition.name, background=True)


def _of_result(result: Result) -> Iterator[Finding]:
    flag: Literal["", "high", "low"] = "high" if result.flag in _HIGH else "low" if result.flag in _LOW else ""
    if flag or result.flag == "normal":
        for each in entities(result.name.text)[:1]:
            yield Finding(each.key, result.name.text, result.name, bool(flag), flag)
