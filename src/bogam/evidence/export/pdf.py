"""PDF with its font embedded, Korean and Latin. The same filed draft gives the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import Any, Final

from fpdf import FPDF

from bogam.evidence.draft import Filed
from bogam.evidence.export.document import Block, Document, document

_FONT: Final = "BogamSans"
_INK: Final = (23, 32, 43)
_QUIET: Final = (85, 96, 110)
_WARN: Final = (155, 44, 31)
_WARNING: Final = ("conflicts", "against", "differ")
"""Blocks whose heading is in the colour of a warning."""
_GOOD: Final = (29, 107, 69)
_WIDTH: Final = 180.0
"""Width of the text on A4, in millimetres."""


class _Pages(FPDF):
    """A4 pages that say on each whose record this is and whether it is signed."""

    def __init__(self, doc: Document) -> None:
        super().__init__(format="A4")
        self.doc = doc
        self.set_margins(15, 15)
        self.set_auto_page_break(True, margin=16)
        with as_file(files("bogam.evidence.export") / "font" / "BogamSans-Regular.ttf") as path:
            self.add_font(_FONT, fname=str(path))
        font: Any = self.fonts[_FONT.lower()]  # fpdf2 leaves the type of cmap open
        self.glyphs: frozenset[int] = frozenset(font.cmap)
        stamp = _instant(doc.stamp)
        self.set_creation_date(stamp)
        self.set_title(doc.title)
        self.set_subject(doc.status)
        self.set_creator("Bogam")
        self.set_producer("Bogam")
        self.set_lang(doc.language)

    def header(self) -> None:
        self.ink(_QUIET, 8)
        self.cell(_WIDTH * 0.62, 4, self.short(f"{self.doc.title} · {self.doc.subject}", _WIDTH * 0.6))
        self.ink(_GOOD if self.doc.signed else _WARN, 8)
        self.cell(
            _WIDTH * 0.38, 4, self.short(self.doc.status, _WIDTH * 0.38), align="R", new_x="LMARGIN", new_y="NEXT"
        )
        self.set_draw_color(213, 219, 227)
        self.line(15, self.get_y() + 1, 195, self.get_y() + 1)
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-12)
        self.ink(_QUIET, 8)
        self.cell(_WIDTH, 4, self.doc.word("page").format(n=self.page_no(), all="{nb}"), align="C")

    def ink(self, colour: tuple[int, int, int], size: float) -> None:
        self.set_text_color(*colour)
        self.set_font(_FONT)
        self.set_font_size(size)

    def known(self, text: str) -> str:
        """Replace what the font cannot show by the replacement character."""
        return "".join(c if ord(c) in self.glyphs else "\N{REPLACEMENT CHARACTER}" for c in text)

    def short(self, text: str, width: float) -> str:
        """Cut text to a width in millimetres."""
        text = self.known(text)
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def put(self, text: str, *, indent: float = 0, height: float = 4.6) -> None:
        """Write a paragraph."""
        self.set_x(15 + indent)
        self.multi_cell(  # pyright: ignore[reportUnknownMemberType]  # fpdf2 does not type its return value
            _WIDTH - indent, height, self.known(text), align="L", new_x="LMARGIN", new_y="NEXT"
        )


def render(filed: Filed) -> bytes:
    """Return a filed draft as a PDF of A4 pages."""
    doc = document(filed)
    pages = _Pages(doc)
    pages.add_page()
    pages.ink(_INK, 15)
    pages.put(doc.title, height=7)
    pages.ink(_INK, 10.5)
    pages.put(doc.subject, height=5.5)
    pages.ink(_GOOD if doc.signed else _WARN, 10.5)
    pages.put(doc.status, height=5.5)
    if doc.spoken_from:
        pages.ink(_QUIET, 9)
        pages.put(doc.spoken_from)
    if doc.reason:
        pages.put(doc.reason, height=5.5)
    for block in doc.blocks:
        _block(pages, block)
    _heading(pages, doc.word("sources"))
    for source in doc.sources:
        pages.ink(_INK, 7.5)
        pages.put(f"[{source.number}] {source.source} ({source.edition}, sha256 {source.sha[:12]})", height=3.4)
        pages.ink(_QUIET, 7.5)
        pages.put("; ".join(f"{pointer}: “{quote}”" for pointer, quote in source.places), indent=6, height=3.4)
    _heading(pages, doc.word("about"))
    pages.ink(_INK, 8.5)
    for label, value in doc.about:
        pages.put(f"{label}: {value}", height=4)
    return bytes(pages.output())


def _heading(pages: _Pages, title: str, colour: tuple[int, int, int] = _INK) -> None:
    if pages.will_page_break(16):
        pages.add_page()
    pages.ln(2)
    pages.ink(colour, 11)
    pages.put(title, height=5.5)
    pages.set_draw_color(213, 219, 227)
    pages.line(15, pages.get_y(), 195, pages.get_y())
    pages.ln(1)


def _block(pages: _Pages, block: Block) -> None:
    _heading(pages, block.title, _WARN if block.key in _WARNING and block.statements else _INK)
    for statement in block.statements:
        numbers = "".join(f"[{number}]" for number in statement.sources)
        mark = f"{statement.mark}: " if statement.mark else ""
        pages.ink(_WARN if statement.mark else _INK, 9.5)
        pages.put(f"• {mark}{statement.text} {numbers}".rstrip())
    if block.note:
        pages.ink(_QUIET, 8.5)
        pages.put(block.note, indent=2)


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
