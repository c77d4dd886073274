"""One text under review: what the rules found, what people changed, and what comes out."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bogam.record.facts import Note, Timeline
from bogam.skills.deidentify.reviews import Change, Changes, Reviews
from bogam.text.deid import Deidentified, Finding, Mode, Pseudonyms, apply, find, known


@dataclass(frozen=True, slots=True)
class Document:
    """A text to review. ``key`` tells it from others without holding any of it."""

    key: str
    text: str
    title: str = ""
    patient: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A document with its findings, in order; ``removed`` are those that a person said are none."""

    document: Document
    mode: Mode
    findings: tuple[Finding, ...]
    removed: tuple[Finding, ...]
    changes: Changes
    result: Deidentified


def pasted(text: str, key: bytes) -> Document:
    """Return a document of a text that is no part of the record."""
    return Document(f"text/{hmac.digest(key, text.encode(errors='replace'), 'sha256').hex()}", text)


def of_note(timeline: Timeline, source: str, part: int) -> Document | None:
    """Return a document of one part of a note, None where there is none."""
    note = next((each for each in timeline.notes if each.origin.source == source), None)
    if note is None or not 0 <= part < len(note.parts):
        return None
    field = note.parts[part]
    key = f"{field.origin.source}/v{field.origin.version}{field.pointer}"
    return Document(key, field.text, note.name.text, timeline.person.id)


def readable(timeline: Timeline) -> list[Note]:
    """Return the notes that have words, newest first."""
    return [each for each in timeline.notes if each.parts]


def review(
    document: Document,
    mode: Mode,
    key: bytes,
    reviews: Reviews,
    *,
    people: Sequence[Mapping[str, Any]] = (),
    change: Change | None = None,
    by: str = "",
    at: str = "",
) -> Review:
    """Review a document; with ``change``, make it first and remember it."""
    changes = reviews.get(document.key)
    if change is not None:
        changes = change.made(document.text, changes, by, at)
        reviews.put(document.key, changes)
    record = known(people)
    found = find(document.text, record)
    findings = changes.applied(document.text, found)
    made = apply(document.text, findings, mode, pseudonyms=Pseudonyms(key, document.patient, record))
    removed = tuple(each for each in found if (each.start, each.end) in changes.removed)
    return Review(document, mode, findings, removed, changes, made)
