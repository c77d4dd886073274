"""Markdown, plain text and HTML, read line by line in time proportional to their length."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from bogam.record.attachment.markup import markup_text
from bogam.sources.library.hidden import seen
from bogam.sources.library.written import Writer, Written, clean, day, stated

_ATX: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*\Z")
_RULE: Final = re.compile(r"\s{0,3}(?:=+|-{3,})\s*\Z")
_ITEM: Final = re.compile(r"\s{0,12}(?:[-*+•·▪■□○●◦※]|\d{1,3}[.)]|[가-하][.)]|[①-⑳])\s+")
_TABLE_RULE: Final = re.compile(r"[\s|:+-]+\Z")
_LINK: Final = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_MARKS: Final = re.compile(r"\*\*|__|`|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|~~")
_NUMBERED: Final = re.compile(
    r"(?:제\s?\d{1,3}\s?[장절조관](?:의\s?\d+)?\b|[IVXⅠ-Ⅻ]{1,4}\.\s|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s)\s*\S.{0,80}\Z"
)
_ENDS: Final = re.compile(r"[.!?。;:,]\Z|[다함임음요]\.?\Z")
_SENTENCE: Final = re.compile(r"[.!?。]\Z")
_SHORT_OF: Final = 0.8
_META: Final = re.compile(r"<meta\s[^>]{0,600}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"""\b(name|property|content)\s*=\s*(?:"([^"]{0,400})"|'([^']{0,400})')""", re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)
_HTML_HEADING: Final = re.compile(r"<h([1-6])(?:\s[^>]{0,500})?>", re.IGNORECASE)
_HTML_END: Final = re.compile(r"</h[1-6]\s{0,20}>", re.IGNORECASE)
_DATES: Final = frozenset({"effective", "effective-date", "effective_date", "dcterms.valid", "시행일", "시행일자"})
_MARKED: Final = "\ue000"
"""A character of the private use area: stands before the level of a heading while HTML is read."""


def read_markdown(text: str) -> Written:
    """Read Markdown (CommonMark's headings, lists and paragraphs, GitHub's tables), with YAML-like front matter."""
    made = Writer()
    lines = _front(_uncommented(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"), made.written)
    held: list[str] = []
    header: list[str] = []
    fenced = False

    def flush() -> None:
        if held:
            made.paragraph(_inline(" ".join(held)))
            held.clear()

    for at, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            flush()
            fenced = not fenced
            continue
        if fenced:
            made.paragraph(bare)
            continue
        atx = _ATX.match(bare) if bare.startswith("#") else None
        if "|" not in bare:
            header = []
        if not bare:
            flush()
        elif atx:
            flush()
            made.heading(len(atx[1]), _inline(atx[2]))
        elif held and len(held) == 1 and _RULE.match(line):
            made.heading(1 if "=" in bare else 2, _inline(held.pop()))
        elif bare.startswith("|") or (header and "|" in bare):
            flush()
            cells = [_inline(cell) for cell in bare.strip("|").split("|")]
            following = lines[at + 1].strip() if at + 1 < len(lines) else ""
            if not header and "-" in following and _TABLE_RULE.match(following):
                header = cells
            elif not _TABLE_RULE.match(bare):
                made.paragraph(row(header, cells))
        elif _ITEM.match(line):
            flush()
            held.append(_ITEM.sub("", line))
        elif not _RULE.match(line):
            held.append(bare.lstrip("> "))
    flush()
    return made.done()


def _uncommented(text: str) -> str:
    """Return Markdown without the comments of HTML; one that never ends is text."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join((*parts, text[at:]))


def row(header: list[str], cells: list[str]) -> str:
    """Return a row of a table as a paragraph, each cell under its column's name."""
    named = [
        f"{clean(header[at])}: {cell}" if at < len(header) and header[at].strip() else cell
        for at, cell in enumerate(map(clean, cells))
        if cell
    ]
    return "; ".join(named)


def _front(lines: list[str], written: Written) -> list[str]:
    """Take the front matter off and read what it says."""
    if not lines or lines[0].strip() != "---":
        return lines
    end = next((at for at, line in enumerate(lines[1:60], 1) if line.strip() in ("---", "...")), 0)
    for line in lines[1:end]:
        key, colon, value = line.partition(":")
        if colon:
            tell(written, key.strip().lower(), value.strip().strip("\"'"))
    return lines[end + 1 :] if end else lines


def tell(written: Written, key: str, value: str) -> None:
    """Take over what a document's properties say of it."""
    value = clean(value)[:300]
    if key in ("title", "제목", "dc.title") and value:
        written.title = value
    elif key in _DATES:
        written.effective = day(value)
        written.misdated = "" if written.effective else value[:40]
    elif key in ("publisher", "author", "발행", "발행처", "제정"):
        written.publisher = value
    elif key in ("language", "lang", "언어") and value[:2].lower() in ("ko", "en"):
        written.language = value[:2].lower()
    elif key == "id":
        written.id = value


def _inline(text: str) -> str:
    return unescape(_MARKS.sub("", _LINK.sub(r"\1", text)))


def read_text(text: str) -> Written:
    """Read plain text: paragraphs end at blank lines and items; short numbered lines are headings."""
    made = Writer()
    lay_out(text, made)
    return made.done()


def lay_out(text: str, made: Writer) -> None:
    """Put lines together into paragraphs and headings, as they come out of plain text and PDF.

    A paragraph ends at a blank line, an item, a heading, and a line that ends a sentence well before the margin, which
    is where the longest line ends.
    """
    held: list[str] = []
    flat = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    lines = [each.strip() for each in flat.split("\n")]
    margin = max(map(len, lines), default=0)

    def flush() -> None:
        if held:
            made.paragraph(" ".join(held))
            held.clear()

    for at, bare in enumerate(lines):
        if not bare:
            flush()
        elif len(bare) < 80 and stated(bare) and (not held or _ENDS.search(held[-1])):
            flush()
            made.paragraph(bare)
        elif _NUMBERED.match(bare) and not _ENDS.search(bare):
            flush()
            made.heading(2 + bare.split()[0].strip(".").count("."), bare)
        elif not made.written.title and len(bare) < 100 and not _ENDS.search(bare):
            flush()
            made.heading(1, bare)
        elif _ITEM.match(bare + " ") and not _NUMBERED.match(bare):
            flush()
            held.append(_ITEM.sub("", bare))
        elif _RULE.match(bare):
            flush()
        elif _stands_above(bare, next((each for each in lines[at + 1 : at + 3] if each), ""), held, margin):
            flush()
            made.heading(2, bare)
        else:
            held.append(bare)
            if _ENDS.search(bare) and (len(bare) < 60 or len(bare) < _SHORT_OF * margin):
                flush()
    flush()


def _stands_above(line: str, following: str, held: list[str], margin: int) -> bool:
    """Whether a line is a heading by its looks: short, no sentence, after one that ended, above a longer one."""
    if (
        margin < 50
        or len(line) > min(60, 0.6 * margin)
        or _ENDS.search(line)
        or not (line[0].isupper() or line[0] > "가")
    ):
        return False
    if held and not _SENTENCE.search(held[-1]):
        return False
    return len(following) > len(line) and (following[0].isupper() or following[0] > "가") and "," not in line


def read_html(text: str) -> Written:
    """Read HTML: its headings, blocks and tables as a reader sees them, without scripts, styles and what is hidden."""
    made = Writer()
    title = _TITLE.search(text[:200_000])
    if title:
        made.written.title = clean(unescape(title[1]))[:300]
    for tag in _META.findall(text[:200_000]):
        found = {name.lower(): one or other for name, one, other in _ATTRIBUTE.findall(tag)}
        tell(
            made.written, (found.get("name") or found.get("property") or "").lower(), unescape(found.get("content", ""))
        )
    flat, made.written.hidden = seen(text.replace(_MARKED, ""))
    flat = _HTML_END.sub("</p>", _HTML_HEADING.sub(lambda tag: f"<p>{_MARKED}{tag[1]} ", flat))
    for line in markup_text(flat).split("\n"):
        bare = line.strip()
        if bare.startswith(_MARKED):
            if clean(bare[2:]) != made.written.title:
                made.heading(int(bare[1]), bare[2:])
        else:
            made.paragraph(" | ".join(cell for cell in map(clean, bare.split("\t")) if cell))
    return made.done()
