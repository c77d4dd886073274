"""Word documents (ECMA-376, .docx): text, headings, tables and page breaks, within limits; nothing in it is run."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bogam.sources.library.plain import row, tell
from bogam.sources.library.written import Unreadable, Writer, Written

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST: Final = 24 << 20
_MOST_PARTS: Final = 4000
_MOST_ELEMENTS: Final = 1_000_000
_DEEPEST: Final = 200
_HEADING: Final = re.compile(r"(?:heading|제목)\s*([1-6])", re.IGNORECASE)
_HIDDEN: Final = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr"})


def read_docx(data: bytes) -> Written:
    """Read a Word document.

    Raises
    ------
    Unreadable
        When it is damaged, holds macros, or unpacks to more than is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if len(names) > _MOST_PARTS:
                raise Unreadable("it has too many parts to be a Word document")
            if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
                raise Unreadable("it holds macros: save it without macros (.docx) or as PDF")
            body = _part(packed, "word/document.xml")
            if body is None:
                raise Unreadable("it is no Word document: word/document.xml is missing")
            made = Writer()
            _properties(packed, made.written)
            levels = _levels(_part(packed, "word/styles.xml"))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("it is damaged or locked with a password: its archive cannot be opened") from error
    hidden: list[str] = []
    for block in _blocks(body):
        if block.tag == f"{_W}tbl":
            _table(block, made, hidden)
        else:
            _paragraph(block, made, levels, hidden)
    made.written.hidden = any(each.strip() for each in hidden)
    return made.done()


class _Bounded(TreeBuilder):
    """Builds the tree of a part, unless it has more elements, or deeper ones, than a document that a person wrote."""

    def __init__(self) -> None:
        super().__init__()
        self._deep = self._count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._deep += 1
        self._count += 1
        if self._deep > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise Unreadable(f"it is nested deeper than {_DEEPEST} or has more than {_MOST_ELEMENTS:,} elements")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self._deep -= 1
        return super().end(tag)


def _part(packed: zipfile.ZipFile, name: str) -> Element | None:
    """Read one part, however large it says that it is, up to the limit."""
    try:
        with packed.open(name) as file:
            data = file.read(_LARGEST + 1)
    except KeyError:
        return None
    if len(data) > _LARGEST:
        raise Unreadable(f"its text unpacks to more than {_LARGEST >> 20} MB")
    parser = defusedxml.ElementTree.DefusedXMLParser(target=_Bounded())
    try:
        parser.feed(data)
        return parser.close()
    except Unreadable:
        raise
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise Unreadable(f"it is damaged: {name} is no plain XML") from error


def _properties(packed: zipfile.ZipFile, written: Written) -> None:
    core = _part(packed, "docProps/core.xml")
    for each in core if core is not None else ():
        if each.tag.endswith("}title"):
            tell(written, "title", each.text or "")
    custom = _part(packed, "docProps/custom.xml")
    for each in custom if custom is not None else ():
        tell(written, each.get("name", "").lower(), "".join(each.itertext()))


def _levels(styles: Element | None) -> dict[str, int]:
    """Return the level of each style that is a heading."""
    found: dict[str, int] = {}
    for style in styles.iter(f"{_W}style") if styles is not None else ():
        name, id = style.find(f"{_W}name"), style.get(f"{_W}styleId", "")
        said = name.get(f"{_W}val", "") if name is not None else ""
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if said.lower() == "title":
            found[id] = 1
        elif level := _HEADING.match(said):
            found[id] = int(level[1])
        elif outline is not None and outline.get(f"{_W}val", "").isdecimal():
            found[id] = min(6, int(outline.get(f"{_W}val", "0")) + 1)
    return found


def _blocks(body: Element, *tags: str) -> Iterator[Element]:
    """Yield paragraphs and tables (or what ``tags`` name) in reading order, those within content controls too, and
    nothing within them."""
    wanted = {f"{_W}{tag}" for tag in tags or ("p", "tbl")}
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        if element.tag in wanted:
            yield element
        elif element.tag != f"{_W}tbl":
            waiting.extend(reversed(list(element)))


def _paragraph(element: Element, made: Writer, levels: dict[str, int], hidden: list[str]) -> None:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    id = style.get(f"{_W}val", "") if style is not None else ""
    named = _HEADING.match(id)
    level = levels.get(id) or (int(named[1]) if named else 0)
    for part in _text(element, hidden).split("\f"):
        if part.strip():
            made.heading(level, part) if level else made.paragraph(part)
    for _ in range(_breaks(element)):
        made.page(made.written.pages[-1].number + 1)


def _breaks(element: Element) -> int:
    kinds = [each.get(f"{_W}type") == "page" for each in element.iter(f"{_W}br")]
    return sum(kinds) or sum(1 for _ in element.iter(f"{_W}lastRenderedPageBreak"))


def _text(element: Element, hidden: list[str]) -> str:
    """Return the text of a paragraph as a reader sees it: no deleted text, no field codes; hidden text is put apart."""
    out: list[str] = []
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if each.tag in _HIDDEN:
            continue
        if each.tag == f"{_W}t":
            out.append(each.text or "")
        elif each.tag == f"{_W}r" and _vanishes(each):
            hidden.append("".join(part.text or "" for part in each.iter(f"{_W}t")))
            continue
        elif each.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}p"):
            out.append(" ")
        elif each.tag == f"{_W}noBreakHyphen":
            out.append("-")
        waiting.extend(reversed(list(each)))
    return "".join(out)


def _vanishes(run: Element) -> bool:
    """Whether a run is hidden text (ECMA-376 part 1, 17.3.2.41)."""
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "true") not in ("0", "false", "off")


def _table(table: Element, made: Writer, hidden: list[str]) -> None:
    """Write each row as a paragraph, its cells under the names of the first row."""
    rows = [
        [" ".join(_text(each, hidden) for each in _blocks(cell)).strip() for cell in _blocks(line, "tc")]
        for line in _blocks(table, "tr")
    ]
    header = rows[0] if len(rows) > 1 and len(rows[0]) > 1 and all(rows[0]) else []
    for cells in rows[1:] if header else rows:
        made.paragraph(row(header, cells))
