"""ICD-10-CM compiled from the official tabular list (CDC/NCHS XML) that the package `simple-icd-10-cm` carries.

Compiled once for each release, in about two seconds, to one MessagePack file that opens in some fifty milliseconds. The
file is a cache: it says which release and which source it was made from, it is replaced atomically, and one that is
damaged or of another source is made again.
"""

from __future__ import annotations

import os
import re
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import numpy as np

from bogam.terms.wordindex import WordIndex

FORMAT: Final = 7
_PACKAGE: Final = "simple_icd_10_cm"
_MONTHS: Final[tuple[str, ...]] = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NAMED: Final = re.compile(r"icd10c?m?[-_]tabular[-_]([A-Z][a-z]+)-(?:(\d{1,2})-)?(\d{4})\.xml")

Kind = Literal["chapter", "block", "category", "subcategory", "extension"]
Section = Literal[
    "inclusion", "includes", "excludes1", "excludes2", "code_first", "use_additional", "code_also", "notes"
]
SECTIONS: Final[dict[str, Section]] = {
    "inclusionTerm": "inclusion",
    "includes": "includes",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "notes": "notes",
}


class Notes(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The instructions that stand at one place of the tabular list, in its words and order."""

    inclusion: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    excludes1: tuple[str, ...] = ()
    excludes2: tuple[str, ...] = ()
    code_first: tuple[str, ...] = ()
    use_additional: tuple[str, ...] = ()
    code_also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seventh: tuple[tuple[str, str], ...] = ()
    seventh_note: str = ""


class Compiled(msgspec.Struct, frozen=True):
    """The tabular list as parallel columns; bytes are int32.

    A row is a chapter, block, category or subcategory, parents first.

    ``seventh`` gives, for each row whose codes need a seventh character, the characters that make a valid code.
    ``names`` indexes the titles, inclusion terms and includes: name n is of row ``name_rows[n]``, and is inclusion term
    i when ``name_places[n]`` is i, the title when it is -1, include i when it is -2 - i.
    """

    format: int
    source: str
    release: str
    codes: list[str]
    titles: list[str]
    kinds: list[int]
    parents: bytes
    seventh: dict[int, str]
    notes: dict[int, Notes]
    name_rows: bytes
    name_places: bytes
    names: WordIndex


KINDS: Final[tuple[Kind, ...]] = ("chapter", "block", "category", "subcategory")


class NoTabular(LookupError):
    """The installed package does not carry the tabular list."""


def opened(folder: Path | None) -> Compiled:
    """Return the installed release, compiled: from ``folder`` when it is there, else made and kept there.

    With ``folder`` None, or one that cannot be written, it is made anew each time.

    Raises
    ------
    NoTabular
        When the package `simple-icd-10-cm` carries no tabular list that can be read.
    """
    tabular, listed, release = _found()
    source = f"{_PACKAGE} {version('simple-icd-10-cm')}, {tabular.name}, {tabular.stat().st_size} bytes"
    path = None if folder is None else folder / f"icd-10-cm-{release.replace('-', '')}.msgpack"
    if path is not None:
        kept = _read(path)
        if kept is not None and kept.format == FORMAT and kept.source == source:
            return kept
    made = compile_(tabular, listed, source, release)
    if path is not None:
        with suppress(OSError):
            _keep(path, msgspec.msgpack.encode(made))
    return made


def _read(path: Path) -> Compiled | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Compiled)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _keep(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _found() -> tuple[Path, Path, str]:
    """Return the tabular list, the list of codes, and the date of the release (ISO 8601), newest first.

    The package is found, not imported: importing it builds its own tree of objects, which takes seconds.
    """
    spec = find_spec(_PACKAGE)
    folder = Path(next(iter(spec.submodule_search_locations or ()), "") if spec else "") / "data"
    dated: list[tuple[str, Path]] = []
    for path in folder.glob("*.xml"):
        match = _NAMED.fullmatch(path.name)
        if match and match[1] in _MONTHS:
            dated.append((f"{match[3]}-{_MONTHS.index(match[1]) + 1:02}-{int(match[2] or 1):02}", path))
    lists = sorted(folder.glob("code-list*.txt"))
    if not dated or not lists:
        raise NoTabular(f"No ICD-10-CM tabular list in {folder}; install simple-icd-10-cm 1.5 or newer.")
    release, tabular = max(dated)
    return tabular, lists[-1], release


class _Maker:
    """Walks the tabular list once, parents before children."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.titles: list[str] = []
        self.kinds: list[int] = []
        self.parents: list[int] = []
        self.notes: dict[int, Notes] = {}

    def walk(self, element: Any, parent: int) -> None:
        row = len(self.codes)
        below: list[Any] = []
        said: dict[str, list[str]] = {}
        extensions: list[tuple[str, str]] = []
        more: dict[str, Any] = {}
        code, title = str(element.get("id", "")), ""
        for child in element:
            tag = child.tag
            if tag in ("diag", "section"):
                below.append(child)
            elif tag == "name":
                code = _tidy(child.text)
            elif tag == "desc":
                title = _tidy(child.text)
            elif tag in SECTIONS:
                said.setdefault(SECTIONS[tag], []).extend(_tidy(note.text) for note in child if _tidy(note.text))
            elif tag == "sevenChrDef":
                _extensions(child, extensions)
            elif tag == "sevenChrNote":
                more["seventh_note"] = " ".join(_tidy(note.text) for note in child)
        if element.tag == "section" and "-" not in code:
            code = f"{code}-{code}"
        self.codes.append(code)
        self.titles.append(title)
        self.kinds.append(KINDS.index(_kind(element.tag, code)))
        self.parents.append(parent)
        if extensions:
            more["seventh"] = tuple(extensions)
        if said or more:
            self.notes[row] = Notes(**{name: tuple(texts) for name, texts in said.items()}, **more)
        for child in below:
            self.walk(child, row)


def _kind(tag: str, code: str) -> Kind:
    if tag == "chapter":
        return "chapter"
    if tag == "section":
        return "block"
    return "category" if len(code) == 3 else "subcategory"


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split()).lstrip(", ")


def _extensions(element: Any, found: list[tuple[str, str]]) -> None:
    for child in element:
        if child.tag == "extension":
            found.append((str(child.get("char", "")), _tidy(child.text)))
        elif found:
            char, said = found[-1]
            found[-1] = (char, f"{said}; {_tidy(child.text)}")


def compile_(tabular: Path, listed: Path, source: str, release: str) -> Compiled:
    """Compile a tabular list (XML) with its list of codes, one a line without dots."""
    maker = _Maker()
    for chapter in ET.parse(tabular).getroot().iter("chapter"):
        maker.walk(chapter, -1)
    rows, places, texts = _names(maker)
    return Compiled(
        FORMAT, source, release, maker.codes, maker.titles, maker.kinds, _packed(maker.parents),
        _seventh(maker.codes, listed.read_text("utf-8").split()), maker.notes,
        _packed(rows), _packed(places), WordIndex.of(texts),
    )  # fmt: skip


def _packed(numbers: list[int]) -> bytes:
    return np.array(numbers, np.int32).tobytes()


def _names(maker: _Maker) -> tuple[list[int], list[int], list[str]]:
    rows: list[int] = []
    places: list[int] = []
    texts: list[str] = []
    none = Notes()
    for row, title in enumerate(maker.titles):
        notes = maker.notes.get(row, none)
        named = [(-1, title), *enumerate(notes.inclusion), *((-2 - i, each) for i, each in enumerate(notes.includes))]
        for place, text in named:
            rows.append(row)
            places.append(place)
            texts.append(text)
    return rows, places, texts


def _seventh(codes: list[str], listed: Iterable[str]) -> dict[int, str]:
    """Return by row the seventh characters of the codes that are listed but stand in no row of their own."""
    rows = {code.replace(".", ""): row for row, code in enumerate(codes) if "-" not in code}
    found: dict[int, str] = {}
    for code in listed:
        if len(code) == 7 and "-" not in code and code not in rows:
            base = code[:6]
            while base not in rows and base.endswith("X"):
                base = base[:-1]
            if base in rows:
                found[rows[base]] = found.get(rows[base], "") + code[6]
    return found
