"""The coder's page: the notes with what the codes rest on marked, and the codes in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.record.citation import Citation, Field
from bogam.record.facts import Note
from bogam.skills.coding.check import BARE
from bogam.skills.coding.desk import ACCEPTED, code_of, places


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a note. ``rows`` are the numbers of the codes that rest on them, ``codes`` those codes.

    ``anchors`` are the rows whose first evidence begins here.
    """

    text: str
    rows: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    anchors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A note as shown: its parts in stretches."""

    note: Note
    parts: tuple[tuple[Stretch, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One code. ``why``: its sentence without code and title; ``anchored``: whether a note here shows its evidence."""

    index: int
    claim: Claim
    code: str
    title: str
    why: str
    anchored: bool

    @property
    def state(self) -> str:
        """The state of its sentence; "unsupported" of what was chosen against the record, or with no words of it."""
        return "unsupported" if self.against else self.claim.support.state

    @property
    def against(self) -> bool:
        return self.claim.kind == BARE or self.claim.kind.startswith("code.considered.")


@dataclass(frozen=True, slots=True)
class Desk:
    """All of the page: notes, and rows by what has become of them."""

    texts: tuple[Text, ...]
    chosen: tuple[Row, ...]
    open: tuple[Row, ...]
    considered: tuple[Row, ...]

    def after(self, index: int) -> int:
        """Return the number of the open row at or after ``index``, else the first open one, else -1."""
        numbers = [row.index for row in self.open]
        return next((each for each in numbers if each >= index), numbers[0] if numbers else -1)


def desk(draft: Draft, notes: Sequence[Note]) -> Desk:
    """Lay a draft of the coding skill out beside its notes."""
    shown: set[int] = set()
    texts = tuple(Text(note, tuple(_stretches(part, draft.claims, shown) for part in note.parts)) for note in notes)
    rows = [_row(index, claim, index in shown) for index, claim in enumerate(draft.claims)]
    return Desk(
        texts,
        tuple(row for row in rows if row.claim.section == ACCEPTED),
        tuple(row for row in rows if row.claim.section == "suggested"),
        tuple(row for row in rows if row.claim.section == "considered"),
    )


def _row(index: int, claim: Claim, anchored: bool) -> Row:
    code = code_of(claim)
    title = next((each.quote for each in claim.citations if each.pointer == "/title" and ":" in each.source), "")
    start = f"{code} {title}"
    why = claim.text.removeprefix(start) if title else claim.text.removeprefix(code)
    return Row(index, claim, code, title, why.strip(" ;"), anchored)


def _stretches(part: Field, claims: Sequence[Claim], shown: set[int]) -> tuple[Stretch, ...]:
    """Cut a part of a note where evidence begins or ends. ``shown`` collects the rows that have an anchor."""
    spans = [
        (each.start, each.end, index)
        for index, claim in enumerate(claims)
        for each in places(claim)
        if _within(each, part) and each.end <= len(part.text)
    ]
    cuts = sorted({0, len(part.text), *(at for start, end, _ in spans for at in (start, end))})
    found: list[Stretch] = []
    for start, end in pairwise(cuts):
        rows = tuple(sorted({index for low, high, index in spans if low <= start and end <= high}))
        anchors = tuple(index for index in rows if index not in shown)
        shown.update(anchors)
        codes = tuple(dict.fromkeys(code_of(claims[index]) for index in rows))
        found.append(Stretch(part.text[start:end], rows, codes, anchors))
    return tuple(found)


def _within(citation: Citation, part: Field) -> bool:
    origin = part.origin
    return (citation.source, citation.version, citation.pointer) == (origin.source, origin.version, part.pointer)
