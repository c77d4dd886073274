"""A suggestion as a sentence that begins with its code, citing the record and the entry of ICD-10-CM."""

from __future__ import annotations

from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.skills.coding.suggest import Suggestion
from bogam.skills.writing.compose import Piece, fill, hidden, joined, plain, span
from bogam.skills.writing.reading import Reading
from bogam.terms.icd10cm import Icd10cm

SHOWN: Final = 3
"""Places that a sentence quotes."""
KINDS: Final = ("code.high", "code.medium", "code.low")
_CHOICES: Final = 6


def sentence(each: Suggestion, reading: Reading, index: Icd10cm, beside: bool = False) -> Claim:
    """Write one suggestion; ``beside`` is true of a symptom that stands beside diagnoses, which may explain it."""
    section = "suggested" if each.allowed else "considered"
    places = _distinct(each)
    cited = joined([hidden(*support.cited) for support in each.supports[:SHOWN]], "")
    why = _say(reading, _why(each), x=hidden(index.field(each.code, "/release")), code=_shared(each))
    band = _say(reading, each.band) if each.allowed else Piece("")
    whole = _say(
        reading,
        "code",
        code=plain(index.field(each.code, "/code")),
        title=plain(index.field(each.code)),
        why=why,
        words=joined([joined([quoted(place), cited], "") for place in places]),
        band=joined([band, _say(reading, "symptom", x=hidden(index.field(each.code, "/release")))], "")
        if beside
        else band,
    )
    kind = f"code.{each.band}" if each.allowed else f"considered.{each.reason}"
    return Claim(whole.text, tuple(dict.fromkeys(whole.citations)), section=section, kind=kind)


def quoted(field: Field) -> Piece:
    """Show words of the record in quotation marks, or a longer run of them cut."""
    shown = span(field, 0, len(field.text), 80)
    return Piece(f"“{shown.text}”", shown.citations)


def choices(codes: tuple[str, ...], index: Icd10cm) -> Piece:
    """Name the codes that would settle a question, each with its title, at most six."""
    named = [joined([plain(index.field(c, "/code")), plain(index.field(c))], " ") for c in codes[:_CHOICES]]
    more = [Piece("…")] if len(codes) > _CHOICES else []
    return joined([*named, *more], "; ")


def _say(reading: Reading, phrase: str, **pieces: Piece) -> Piece:
    return fill(reading.words.phrases[phrase][reading.language], pieces)


def _why(each: Suggestion) -> str:
    how = {support.how for support in each.supports}
    if each.allowed and "recorded" in how:
        return "recorded"
    return "shared" if each.allowed and how == {"shared"} else each.reason


def _shared(each: Suggestion) -> Piece:
    return next((plain(support.cited[0]) for support in each.supports if support.how == "shared"), Piece(""))


def _distinct(each: Suggestion) -> list[Field]:
    """Return the first places whose words differ, so that a sentence does not say one thing three times."""
    found: dict[str, Field] = {}
    for support in each.supports:
        found.setdefault(support.words.text.casefold(), support.words)
    return list(found.values())[:SHOWN]
