"""The text of HTML fields, as publishers put them into JSON and CSV."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_TAG: Final = re.compile(
    r"</?(?:p|div|span|br|hr|h[1-6]|[ou]l|li|d[ldt]|table|t[rdh]|tbody|thead|tfoot|caption|colgroup|col|strong|b|i|u|em"
    r"|su[bp]|a|font|center|blockquote|pre|code|small|big|img|script|style|section|article|header|footer|nobr|ins|del"
    r"|strike|s|abbr|acronym|cite|label|o:p|st1:[a-z]+)"
    r"(?:\s[^<>]*=[^<>]*|\s+(?:nowrap|noshade|compact))?\s*/?>|<!--[^<>]*-->",
    re.IGNORECASE,
)
"""The tags that occur in such fields. All else in angle brackets is text: "platelets <50 and >10", "a <b and c> d"."""
_NAME: Final = re.compile(r"[a-z0-9:]+", re.IGNORECASE)
_BREAKS: Final = frozenset(
    {"p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "li", "dl", "dd", "dt"}
) | {"table", "tr", "tbody", "thead", "caption", "blockquote", "pre", "section"}
_CELLS: Final = frozenset({"td", "th"})
_HIDDEN: Final = frozenset({"script", "style"})
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LAYERS: Final = 4
"""Entities are escaped more than once in places (``&amp;ldquo;``)."""


def paragraphs(html: str) -> list[str]:
    """Return the text of an HTML fragment, a string for each paragraph, list item or table row.

    Works in one pass whatever the markup: tags need no partner.
    """
    for _ in range(_LAYERS):
        bare = unescape(html)
        if bare == html:
            break
        html = bare
    lines: list[str] = []
    line: list[str] = []
    at, hidden = 0, False
    for tag in _TAG.finditer(html):
        if not hidden:
            line.append(html[at : tag.start()])
        at = tag.end()
        found = _NAME.search(tag.group())
        name = found.group().lower() if found else ""
        if name in _HIDDEN:
            hidden = not tag.group().startswith("</")
        elif name in _BREAKS:
            lines.append("".join(line))
            line = ["• "] if name == "li" and not tag.group().startswith("</") else []
        elif name in _CELLS:
            line.append(" ")
    lines.append("".join([*line, "" if hidden else html[at:]]))
    tidy = (" ".join(_CONTROL.sub(" ", each).split()) for each in lines)
    return [each for each in tidy if each not in ("", "•")]


def text(html: str) -> str:
    """Return the text of an HTML fragment in one line."""
    if "<" not in html and "&" not in html and html.isprintable():
        return " ".join(html.split())
    return " ".join(paragraphs(html))
