"""The sections of a note, found by their headings: English and Korean, with or without punctuation.

A heading is known by its words (``data/headings.tsv``) where it opens a line and a colon, a bracket or nothing
follows, or where it stands after a full stop or a wide gap in a line; ``#`` lines and ``[bracketed]`` lines are
headings whatever they say.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from bogam.text.reading import Section

_LINE: Final = re.compile(r"[^\n\r]+")
_OPEN: Final = re.compile(r"[\s>*_•·▪■□◆◇○●☞▶-]*")
_MARKDOWN: Final = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]*(?!\d)([^\n\r#]{1,60}?)[ \t#:]*$")
_BRACKET: Final = re.compile(
    r"\s*(?:\[([^\[\]\n]{1,40})\]|【([^】\n]{1,40})】|<([A-Za-z가-힣][^<>\n]{0,38})>|《([^》\n]{1,40})》)"
)
_TITLE: Final = re.compile(
    r"(?:[A-Za-z가-힣(][A-Za-z가-힣/&.,+'() -]{0,48}?)\s{0,2}(?::|\)(?!\s?[,.:])|(?=\[)|>(?!=)|\s--?(?=\s)|=(?!=))"
)
_ABBREVIATED: Final = re.compile(
    r"(?:HPI|PMHx?|PSHx?|PHx|ROS|FHx|SHx|C/C|P/I|A/P|P/E|V/S|DDx|U/D)(?=\s+(?!(?:of|is|was|as|significant|notable|and|for)\b)\S)"
)
"""Abbreviations that head a line with no sign behind them."""
_WITHIN: Final = re.compile(
    r"(?:(?<=[.;。])\s+|(?<=\S)\s{2,}|(?<=\S)\s?[|]\s?)(?=([A-Za-z가-힣][A-Za-z가-힣/& .-]{0,40}?)\s?[:)](?!\d))"
)
_SQUEEZE: Final = re.compile(r"[\s.,:;()\[\]#*_'’-]+")
_SHORT: Final = 60
_LONGEST: Final = 50
_WORDS: Final = re.compile(r"[a-z]+|[가-힣]+")


@cache
def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    text = (files("bogam.text") / "data" / "headings.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, english, korean = line.split("\t")
            found.update((_squeezed(title), key) for title in (*english.split(";"), *korean.split(";")))
    return found


def _squeezed(title: str) -> str:
    return _SQUEEZE.sub("", title.lower().replace("&", "and"))


def heading_key(title: str) -> str:
    """Return the key of a heading's words, empty where they are not known: ``"P/I)"`` gives ``history``."""
    if len(title) > _LONGEST:
        return ""
    return _known().get(_squeezed(title), "")


def sections(text: str) -> tuple[Section, ...]:
    """Return the sections of ``text`` in order, without gaps; the first has an empty key where no heading opens it.

    A heading that no list knows (``# Something``, ``[Something]``) gives its own words in lower case, hyphenated.
    """
    marks: list[tuple[int, int, str, str]] = []
    for line in _LINE.finditer(text):
        marks.extend(_headings(text, line.start(), line.end()))
    if not marks or text[: marks[0][0]].strip():
        marks.insert(0, (0, 0, "", ""))
    marks[0] = (0, *marks[0][1:])
    ends = [mark[0] for mark in marks[1:]] + [len(text)]
    return tuple(
        Section(key, title, start, body, end) for (start, body, key, title), end in zip(marks, ends, strict=True)
    )


def _headings(text: str, start: int, end: int) -> list[tuple[int, int, str, str]]:
    first = _at_start(text, start, end)
    found = [first] if first is not None else []
    for match in _WITHIN.finditer(text, first[1] if first is not None else start, end):
        key = heading_key(match[1])
        if key and len(match[1]) > 1:
            found.append((match.start(1), _after(text, match.end(1), end), key, match[1]))
    return found


def _at_start(text: str, start: int, end: int) -> tuple[int, int, str, str] | None:
    if match := _MARKDOWN.match(text, start, end):
        return start, end, heading_key(match[2]) or _slug(match[2]), match[2]
    if match := _BRACKET.match(text, start, end):
        title = next(group for group in match.groups() if group is not None)
        key = heading_key(title)
        if key or (not text[match.end() : end].strip(" :") and not title.isdigit()):
            return start, _after(text, match.end(), end), key or _slug(title), title
        return None
    opened = _OPEN.match(text, start, end)
    begin = opened.end() if opened is not None else start
    if match := _TITLE.match(text, begin, min(end, begin + _SHORT)):
        title = match[0].rstrip(" :)=>-")
        key = heading_key(title)
        if key:
            return start, _after(text, begin + len(title), end), key, title
    if match := _ABBREVIATED.match(text, begin, end):
        return start, _after(text, match.end(), end), heading_key(match[0]), match[0]
    if end - begin <= _LONGEST:
        title = text[begin:end].strip()
        key = heading_key(title)
        if key and (len(title) > 1) and not title.endswith((".", ",", ";")) and _stands_alone(title):
            return start, end, key, title
    return None


def _stands_alone(title: str) -> bool:
    """A bare line is a heading where it is written as one: capitalised, in capitals, or Korean."""
    return not title[0].islower()


def _after(text: str, at: int, end: int) -> int:
    while at < end and text[at] in " \t:)*_=>":
        at += 1
    return at


def _slug(title: str) -> str:
    return "-".join(_WORDS.findall(title.lower()))
