"""The files of NPPES as they are downloaded: which is which, in a zip or by themselves, and their lines."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from bogam.sources.mirrors import BadFile
from bogam.sources.npi.layout import heading_wrong
from bogam.sources.npi.parsing import LONGEST

Kind = Literal["full", "update", "names", "locations", "taxonomy", "deactivated"]
ORDER: Final[tuple[Kind, ...]] = ("full", "update", "names", "locations", "taxonomy", "deactivated")
_PIECE: Final = 2 << 20
_SPAN: Final = re.compile(r"(\d{8})-(\d{8})")
_DAY: Final = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_FIRST: Final = "20050523"
"""The day on which numbers began to be given out: a file that begins there holds all of them."""
_IGNORED: Final = re.compile(r"(?i).*(fileheader\.csv|endpoint_pfile.*|\.pdf|\.txt)$")


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a download: a file by itself, or a member of a zip."""

    path: Path
    member: str
    kind: Kind
    size: int

    @property
    def name(self) -> str:
        return self.member.rpartition("/")[2] or self.path.name

    @property
    def key(self) -> str:
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def mark(self) -> str:
        told = self.path.stat()
        return f"{told.st_size}-{told.st_mtime_ns}-{self.size}"

    @property
    def until(self) -> str:
        """The last day that the file covers (ISO 8601), by its name; empty where that does not tell."""
        span = _SPAN.search(self.name)
        day = _DAY.search(span[2] if span else self.name)
        return "-".join(day.groups()) if day else ""

    @contextmanager
    def open(self) -> Generator[IO[bytes]]:
        """Open the table as bytes. Raises `BadFile` when a zip is damaged."""
        if not self.member:
            with self.path.open("rb") as file:
                yield file
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise BadFile(f"{self.path.name} cannot be unpacked: {error}.") from error

    def pieces(self, start: int = 0, line: int = 0) -> Iterator[Piece]:
        """Yield whole lines in pieces of some megabytes, without the heading, from where an import had come to."""
        with self.open() as file:
            at = 0
            if start and not self.member:
                at = file.seek(start)
            while at < start and (skipped := file.read(min(_PIECE, start - at))):
                at += len(skipped)
            if not line:
                heading = file.readline(LONGEST)
                at, line = len(heading), 1
            while data := file.read(_PIECE):
                data += file.readline(LONGEST)
                at += len(data)
                lines = data.count(b"\n") + (not data.endswith(b"\n"))
                yield Piece(data, line, lines, at)
                line += lines


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a table: how many lines come before and how many these are, and the place after them in bytes."""

    data: bytes
    line: int
    lines: int
    until: int


def parts_of(paths: list[Path]) -> list[Part]:
    """Return the tables in files, in the order in which they are to be read.

    Raises
    ------
    BadFile
        When there is no table of NPPES in one of them, or more than one full file.
    """
    found: list[Part] = []
    for path in paths:
        if zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
            made = _members(path)
        else:
            made = [] if _IGNORED.match(path.name) else [_part(path, "", path.stat().st_size)]
        if not made:
            raise BadFile(f"{path.name} holds no table of NPPES: a name like npidata_pfile_20050523-20260111.csv.")
        found += made
    if len([each for each in found if each.kind == "full"]) > 1:
        raise BadFile("More than one full file: import the newest monthly file, and the weekly ones after it.")
    return sorted(found, key=lambda each: (ORDER.index(each.kind), each.until, each.key))


def _members(path: Path) -> list[Part]:
    """Return the tables in a zip; what else is in it is passed over."""
    with zipfile.ZipFile(path) as archive:
        listed = [each for each in archive.infolist() if not each.is_dir() and not _IGNORED.match(each.filename)]
    found: list[Part] = []
    for each in listed:
        try:
            found.append(_part(path, each.filename, each.file_size))
        except BadFile:
            if "npidata_pfile" in each.filename:
                raise
    return found


def _part(path: Path, member: str, size: int) -> Part:
    name = member.rpartition("/")[2] or path.name
    if re.search(r"(?i)deactivated.*\.(xlsx|csv)$", name):
        return Part(path, member, "deactivated", size)
    part = Part(path, member, "full", size)
    with part.open() as file:
        first = file.readline(LONGEST)
    try:
        heading = next(csv.reader([first.decode("utf-8-sig", "replace").rstrip("\r\n")]), list[str]())
    except csv.Error as error:
        raise BadFile(f"{name} is no table of NPPES: its first line is no CSV ({error}).") from error
    cells = [cell.strip() for cell in heading] or [""]
    kind = _kind(name, cells)
    if kind is None:
        raise BadFile(f"{name} is no table of NPPES: {heading_wrong(cells)}. Its first line must name its columns.")
    return Part(path, member, kind, size)


def _kind(name: str, cells: list[str]) -> Kind | None:
    if not heading_wrong(cells):
        span = _SPAN.search(name)
        return "update" if span and span[1] != _FIRST else "full"
    if cells[:2] == ["NPI", "Provider Other Organization Name"]:
        return "names"
    if cells[0] == "NPI" and len(cells) == 10 and "Secondary Practice Location" in cells[1]:
        return "locations"
    if cells[:3] == ["Code", "Grouping", "Classification"]:
        return "taxonomy"
    return None
