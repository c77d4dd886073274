"""One spelling for what is written in several: full-width figures, the many dashes and blanks, hidden characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_HIDDEN: Final = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff" + "".join(
    chr(code) for code in range(0x202A, 0x202F)
)
_TO_DROP: Final = re.compile(f"[{_HIDDEN}]|[\u1100-\u11ff]")
_TABLE: Final = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {
        ord(sign): " "
        for sign in "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t"
    }
    | {ord(sign): "-" for sign in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\ufe58\ufe63\u2043\u223c"}
    | {ord("\u301c"): "~", ord("\u2018"): "'", ord("\u2019"): "'", ord("`"): "'"}
)


class Folded(NamedTuple):
    """A text as rules read it. ``places`` gives where each character stood, None where nothing moved."""

    text: str
    places: tuple[int, ...] | None

    def place(self, at: int) -> int:
        """Return where the character ``at`` of the folded text stands in the original."""
        return at if self.places is None else self.places[at]


def fold(text: str) -> Folded:
    """Return ``text`` in one spelling: hidden characters gone, Hangul composed, all else in its place."""
    if text.isascii() and "\t" not in text and "`" not in text:
        return Folded(text, None)
    if not _TO_DROP.search(text):
        return Folded(_digits(text.translate(_TABLE)), None)
    signs: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and "\u1160" <= text[end] <= "\u11ff":
            end += 1
        piece = text[at:end]
        made = unicodedata.normalize("NFC", piece) if len(piece) > 1 else piece.translate(_TABLE)
        for sign in made:
            if sign not in _HIDDEN:
                signs.append(sign)
                places.append(at)
        at = end
    places.append(len(text))
    return Folded(_digits("".join(signs)), tuple(places))


_OTHER_DIGITS: Final = re.compile(r"[^\D0-9]")


def _digits(text: str) -> str:
    """Write the decimal digits of every script as 0 to 9."""
    return _OTHER_DIGITS.sub(lambda found: str(unicodedata.digit(found[0])), text)


def squeezed(text: str) -> str:
    """Return the letters and digits of a folded text alone, without case: what is left however it was set."""
    return "".join(filter(str.isalnum, text.casefold()))
