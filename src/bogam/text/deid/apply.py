"""Takes what was found out of a text: masked, tagged, or with surrogates in its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bogam.text.deid.detect import find
from bogam.text.deid.finding import CATEGORIES, Finding
from bogam.text.deid.known import NONE, Known
from bogam.text.deid.surrogate import Pseudonyms

Mode = Literal["mask", "tag", "surrogate"]
MODES: Final[tuple[Mode, ...]] = ("mask", "tag", "surrogate")
MASK: Final = "████"
"""Of one length, so that it does not tell how long what it hides was."""
_HANGUL: Final = re.compile("[가-힣]")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NO_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class Piece:
    """One replacement: ``start`` to ``end`` in the original became ``out_start`` to ``out_end`` in the result."""

    start: int
    end: int
    out_start: int
    out_end: int


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A text without identifiers, what was found in it, and how places in both belong together.

    ``findings`` and ``pieces`` are in order and belong together one to one.
    """

    text: str
    findings: tuple[Finding, ...]
    pieces: tuple[Piece, ...]

    def to_output(self, at: int) -> int:
        """Return the place in the result of a place in the original; within a replacement, its beginning."""
        index = bisect_right([piece.start for piece in self.pieces], at) - 1
        if index < 0:
            return at
        piece = self.pieces[index]
        return piece.out_start if at < piece.end else piece.out_end + at - piece.end

    def to_original(self, at: int) -> int:
        """Return the place in the original of a place in the result; within a replacement, its beginning."""
        index = bisect_right([piece.out_start for piece in self.pieces], at) - 1
        if index < 0:
            return at
        piece = self.pieces[index]
        return piece.start if at < piece.out_end else piece.end + at - piece.out_end


def apply(
    text: str,
    findings: Sequence[Finding],
    mode: Mode,
    *,
    pseudonyms: Pseudonyms | None = None,
    korean: bool | None = None,
) -> Deidentified:
    """Replace findings (ordered, none overlapping) in a text.

    Parameters
    ----------
    mode
        ``mask`` puts a bar, ``tag`` the category in brackets, ``surrogate`` an invented value of the same kind.
    pseudonyms
        Makes the surrogates.
    korean
        The language of tags; by default Korean where the text has Hangul around the identifiers.

    Raises
    ------
    ValueError
        For ``surrogate`` without ``pseudonyms``.
    """
    if mode == "surrogate" and pseudonyms is None:
        raise ValueError("Surrogates need a key: give pseudonyms.")
    hangul = bool(_HANGUL.search(text)) if korean is None else korean
    years = _YEAR.findall(text)
    year = int(years[0]) if years else _NO_YEAR
    parts: list[str] = []
    pieces: list[Piece] = []
    at = out = 0
    for each in findings:
        about = CATEGORIES[each.category]
        if mode == "mask":
            new = MASK
        elif mode == "tag" or pseudonyms is None:
            new = f"[{about.tag_ko if hangul else about.tag}]"
        else:
            new = pseudonyms.replacement(each, text[each.start : each.end], year)
        parts += (text[at : each.start], new)
        out += each.start - at
        pieces.append(Piece(each.start, each.end, out, out + len(new)))
        out += len(new)
        at = each.end
    return Deidentified("".join((*parts, text[at:])), tuple(findings), tuple(pieces))


def deidentify(
    text: str,
    mode: Mode,
    *,
    known: Known = NONE,
    pseudonyms: Pseudonyms | None = None,
    names: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Deidentified:
    """Find the identifiers in a text and replace them; see `find` and `apply`."""
    return apply(text, find(text, known, names=names, progress=progress), mode, pseudonyms=pseudonyms)
