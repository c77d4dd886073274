"""Weighs passages that name a condition by the findings that they name too, for and against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bogam.evidence.retrieval.features import features
from bogam.evidence.retrieval.find import Hit
from bogam.evidence.retrieval.passage import Passage
from bogam.skills.consider.findings import Finding
from bogam.skills.consider.qualifiers import GROUPS, qualifiers
from bogam.skills.consider.said import VALUES, Limit, Said, said
from bogam.terms.ucum import UnitError, convert

_AGAINST: Final = 0.5
_ASKED: Final = 0.25
_QUALIFIED: Final = 0.5
_MOST: Final = 8
Bearing = Literal["for", "against", "ask", ""]
"""What a passage makes of a finding: it speaks for it, against it, leaves something to ask, or means another thing."""
Borne = tuple[Finding, Passage, Said]


@dataclass(slots=True)
class Candidate:
    """A condition to consider.

    ``told`` are the passages that name it; ``matched``, ``missing`` and ``asked`` pair a finding with where the passage
    names it. ``asked`` are those that the passage qualifies in a way that the finding leaves open.
    """

    key: str
    name: str
    told: list[Passage] = field(default_factory=list[Passage])
    matched: dict[str, Borne] = field(default_factory=dict[str, Borne])
    missing: dict[str, Borne] = field(default_factory=dict[str, Borne])
    asked: dict[str, Borne] = field(default_factory=dict[str, Borne])
    stated: set[str] = field(default_factory=set[str])
    """The qualifiers of the findings that its passages state."""


def is_red_flag(passage: Passage) -> bool:
    """Whether a passage names warning signs."""
    return "g:red-flag" in features(f"{passage.text.text} {passage.heading}")


def red_flags(hits: Sequence[Hit], found: Sequence[Finding]) -> list[Passage]:
    """Return passages that name warning signs and share a finding, or the subject of a document that does."""
    by_key = {each.key: each for each in found if each.present}
    told: list[Passage] = []
    for hit in hits:
        if not is_red_flag(hit.passage):
            continue
        named = [each for each in said(hit.passage.text.text) if each.key in by_key]
        subject = any(each.key in by_key for each in said(hit.passage.title))
        if subject or any(bearing(by_key[each.key], each) in ("for", "ask") for each in named):
            told.append(hit.passage)
    return told


def weighed(hits: Sequence[Hit], found: Sequence[Finding]) -> list[Candidate]:
    """Return the conditions that passages say to consider, those first whose findings are most and rarest.

    A passage counts where it, or its heading, says to consider something; the condition is the first problem that it
    names and that is no finding. A finding weighs the more, the fewer passages name it, and the more of its qualifiers
    the passage states; what is denied or normal counts half against, what is left to ask a quarter.
    """
    by_key = {each.key: each for each in found}
    passages = [hit.passage for hit in hits if _considers(hit.passage)]
    named = {id(each): said(each.text.text) for each in passages}
    spread: dict[str, int] = {}
    for read in named.values():
        for key in {each.key for each in read}:
            spread[key] = spread.get(key, 0) + 1
    candidates: dict[str, Candidate] = {}
    for passage in passages:
        read = named[id(passage)]
        condition = next((e for e in read if e.kind == "problem" and e.key not in by_key), None)
        if condition is None:
            continue
        name = passage.text.text[condition.entity.start : condition.entity.end]
        made = candidates.setdefault(condition.key, Candidate(condition.key, name))
        made.told.append(passage)
        for each in read:
            finding = by_key.get(each.key)
            if finding is not None and each is not condition:
                _enter(made, finding, passage, each)

    def weight(each: Candidate) -> float:
        def rare(borne: dict[str, Borne]) -> float:
            return sum(math.log(1 + len(passages) / spread[key]) for key in borne)

        qualified = sum(len(finding.qualifiers & each.stated) for finding, *_ in each.matched.values())
        return rare(each.matched) + _QUALIFIED * qualified - _AGAINST * rare(each.missing) + _ASKED * rare(each.asked)

    def borne(each: dict[str, Borne]) -> bool:
        return any(not finding.background for finding, *_ in each.values())

    kept = [each for each in candidates.values() if borne(each.matched) or borne(each.asked)]
    return sorted(kept, key=lambda each: (not borne(each.matched), -weight(each)))[:_MOST]


def _enter(made: Candidate, finding: Finding, passage: Passage, named: Said) -> None:
    bears = bearing(finding, named)
    key = finding.key
    if bears == "for":
        made.matched.setdefault(key, (finding, passage, named))
        made.stated |= finding.qualifiers & {each for each, *_ in qualifiers(passage.text.text)}
        made.asked.pop(key, None)
        made.missing.pop(key, None)
    elif bears == "ask" and key not in made.matched:
        made.asked.setdefault(key, (finding, passage, named))
    elif bears == "against" and key not in made.matched:
        made.missing.setdefault(key, (finding, passage, named))


def _considers(passage: Passage) -> bool:
    return "g:consider" in features(f"{passage.text.text} {passage.heading}") and not is_red_flag(passage)


def bearing(finding: Finding, named: Said) -> Bearing:
    """Say what a passage that names a finding makes of it.

    A qualifier that the passage states and the finding lacks leaves something to ask; one of the same group that is
    another (pleuritic, where tearing was given) means another thing. A value speaks for a condition where it holds what
    the passage says of its size; where the passage says nothing of it, it is a test to do.
    """
    if named.to_do:
        return ""
    if named.kind in VALUES:
        return _of_size(finding, named)
    if not finding.present:
        return "against" if finding.qualifiers <= named.qualifiers else ""
    return _of_kind(finding.qualifiers, named.qualifiers)


def _of_kind(given: frozenset[str], stated: frozenset[str]) -> Bearing:
    if stated <= given:
        return "for"
    for group in {GROUPS[key] for key in stated}:
        here, there = ({key for key in keys if GROUPS[key] == group} for keys in (stated, given))
        if there and not here & there:
            return ""
    character = {key for key in stated if GROUPS[key] == "character"}
    return "for" if stated & given and character <= given else "ask"


def _of_size(finding: Finding, named: Said) -> Bearing:
    if named.limit is not None:
        held = _holds(finding, named.limit)
        return "for" if held else "against" if held is False else "ask" if finding.flag else ""
    if not named.flag or not (finding.flag or not finding.present):
        return ""
    return "for" if finding.present and finding.flag == named.flag else "against"


def _holds(finding: Finding, limit: Limit) -> bool | None:
    """Whether a value is over or under a limit; None where that cannot be told."""
    given = finding.limit
    number, unit = (given.number, given.unit) if given else (finding.number, finding.unit)
    if number is None or (given and given.over != limit.over):
        return None
    if unit and limit.unit:
        try:
            number = convert(number, unit, limit.unit, finding.key)
        except UnitError:
            return None
    if given:  # what was typed is a bound itself: it must lie at or beyond the limit
        return True if (number >= limit.number if limit.over else number <= limit.number) else None
    if number == limit.number:
        return limit.inclusive
    return number > limit.number if limit.over else number < limit.number
