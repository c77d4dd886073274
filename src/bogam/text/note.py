"""Read a note once: its sections, its sentences, and what it mentions with the words that belong to each."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from bogam.text.assertion import in_sentence, with_sign
from bogam.text.context import is_aim
from bogam.text.entities import entities
from bogam.text.reading import Entity, NoteReading
from bogam.text.sections import sections
from bogam.text.sentences import sentences
from bogam.text.stopped import is_held, is_stopped

LIMIT: Final = 200_000
"""Code points of a note that are read; no note by a person is longer."""


_HAS_A_PAST: Final = frozenset({"problem", "symptom", "procedure"})
"""What a past history makes historical by standing in it; a drug or a value there may as well be today's."""


@lru_cache(maxsize=4096)
def read_note(text: str) -> NoteReading:
    """Read a note in English, Korean or both.

    Parameters
    ----------
    text
        The note, as it stands in the record. Nothing in it is changed, so that every place is a place in it.

    Returns
    -------
    NoteReading
        Sections cover the text without gaps. Sentences and entities are in order, lie within the text, and are never
        empty; an entity lies within its sentence, and so do its attributes. What stands in a heading is no entity.
        The same text gives the same reading. Time is linear in the length; of a text longer than `LIMIT` code points
        the rest is one last part that is not read (``unread`` is its length).
    """
    read = text if len(text) <= LIMIT else text[:LIMIT]
    parts = sections(read)
    lines: list[tuple[int, int]] = []
    keys: list[str] = []
    for part in parts:
        for bounds in sentences(read, part.body, part.end):
            lines.append(bounds)
            keys.append(part.key)
    found = entities(read, tuple(lines), tuple(keys))
    judged = tuple(_judged(read, lines[entity.sentence], entity) for entity in found)
    return NoteReading(text, parts, tuple(lines), judged, len(text) - len(read))


def _judged(text: str, sentence: tuple[int, int], entity: Entity) -> Entity:
    if entity.key == "none-known" or entity.kind in ("date", "duration"):
        return entity
    start = with_sign(text, sentence[0])
    section = entity.section if entity.kind in _HAS_A_PAST or entity.section == "family-history" else "-"
    words, begin, end = text[start : sentence[1]], entity.start - start, entity.end - start
    said = in_sentence(words, begin, end, section)
    if said == "present" and entity.kind == "drug" and (is_stopped(words, begin, end) or is_held(words, begin, end)):
        said = "historical"
    elif entity.number is not None and _aims(text, entity, sentence):
        said = "hypothetical"
    return entity._replace(assertion=said)


def _aims(text: str, entity: Entity, sentence: tuple[int, int]) -> bool:
    value_end = next((each.end for each in entity.attributes if each.name == "value"), entity.end)
    return is_aim(text, entity.start, entity.end, value_end, *sentence)
