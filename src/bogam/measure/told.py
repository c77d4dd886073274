"""Whether what the notes of the demonstration ward say is found by reading them, and whether anything is made up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bogam.measure.bootstrap import interval
from bogam.measure.figure import Figure, Say
from bogam.record.attachment import read as read_attachment
from bogam.synthetic import Told, ward
from bogam.text.note import read_note
from bogam.text.reading import Entity

SEED: Final = 7
UNSEEN: Final = (101, 102, 103, 104)
"""Wards that nobody looked at while the rules were written."""


@dataclass(slots=True)
class ReadNote:
    """One note of a ward: its text, what it says, and what was read from it."""

    ref: str
    text: str
    read: tuple[Entity, ...]
    told: list[Told] = field(default_factory=list[Told])

    def words(self, entity: Entity, attribute: str = "") -> str:
        """Return an entity's words, or those of one of its attributes (empty where it has none), for comparing."""
        spans = [(a.start, a.end) for a in entity.attributes if a.name == attribute]
        start, end = spans[0] if spans else (0, 0) if attribute else (entity.start, entity.end)
        return _plain(self.text[start:end])


def notes(seed: int) -> list[ReadNote]:
    """Return the notes of a ward as the record gives their text, read, each with what it says."""
    made = ward(seed)
    found: dict[str, ReadNote] = {}
    for bundle in made.bundles[1:]:
        for entry in json.loads(bundle)["entry"]:
            body = entry["resource"]
            if body["resourceType"] == "DocumentReference":
                text = "\n".join(part for _, part in read_attachment(body["content"][0]["attachment"], "").parts)
                ref = f"DocumentReference/{body['id']}"
                found[ref] = ReadNote(ref, text, read_note(text).entities)
    for fact in made.told:
        found[fact.note].told.append(fact)
    return list(found.values())


def measure_told(say: Say) -> dict[str, Figure]:
    """Measure what is found and what is invented, on the default ward and on wards of other seeds."""
    figures: dict[str, Figure] = {}
    for suffix, seeds in (("", (SEED,)), ("_unseen", UNSEEN)):
        held = [note for seed in seeds for note in notes(seed)]
        which = f"seeds {', '.join(map(str, seeds))}"
        figures |= _found(held, suffix, which, say if not suffix else _silent)
        figures |= _invented(held, suffix, which, say if not suffix else _silent)
    return figures


def _silent(_: str) -> None:
    """Of the unseen wards only figures are told, so that nobody tunes the rules on them."""


def _found(held: Sequence[ReadNote], suffix: str, which: str, say: Say) -> dict[str, Figure]:
    hits = np.zeros(len(held))
    totals = np.zeros(len(held))
    kinds: dict[str, list[bool]] = {}
    for place, note in enumerate(held):
        for fact in note.told:
            if fact.means == ("hypothetical",):  # a value to aim for is nothing to be found
                continue
            hit = any(_says(note, entity, fact) for entity in note.read)
            kinds.setdefault(fact.kind, []).append(hit)
            hits[place] += hit
            totals[place] += 1
            if not hit:
                say(f"not found: {note.ref} {fact.kind} {fact.words} {fact.value}{fact.dose} {'/'.join(fact.means)}")
    rate: Callable[[np.ndarray], float] = lambda drawn: float(100 * hits[drawn].sum() / totals[drawn].sum())  # noqa: E731
    by_kind = {kind: round(100 * sum(each) / len(each), 1) for kind, each in sorted(kinds.items())}
    say(f"found by kind: {by_kind}")
    note = f"with assertion, value, unit, dose, route and frequency right; {which}; interval over notes"
    value = rate(np.arange(len(held)))
    return {
        f"ward.facts_found{suffix}": Figure(value, "%", int(totals.sum()), interval(len(held), rate), by_kind, note)
    }


def _invented(held: Sequence[ReadNote], suffix: str, which: str, say: Say) -> dict[str, Figure]:
    total = read = 0
    for note in held:
        for entity in note.read:
            read += 1
            why = _made_up(note, entity)
            if why:
                total += 1
                say(
                    f"invented: {note.ref} {entity.kind} {note.words(entity)} {entity.key} {entity.number or ''}: {why}"
                )
    note = f"of all that was read: drugs, allergies, values and problems that the note does not say or denies; {which}"
    return {f"ward.facts_invented{suffix}": Figure(total, "facts", read, note=note)}


# --- the two comparisons


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _says(note: ReadNote, entity: Entity, fact: Told) -> bool:
    """Say whether an entity is the fact, whole: what, how it is meant, and every number that belongs to it."""
    named, words = note.words(entity), _plain(fact.words)
    if fact.kind == "value":
        return named == words and _valued(note, entity, fact)
    if fact.kind == "allergy" and not words:
        return entity.key == "none-known"
    kinds = {"drug": ("drug",), "allergy": ("allergy",)}.get(fact.kind, ("problem", "symptom"))
    if entity.kind not in kinds or not _same(fact, named, words):
        return False
    if fact.means and entity.assertion not in fact.means:
        return False
    wanted = {"dose": fact.dose, "route": fact.route, "frequency": fact.frequency}
    return all(not value or note.words(entity, name) == _plain(value) for name, value in wanted.items())


def _same(fact: Told, named: str, words: str) -> bool:
    """Say whether two names are of one thing: one within the other; of free words at least half of them."""
    return words in named or (named in words and (fact.kind != "finding" or 2 * len(named) >= len(words)))


def _valued(note: ReadNote, entity: Entity, fact: Told) -> bool:
    right = entity.number is not None and entity.number == float(fact.value)
    return right and (not fact.unit or note.words(entity, "unit") == _plain(fact.unit))


def _made_up(note: ReadNote, entity: Entity) -> str:
    """Say why the note does not say what was read; empty where it does, or where only more was said than is listed.

    Drugs, allergies, values and problems are listed without gaps, so what is not listed is invented. Symptoms are not
    all listed, so one is invented only where the note denies it.
    """
    if entity.assertion != "present" and entity.key != "none-known":
        return ""
    named = note.words(entity)
    if entity.kind in ("lab", "vital"):
        values = [
            f for f in note.told if f.kind == "value" and _plain(f.words).endswith(named) and "present" in f.means
        ]
        wrong = entity.number is not None and not any(float(f.value) == entity.number for f in values)
        return "the note has no such value" if wrong else ""
    if entity.key == "none-known":
        return "an allergy is told" if any(f.kind == "allergy" and f.words for f in note.told) else ""
    if entity.kind == "drug" and entity.key.startswith("d:"):
        return _drug(note, entity, named)
    if entity.kind == "allergy":
        told = any(f.kind == "allergy" and f.words and _same(f, named, _plain(f.words)) for f in note.told)
        return "" if told else "no such allergy is told"
    if entity.kind in ("problem", "symptom"):
        near = [f for f in note.told if f.kind in ("problem", "finding") and _same(f, named, _plain(f.words))]
        if not near:
            return "no such problem is told" if entity.kind == "problem" else ""
        return "" if any("present" in f.means for f in near) else "the note means it otherwise"
    return ""


def _drug(note: ReadNote, entity: Entity, named: str) -> str:
    told = [f for f in note.told if f.kind == "drug" and f.means and _same(f, named, _plain(f.words))]
    if not told:
        return "no such drug is told as given"
    dose = note.words(entity, "dose")
    doses = [_plain(f.dose) for f in told if f.dose]
    return "another dose" if dose and doses and len(doses) == len(told) and dose not in doses else ""
