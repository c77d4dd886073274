"""Whether dialogues bear out the sentences of clinicians' notes, and not altered ones: ACI-Bench."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bogam.evidence.grounding import Dialogue, number_failures, score, side_failures
from bogam.evidence.grounding.aci import Visit, visits
from bogam.evidence.grounding.alter import ALTERATIONS, renumbered, swapped
from bogam.evidence.grounding.model import model
from bogam.evidence.grounding.number import numbers
from bogam.evidence.grounding.signs import side_mentions
from bogam.measure.bootstrap import interval
from bogam.measure.figure import Figure, Say

_SEED: Final = 20261125
_OTHERS: Final = 3
"""Other patients' dialogues that each sentence is held against."""
_ALTERED: Final = 2
"""Times that each sentence with a number is altered, in each way."""
_CHOSEN: Final = "ACI-Bench; weights and floors from train and validation only"
_WORD: Final = re.compile(r"[a-z]+|\d+")
_LETTERS: Final = 3

Pair = tuple[Visit, Dialogue]


class Tally(NamedTuple):
    """For each dialogue: how many there were, and how many of them were flagged."""

    of: NDArray[np.int64]
    flagged: NDArray[np.int64]

    @property
    def n(self) -> int:
        """How many there were in all."""
        return int(self.of.sum())

    def share(self, drawn: NDArray[np.int64] | None = None) -> float:
        """Return the share flagged, of all dialogues or of those drawn."""
        at = slice(None) if drawn is None else drawn
        return float(self.flagged[at].sum() / max(1, self.of[at].sum()))

    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval, dialogues drawn."""
        return interval(len(self.of), self.share)


def grounding(data: Path, say: Say, *, split: str = "test1") -> dict[str, Figure]:
    """Measure on one split of ACI-Bench: ``valid`` for choosing, ``test1`` for the figures that are published."""
    pairs = [(visit, Dialogue(visit.dialogue)) for visit in visits(data, split)]
    say(f"grounding: {len(pairs)} visits, {sum(len(visit.sentences) for visit, _ in pairs):,} sentences of their notes")
    return {"grounding.auroc": _auroc(pairs), **_numbers(pairs), **_sides(pairs)}


def _auroc(pairs: Sequence[Pair]) -> Figure:
    """Gold sentences with their own dialogue against the same sentences with others', over all pairs."""
    rng = random.Random(_SEED)
    ours: list[tuple[list[float], list[float]]] = []
    plain: list[tuple[list[float], list[float]]] = []
    spoken = [_spoken(visit.dialogue) for visit, _ in pairs]
    for index, (visit, own) in enumerate(pairs):
        others = [at for at in range(len(pairs)) if at != index]
        drawn = [rng.sample(others, _OTHERS) for _ in visit.sentences]
        ours.append(
            (
                [score(sentence, own) for sentence in visit.sentences],
                [score(s, pairs[at][1]) for s, places in zip(visit.sentences, drawn, strict=True) for at in places],
            )
        )
        plain.append(
            (
                [_coverage(sentence, spoken[index]) for sentence in visit.sentences],
                [_coverage(s, spoken[at]) for s, places in zip(visit.sentences, drawn, strict=True) for at in places],
            )
        )
    value = _area(ours, np.arange(len(pairs)))
    return Figure(
        value,
        "AUROC",
        sum(len(own) for own, _ in ours),
        interval(len(pairs), lambda drawn: _area(ours, drawn), rounds=200),
        {"word coverage": _area(plain, np.arange(len(pairs)))},
        f"{_CHOSEN}; each sentence against its own dialogue and {_OTHERS} other patients'; interval by dialogue",
    )


def _area(scores: Sequence[tuple[list[float], list[float]]], drawn: NDArray[np.int64]) -> float:
    places = [int(at) for at in drawn]
    own: NDArray[np.float64] = np.array([value for at in places for value in scores[at][0]])
    other: NDArray[np.float64] = np.sort(np.array([value for at in places for value in scores[at][1]]))
    below, upto = np.searchsorted(other, own, "left"), np.searchsorted(other, own, "right")
    return float((below + upto).mean() / 2 / len(other))


def _spoken(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _coverage(sentence: str, spoken: frozenset[str]) -> float:
    words = {word for word in _WORD.findall(sentence.lower()) if len(word) > _LETTERS or word.isdigit()}
    return len(words & spoken) / max(1, len(words))


def _numbers(pairs: Sequence[Pair]) -> dict[str, Figure]:
    rng = random.Random(_SEED)
    known = model()
    false: list[list[bool]] = []
    unsaid: list[list[bool]] = []
    caught: dict[str, list[list[bool]]] = {way: [] for way in ALTERATIONS}
    for visit, dialogue in pairs:
        stated = [(sentence, found) for sentence in visit.sentences if (found := numbers(sentence))]
        values = {each.value for each in dialogue.said} | {float(visit.age or -1)}
        false.append([bool(number_failures(sentence, dialogue, known, visit.age)) for sentence, _ in stated])
        unsaid.append([any(number.value not in values for number in found) for _, found in stated])
        for way, change in ALTERATIONS.items():
            flagged: list[bool] = []
            for sentence, found in stated:
                for _ in range(_ALTERED):
                    number = rng.choice(found)
                    made = renumbered(sentence, number, change(number.digits, rng))
                    flagged.append(bool(number_failures(made, dialogue, known, visit.age)))
            caught[way].append(flagged)
    tallies = {way: _tally(rows) for way, rows in caught.items()}
    first, second = tallies["tenfold"], tallies["digit"]
    flags, absent = _tally(false), _tally(unsaid)
    return {
        "grounding.numbers_caught": Figure(
            first.share(),
            "share",
            first.n,
            first.interval(),
            {"a digit changed, swapped or stepped": second.share()},
            f"{_CHOSEN}; one number of a gold sentence is ten times as much or a tenth; beside it the harder case, in "
            "which the wrong number often was said of something else",
        ),
        "grounding.numbers_false": Figure(
            flags.share(),
            "share",
            flags.n,
            flags.interval(),
            {"number nowhere in the dialogue": absent.share()},
            f"{_CHOSEN}; gold sentences with a number; the patient's age is the record's, as the metadata has it",
        ),
    }


def _sides(pairs: Sequence[Pair]) -> dict[str, Figure]:
    known = model()
    false: list[list[bool]] = []
    caught: list[list[bool]] = []
    for visit, dialogue in pairs:
        stated = [(sentence, found) for sentence in visit.sentences if (found := side_mentions(sentence))]
        false.append([bool(side_failures(sentence, dialogue, known)) for sentence, _ in stated])
        made = [swapped(sentence, side) for sentence, found in stated for side in found]
        caught.append([bool(side_failures(sentence, dialogue, known)) for sentence in made])
    flags, swaps = _tally(false), _tally(caught)
    return {
        "grounding.sides_caught": Figure(
            swaps.share(),
            "share",
            swaps.n,
            swaps.interval(),
            {"gold sentences falsely flagged": flags.share()},
            f"{_CHOSEN}; one left or right of a gold sentence swapped; {flags.n} gold sentences with a side",
        )
    }


def _tally(rows: Sequence[Sequence[bool]]) -> Tally:
    return Tally(np.array([len(row) for row in rows]), np.array([sum(row) for row in rows]))
