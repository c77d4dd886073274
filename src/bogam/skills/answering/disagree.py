"""Where two sentences say different things about the same: other numbers, or one affirms what the other denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Language
from bogam.evidence.retrieval.features import features
from bogam.record.citation import Citation, Field
from bogam.skills.answering.quote import Quoted
from bogam.skills.answering.words import say
from bogam.terms import guidance
from bogam.text.atoms import Reading, read
from bogam.text.polarity import DENIED

_ALIKE: Final = 0.5
_MOST: Final = 5
_LOW: Final = re.compile(r"(?:below|under|less than|at most|up to|<|≤)\s*$", re.IGNORECASE)
_HIGH: Final = re.compile(r"(?:above|over|more than|greater than|at least|exceeds?|>|≥)\s*$", re.IGNORECASE)
_LOW_AFTER: Final = re.compile(r"^\s*\S{0,18}\s*(?:미만|이하|or less|or below|or under)", re.IGNORECASE)
_HIGH_AFTER: Final = re.compile(r"^\s*\S{0,18}\s*(?:초과|이상|or more|or above|or over)", re.IGNORECASE)
_CONDITION: Final = re.compile(r"\b(?:when|if|unless|except)\b|이면|경우|때에는", re.IGNORECASE)
_FORBIDS: Final = re.compile(
    r"\bavoid|\bcontra-?indicat|\b(?:is|are|be|must|should|do|does) not\b|\bnever\b|금기|피한다|금한다|지 않는다"
    r"|지 않음|지 않습니다|안 된다|안 됩니다",
    re.IGNORECASE,
)
_GIVES: Final = re.compile(
    r"\b(?:give[ns]?|used?|start(?:ed)?|may be|can be|safe|recommended|allowed)\b|투여|사용|쓴다|씁니다|가능|권고|안전",
    re.IGNORECASE,
)
_ROUTES: Final = {
    "iv": re.compile(r"\biv\b|\bintravenous|정맥|정주", re.IGNORECASE),
    "po": re.compile(r"\bpo\b|\boral|\bby mouth\b|경구", re.IGNORECASE),
    "sc": re.compile(r"\bsc\b|\bsubcutaneous|피하", re.IGNORECASE),
    "im": re.compile(r"\bim\b|\bintramuscular|근육", re.IGNORECASE),
}


def disagreements(found: Sequence[Quoted], language: Language) -> tuple[Claim, ...]:
    """Return a claim for each two quotations that differ on the same subject.

    Numbers are compared between documents only: inside one they are the steps of a rule.
    """
    told: list[Claim] = []
    for one, other in combinations(found, 2):
        if differ(one.words.text, other.words.text, within=one.passage.ref == other.passage.ref):
            values = {"a": one.words.text, "b": other.words.text, "ta": one.passage.title, "tb": other.passage.title}
            cited = (one.words.cite(), _title(one), other.words.cite(), _title(other))
            told.append(Claim(say("differ", language, **values), cited, kind="conflict.sources"))
    return tuple(told[:_MOST])


def _title(each: Quoted) -> Citation:
    return Field(each.words.origin, "/title", each.passage.title).cite()


def differ(one: str, other: str, *, within: bool = False) -> bool:
    """Whether two sentences are about the same and do not agree.

    Parameters
    ----------
    within
        Both stand in one document: only an affirmation against a denial counts.

    Notes
    -----
    They are about the same when they name the same drug, or the same terms where neither names a drug; by no other
    route, in no other group of patients, and with half of their words beside numbers in common. They do not agree when
    one forbids what the other gives under the same conditions; or when either the limits or the amounts of one unit
    differ, and not both: two steps of a scale differ in both.
    """
    ours, theirs = read(one), read(other)
    if not _same(ours, theirs):
        return False
    mine, yours = _words(one), _words(other)
    if len(mine & yours) < _ALIKE * min(len(mine), len(yours)):
        return False
    (bounds, amounts), (others, quantities) = _numbers(ours), _numbers(theirs)
    conditional = bool(_CONDITION.search(one)), bool(_CONDITION.search(other))
    if bounds.keys() != others.keys() or conditional[0] != conditional[1]:
        return False
    apart = _apart(bounds, others), _apart(amounts, quantities)
    if not apart[0] and _forbids(ours) != _forbids(theirs) and _gives(theirs if _forbids(ours) else ours):
        return True
    return not within and apart[0] != apart[1]


def _same(ours: Reading, theirs: Reading) -> bool:
    drugs, others = _drugs(ours), _drugs(theirs)
    terms, same = _terms(ours), _terms(theirs)
    if drugs or others:
        if drugs != others or (terms and same and not terms & same):
            return False
    elif not terms & same:
        return False
    routes, ways = _routes(ours.text), _routes(theirs.text)
    return not (routes and ways and not routes & ways) and _groups(ours.text) == _groups(theirs.text)


def _drugs(reading: Reading) -> set[str]:
    return {key.name for key in reading.keys if key.strong and key.name.startswith("d:")} or {
        key.name for key in reading.keys if key.strong and key.name.startswith("c:")
    }


def _terms(reading: Reading) -> set[str]:
    return {key.name for key in reading.keys if key.strong and not key.name.startswith(("d:", "c:", "w:"))}


def _routes(text: str) -> set[str]:
    return {name for name, pattern in _ROUTES.items() if pattern.search(text)}


def _groups(text: str) -> frozenset[str]:
    """Return the groups of patients that a text speaks of: children, pregnant women, …"""
    return frozenset(each.key for each in guidance.said(text) if each.kind == "subject" and each.key != "kidney")


def _forbids(reading: Reading) -> bool:
    denied = any(reading.polarity.at(key.start) == DENIED for key in reading.keys if key.name.startswith("d:"))
    return denied or bool(_FORBIDS.search(reading.text))


def _gives(reading: Reading) -> bool:
    return bool(_GIVES.search(reading.text))


def _words(text: str) -> frozenset[str]:
    return frozenset(each for each in features(text) if not each[0].isdigit())


_Numbers = dict[tuple[str, str], frozenset[str]]


def _numbers(reading: Reading) -> tuple[_Numbers, _Numbers]:
    """Return the limits of a text by unit and direction, and its amounts by unit."""
    bounds: dict[tuple[str, str], set[str]] = {}
    amounts: dict[tuple[str, str], set[str]] = {}
    for each in reading.quantities:
        before, after = reading.text[: each.start], reading.text[each.end :]
        low = bool(_LOW.search(before) or _LOW_AFTER.match(after)) or each.comparator in ("<", "<=", "≤")
        high = bool(_HIGH.search(before) or _HIGH_AFTER.match(after)) or each.comparator in (">", ">=", "≥")
        direction = "low" if low else "high" if high else ""
        (bounds if direction else amounts).setdefault((each.unit or "", direction), set()).add(each.digits)
    return _fixed(bounds), _fixed(amounts)


def _fixed(found: dict[tuple[str, str], set[str]]) -> _Numbers:
    return {key: frozenset(digits) for key, digits in found.items()}


def _apart(ours: _Numbers, theirs: _Numbers) -> bool:
    """Whether numbers of one kind differ; those of a text that tells more of them than the other do not."""
    return any(
        not (ours[key] <= theirs[key] or theirs[key] <= ours[key]) for key in ours.keys() & theirs.keys() if key[0]
    )
