"""Which patient gets which contradiction or gap: decided before the stories are told, or after, as the kind needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from bogam.synthetic.build import Chart
from bogam.synthetic.case import Case, Story
from bogam.synthetic.plant import PLANTERS

QUOTA: Final[dict[str, int]] = {  # in a ward of 42
    "missing.weight": 4,
    "missing.vitals": 4,
    "missing.medications": 4,
    "conflict.drug-allergy": 5,
    "conflict.drug-allergy-class": 5,
    "missing.dose": 5,
    "missing.allergies": 5,
    "conflict.contradiction": 6,
    "conflict.date-order": 6,
    "conflict.duplicate-drug": 5,
    "conflict.impossible-value": 7,
    "missing.unit": 5,
    "missing.follow-up-overdue": 5,
    "missing.result-pending": 5,
    "conflict.note-allergy": 6,
    "conflict.note-drug": 6,
    "conflict.note-stopped": 6,
}
_MOST: Final = 3
"""Planted in one patient at most."""

_DRUG_KINDS: Final = frozenset(
    {"conflict.drug-allergy", "conflict.drug-allergy-class", "conflict.duplicate-drug", "missing.dose"}
)
_RIVALS: Final[dict[str, frozenset[str]]] = {
    "missing.medications": _DRUG_KINDS | {"conflict.note-drug", "conflict.note-stopped"},
    "missing.allergies": frozenset({"conflict.drug-allergy", "conflict.drug-allergy-class", "conflict.note-allergy"}),
    "conflict.note-stopped": frozenset({"conflict.duplicate-drug"}),
    "conflict.note-allergy": frozenset({"conflict.contradiction"}),
    "conflict.drug-allergy": frozenset({"conflict.drug-allergy-class"}),
}
"""Kinds that would undo each other in one chart."""

_DIRECT: Final = tuple((key, key) for key in ("levofloxacin", "ibuprofen", "cefaclor", "tramadol", "amoxicillin"))
_CLASS: Final = (
    ("penicillin", "amoxclav"),
    ("sulfa", "tmpsmx"),
    ("penicillin", "cefaclor"),
    ("ibuprofen", "naproxen"),
    ("cephalosporin", "cefaclor"),
    ("aspirin", "naproxen"),
)
PAIRS: Final = {"conflict.drug-allergy": _DIRECT, "conflict.drug-allergy-class": _CLASS}

_EVERYDAY: Final = ("shellfish", "peanut", "buckwheat", "mite", "latex", "contrast", "sulfa", "penicillin")
_NO_NSAID: Final = frozenset(
    {"heart_failure", "kidney", "atrial_fibrillation", "cirrhosis", "infarction", "stroke", "asthma"}
)
_DIED: Final = frozenset({("chemotherapy", 3), ("heart_failure", 2)})
"""(story, variant) of those who die, so that no gap is planted that only the living can have."""


def dies(case: Case) -> bool:
    return (case.story, case.variant) in _DIED


class Plan:
    """The allocation of planted kinds to the cases of a ward."""

    def __init__(self, cases: Sequence[Case], stories: dict[str, Story], rng: Random) -> None:
        self.cases, self.stories, self.rng = cases, stories, rng
        self.kinds: dict[str, set[str]] = {case.id: set() for case in cases}
        self.clashes: dict[str, list[tuple[str, str, str]]] = {}
        # Sepsis comes with open cultures, and there are few whose weight can be missing: all others may stay clean.
        spare = [case.id for case in cases if not stories[case.story].weigh and case.story != "sepsis"]
        self.clean = frozenset(rng.sample(spare, len(spare) // 5))
        for kind in list(QUOTA)[:7]:
            self._before(kind)
        self._everyday()

    def quota(self, kind: str) -> int:
        """Return how many of a kind a ward of this size gets."""
        return max(1, round(QUOTA[kind] * len(self.cases) / 42))

    def fits(self, kind: str, case: Case) -> bool:
        """Say whether a patient may still get a kind."""
        held = self.kinds[case.id]
        if case.id in self.clean or kind in held or len(held) >= _MOST:
            return False
        return not any(held & _RIVALS.get(kind, frozenset()) or kind in _RIVALS.get(other, ()) for other in held | {""})

    def _choose(self, kind: str, able: Callable[[Case], bool]) -> list[Case]:
        chosen: list[Case] = []
        for _ in range(self.quota(kind)):
            left = [case for case in self.cases if self.fits(kind, case) and able(case)]
            if not left:
                break
            fewest = min(len(self.kinds[case.id]) for case in left)
            case = self.rng.choice([case for case in left if len(self.kinds[case.id]) == fewest])
            self.kinds[case.id].add(kind)
            chosen.append(case)
        return chosen

    def _before(self, kind: str) -> None:
        if kind in PAIRS:
            self._allergies(kind)
            return
        able: dict[str, Callable[[Case], bool]] = {
            "missing.weight": lambda case: self.stories[case.story].weigh and not dies(case),
            "missing.vitals": lambda case: self.stories[case.story].in_hospital(case.variant) and case.number > 1,
            "missing.medications": lambda case: self.stories[case.story].chronic,
            "missing.dose": lambda case: self.stories[case.story].daily and not dies(case) and case.number > 1,
            "missing.allergies": lambda case: case.number > 1,
        }
        for case in self._choose(kind, able[kind]):
            case.gaps.add(kind)

    def _allergies(self, kind: str) -> None:
        """Give allergies and the drugs against them, a pair each; the first patient has the ward's best known one."""
        for pair in (PAIRS[kind] * 3)[: self.quota(kind)]:
            left = [case for case in self.cases if self.fits(kind, case) and self._bears(case, *pair)]
            first = [case for case in left if case.number == 1]
            if not left:
                continue
            fewest = min(len(self.kinds[case.id]) for case in left)
            case = (first or [self.rng.choice([case for case in left if len(self.kinds[case.id]) == fewest])])[0]
            self.kinds[case.id].add(kind)
            case.allergens = (pair[0],)
            self.clashes.setdefault(case.id, []).append((kind, *pair))

    def _bears(self, case: Case, allergen: str, drug: str) -> bool:
        if allergen in self.stories[case.story].avoid or dies(case) or not case.adult or case.story == "pregnancy":
            return False
        if case.number == 1:
            return (allergen, drug) == _CLASS[0]
        return case.story not in _NO_NSAID or drug not in ("ibuprofen", "naproxen")

    def _everyday(self) -> None:
        """Give some of the others an allergy that nothing is planted against."""
        for case in self.cases:
            if not case.allergens and self.rng.random() < 0.4:
                free = [a for a in _EVERYDAY if a not in self.stories[case.story].avoid]
                case.allergens = (self.rng.choice(free),)

    def after(self, charts: Sequence[Chart]) -> None:
        """Plant what is added to a finished chart, taking the ways of each kind in turn."""
        for chart in charts:
            self.kinds[chart.case.id].update(p.kind for p in chart.planted)
        for kind, ways in PLANTERS.items():
            already = sum(p.kind == kind for chart in charts for p in chart.planted)
            for number in range(max(0, self.quota(kind) - already)):
                tries = [ways[(number + shift) % len(ways)] for shift in range(len(ways))]
                any(self._one(kind, way, charts) for way in tries)

    def _one(self, kind: str, way: Callable[[Chart], bool], charts: Sequence[Chart]) -> bool:
        order = [chart for chart in charts if self.fits(kind, chart.case)]
        self.rng.shuffle(order)
        order.sort(key=lambda chart: len(self.kinds[chart.case.id]))
        for chart in order:
            if way(chart):
                self.kinds[chart.case.id].add(kind)
                return True
        return False
