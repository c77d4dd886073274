"""Sentences made of a template's words and the record's own words, each of the latter with its citation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Protocol

from bogam.evidence.claim import Claim
from bogam.record.citation import Citation, Field
from bogam.skills.writing.words import PHRASES, Language, Said

_TAG: Final = re.compile(
    r"\s+\((?:disorder|finding|procedure|situation|substance|organism|physical object|regime/therapy|event"
    r"|person|product"
    r"|qualifier value|observable entity|body structure|morphologic abnormality|record artifact|environment)\)$"
)
_HOLE: Final = re.compile(r"\{(\w+)\}")
_NAME: Final = 160
"""Longest name shown, in code points."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Shown text with the citations that it rests on."""

    text: str
    citations: tuple[Citation, ...] = ()


class Named(Protocol):
    """Anything whose name can be told."""

    @property
    def name(self) -> Field: ...


def clean(text: str) -> str:
    """Put ``text`` on one line without control, bidirectional-override or zero-width characters."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(c if c.isprintable() else " " if c.isspace() else "" for c in text).split())


def plain(field: Field) -> Piece:
    """Show a value as it is recorded."""
    return span(field, 0, len(field.text))


def span(field: Field, start: int, end: int, most: int = _NAME) -> Piece:
    """Show the code points ``start`` to ``end`` of a value, shortened to ``most``."""
    if end - start > most:
        end = start + most
        return Piece(clean(field.text[start:end]) + "…", (field.cite(start, end),))
    return Piece(clean(field.text[start:end]), (field.cite(start, end),))


def name(field: Field) -> Piece:
    """Show a name without the semantic tag that SNOMED CT writes after it, e.g. "(disorder)"."""
    return span(field, 0, bare(field.text))


def bare(text: str) -> int:
    """Return where the semantic tag of ``text`` begins, or its length."""
    found = _TAG.search(text) if text.endswith(")") else None
    return found.start() if found else len(text)


def label(field: Field) -> str:
    """Return a name for comparing: without semantic tag, case and invisible characters."""
    return _label(field.text)


@lru_cache(maxsize=8192)
def _label(text: str) -> str:
    return clean(text[: bare(text)]).casefold()


def day(field: Field) -> Piece:
    """Show the date of a date or instant as the record has it, without the time."""
    end = min(10, len(field.text))
    return Piece(field.text[:end], (field.cite(0, end),))


def minute(field: Field) -> Piece:
    """Show date and time to the minute where the record has a time."""
    text = field.text
    if len(text) < 16 or text[10] != "T":
        return day(field)
    return Piece(f"{text[:10]} {text[11:16]}", (field.cite(),))


def number(field: Field) -> Piece:
    """Show a number as recorded, or rounded when it has more than two decimals.

    Below 1: three significant digits; below 10: two decimals; otherwise one. Half away from zero.
    """
    return Piece(rounded(field.text), (field.cite(),))


_UNITS: Final = {
    "Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "kg/m2": "kg/m²", "10*3/uL": "10³/µL", "10^3/uL": "10³/µL",
    "10*6/uL": "10⁶/µL", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L", "mL/min/{1.73_m2}": "mL/min/1.73m²",
    "m[IU]/L": "mIU/L",
}  # fmt: skip
_NO_UNIT: Final = ("1", "{score}", "(score)", "score", "{T-score}", "{INR}", "INR", "[pH]")


def unit(field: Field | None) -> Piece:
    """Show a unit: UCUM codes that nobody writes as they are usually written, a mere "1" or score as nothing."""
    if field is None:
        return Piece("")
    if field.text in _NO_UNIT:
        return hidden(field)
    return Piece(_UNITS.get(field.text) or clean(field.text), (field.cite(),))


def measured(value: Piece, of: Field | None) -> Piece:
    """Put a value and its unit together; a percent sign stands without a space."""
    shown = unit(of)
    return joined([value, shown], "" if shown.text == "%" else " ")


def rounded(text: str) -> str:
    """Round the decimal ``text`` as `number` does; text that is no number stays as it is."""
    _, dot, decimals = text.partition(".")
    if not dot or (len(decimals) <= 2 and decimals.isdigit()):
        return clean(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return clean(text)
    if not value.is_finite():
        return clean(text)
    size = abs(value)
    places = 1 if size >= 10 else 2 if size >= 1 else min(2 - size.adjusted(), 9) if size else 1
    shown = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{shown:f}"


def hidden(*fields: Field | None) -> Piece:
    """Cite fields without showing them: a status that a template's word stands for."""
    return Piece("", tuple(field.cite() for field in fields if field is not None))


def joined(pieces: Iterable[Piece], between: str = ", ") -> Piece:
    """Put pieces in a row."""
    kept = list(pieces)
    text = between.join(piece.text for piece in kept if piece.text)
    return Piece(text, tuple(citation for piece in kept for citation in piece.citations))


def fill(template: str, pieces: Mapping[str, Piece]) -> Piece:
    """Put pieces into the holes of a template. Their citations follow in the order of the holes."""
    citations: list[Citation] = []

    def put(hole: re.Match[str]) -> str:
        piece = pieces[hole.group(1)]
        citations.extend(piece.citations)
        return piece.text

    return Piece(_HOLE.sub(put, template), tuple(citations))


class Line:
    """One sentence in the making: phrases of the catalogue, joined by commas."""

    def __init__(self, language: Language, phrases: Mapping[str, Said] = PHRASES) -> None:
        self.language: Language = language
        self._phrases = phrases
        self._parts: list[Piece] = []

    def add(self, piece: Piece | None) -> Line:
        """Add a piece; None adds nothing."""
        if piece is not None and (piece.text or piece.citations):
            self._parts.append(piece)
        return self

    def say(self, phrase: str, **pieces: Piece) -> Line:
        """Add a phrase of the catalogue with its holes filled."""
        return self.add(fill(self._phrases[phrase][self.language], pieces))

    def claim(self, section: str, kind: str = "statement", searched: str = "") -> Claim:
        """End the sentence."""
        whole = joined(self._parts)
        unique = tuple(dict.fromkeys(whole.citations))
        return Claim(whole.text, unique, section=section, kind=kind, searched=searched)
