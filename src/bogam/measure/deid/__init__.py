"""Measure de-identification: planted identifiers found, names found and falsely found, what is left, and how fast.

The notes are ours (`contexts`, `people`), written before the rules; a site's own notes will differ, and should be
measured there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, NamedTuple

import numpy as np

from bogam.measure.bootstrap import interval
from bogam.measure.deid import baseline, records, seeded
from bogam.measure.deid.seeded import Language, Seeded
from bogam.measure.figure import Figure, Say
from bogam.text.deid import Known, find, known
from bogam.text.deid.fold import fold, squeezed

_SEED: Final = 20261125
_IDENTIFIERS: Final = 1200
"""Of each language."""
_NAMES: Final = 600
"""Notes of each language; three of their lines name people."""
_LANGUAGES: Final[tuple[Language, ...]] = ("en", "ko")
_OURS: Final = "our own notes, written before the rules, names from lists the rules do not hold"

Span = tuple[int, int]


class _Counts(NamedTuple):
    """Of one note: planted, found of them, marked as a name, rightly so, and planted values left in an output."""

    planted: int
    found: int
    marked: int
    right: int
    left: int


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure on seeded notes; with ``data`` on the Synthea resources and notes as well, always on the ward."""
    rng = Random(_SEED)
    figures: dict[str, Figure] = {}
    held = records.notes(data)
    figures |= _structured({each: seeded.identifiers(_IDENTIFIERS, each, rng, held[each]) for each in _LANGUAGES}, say)
    notes: dict[Language, list[Seeded]] = {each: seeded.names(_NAMES, each, rng) for each in _LANGUAGES}
    figures |= _names("deid.names_known", notes, lambda note: _ours(note, given=True), say)
    figures |= _names("deid.names_unknown", notes, lambda note: _ours(note, given=False), say)
    figures |= records.measure(data, say)
    return figures


def _structured(notes: dict[Language, list[Seeded]], say: Say) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    counted: dict[str, list[_Counts]] = {}
    plain: dict[str, list[_Counts]] = {}
    started = perf_counter()
    for language, made in notes.items():
        counted[language] = [_count(note, [(f.start, f.end) for f in find(note.text)]) for note in made]
    speed = sum(map(len, notes.values())) / (perf_counter() - started)
    for language, made in notes.items():
        plain[language] = [_count(note, baseline.structured(note.text)) for note in made]
        for note, counts in zip(made, counted[language], strict=True):
            if counts.found < counts.planted or counts.left:
                say(f"missed {language}: {[note.text[each.start : each.end] for each in note.planted]}")
    groups = {"": [*counted["en"], *counted["ko"]], "_en": counted["en"], "_ko": counted["ko"]}
    beside = {"": [*plain["en"], *plain["ko"]], "_en": plain["en"], "_ko": plain["ko"]}
    for suffix, group in groups.items():
        figures[f"deid.structured_recall{suffix}"] = _figure(
            group, _recall, {"plain_patterns": _recall(beside[suffix])}, f"whole identifier covered; {_OURS}"
        )
    left = sum(each.left for each in groups[""])
    figures["deid.structured_left"] = Figure(
        left,
        "identifiers",
        len(groups[""]),
        beside={"plain_patterns": sum(each.left for each in beside[""])},
        note="planted identifiers whose letters and digits still stand in the note, breaks ignored",
    )
    figures["deid.notes_per_s"] = Figure(
        speed, "notes/s", len(groups[""]), note="the seeded notes, one core, other work on the machine"
    )
    return figures


def _ours(note: Seeded, *, given: bool) -> list[Span]:
    record = _record(note) if given else known(())
    return [(f.start, f.end) for f in find(note.text, record) if f.category == "name"]


def _record(note: Seeded) -> Known:
    """The record that knows the people of a note: patient, relatives and staff."""
    return known(
        {
            "resourceType": "RelatedPerson",
            "id": str(number),
            "name": [{"text": who.text, "family": who.family, "given": [who.given] if who.given else []}],
        }
        for number, who in enumerate(note.people)
    )


def _names(
    name: str, notes: dict[Language, list[Seeded]], found_in: Callable[[Seeded], list[Span]], say: Say
) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    all_counts: list[_Counts] = []
    all_plain: list[_Counts] = []
    for language, made in notes.items():
        counts = [_count(note, found_in(note)) for note in made]
        plain = [_count(note, baseline.honorifics(note.text)) for note in made]
        all_counts += counts
        all_plain += plain
        figures |= _pair(f"{name}_{language}", counts, plain)
        say(f"{name} {language}: recall {_recall(counts):.3f}, precision {_precision(counts):.3f}")
    return _pair(name, all_counts, all_plain) | figures


def _pair(name: str, counts: Sequence[_Counts], plain: Sequence[_Counts]) -> dict[str, Figure]:
    precision = _precision(counts)
    note = f"at precision {precision:.3f}; every letter of the name covered; {_OURS}"
    return {
        name: _figure(counts, _recall, {"honorific_only": _recall(plain)}, note),
        f"{name}_precision": _figure(
            counts, _precision, {"honorific_only": _precision(plain)}, "marked names that overlap a planted one"
        ),
    }


def _recall(counts: Sequence[_Counts]) -> float:
    return sum(each.found for each in counts) / max(1, sum(each.planted for each in counts))


def _precision(counts: Sequence[_Counts]) -> float:
    return sum(each.right for each in counts) / max(1, sum(each.marked for each in counts))


def _figure(
    counts: Sequence[_Counts], statistic: Callable[[Sequence[_Counts]], float], beside: dict[str, float], note: str
) -> Figure:
    """A figure with its interval: notes are drawn, not identifiers."""
    table = np.asarray(counts, dtype=float)

    def drawn(indices: np.ndarray) -> float:
        sums = table[indices].sum(axis=0)
        return float(statistic([_Counts(*map(int, sums))]))

    n = sum(each.planted for each in counts) if statistic is _recall else sum(each.marked for each in counts)
    return Figure(statistic(counts), "share", n, interval(len(counts), drawn), beside, note)


def _count(note: Seeded, spans: list[Span]) -> _Counts:
    covered = bytearray(len(note.text))
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    wanted = bytearray(len(note.text))
    found = 0
    for each in note.planted:
        wanted[each.start : each.end] = b"\x01" * (each.end - each.start)
        found += all(covered[at] for at in range(each.start, each.end) if note.text[at].isalnum())
    right = sum(any(wanted[start:end]) for start, end in spans)
    left = _left(note, spans)
    return _Counts(len(note.planted), found, len(spans), right, left)


def _left(note: Seeded, spans: list[Span]) -> int:
    """Planted values whose letters and digits still stand in the text without ``spans``, wherever it is broken."""
    rest = note.text
    for start, end in sorted(spans, reverse=True):
        rest = f"{rest[:start]}|{rest[end:]}"
    small = squeezed(fold(rest).text)
    return sum(squeezed(fold(note.text[each.start : each.end]).text) in small for each in note.planted)
