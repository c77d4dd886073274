"""What a patient's own record has that bears on a question: allergies, drugs, kidney function, pregnancy, problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Language
from bogam.evidence.retrieval.features import features
from bogam.record.citation import Field
from bogam.record.facts import Allergy, Result, Timeline
from bogam.skills.answering.words import say
from bogam.skills.writing.compose import Piece, clean, day, joined, name, plain
from bogam.skills.writing.values import valued

SECTION: Final = "patient"
_KIDNEY: Final = frozenset({"g:kidney", "g:dialysis", "k:egfr", "k:creatinine", "k:ckd"})
_KIDNEY_TESTS: Final = frozenset({"k:egfr", "k:creatinine"})
_USABLE: Final = ("final", "amended", "preliminary", "unknown")
_MOST: Final = 8


def bearing(timeline: Timeline, question: str, said: Iterable[str], language: Language) -> list[Claim]:
    """Return the facts of a record that bear on a question and on what was found to it.

    Parameters
    ----------
    said
        The sentences that were found.

    Notes
    -----
    Kidney values are told when the kidney is spoken of; a drug, a problem or a value when it is named; a
    pregnancy whenever a drug is.
    """
    asked = frozenset(features(question))
    around = asked.union(*(features(each) for each in said))
    drugs = {each for each in around if each.startswith(("k:d:", "k:c:", "m:"))}
    found = [
        *_problems(timeline, asked, bool(drugs) or "g:pregnancy" in around, language),
        *_medications(timeline, around, language),
        *_results(timeline, asked, bool(around & _KIDNEY)),
    ]
    return found[:_MOST]


def _claim(piece: Piece) -> Claim:
    return Claim(piece.text, piece.citations, section=SECTION)


def _told(key: str, field: Field, language: Language) -> Claim:
    piece = name(field)
    return _claim(Piece(say(key, language, x=piece.text), piece.citations))


def allergies(timeline: Timeline, question: str, said: Iterable[str], language: Language) -> list[Claim]:
    """Return a conflict for each allergy to a drug, or the class of a drug, that is asked for or quoted."""
    around = frozenset(features(question)).union(*(features(each) for each in said))
    drugs = {each for each in around if each.startswith(("k:d:", "k:c:", "m:"))}
    told: list[Claim] = []
    for each in timeline.allergies:
        if each.none_known or each.status in ("refuted", "inactive", "resolved"):
            continue
        keys = {key for key in features(each.name.text) if key.startswith(("k:d:", "k:c:", "m:"))}
        related = {key[4:] if key.startswith("k:c:") else key[2:] for key in keys if not key.startswith("k:d:")}
        classes = {key[4:] if key.startswith("k:c:") else key[2:] for key in drugs if not key.startswith("k:d:")}
        if drugs and (keys & drugs or related & classes):
            told.append(_allergy(each, language))
    return told


def _allergy(each: Allergy, language: Language) -> Claim:
    """Tell an allergy with its reactions and its criticality where they are recorded."""
    more = [plain(field) for field in (*each.reactions, each.criticality) if field is not None]
    piece = name(each.name)
    if more:
        beside = joined(more)
        piece = Piece(f"{piece.text} ({beside.text})", (*piece.citations, *beside.citations))
    return Claim(say("allergy", language, x=piece.text), piece.citations, kind="conflict.allergy")


def _problems(timeline: Timeline, asked: frozenset[str], drugs: bool, language: Language) -> list[Claim]:
    told: dict[str, Claim] = {}
    for each in timeline.conditions:
        if each.status not in ("active", "unknown"):
            continue
        keys = set(features(each.name.text))
        pregnant = drugs and bool(keys & {"g:pregnancy", "k:pregnancy"})
        if pregnant or keys & {key for key in asked if key.startswith("k:")}:
            told.setdefault(clean(each.name.text), _told("problem", each.name, language))
    return list(told.values())


def _medications(timeline: Timeline, around: frozenset[str], language: Language) -> list[Claim]:
    named = {key for key in around if key.startswith("k:d:")}
    told: dict[str, Claim] = {}
    for each in timeline.medications:
        if each.status == "current" and named & set(features(each.name.text)):
            told.setdefault(clean(each.name.text), _told("drug", each.name, language))
    return list(told.values())


def _results(timeline: Timeline, asked: frozenset[str], kidney: bool) -> list[Claim]:
    wanted = {key for key in asked if key.startswith("k:")} | (_KIDNEY_TESTS if kidney else set[str]())
    told: dict[str, Claim] = {}
    for each in timeline.results:
        if each.value is None or each.status not in _USABLE or each.category not in ("lab", "vital"):
            continue
        if wanted & {key for key in features(each.name.text) if key.startswith("k:")}:
            told.setdefault(each.key or each.name.text, result(each))
    return list(told.values())


def result(each: Result) -> Claim:
    """Tell a result: name, value with unit, day."""
    parts = [name(each.name), valued(each)]
    piece = joined(parts, " ")
    if each.start is not None:
        when = day(each.start)
        piece = Piece(f"{piece.text} ({when.text})", (*piece.citations, *when.citations))
    return _claim(piece)
