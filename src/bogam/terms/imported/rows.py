"""Rows of a table as hospitals and agencies send them: csv, tab or pipe separated text in UTF-8 or CP949, xls, xlsx.

Columns are found by their headings, which may stand some lines down, under a title.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_HEADINGS_WITHIN: Final = 30
_LONGEST_FIELD: Final = 1 << 20
_SPREADSHEETS: Final = (".xlsx", ".xls", ".xlsb", ".ods")
_SIGNS: Final = re.compile(r"[\s()\[\]{}_./:*\-·]+")


class NoTable(ValueError):
    """A file that does not hold the expected table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line or row number it stands at, its cells by the names asked for, and its raw cells."""

    line: int
    cells: dict[str, str]
    raw: str
    full: bool
    """Whether it has as many cells as there are headings."""


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file: that of its mark, UTF-8 where it is valid, else CP949.

    Raises
    ------
    NoTable
        When it is in neither.
    """
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if head.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
    for encoding in ("utf-8", "cp949"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
    raise NoTable(f"{path.name} is neither UTF-8 nor CP949; save it as UTF-8.")


def table(path: Path, columns: Mapping[str, Sequence[str]], required: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of ``path``.

    Parameters
    ----------
    columns
        For each name that the caller uses, the headings it may stand under. Case, blanks and punctuation are ignored;
        an exact heading is preferred to one that only begins so.
    required
        Names without which there is no table.

    Raises
    ------
    NoTable
        When no row among the first thirty has the required headings; the message lists those that it has.
    """
    wanted = tuple(required)
    lines = _sheet(path) if path.suffix.lower() in _SPREADSHEETS else _text(path)
    seen: list[str] = []
    places: dict[str, int] | None = None
    width = 0
    for number, cells in lines:
        if places is None:
            found = _places(cells, columns)
            if all(name in found for name in wanted):
                places, width = found, len(cells)
            elif number > _HEADINGS_WITHIN:
                break
            elif len(seen) < 40:
                seen += [cell for cell in cells if cell][:20]
            continue
        if not any(cell.strip() for cell in cells):
            continue
        taken = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        yield Row(number, taken, " | ".join(cells)[:500], len(cells) >= width)
    if places is None:
        asked = "; ".join(f"{name}: {' / '.join(columns[name][:4])}" for name in wanted)
        raise NoTable(
            f"{path.name} has no headings for {asked} in its first {_HEADINGS_WITHIN} lines. "
            f"It begins with: {', '.join(seen[:12]) or 'nothing'}."
        )


def _plain(heading: str) -> str:
    return _SIGNS.sub("", heading).lower()


def _places(cells: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    headings = [_plain(cell) for cell in cells]
    found: dict[str, int] = {}
    for name, spellings in columns.items():
        plain = [_plain(each) for each in spellings]
        exact = next((headings.index(each) for each in plain if each in headings), None)
        begun = next((at for each in plain for at, heading in enumerate(headings) if heading.startswith(each)), None)
        place = exact if exact is not None else begun
        if place is not None and len(headings[place]) < 60:
            found[name] = place
    return found


def _text(path: Path) -> Iterator[tuple[int, list[str]]]:
    encoding = encoding_of(path)
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = [file.readline(1 << 16) for _ in range(5)]
        file.seek(0)
        separator = max(",\t|;", key=lambda sign: sum(line.count(sign) for line in head))
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=separator)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = ["\ufffd unreadable line"]
            yield reader.line_num, cells


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # a native module, wanted only here

    try:
        book = CalamineWorkbook.from_path(str(path))  # pyright: ignore[reportUnknownMemberType]
        sheet = max((book.get_sheet_by_index(at) for at in range(len(book.sheet_names))), key=lambda each: each.height)
        rows: Iterator[list[Any]] = sheet.iter_rows()
        for number, cells in enumerate(rows, 1):
            yield number, [_cell(cell) for cell in cells]
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise NoTable(f"{path.name} cannot be read as a spreadsheet: {error}.") from error


def _cell(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
