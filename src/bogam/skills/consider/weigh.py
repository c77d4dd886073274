"""Weighs passages that name a condition by the findings that they name too, for and against."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bogam.evidence.retrieval.features import features
from bogam.evidence.retrieval.find import Hit
from bogam.evidence.retrieval.passage import Passage
from bogam.skills.consider.findings import Finding, entities
from bogam.text.reading import Entity

_RAISED: Final = re.compile(r"\b(?:raised|elevated|high|above|increas\w+|more than)\b|상승|증가|높|이상", re.I)
_LOWERED: Final = re.compile(r"\b(?:low|reduced|below|decreas\w+|less than)\b|저하|감소|낮|미만", re.I)
_AGAINST: Final = 0.5
_MOST: Final = 8


@dataclass(slots=True)
class Candidate:
    """A condition to consider.

    ``told`` are the passages that name it; ``matched`` and ``missing`` pair a finding with where the passage names it.
    """

    key: str
    name: str
    told: list[Passage] = field(default_factory=list[Passage])
    matched: dict[str, tuple[Finding, Passage, Entity]] = field(
        default_factory=dict[str, tuple[Finding, Passage, Entity]]
    )
    missing: dict[str, tuple[Finding, Passage, Entity]] = field(
        default_factory=dict[str, tuple[Finding, Passage, Entity]]
    )


def is_red_flag(passage: Passage) -> bool:
    """Whether a passage names warning signs."""
    return "g:red-flag" in features(f"{passage.text.text} {passage.heading}")


def red_flags(hits: Sequence[Hit], found: Sequence[Finding]) -> list[Passage]:
    """Return passages that name warning signs and share a finding, or the subject of a document that does."""
    present = {each.key for each in found if each.present}
    told: list[Passage] = []
    for hit in hits:
        text = f"{hit.passage.text.text} {hit.passage.title}"
        if is_red_flag(hit.passage) and present & {each.key for each in entities(text)}:
            told.append(hit.passage)
    return told


def weighed(hits: Sequence[Hit], found: Sequence[Finding]) -> list[Candidate]:
    """Return the conditions that passages say to consider, those first whose findings are most and rarest.

    A passage counts where it, or its heading, says to consider something; the condition is the first problem that it
    names and that is no finding. A finding weighs the more, the fewer passages name it; what is denied or normal
    counts half against.
    """
    by_key = {each.key: each for each in found}
    passages = [hit.passage for hit in hits if _considers(hit.passage)]
    named = {id(each): entities(each.text.text) for each in passages}
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
        name = passage.text.text[condition.start : condition.end]
        made = candidates.setdefault(condition.key, Candidate(condition.key, name))
        made.told.append(passage)
        for each in read:
            finding = by_key.get(each.key)
            if finding is not None and each is not condition:
                into = made.matched if _agrees(finding, passage.text.text, each) else made.missing
                into.setdefault(each.key, (finding, passage, each))

    def weight(each: Candidate) -> float:
        rare = {key: math.log(1 + len(passages) / spread[key]) for key in (*each.matched, *each.missing)}
        return sum(rare[key] for key in each.matched) - _AGAINST * sum(rare[key] for key in each.missing)

    kept = [
        each for each in candidates.values() if any(not finding.background for finding, *_ in each.matched.values())
    ]
    return sorted(kept, key=lambda each: -weight(each))[:_MOST]


def _considers(passage: Passage) -> bool:
    return "g:consider" in features(f"{passage.text.text} {passage.heading}") and not is_red_flag(passage)


def _agrees(finding: Finding, text: str, named: Entity) -> bool:
    """Whether a finding is what the passage means: present, and for a value in the direction that it says."""
    if not finding.present:
        return False
    around = text[max(0, named.start - 30) : named.end + 30]
    if finding.flag == "high":
        return not (_LOWERED.search(around) and not _RAISED.search(around))
    if finding.flag == "low":
        return not (_RAISED.search(around) and not _LOWERED.search(around))
    return True
