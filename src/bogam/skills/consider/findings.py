"""Findings: what was typed, and what the record has of late: symptoms, abnormal values, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal

from bogam.record.citation import Field
from bogam.record.facts import Result, Timeline
from bogam.skills.consider.qualifiers import qualifiers
from bogam.skills.consider.said import VALUES, Limit, Said, said
from bogam.text.note import read_note

_APART: Final = re.compile(r"[;\n、·]|,(?!\d{3})|(?<=[가-힣A-Za-z])\.\s")
_LATELY: Final = timedelta(days=14)
_MOST: Final = 40
_HIGH: Final = frozenset({"high", "critical-high"})
_LOW: Final = frozenset({"low", "critical-low"})
_WORD: Final = re.compile(r"[A-Za-z가-힣][\w가-힣'’%/-]*|\d[\d.,/]*")
_SMALL: Final = re.compile(
    r"(?:an?|the|and|or|of|in|on|at|to|for|with|without|not?|ha[sd]|have|is|are|was|were|since|from|after|before|now|"
    r"patient|s?he|his|her|my|onset|history|very|new|some|any|denie[sd]|"
    r"없[음다이고]|있[음다고]|및|또는|환자|[이가은는을를의에]|부터|동반|호소|양상)\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Parameters
    ----------
    key
        Equal for what means the same in both languages.
    words
        As typed or as the record has it, with what qualifies it.
    field
        Where the record says it; None for what was typed. Of a denied one the sentence that denies it.
    present
        False for what is denied or normal.
    flag
        ``high`` or ``low`` for a value.
    number, unit, limit
        Of a value: its number, or the comparison that was typed.
    value
        Where the record has the number.
    """

    key: str
    words: str
    field: Field | None
    present: bool = True
    flag: Literal["", "high", "low"] = ""
    background: bool = False
    """It is a problem of the list: it speaks for a condition beside a finding, but not alone."""
    qualifiers: frozenset[str] = frozenset()
    number: float | None = None
    unit: str = ""
    limit: Limit | None = None
    value: Field | None = None


def findings(typed: str, evidence: Timeline | None) -> list[Finding]:
    """Return the findings, those typed first; each thing once, with all the qualifiers that were typed of it."""
    found: dict[str, Finding] = {}
    for each in (*_typed(typed), *(_recorded(evidence) if evidence else ())):
        known = found.setdefault(each.key, each)
        if known is not each and known.field is None and each.field is None and known.present == each.present:
            words = known.words if each.words in known.words else f"{known.words}, {each.words}"
            found[each.key] = replace(known, words=words, qualifiers=known.qualifiers | each.qualifiers)
    return list(found.values())[:_MOST]


def positive(found: list[Finding]) -> list[Finding]:
    """Return the findings that something can be looked up by: present, and of a value more than its name."""
    return [each for each in found if each.present]


def unread(typed: str) -> list[str]:
    """Return what was typed and is neither a finding nor a word around one."""
    left: list[str] = []
    for part in _parts(typed):
        taken = [(each.start, each.end) for each in said(part) if not _bare(each)]
        taken += [(a, b) for _, a, b in qualifiers(part)] if taken else []
        rest: list[str] = []
        for word in _WORD.finditer(part):
            if any(a <= word.start() < b for a, b in taken) or _SMALL.match(word[0]):
                if rest:
                    left.append(" ".join(rest))
                rest = []
            else:
                rest.append(word[0])
        if rest:
            left.append(" ".join(rest))
    return list(dict.fromkeys(left))


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in _APART.split(text) if part.strip())


def _bare(each: Said) -> bool:
    """Whether a value is named and nothing said of it, as in "check hemoglobin": a test, no finding."""
    return each.to_do or (each.kind in VALUES and not each.flag and each.limit is None and each.number is None)


def _typed(text: str) -> Iterator[Finding]:
    previous: Finding | None = None
    for part in _parts(text):
        named = said(part)
        if not named and previous is not None and (more := frozenset(key for key, *_ in qualifiers(part))):
            yield replace(previous, words=f"{previous.words}, {part}", qualifiers=more)  # "chest pain, to the back"
        for each in named:
            if _bare(each):
                continue
            flag: Literal["", "high", "low"] = "high" if each.flag == "high" else "low" if each.flag == "low" else ""
            previous = Finding(
                each.key,
                part[each.start : each.end],
                None,
                each.entity.assertion != "absent",
                flag,
                qualifiers=each.qualifiers,
                number=each.number,
                unit=each.unit,
                limit=each.limit,
            )
            yield previous


def _recorded(evidence: Timeline) -> Iterator[Finding]:
    since = evidence.latest - _LATELY if evidence.latest else None
    for each in evidence.mentions:
        if since is not None and each.at is not None and each.at < since:
            continue
        if each.kind == "symptom" and each.assertion in ("present", "absent"):
            shown = each.assertion == "present"
            like = frozenset[str]()
            if shown and each.name.text in each.sentence.text:
                like = next((s.qualifiers for s in said(each.sentence.text) if s.key == each.key), like)
            yield Finding(each.key, each.name.text, each.name if shown else each.sentence, shown, qualifiers=like)
    seen: set[str] = set()
    for result in evidence.results:
        if result.key not in seen and result.flag and result.value is not None:
            seen.add(result.key)
            yield from _of_result(result)
    for condition in evidence.conditions:
        if condition.status == "active":
            for each in said(condition.name.text)[:1]:
                yield Finding(each.key, condition.name.text, condition.name, background=True)


def _of_result(result: Result) -> Iterator[Finding]:
    flag: Literal["", "high", "low"] = "high" if result.flag in _HIGH else "low" if result.flag in _LOW else ""
    if flag or result.flag == "normal":
        unit = result.unit.text if result.unit else ""
        for each in [e for e in read_note(result.name.text).entities if e.kind in (*VALUES, "problem", "symptom")][:1]:
            yield Finding(
                each.key,
                result.name.text,
                result.name,
                bool(flag),
                flag,
                number=result.number,
                unit=unit,
                value=result.value,
            )
