"""What is read from a note: its sections, sentences and entities, each with its place in the text.

All places are Unicode code points in the note's text, half open.
"""

from __future__ import annotations

from typing import NamedTuple

from bogam.record.facts import Assertion, MentionKind


class Section(NamedTuple):
    """A part of a note under one heading.

    ``key`` is the heading's normal form (``chief-complaint``, ``history``, ``past-history``, ``family-history``,
    ``social-history``, ``allergies``, ``medications``, ``review-of-systems``, ``vitals``, ``exam``, ``results``,
    ``differential``, ``assessment``, ``plan``, ``assessment-and-plan``, ``procedures``, ``course``, ``instructions``,
    ``follow-up`` …; empty before the first heading). ``start`` is where the heading begins, ``body`` where what stands
    under it does.
    """

    key: str
    title: str
    start: int
    body: int
    end: int


class Attribute(NamedTuple):
    """Words that belong to an entity.

    ``name``: value, unit and flag of a laboratory value or vital sign; dose, route, frequency and duration of a drug;
    side and duration of a problem or symptom, side of anatomy; reaction of an allergy.
    """

    name: str
    start: int
    end: int


class Entity(NamedTuple):
    """Something that a note mentions.

    ``key`` is equal for what means the same in Korean and English: ``d:metformin`` for a drug's ingredient, a key of
    ``terms/data`` for a known term, ``w:...`` for other words, ``none-known`` for a denial of all allergies.
    ``number`` is the value as a float (of a blood pressure the systolic; the diastolic is an entity of its own with the
    same words). ``none-known`` has the kind allergy and is absent, as the allergens are that a note denies.
    """

    kind: MentionKind
    start: int
    end: int
    key: str
    assertion: Assertion
    section: str = ""
    sentence: int = 0
    number: float | None = None
    attributes: tuple[Attribute, ...] = ()


class NoteReading(NamedTuple):
    """A note as read. ``sentences`` are (start, end), headings not among them; each entity names its sentence.

    ``unread`` counts the code points at the end that were not read, because the text is longer than any note.
    """

    text: str
    sections: tuple[Section, ...]
    sentences: tuple[tuple[int, int], ...]
    entities: tuple[Entity, ...]
    unread: int = 0
