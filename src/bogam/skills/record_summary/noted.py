"""What only the notes say: drugs, allergies and problems that no entry of the record has, read from text by code.

Each is said to be read from a note, with whose it is and of what day. What a list of the record has, in whatever
wording or language, is not told again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Allergy, Condition, Fact, Medication, Mention
from bogam.skills.writing.compose import Piece, day, joined, name, plain
from bogam.skills.writing.importance import rank
from bogam.skills.writing.reading import Reading, days_between
from bogam.terms.concepts import with_parents
from bogam.terms.drugs import allergy_classes, classes, ingredients
from bogam.terms.lexicon import named

RECENT: Final = 180.0
"""Days before the moment of the summary within which a note's drugs and problems are told."""

_ENDED: Final = 30.0
"""Days after its end within which a note may still name a drug."""
_TAKEN: Final = frozenset({"medications", "discharge-medications"})
_TAKES: Final = re.compile(
    r"\b(?:takes|is taking|currently taking|has been taking|remains on|is on)\b|복용 ?중|복용하고 있|투약 ?중|투여 ?중",
    re.IGNORECASE,
)
_NOT_TAKEN: Final = re.compile(
    r"중단|중지|보류|끊|stop|discontinu|\bheld\b|\bhold\b|\bd/c\b|allerg|알레르기"
    r"|\b(?:mother|father|wife|husband|brother|sister|son|daughter)\b|모친|부친|어머니|아버지|배우자|남편|아내",
    re.IGNORECASE,
)
"""Words of a sentence that names a drug for another reason, or as another person's."""


def drugs(reading: Reading) -> list[Mention]:
    """Return drugs that a note says are taken, and that no order or statement of that time or later has.

    Only the newest note with a list of drugs, and what is said to be taken since, speaks for the present. A drug that
    the record stopped after the note, within a month before it, or at a time that is not recorded, is known to it.
    """
    said = [m for m in reading.timeline.mentions if m.kind == "drug" and m.key[:2] == "d:" and _taken(m)]
    listed = next((m for m in said if m.section in _TAKEN), None)
    recent = (m for m in said if _recent(reading, m) and (listed is None or not _older(m, listed)))
    return _first(m for m in recent if not any(_covers(entry, m) for entry in reading.timeline.medications))


def _taken(mention: Mention) -> bool:
    words = mention.sentence.text
    return (
        mention.assertion == "present"
        and (mention.section in _TAKEN or _TAKES.search(words) is not None)
        and _NOT_TAKEN.search(words) is None
    )


def _older(one: Mention, other: Mention) -> bool:
    return one.origin != other.origin and (one.at is None or other.at is None or one.at < other.at)


def _covers(entry: Medication, mention: Mention) -> bool:
    """Say whether an entry of the record explains that a note names a drug."""
    known = _wording(entry)
    drug = mention.key[2:]
    if drug not in _ingredients(known) and mention.name.text.casefold() not in known.casefold():
        return False
    if entry.status in ("current", "on-hold", "planned"):
        return True
    since = days_between(entry.end_at, mention.at)
    return since is None or since <= _ENDED


def allergies(reading: Reading) -> list[Mention]:
    """Return allergies that a note tells and that no entry has, refuted and resolved ones included."""
    known = [entry for entry in reading.timeline.allergies if not entry.none_known]
    told = (m for m in reading.timeline.mentions if m.kind == "allergy" and m.assertion == "present" and m.key)
    return _first(m for m in told if not any(_is_of(entry, m) for entry in known))


def _is_of(entry: Allergy, mention: Mention) -> bool:
    words, allergen = _wording(entry), mention.key.removeprefix("d:")
    covered = allergy_classes(words) | ingredients_of(words)
    return (
        allergen in covered
        or bool(classes(allergen) & covered)
        or bool(allergy_classes(mention.name.text) & covered)
        or mention.key in keys_of(entry)
        or mention.name.text.casefold() in words.casefold()
    )


def problems(reading: Reading) -> list[Mention]:
    """Return problems that a note of the last half year affirms and that no entry has; small ones are left out."""
    return _unrecorded(reading, lambda m: m.assertion == "present" and _recent(reading, m))


def history(reading: Reading) -> list[Mention]:
    """Return problems of the past that a note tells and that no entry has; small ones are left out."""
    return _unrecorded(reading, lambda m: m.assertion == "historical")


def _unrecorded(reading: Reading, counts: Callable[[Mention], bool]) -> list[Mention]:
    said = [m for m in reading.timeline.mentions if m.kind == "problem" and m.key[:2] != "w:" and counts(m)]
    if not said:
        return []
    held = (*reading.timeline.conditions, *reading.timeline.procedures)
    known = frozenset(key for entry in held for key in keys_of(entry))
    words = " | ".join(_wording(entry).casefold() for entry in held)
    reasons = " | ".join(reason.text for e in reading.timeline.encounters for reason in e.reasons).casefold()
    return _first(
        m
        for m in said
        if not known & with_parents(frozenset({m.key}))
        and m.name.text.casefold() not in words
        and m.name.text.casefold() not in reasons
        and rank(m.name.text) in ("critical", "grave", "chronic")
    )


def told(reading: Reading, mention: Mention, section: str) -> Claim:
    """Write one line of a list for what only a note says."""
    line = reading.line().add(name(mention.name))
    parts = [plain(field) for field in (mention.dose, mention.route, mention.frequency) if field is not None]
    line.add(joined(parts, " ") if parts else None)
    return line.say("from-note", x=source(reading, mention)).claim(section)


def source(reading: Reading, mention: Mention) -> Piece:
    """Name the note that a mention stands in: its kind, its day and who wrote it."""
    note = next((n for n in reading.timeline.notes if n.origin == mention.origin and n.name == mention.note), None)
    shown = [name(mention.note)]
    if mention.start is not None:
        shown.append(day(mention.start))
    if note is not None and note.author is not None:
        shown.append(plain(note.author))
    return joined(shown)


def _recent(reading: Reading, mention: Mention) -> bool:
    since = reading.age(mention)
    return since is not None and since <= RECENT


def _first(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep the newest mention of each key."""
    found: dict[str, Mention] = {}
    for mention in mentions:
        found.setdefault(mention.key, mention)
    return list(found.values())


@lru_cache(maxsize=4096)
def _ingredients(text: str) -> frozenset[str]:
    return frozenset(ingredients(text))


def ingredients_of(text: str) -> frozenset[str]:
    """Return the ingredients that an entry's words name."""
    return _ingredients(text)


def _wording(entry: Fact) -> str:
    return " / ".join([entry.name.text, *(coding.display.text for coding in entry.codes if coding.display)])


@lru_cache(maxsize=8192)
def _keys(text: str) -> frozenset[str]:
    return with_parents(frozenset(term.key for term in named(text)))


def keys_of(entry: Condition | Fact) -> frozenset[str]:
    """Return the terms that an entry's name and its codes' displays name, and what they imply."""
    return _keys(_wording(entry))
