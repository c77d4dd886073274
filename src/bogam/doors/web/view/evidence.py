"""The evidence pane: the cited words marked where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from bogam.doors.web.words import Words
from bogam.evidence.show import Line, Shown, around, is_document
from bogam.record.attachment import text_at
from bogam.record.citation import Citation, Field
from bogam.record.json import point, text

_AROUND: Final = 320
_SHORT: Final = 40
"""A field of a document of so many code points is told in its row."""
_INSTRUCTION: Final = re.compile(r"/dosage(?:Instruction)?/\d+/text")
_TECHNICAL: Final = ("system", "reference", "resourceType", "use", "type")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One element of a resource: its name in the reader's language, and its values in order."""

    label: str
    pieces: tuple[Piece, ...]
    cited: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source opened at its cited places: ``rows`` of a resource's elements, ``texts`` of notes, or both."""

    shown: Shown
    citations: tuple[Citation, ...]
    rows: tuple[Row, ...]
    texts: tuple[tuple[Piece, ...], ...]
    place: Citation
    """The citation to open the whole note at: the first into its text, where there is one."""
    outside: bool = False
    """Whether it is a document of a source, beside the record."""
    url: str = ""
    """The publisher's page about it, or the page of the library that it stands on."""


def evidence(shown: Shown, citations: Sequence[Citation], body: Any, words: Words) -> Evidence:
    """Lay out ``shown`` with all of ``citations`` (of the same source and version, whose JSON is ``body``) marked.

    Raises
    ------
    PointerError
        When one of them leads nowhere.
    """
    if is_document(body):
        return _document(shown, citations, body, words)
    spans: dict[str, list[tuple[int, int]]] = {}
    for each in citations:
        spans.setdefault(each.pointer, []).append((each.start, each.end))
    written = {pointer: whole for pointer in spans if (whole := text_at(body, pointer)) is not None}
    texts = tuple(excerpt(whole, sorted(spans.pop(pointer))) for pointer, whole in written.items())
    there = {line.pointer for line in shown.lines}
    rest = [Line(pointer, text(point(body, pointer)), True) for pointer in spans if pointer not in there]
    groups: dict[str, list[Line]] = {}
    for line in (*rest, *shown.lines):
        groups.setdefault(line.pointer.split("/")[1], []).append(line)
    told = [(name, _told(lines, spans)) for name, lines in groups.items()]
    rows = tuple(
        Row(words.get(f"element.{name}", name), _joined(lines, spans), any(line.pointer in spans for line in lines))
        for name, lines in told
        if lines
    )
    place = next((each for each in citations if each.pointer in written), citations[0])
    return Evidence(shown, tuple(citations), rows, texts, place)


def _document(shown: Shown, citations: Sequence[Citation], body: Any, words: Words) -> Evidence:
    """Lay out a document of a source: its title and edition, and the page or abstract around what is cited."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for each in citations:
        spans.setdefault(each.pointer, []).append((each.start, each.end))
    found = (tuple(around(body, pointer)) for pointer in spans if pointer.startswith("/fields/"))
    groups: set[tuple[tuple[str, str], ...]] = {each for each in found if each}
    long = sorted(filter(_is_text, groups))
    texts = [
        tuple(part for place, leaf in group for part in (*marked(leaf, sorted(spans.get(place, ()))), Piece("\n\n")))
        for group in long
    ]
    short = [each[0] for each in sorted(groups - set(long))]
    released = shown.citation.version.partition("~")[0]
    said = {"title": body.get("title", ""), "edition": released or words("library.undated")}
    rows = tuple(
        Row(words.get(f"element.{name}", name), marked(value, sorted(spans.get(f"/{name}", ()))), f"/{name}" in spans)
        for name, value in said.items()
    )
    rows += tuple(
        Row(words.get(f"element.{name}", name), marked(value, sorted(spans[pointer])), True)
        for pointer, value in short
        for name in (pointer.rpartition("/")[2],)
    )
    name, _, id = shown.citation.source.partition(":")
    place = next((each for each in citations if "/pages/" in each.pointer), citations[0])
    url = body.get("url", "")
    if name == "library":
        at = {"version": place.version, "pointer": place.pointer, "start": place.start, "end": place.end}
        url = f"/library/{quote(id)}?{urlencode(at)}#cited"
    return Evidence(shown, tuple(citations), rows, tuple(texts), place, True, url)


def _is_text(group: Sequence[tuple[str, str]]) -> bool:
    """Whether a part of a document is shown as text: a page, a list, or more than a few words."""
    return len(group) > 1 or any("/pages/" in pointer or len(leaf) > _SHORT for pointer, leaf in group)


def way(field: Field, patient: str) -> str:
    """Return the path of the page that opens ``field`` of a patient's record where it stands."""
    place = {"source": field.origin.source, "version": field.origin.version, "pointer": field.pointer}
    start, end = field.offset, field.offset + len(field.text)
    return f"/patients/{patient}/source?{urlencode(place)}&start={start}&end={end}"


def marked(whole: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Split ``whole`` into pieces, those of ``spans`` (sorted; overlapping ones are joined) marked."""
    pieces: list[Piece] = []
    done = 0
    for start, end in spans:
        start = max(start, done)
        if end <= start:
            continue
        if start > done:
            pieces.append(Piece(whole[done:start]))
        pieces.append(Piece(whole[start:end], True))
        done = end
    if done < len(whole):
        pieces.append(Piece(whole[done:]))
    return tuple(pieces)


def excerpt(text: str, spans: Sequence[tuple[int, int]], around: int = _AROUND) -> tuple[Piece, ...]:
    """Return the marked spans with ``around`` code points of context on each side, cut at line ends where possible."""
    pieces: list[Piece] = []
    done = 0
    for start, end in _windows(text, spans, around):
        if start > done:
            pieces.append(Piece("…\n"))
        inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
        pieces.extend(marked(text[start:end], inside))
        done = end
    if done < len(text):
        pieces.append(Piece("\n…"))
    return tuple(pieces)


def _windows(text: str, spans: Sequence[tuple[int, int]], around: int) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for start, end in spans:
        low, high = max(0, start - around), min(len(text), end + around)
        low = text.rfind("\n", 0, low) + 1 if low and low - text.rfind("\n", 0, low) < around else low
        line_end = text.find("\n", high)
        high = line_end if 0 <= line_end < high + around else high
        if windows and low <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(high, windows[-1][1]))
        else:
            windows.append((low, high))
    return windows


def _told(lines: Sequence[Line], cited: Collection[str]) -> list[Line]:
    """Leave out what a reader does not read: systems and references, the unit's code beside the unit, a code or display
    that only repeats its neighbour, the parts of a dosage that is spelled out. What is cited always stays."""
    there = {line.pointer: line.text for line in lines}
    instructed = {pointer.rpartition("/")[0] for pointer in there if _INSTRUCTION.fullmatch(pointer)}
    kept: list[Line] = []
    for line in lines:
        parent, _, name = line.pointer.rpartition("/")
        repeats = name == "code" and there.get(f"{parent}/display", "").casefold() == line.text.casefold()
        units = name == "code" and f"{parent}/unit" in there
        said = name in ("display", "text") and any(other.text == line.text for other in kept)
        spelled = name != "text" and any(line.pointer.startswith(f"{place}/") for place in instructed)
        if line.pointer in cited or not (name in _TECHNICAL or repeats or units or said or spelled):
            kept.append(line)
    return kept


def _joined(lines: Sequence[Line], spans: Mapping[str, Sequence[tuple[int, int]]]) -> tuple[Piece, ...]:
    """Set the values of one element side by side: a unit after its number, a range with a dash."""
    pieces: list[Piece] = []
    before = ""
    for line in lines:
        parent, _, name = line.pointer.rpartition("/")
        if pieces:
            ranged = parent.endswith("/high") and before.rpartition("/")[0].endswith("/low")
            pieces.append(Piece(" – " if ranged else " " if name in ("unit", "end") else " · "))
        pieces.extend(marked(line.text, sorted(spans.get(line.pointer, ()))))
        before = line.pointer
    return tuple(pieces)
