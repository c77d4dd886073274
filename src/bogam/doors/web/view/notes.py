"""Notes: finding words in them, and a note with words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bogam.doors.web.view.evidence import Piece, marked
from bogam.record.citation import Field
from bogam.record.facts import Note


@dataclass(frozen=True, slots=True)
class Found:
    """A note of the list. ``hits`` is how often the words stand in it, ``snippet`` the first place."""

    note: Note
    hits: int
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an open note: its field, and its text with marks."""

    field: Field
    pieces: tuple[Piece, ...]


def found(notes: Sequence[Note], query: str) -> list[Found]:
    """Return the notes in which every word of ``query`` stands (in its text or title), all for an empty query."""
    words = query.split()
    if not words:
        return [Found(note, 0, ()) for note in notes]
    kept: list[Found] = []
    for note in notes:
        whole = "\n".join(part.text for part in note.parts)
        searched = f"{note.name.text}\n{whole}".casefold()
        if all(word.casefold() in searched for word in words):
            spans = _spans(whole, words)
            kept.append(Found(note, len(spans), _snippet(whole, spans[0]) if spans else ()))
    return kept


def parts(note: Note, query: str, cited: tuple[str, int, int]) -> list[Part]:
    """Return the text of a note with the words of ``query`` and the cited place (pointer, start, end) marked."""
    pointer, start, end = cited
    rows: list[Part] = []
    for field in note.parts:
        spans = _spans(field.text, query.split())
        if field.pointer == pointer and start < end <= len(field.text):
            spans = sorted([*spans, (start, end)])
        rows.append(Part(field, marked(field.text, spans)))
    return rows


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    if not words:
        return []
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def _snippet(text: str, span: tuple[int, int]) -> tuple[Piece, ...]:
    low, high = max(0, span[0] - 30), min(len(text), span[1] + 50)
    inside = " ".join(text[low : span[0]].split()), text[span[0] : span[1]], " ".join(text[span[1] : high].split())
    return (Piece(f"… {inside[0]} "), Piece(inside[1], True), Piece(f" {inside[2]} …"))
