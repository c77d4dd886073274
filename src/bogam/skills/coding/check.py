"""What codes leave open, and what they say against each other: laterality, 7th characters, excludes1, order, sex."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.skills.coding.sentences import choices
from bogam.skills.coding.words import PHRASES
from bogam.skills.writing.compose import Piece, fill, plain
from bogam.skills.writing.words import Language
from bogam.terms.icd10cm import Icd10cm, Note

_FEMALE: Final = ("O", "N7", "N8", "N90", "N91", "N92", "N93", "N94", "N95", "N96", "N97", "N98", "C51", "C52", "C53",
                  "C54", "C55", "C56", "C57", "C58", "D06", "D25", "D26", "D27", "D28")  # fmt: skip
_MALE: Final = ("N40", "N41", "N42", "N43", "N44", "N45", "N46", "N47", "N48", "N49", "N5", "C60", "C61", "C62", "C63",
                "D29")  # fmt: skip
"""Chapters and categories of one sex, transcribed from the tabular list's headings."""


BARE: Final = "code.bare"
"""The kind of a code that a coder added without words of the record."""


def _say(phrase: str, language: Language, **pieces: Piece) -> Piece:
    return fill(PHRASES[phrase][language], pieces)


def missing(codes: Sequence[str], language: Language, index: Icd10cm) -> tuple[Claim, ...]:
    """Return what each code leaves open, with the codes that would settle it."""
    found: list[Claim] = []
    for code in codes:
        for question in index.open_questions(code):
            if question.about == "unspecified" and code.startswith("R"):
                continue  # a sign or symptom is what is left when nothing more is known
            said = _say(
                f"missing-{question.about}",
                language,
                code=plain(index.field(code, "/code")),
                title=plain(index.field(code)),
                choices=choices(question.choices, index),
            )
            kind = f"missing.{question.about}"
            found.append(Claim(said.text, said.citations, kind=kind, searched=f"{code}: {len(question.choices)}"))
    return tuple(found)


def conflicts(codes: Sequence[str], language: Language, index: Icd10cm, sex: Field | None = None) -> tuple[Claim, ...]:
    """Return what speaks against reporting ``codes`` together, in this order, for a patient of this sex."""
    found = [
        _pair("excludes1", each.code, each.excluded, each.note, language, index)
        for each in index.excludes1_conflicts(tuple(codes))
    ]
    place = {code: at for at, code in enumerate(codes)}
    ordered = index.sequence(tuple(codes))
    found += [
        _pair("order", each.first, each.then, each.note, language, index)
        for each in ordered
        if place[each.first] > place[each.then]
    ]
    caused = {each.then for each in ordered}
    found += [
        _one("manifestation", code, language, index)
        for code in codes
        if index.is_manifestation(code) and code not in caused
    ]
    if sex is not None:
        against = {"male": _FEMALE, "female": _MALE}.get(sex.text, ())
        found += [_one("sex", code, language, index, sex) for code in codes if against and code.startswith(against)]
    return tuple(found)


def chosen(claims: Sequence[Claim], language: Language, index: Icd10cm) -> tuple[Claim, ...]:
    """Return what speaks against codes that a coder chose: the record does, nothing does for it, or it is too short."""
    found: list[Claim] = []
    for claim in claims:
        code = claim.text.partition(" ")[0]
        if claim.kind.startswith(("code.considered.", BARE)):
            kind = "conflict.bare" if claim.kind == BARE else "conflict.despite"
            found.append(Claim(claim.text, claim.citations, kind=kind))
        if code in index and not index.validate(code).valid:
            found.append(_one("incomplete", code, language, index))
    return tuple(found)


def _pair(kind: str, a: str, b: str, note: Note, language: Language, index: Icd10cm) -> Claim:
    said = _say(
        f"conflict-{kind}",
        language,
        a=plain(index.field(a, "/code")),
        b=plain(index.field(b, "/code")),
        at=plain(index.field(note.code, "/code")),
        note=plain(index.field(note.code, note.pointer)),
    )
    return Claim(said.text, tuple(dict.fromkeys(said.citations)), kind=f"conflict.{kind}")


def _one(kind: str, code: str, language: Language, index: Icd10cm, sex: Field | None = None) -> Claim:
    said = _say(
        f"conflict-{kind}",
        language,
        a=plain(index.field(code, "/code")),
        title=plain(index.field(code)),
        sex=plain(sex) if sex is not None else Piece(""),
    )
    return Claim(said.text, said.citations, kind=f"conflict.{kind}")
