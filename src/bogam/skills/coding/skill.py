"""The coding skill: ICD-10-CM codes that an encounter or a note calls for, for a coder to accept or reject."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.record.facts import Timeline
from bogam.skills.coding import check
from bogam.skills.coding.gather import is_kcd, supports
from bogam.skills.coding.schema import Request
from bogam.skills.coding.scope import Scope, scope
from bogam.skills.coding.sentences import sentence
from bogam.skills.coding.suggest import explained, suggestions
from bogam.skills.coding.words import WORDS
from bogam.skills.writing.compose import fill, hidden, name, plain
from bogam.skills.writing.draft import put_together
from bogam.skills.writing.reading import Part, Reading, read
from bogam.terms import icd10cm

ENGINE: Final = "built-in coding 2"
"""Raised with every change of what the same record gives."""


class Coding:
    """The skill ``coding``. Deterministic: the same record and request give the same bytes."""

    name = "coding"
    folder = Path(__file__).parent
    request: type[BaseModel] = Request

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft:
        """Suggest codes for a part of a patient's timeline. The claims come back unchecked.

        Raises
        ------
        TypeError
            When ``request`` is not this skill's `Request`.
        """
        if not isinstance(request, Request):
            raise TypeError(f"coding takes its own Request, not a {type(request).__name__}")
        reading = read(evidence, request, WORDS)
        looked = scope(reading, request.scope)
        parts, missing, conflicts = _kcd(reading, looked) if request.system == "kcd" else _icd10cm(reading, looked)
        return put_together(self.name, ENGINE, request, reading, parts, missing=missing, conflicts=conflicts)


Written = tuple[list[Part], tuple[Claim, ...], tuple[Claim, ...]]


def _icd10cm(reading: Reading, looked: Scope) -> Written:
    index = icd10cm.default()
    found = suggestions(supports(looked, index), looked.setting, index)
    allowed = [each for each in found if each.allowed]
    limit = reading.request.limit("suggested")
    kept = {each.code: each for each in allowed[:limit]}
    codes = index.arranged(tuple(kept))
    beside = explained(found)
    sex = reading.timeline.person.gender
    parts = [
        Part(
            "suggested",
            tuple(sentence(kept[code], reading, index, code in beside) for code in codes),
            len(allowed) - len(kept),
        ),
        Part("considered", tuple(sentence(each, reading, index) for each in found if not each.allowed)),
    ]
    missing = check.missing(codes, reading.language, index)
    if not found:
        missing = (_nothing(reading, looked, "missing-evidence"),)
    return parts, missing, check.conflicts(codes, reading.language, index, sex)


def _kcd(reading: Reading, looked: Scope) -> Written:
    """List the diagnoses that the record itself has coded in KCD or ICD-10: nothing else knows KCD."""
    claims: dict[str, Claim] = {}
    for condition in looked.conditions:
        for coding in condition.codes:
            if is_kcd(coding.system) and coding.code.text not in claims and condition.status != "refuted":
                said = fill(
                    reading.words.phrases["kcd"][reading.language],
                    {"code": plain(coding.code), "name": name(condition.name)},
                )
                cited = dict.fromkeys((*said.citations, *hidden(condition.status_field).citations))
                claims[coding.code.text] = Claim(said.text, tuple(cited), section="suggested", kind="code.high")
    missing = () if claims else (_nothing(reading, looked, "missing-kcd"),)
    return [reading.cut("suggested", list(claims.values()), lambda claim: claim)], missing, ()


def _nothing(reading: Reading, looked: Scope, phrase: str) -> Claim:
    phrase = phrase if looked.known else "missing-scope"
    searched = f"DocumentReference: {len(looked.notes)}, Condition: {len(looked.conditions)}"
    return Claim(reading.words.phrases[phrase][reading.language], kind="missing.evidence", searched=searched)


skill: Final = Coding()
