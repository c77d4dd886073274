"""Sentences of a note: full stops that end one, and lines, bullets and numbered lists that do without.

Korean notes end statements with 함, 음, 임, 됨 or 다 and a full stop or a new line; English ones put one finding a line
as often as they write sentences. A line that goes on in the next (wrapped text) is one sentence with it.
"""

from __future__ import annotations

import re
from typing import Final

_BREAK: Final = re.compile(
    r"[\n\r]+|(?<=[.!?。])[\"'”’)\]]?\s+|(?<=[가-힣][다음함임됨요])\.\s*(?=[가-힣A-Za-z(\[\"])|\s{3,}"
)
_BULLET: Final = re.compile(
    r"\s*(?:[-*•·▪■□◆◇○●☞▶→>]+\s*|\(?\d{1,2}[.)](?!\d)\s*|#\s?\d{1,2}[.):]?\s*|[①-⑳]\s*|\(?[a-z가-하][.)]\s+)*"
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|vs|no|e\.g|i\.e|approx|ca|cf|al|fig|dept|hosp|pt|st|jr|sr|inc|temp|wt|ht|hx|dx|tx"
    r"|rx|sx|fx"
    r"|rt|lt|lat|ant|post|sup|inf|max|min|avg|resp|ext|abd|neuro|s\.p|q\.d|b\.i\.d|t\.i\.d|q\.i\.d|p\.o|p\.r\.n"
    r"|a\.m|p\.m"
    r"|pul|bil|med|op|mg|kg|cm|mm|ml|hr|hrs|wks|yrs|y\.o|sec)|(?:^|[\s(])(?:[A-Za-z]|\d{1,2}))\.\Z",
    re.I,
)
_JOINS: Final = re.compile(r"[a-z]")
_NEXT_OPENS: Final = re.compile(r"[A-Z가-힣\"'(\[“‘\d•-]")
_WRAP: Final = 60
_LONGEST: Final = 400
"""Code points: what is longer is no sentence, and is cut at a space or a comma."""
_GOES_ON: Final = re.compile(r"(?:is|are|was|were|and|or|with|of|to|for|in|on|at|but|who|which|that|by|from|has|had)\b")


def sentences(text: str, start: int = 0, end: int | None = None) -> tuple[tuple[int, int], ...]:
    """Return the sentences between ``start`` and ``end`` as (start, end), bullets and outer spaces left out."""
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    begin = start
    for match in _BREAK.finditer(text, start, stop):
        if _ends(text, begin, match.start(), match.end(), stop):
            _add(text, begin, _close(match), found)
            begin = match.end()
    _add(text, begin, stop, found)
    return tuple(found)


def _close(match: re.Match[str]) -> int:
    """The end of the sentence: before the white space, after a closing quotation mark or the Korean full stop."""
    return match.end() - (len(match[0]) - len(match[0].rstrip()))


def _ends(text: str, begin: int, at: int, after: int, stop: int) -> bool:
    gap = text[at:after]
    if "\n" in gap or "\r" in gap:
        return not _wraps(text, begin, at, after, stop)
    if text[at - 1 : at] != "." or gap[0] == ".":
        return True
    if after < stop and not _NEXT_OPENS.match(text, after):
        return (
            text[after].islower()
            and len(text[begin:at].split()) > 2
            and not _ABBREVIATION.search(text[max(begin, at - 12) : at])
        )
    return _ABBREVIATION.search(text[max(begin, at - 12) : at]) is None


def _wraps(text: str, begin: int, at: int, after: int, stop: int) -> bool:
    gap = text[at:after]
    if gap.count("\n") > 1 or at <= begin or text[at - 1] in ".:;!?":
        return False
    while after < stop and text[after] in " \t":
        after += 1
    if after >= stop:
        return False
    if _GOES_ON.match(text, after):
        return True
    line = text.rfind("\n", begin, at) + 1 or begin
    return at - line >= _WRAP and _JOINS.match(text, after) is not None


def _add(text: str, begin: int, end: int, found: list[tuple[int, int]]) -> None:
    bullet = _BULLET.match(text, begin, end)
    if bullet is not None:
        begin = bullet.end()
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    while end - begin > _LONGEST:
        cut = max(text.rfind(" ", begin + 1, begin + _LONGEST), text.rfind(",", begin + 1, begin + _LONGEST))
        cut = cut if cut > begin else begin + _LONGEST
        found.append((begin, cut))
        begin = cut
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        found.append((begin, end))
