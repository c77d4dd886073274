"""Text of HTML, XHTML and XML as a reader sees it.

Not ``html.parser``: its time grows with the square of malformed input (200 kB of ``<a`` take minutes on Python 3.11),
and attachments come from anyone. This scanner reads every input in time proportional to its length.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_TAG: Final = re.compile(r"""</?([A-Za-z][^\s/>]{0,60})(?:[^>"']|"[^"]*"|'[^']*')*+>""")
_TAG_LENGTH: Final = 1000
"""Characters within which quotes in a tag are honoured; a longer tag ends at its first ``>``."""
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_LINES: Final = re.compile(r"\n{3,}")
_UNSEEN: Final = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in ("script", "style", "template", "title")
}
_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|html|legend|li|main|nav|ol|option|p|pre|section|table|tbody|tfoot|thead|tr|ul"
)
_INLINE: Final = frozenset({"content", "sub", "sup", "linkhtml", "footnoteref", "td", "th", "b", "i", "em", "strong"})
"""The elements of XML documents (C-CDA's narrative) that stand within a line; all others are blocks."""
_CELLS: Final = frozenset({"td", "th"})


def markup_text(source: str, *, xml: bool = False) -> str:
    """Return the text of HTML (or XML): no scripts, styles or comments, a line for each block, tabs between cells."""
    out: list[str] = []
    position, pre = 0, 0
    while (start := source.find("<", position)) >= 0:
        out.append(_shown(source[position:start], pre))
        if source.startswith("<!--", start):
            position = _after(source, "-->", start + 4)
        elif source.startswith("<![CDATA[", start):
            position = _after(source, "]]>", start + 9)
            out.append(source[start + 9 : position - 3 if position >= 0 else len(source)])
        elif source[start + 1 : start + 2] in ("!", "?"):
            position = _after(source, ">", start)
        elif tag := _name(source, start):
            position = tag[1]
            name, closing = tag[0], source[start + 1] == "/"
            if name == "pre":
                pre = max(pre + (-1 if closing else 1), 0)
            if _BLOCK.fullmatch(name) or (xml and name not in _INLINE):
                out.append("\n")
            elif name in _CELLS and not closing:
                out.append("\t")
            if name in _UNSEEN and not closing and source[position - 2] != "/":
                end = _UNSEEN[name].search(source, position)
                position = end.start() if end else -1
        else:
            out.append("<")
            position = start + 1
        if position < 0:
            return _tidy("".join(out))
    out.append(_shown(source[position:], pre))
    return _tidy("".join(out))


def _name(source: str, start: int) -> tuple[str, int] | None:
    """Name and end of the tag at ``start``; the end is -1 when it never closes; None when it is no tag."""
    tag = _TAG.match(source, start, start + _TAG_LENGTH)
    if tag:
        return tag[1].lower().rpartition(":")[2], tag.end()
    after = source[start + 1 : start + 3].lstrip("/")
    if not after[:1].isalpha():
        return None
    name = re.match(r"</?([A-Za-z][^\s/>]{0,60})", source[start : start + 70])
    return (name[1].lower().rpartition(":")[2] if name else "", _after(source, ">", start))


def _after(source: str, end: str, start: int) -> int:
    found = source.find(end, start)
    return found + len(end) if found >= 0 else -1


def _shown(text: str, pre: int) -> str:
    if not text:
        return ""
    # Entities last: a non-breaking space stays what it is.
    return unescape(text.replace("\r\n", "\n") if pre else _SPACES.sub(" ", text))


def _tidy(text: str) -> str:
    lines = (line.strip(" \t") for line in text.replace("\r", "").split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()
