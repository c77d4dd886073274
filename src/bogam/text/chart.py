"""What the notes of a chart say, as facts of its timeline, each word with its exact place in the note."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from bogam.record.citation import Field
from bogam.record.facts import Mention, Note, Timeline
from bogam.record.transcript import is_transcript
from bogam.text.note import LIMIT, read_note
from bogam.text.reading import Entity

MOST: Final = 500_000
"""Code points of a chart's notes that are read, the newest first: some seconds the first time, nothing afterwards."""

_VOID: Final = frozenset({"superseded", "entered-in-error"})
_REMEMBERED: Final = 2048


def with_mentions(timeline: Timeline) -> Timeline:
    """Return a timeline with what its notes say in ``mentions``, newest note first.

    Notes that were superseded or entered in error say nothing any more, and a transcript is no note. Of a chart with
    more than `MOST` code points of notes the oldest are left out, and ``notes_not_read`` counts them and those that
    were not read to their end. What a note says is remembered, so that reading a chart again costs little.
    """
    mentions: list[Mention] = []
    left, unread = MOST, 0
    for note in timeline.notes:
        if note.status in _VOID or not note.parts or is_transcript(note):
            continue
        left -= sum(len(part.text) for part in note.parts)
        if left >= 0:
            mentions.extend(_of(note))
        unread += left < 0 or any(len(part.text) > LIMIT for part in note.parts)
    return replace(timeline, mentions=tuple(mentions), notes_not_read=unread)


@lru_cache(maxsize=_REMEMBERED)
def _of(note: Note) -> tuple[Mention, ...]:
    return tuple(mention for part in note.parts for mention in _in(note, part))


def _in(note: Note, part: Field) -> list[Mention]:
    reading = read_note(part.text)
    sentences = [part.part(start, end) for start, end in reading.sentences]
    return [_mention(note, part, entity, sentences[entity.sentence]) for entity in reading.entities]


def _mention(note: Note, part: Field, entity: Entity, sentence: Field) -> Mention:
    belongs = {name: part.part(start, end) for name, start, end in entity.attributes}
    return Mention(
        origin=part.origin,
        name=part.part(entity.start, entity.end),
        status=note.status,
        status_field=note.status_field,
        start=note.start,
        at=note.at,
        encounter=note.encounter,
        kind=entity.kind,
        assertion=entity.assertion,
        sentence=sentence,
        note=note.name,
        key=entity.key,
        section=entity.section,
        side=belongs.get("side"),
        value=belongs.get("value"),
        number=entity.number,
        unit=belongs.get("unit"),
        flag=belongs.get("flag"),
        dose=belongs.get("dose"),
        route=belongs.get("route"),
        frequency=belongs.get("frequency"),
    )
