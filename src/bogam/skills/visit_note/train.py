"""Train the three small models of the visit note on MTS-Dialog and ACI-Bench."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bogam.skills.visit_note import header, route, worth
from bogam.skills.visit_note.card import card
from bogam.skills.visit_note.hashing import words
from bogam.skills.visit_note.model import FOLDER, save_header, save_route, save_worth
from bogam.skills.visit_note.sets import Pair, aci, mts, parts
from bogam.skills.visit_note.statements import Candidate, candidates

HEADER_COST: Final = 0.3
SECTION_STRENGTH: Final = 1e-5
NOTE_STRENGTH: Final = 1e-4
_LIKE: Final = 0.5
"""Share of a sentence's words that a part of the note must have for the sentence to be of that part."""


def train(data: Path, out: Path | None, say: Callable[[str], None]) -> Path:
    """Train on the training splits and write the models with their card; about two minutes on one core.

    Returns the folder. What is set here by hand (strength of regularisation, how much a repeated word counts) was
    chosen on the validation splits and by cross-validation within training. Deterministic.
    """
    folder = out or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    short, long = mts(data, "train"), aci(data, "train")
    say(f"visit-note: {len(short):,} short dialogues, {len(long)} visits")
    save_header(header.fit([each.dialogue for each in short], [each.header for each in short], HEADER_COST), folder)
    say("visit-note: headers done")
    save_worth(words_of(short, SECTION_STRENGTH), "section", folder)
    say("visit-note: sections done")
    save_worth(words_of(long, NOTE_STRENGTH), "note", folder)
    save_route(router(long), folder)
    sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.npz"))}
    (folder / "CARD.md").write_text(card(sizes), encoding="utf-8")
    return folder


def words_of(pairs: Sequence[Pair], strength: float) -> worth.Worth:
    """Fit the model of words to some dialogues and their notes."""
    found = [candidates(each.dialogue) for each in pairs]
    return worth.fit(found, [each.header for each in pairs], [each.note for each in pairs], strength)


def router(pairs: Sequence[Pair]) -> route.Route:
    """Fit the router: a sentence is of the part of the note that has most of its words."""
    found: list[Candidate] = []
    lasts: list[int] = []
    told: list[str] = []
    for pair in pairs:
        there = {name: set(words(text)) for name, text in parts(pair.note).items()}
        every = candidates(pair.dialogue)
        for each in every:
            own = [word for word in words(each.text) if len(word) > 3]
            if len(own) < 2:
                continue
            share, best = max((sum(word in held for word in own) / len(own), name) for name, held in there.items())
            if share >= _LIKE:
                found.append(each)
                lasts.append(every[-1].turn)
                told.append(best)
    return route.fit(found, lasts, told)
