"""Is a result high, low or abnormal: the recorded interpretation, else the recorded reference range."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from bogam.record.citation import Field
from bogam.record.timeline.node import Node, number

FlagWord = Literal["critical-low", "low", "normal", "high", "critical-high", "abnormal"]

_CODES: Final[dict[str, FlagWord]] = {
    "HH": "critical-high",
    "LL": "critical-low",
    "H": "high",
    "HU": "high",
    "H>": "high",
    "HX": "high",
    ">": "high",
    "L": "low",
    "LU": "low",
    "L<": "low",
    "LX": "low",
    "<": "low",
    "AA": "abnormal",
    "A": "abnormal",
    "POS": "abnormal",
    "DET": "abnormal",
    "RR": "abnormal",
    "WR": "abnormal",
    "R": "abnormal",
    "NS": "abnormal",
    "N": "normal",
    "NEG": "normal",
    "ND": "normal",
    "NR": "normal",
    "S": "normal",
}
"""HL7 v3 ObservationInterpretation, by code. Intermediate, indeterminate and change (better, worse) make no flag."""
_WORDS: Final[dict[str, FlagWord]] = {
    "critical high": "critical-high",
    "critically high": "critical-high",
    "panic high": "critical-high",
    "critical low": "critical-low",
    "critically low": "critical-low",
    "panic low": "critical-low",
    "high": "high",
    "low": "low",
    "normal": "normal",
    "negative": "normal",
    "abnormal": "abnormal",
    "positive": "abnormal",
    "높음": "high",
    "낮음": "low",
    "정상": "normal",
    "음성": "normal",
    "비정상": "abnormal",
    "이상": "abnormal",
    "양성": "abnormal",
}
_SEVERITY: Final = ("critical-high", "critical-low", "high", "low", "abnormal", "normal")

_NUMBER: Final = r"([-+]?\d+(?:\.\d+)?)"
_BETWEEN: Final = re.compile(rf"\s*\(?\s*{_NUMBER}\s*(?:-|–|~|∼|to)\s*{_NUMBER}(?![\d.])")
_BOUND: Final = re.compile(rf"\s*\(?\s*(<=?|>=?|≤|≥)\s*{_NUMBER}(?![\d.])")


class Range(NamedTuple):
    """A reference range as recorded and as numbers. ``sure`` is False when several ranges could be meant."""

    low: Field | None = None
    high: Field | None = None
    text: Field | None = None
    low_number: float | None = None
    high_number: float | None = None
    sure: bool = True


def interpretation(node: Node) -> tuple[FlagWord | None, Field | None]:
    """Return the flag that ``node.interpretation`` records, the gravest of several, and the leaf that says so."""
    found: dict[str, tuple[FlagWord, Field]] = {}
    for concept in node.children("interpretation"):
        code = next((c.code for c in concept.coded() if c.code.text in _CODES), None)
        text = concept.leaf("text")
        if code:
            flag = _CODES[code.text]
        elif text and (word := _CODES.get(text.text) or _WORDS.get(text.text.strip().lower())):
            flag, code = word, text
        else:
            continue
        found.setdefault(flag, (flag, code))
    return next((found[flag] for flag in _SEVERITY if flag in found), (None, None))


def reference_range(node: Node, quantity: Node | None) -> Range:
    """Return the normal reference range of ``node``; no numbers when its unit is not that of ``quantity``."""
    normal = [one for one in node.children("referenceRange") if _is_normal(one)]
    if not normal:
        return Range()
    chosen = normal[0]
    low, high, text = chosen.child("low"), chosen.child("high"), chosen.leaf("text")
    low_field, high_field = low.leaf("value") if low else None, high.leaf("value") if high else None
    if low_field is None and high_field is None:
        low_number, high_number = _from_text(text.text) if text else (None, None)
    else:
        low_number = number(low.value.get("value")) if low and _agree(low, quantity) else None
        high_number = number(high.value.get("value")) if high and _agree(high, quantity) else None
    return Range(low_field, high_field, text, low_number, high_number, len(normal) == 1)


def against(value: float, comparator: str, limits: Range) -> FlagWord | None:
    """Return where ``value`` lies in the range; None when that cannot be known, as for "<5" with a range of 3 to 8."""
    low, high = limits.low_number, limits.high_number
    if not limits.sure or (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    if comparator in ("<", "<="):
        if low is not None:
            return "low" if value < low or (value == low and comparator == "<") else None
        return "normal" if high is not None and value <= high else None
    if comparator in (">", ">="):
        if high is not None:
            return "high" if value > high or (value == high and comparator == ">") else None
        return "normal" if low is not None and value >= low else None
    if low is not None and value < low:
        return "low"
    return "high" if high is not None and value > high else "normal"


def _is_normal(node: Node) -> bool:
    kinds = [coding.code.text for coding in node.codings("type")]
    return not kinds or "normal" in kinds or "recommended" in kinds


def _agree(limit: Node, quantity: Node | None) -> bool:
    if quantity is None:
        return True
    for key in ("code", "unit"):
        ours, theirs = limit.word(key).lower(), quantity.word(key).lower()
        if ours and theirs:
            return ours == theirs
    return not (limit.word("unit") or limit.word("code")) or not (quantity.word("unit") or quantity.word("code"))


def _from_text(text: str) -> tuple[float | None, float | None]:
    """The limits of a range written as "3.5-5.1", "3.5 ~ 5.1 mmol/L", "< 200" or "≥60"."""
    if between := _BETWEEN.match(text):
        return float(between[1]), float(between[2])
    if bound := _BOUND.match(text):
        limit = float(bound[2])
        return (limit, None) if bound[1] in (">", ">=", "≥") else (None, limit)
    return None, None
