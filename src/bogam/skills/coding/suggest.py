"""From what speaks for each code to a ranked list: what may be suggested, and what may not and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bogam.skills.coding.detail import detailed
from bogam.skills.coding.gather import Support
from bogam.skills.coding.guideline import Reason, Setting, rule
from bogam.terms.icd10cm import Icd10cm

Band = Literal["high", "medium", "low"]
HIGH: Final = 0.7
MEDIUM: Final = 0.45


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code with the places that decide on it: those that allow it, or where none does, those that do not."""

    code: str
    title: str
    supports: tuple[Support, ...]
    allowed: bool
    reason: Reason
    band: Band

    @property
    def symptom(self) -> bool:
        """Whether it is a code of chapter 18: symptoms, signs and abnormal findings."""
        return self.code.startswith("R")

    @property
    def score(self) -> float:
        """What it is ranked by: recorded codes first, then the model's probability, then names alone."""
        return max(
            {"recorded": 2.0, "shared": 0.5, "name": 0.25}.get(each.how, each.probability) for each in self.supports
        )


def explained(made: Sequence[Suggestion]) -> frozenset[str]:
    """Return the symptoms among what is allowed that stand beside a stated diagnosis, which may explain them.

    Whether it does is for the coder: Official Guidelines I.B.5 (symptoms integral to a disease process).
    """
    allowed = [each for each in made if each.allowed]
    sure = any(not each.symptom and each.reason in ("present", "chronic-history") for each in allowed)
    return frozenset(each.code for each in allowed if each.symptom and sure)


def suggestions(found: Sequence[Support], setting: Setting, index: Icd10cm) -> list[Suggestion]:
    """Rule on every code that something speaks for: diagnoses before signs and symptoms (chapter 18), best first.

    What speaks for an unspecified code counts for the specific one beside it, where that is stated.
    """
    by_code: dict[str, list[Support]] = {}
    for each in found:
        finer = detailed(each, index)
        by_code.setdefault(finer.code, []).append(finer)
    for code in sorted(by_code, key=len):
        finer = [other for other in _finer(code, index) if other in by_code]
        finer += [other for other in by_code if other != code and other.startswith(code)]
        if finer and all(each.assertion == "present" for each in by_code[finer[0]]):
            by_code[finer[0]] += by_code.pop(code)
    made = [_ruled(code, there, setting, index) for code, there in by_code.items()]
    return sorted(made, key=lambda each: (each.symptom, -each.score, each.code))


def _finer(code: str, index: Icd10cm) -> list[str]:
    return [
        each for question in index.open_questions(code) if question.about == "unspecified" for each in question.choices
    ]


def _ruled(code: str, there: Sequence[Support], setting: Setting, index: Icd10cm) -> Suggestion:
    title = index[code].title
    rulings = [(each, rule(code, title, each.assertion, setting)) for each in there]
    allowing = [each for each in rulings if each[1].allowed]
    deciding = allowing or rulings
    rank = ("present", "chronic-history", "uncertain-inpatient")
    deciding = sorted(
        deciding, key=lambda each: (rank.index(each[1].reason) if each[1].allowed else 0, -each[0].probability)
    )
    supports = tuple(each for each, ruling in deciding if ruling.reason == deciding[0][1].reason)
    return Suggestion(code, title, supports, bool(allowing), deciding[0][1].reason, _band(supports))


def _band(supports: Sequence[Support]) -> Band:
    if any(each.how == "recorded" for each in supports):
        return "high"
    best = max(each.probability for each in supports)
    if best >= HIGH:
        return "high"
    return "medium" if best >= MEDIUM or any(each.how == "shared" for each in supports) else "low"
