"""Measure the reading of notes: assertion in both languages, speed, and the facts of the ward's notes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import numpy as np

from bogam.measure import medspacy
from bogam.measure.bootstrap import interval
from bogam.measure.figure import Figure, Say
from bogam.measure.told import SEED, measure_told
from bogam.measure.told import notes as ward_notes
from bogam.record.load import load
from bogam.record.store import Store
from bogam.record.timeline import timeline
from bogam.text.assertion import classify
from bogam.text.note import read_note
from bogam.text.polarity import DENIED, polarity

LABELS: Final = ("present", "absent", "possible", "historical", "hypothetical", "other")
_TIMED: Final = 200
"""Notes that both this reader and medspaCy are timed on."""


class Sentence(NamedTuple):
    """A sentence of an assertion set with its target's place and its label."""

    label: str
    text: str
    start: int
    end: int


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Run all measurements of reading. With ``data``, speed is measured on the notes of ``bulk-fhir`` too."""
    sets = {language: sentences(f"assertion.{language}.tsv") for language in ("ko", "en")}
    ward = [note.text for note in ward_notes(SEED)]
    public = _public(data) if data is not None else []
    english = [text for text in public or ward if not re.search("[가-힣]", text)]
    timed = english[:: max(1, len(english) // _TIMED)][:_TIMED]
    spans = [(one.text, one.start, one.end) for one in sets["en"]]
    rival = medspacy.compare(spans, timed, _targets(timed), say)
    figures = _assertions(sets, rival)
    figures |= _speed(public, ward, timed, rival)
    return figures | measure_told(say)


# --- assertion


def sentences(name: str) -> list[Sentence]:
    """Read an assertion set: label, tab, sentence with the target in double brackets."""
    found: list[Sentence] = []
    for line in (files("bogam.measure") / "sets" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            label, marked = line.split("\t")
            before, _, rest = marked.partition("[[")
            target, _, after = rest.partition("]]")
            found.append(Sentence(label, before + target + after, len(before), len(before) + len(target)))
    return found


def _assertions(sets: dict[str, list[Sentence]], rival: medspacy.Answer | None) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for language, held in sets.items():
        gold = np.array([LABELS.index(one.label) for one in held])
        ours = np.array([LABELS.index(classify(one.text, one.start, one.end)) for one in held])
        beside = {"denied or not, as before": round(macro_f1(gold, np.array([_denied(one) for one in held])), 3)}
        if rival is not None and language == "en":
            theirs = np.array([LABELS.index(label) for label in rival.labels])
            beside[f"medspaCy {rival.version} ConText"] = round(macro_f1(gold, theirs), 3)
            beside["absent alone"] = round(f1(gold, ours, 1), 3)
            beside["absent alone, medspaCy"] = round(f1(gold, theirs, 1), 3)
        statistic: Callable[[np.ndarray], float] = lambda drawn, g=gold, o=ours: macro_f1(g[drawn], o[drawn])  # noqa: E731
        note = "our own sentences, written before the rules; rules were chosen on the dev files"
        name = f"assertion.macro_f1_{language}"
        figures[name] = Figure(macro_f1(gold, ours), "F1", len(held), interval(len(held), statistic), beside, note)
        for index, label in enumerate(LABELS):
            count = int((gold == index).sum())
            figures[f"assertion.f1_{language}.{label}"] = Figure(f1(gold, ours, index), "F1", count)
    return figures


def _denied(one: Sentence) -> int:
    return 1 if polarity(one.text).at(one.start) == DENIED else 0


def f1(gold: np.ndarray, made: np.ndarray, label: int) -> float:
    """Return the F1 of one label; 0 where it is in neither."""
    both = int(((gold == label) & (made == label)).sum())
    every = int((gold == label).sum() + (made == label).sum())
    return 2 * both / every if every else 0.0


def macro_f1(gold: np.ndarray, made: np.ndarray) -> float:
    """Return the mean F1 over the labels."""
    return float(np.mean([f1(gold, made, label) for label in range(len(LABELS))]))


# --- speed


def _public(data: Path) -> list[str]:
    """Return the distinct notes of the set ``bulk-fhir``."""
    place = next((found for found in (data / "bulk-fhir", *sorted(data.glob("bulk-fhir*"))) if found.exists()), None)
    if place is None:
        raise FileNotFoundError(f'No "bulk-fhir" in {data}.')
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "notes.sqlite")
        load(store, place)
        held = [note for patient in store.patient_ids() for note in timeline(store.patient(patient)).notes]
        return list(dict.fromkeys(part.text for note in held for part in note.parts))


def _targets(notes: Sequence[str]) -> list[str]:
    """Return the words that the reader finds in the notes, so that both look for the same."""
    found = {text[entity.start : entity.end].lower() for text in notes for entity in read_note(text).entities}
    return sorted(found)


def _speed(
    public: Sequence[str], ward: Sequence[str], timed: Sequence[str], rival: medspacy.Answer | None
) -> dict[str, Figure]:
    texts = public or ward
    beside: dict[str, float] = {"the ward's notes": round(rate(ward))} if public else {}
    if rival is not None:
        beside["the notes that medspaCy read"] = round(rate(timed))
        beside[f"medspaCy {rival.version}, those notes"] = round(rival.notes_per_s)
    size = sum(map(len, texts)) // len(texts)
    note = f"one core, nothing remembered; {size} characters a note; medspaCy splits, matches the same words, ConText"
    return {"text.notes_per_s": Figure(round(rate(texts), 1), "notes/s", len(texts), None, beside, note)}


def rate(texts: Sequence[str]) -> float:
    """Return how many notes a second are read that were not read before."""
    read_note("Warm up: no fever. Metformin 500 mg bid.")
    read_note.cache_clear()
    start = perf_counter()
    for text in texts:
        read_note(text)
    return len(texts) / (perf_counter() - start)
