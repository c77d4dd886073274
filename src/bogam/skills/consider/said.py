"""What a text says of findings: each symptom with its qualifiers, each value with what is said of its size."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from bogam.skills.consider.qualifiers import qualifiers
from bogam.terms.ucum import UnitError, ucum
from bogam.text.note import read_note
from bogam.text.reading import Entity

KINDS: Final = frozenset({"problem", "symptom", "lab", "vital"})
VALUES: Final = frozenset({"lab", "vital"})
_PARTS: Final = re.compile(
    r"[;:\n、·]|,(?!\d{3})|\.(?!\d)|\b(?:and|or|with|without)\b|(?<=[가-힣])(?:와|과|하고|이나)\s|\s(?:및|또는)\s|있으면|없이|\Z"
)
_TO_DO: Final = re.compile(
    r"\b(?:check|measure|order|obtain|perform|repeat|monitor)\b[^;.\n]*|(?:고려|의심)하[고며][^.\n]*|"
    r"[^,;.\n]*(?:확인|검사|측정)(?:한다|하고|하며|을 한다|을 시행)",
    re.IGNORECASE,
)
_RAISED: Final = re.compile(r"\b(?:raised|elevated|high|increas\w+)\b|상승|증가|높[은다아]|↑", re.IGNORECASE)
_LOWERED: Final = re.compile(r"\b(?:low|reduced|decreas\w+|falling)\b|저하|감소|낮[은다아]|↓", re.IGNORECASE)
_NUMBER: Final = r"(\d{1,7}(?:[.,]\d{1,6})?)"
_UNIT: Final = r"\s?([A-Za-z%µμ℃°][\w%µμ/²³^.·]{0,14})?"
_OVER: Final = re.compile(
    rf"(?:\b(above|over|more than|greater than|exceeding|at least|from)\b|([>≥]=?))\s?{_NUMBER}{_UNIT}", re.IGNORECASE
)
_UNDER: Final = re.compile(rf"(?:\b(below|under|less than|at most)\b|([<≤]=?))\s?{_NUMBER}{_UNIT}", re.IGNORECASE)
_INCLUSIVE: Final = ("at least", "from", "at most")
_AT_LEAST: Final = ("≥", "≤", ">=", "<=")
_KOREAN: Final = re.compile(rf"{_NUMBER}{_UNIT}\s?(?:을|를|보다)?\s?(이상|초과|넘|높|미만|이하|낮)", re.IGNORECASE)
_GIVEN: Final = re.compile(rf"\s{{0,2}}[:=]?\s{{0,2}}{_NUMBER}{_UNIT}")


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison: ``over`` or under ``number``; ``inclusive`` when the number itself counts."""

    over: bool
    number: float
    unit: str
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a text names; ``start`` to ``end`` are its words with what qualifies them."""

    key: str
    kind: str
    start: int
    end: int
    entity: Entity
    qualifiers: frozenset[str] = frozenset()
    flag: str = ""
    limit: Limit | None = None
    number: float | None = None
    unit: str = ""
    to_do: bool = False
    """It stands among what to check, which is no finding."""


def said(text: str) -> list[Said]:
    """Return what a text names, in its order."""
    reading = read_note(text)
    entities = [each for each in reading.entities if each.kind in KINDS]
    marks = list(qualifiers(text))
    inside = [e for e in entities if any(a <= e.start and e.end <= b for _, a, b in marks)]
    heads = [e for e in entities if e not in inside] or entities
    ends = [found.start() for found in _PARTS.finditer(text)]
    to_do = [found.span() for found in _TO_DO.finditer(text)]
    owned = _owned(heads, marks, ends)
    return [_one(text, each, owned[at], ends, to_do) for at, each in enumerate(heads)]


def _owned(
    heads: list[Entity], marks: list[tuple[str, int, int]], ends: list[int]
) -> list[list[tuple[str, int, int, bool]]]:
    """Return for each entity its qualifiers: those of its own part of the sentence, or of one beside it."""
    owned: list[list[tuple[str, int, int, bool]]] = [[] for _ in heads]
    parts = [bisect_right(ends, each.start) for each in heads]
    for key, start, end in marks:
        part = bisect_right(ends, start)
        near = [at for at, each in enumerate(parts) if each == part]
        if near:
            nearest = min(near, key=lambda at: max(heads[at].start - end, start - heads[at].end))
            owned[nearest].append((key, start, end, True))
            continue
        before = [at for at, each in enumerate(parts) if each < part and heads[at].kind == "symptom"]
        after = [at for at, each in enumerate(parts) if each > part and heads[at].kind == "symptom"]
        if before and part - parts[before[-1]] == 1:
            owned[before[-1]].append((key, start, end, False))
        elif after and parts[after[0]] - part == 1:
            owned[after[0]].append((key, start, end, False))
    return owned


def _one(
    text: str, each: Entity, owned: list[tuple[str, int, int, bool]], ends: list[int], to_do: list[tuple[int, int]]
) -> Said:
    beside = [(a, b) for _, a, b, own in owned if own]
    start, end = min([each.start, *(a for a, _ in beside)]), max([each.end, *(b for _, b in beside)])
    keys = frozenset(key for key, *_ in owned)
    checked = any(a <= each.start < b for a, b in to_do)
    if each.kind not in VALUES:
        return Said(each.key, each.kind, start, end, each, keys, to_do=checked)
    at = bisect_right(ends, each.start)
    first, last = ends[at - 1] if at else 0, ends[at] if at < len(ends) else len(text)
    limit, limited = _limit(text, each.end, last)
    around = text[first:last]
    raised, lowered = bool(_RAISED.search(around)), bool(_LOWERED.search(around))
    flag = "" if raised == lowered else "high" if raised else "low"
    number, unit = each.number, ""
    for found in (*_RAISED.finditer(text, first, last), *_LOWERED.finditer(text, first, last)):
        if flag and -2 < max(each.start - found.end(), found.start() - each.end) < 2:
            start, end = min(start, found.start()), max(end, found.end())
    given = _GIVEN.match(text, each.end, last) if limit is None else None
    if given:
        number, unit = float(given[1].replace(",", "")), _unit(given[2])
        end = max(end, given.end() if unit else given.end(1))
    if limit:
        number, unit, end = None, limit.unit, max(end, limited)
    return Said(each.key, each.kind, start, end, each, keys, flag, limit, number, unit, checked)


def _limit(text: str, start: int, end: int) -> tuple[Limit | None, int]:
    """Return the comparison that follows a value's name in its part of the sentence, and where it ends."""
    for pattern, over in ((_OVER, True), (_UNDER, False)):
        if found := pattern.search(text, start, end):
            inclusive = (found[1] or "").lower() in _INCLUSIVE or (found[2] or "") in _AT_LEAST
            unit = _unit(found[4])
            return Limit(over, float(found[3].replace(",", "")), unit, inclusive), found.end(4 if unit else 3)
    if found := _KOREAN.search(text, start, end):
        word = found[3]
        over = word in ("이상", "초과", "넘", "높")
        return Limit(over, float(found[1].replace(",", "")), _unit(found[2]), word in ("이상", "이하")), found.end()
    return None, start


def _unit(text: str | None) -> str:
    """Return what stands behind a number where it is a unit."""
    if not text:
        return ""
    try:
        ucum(text)
    except UnitError:
        return ""
    return text
