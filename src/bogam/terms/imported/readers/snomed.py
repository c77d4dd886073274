"""SNOMED CT, Release Format 2: concepts, descriptions and relationships (SNOMED International, RF2 specification)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bogam.terms.imported.piece import Bad, Link, Name, Piece, Release, Term
from bogam.terms.imported.readers.files import lines, unpacked
from bogam.terms.imported.rows import NoTable

_FILES: Final = re.compile(r"(?i)x?sct2_(Concept|Description|Relationship)_(?:Snapshot|Full)?[^.]*_(\d{8})\.txt")
_FULLY_SPECIFIED: Final = "900000000000003001"
_IS_A: Final = "116680003"
_TAG: Final = re.compile(r" \(([a-z /+\-]+)\)$")
_WIDTHS: Final = {"concept": 5, "description": 9, "relationship": 10}


def verhoeff(number: str) -> bool:
    """Tell whether a SNOMED CT identifier has its right check digit (Verhoeff's dihedral check)."""
    if not (number.isascii() and number.isdigit() and 6 <= len(number) <= 18):
        return False
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = _D[check][_P[place % 8][int(digit)]]
    return check == 0


_D: Final = tuple(
    tuple((a + b) % 5 if a < 5 and b < 5 else (a + b) % 5 + 5 if a < 5 else (a - b) % 5 + 5 if b < 5 else (a - b) % 5
          for b in range(10))
    for a in range(10)
)  # fmt: skip


def _permutations() -> tuple[tuple[int, ...], ...]:
    first = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
    rows = [tuple(range(10))]
    for _ in range(7):
        rows.append(tuple(first[digit] for digit in rows[-1]))
    return tuple(rows)


_P: Final = _permutations()


def read(paths: list[Path]) -> Iterator[Piece]:
    """Read a Snapshot. Inactive descriptions and relationships are left out; inactive concepts are kept as such."""
    with unpacked(paths, _FILES) as files:
        by_kind: dict[str, list[Path]] = {}
        released = ""
        for path in files:
            match = _FILES.fullmatch(path.name)
            if match is None or "full" in path.name.lower():
                continue
            by_kind.setdefault(match[1].lower(), []).append(path)
            released = max(released, match[2])
        if "concept" not in by_kind or "description" not in by_kind:
            raise NoTable(
                "A SNOMED CT release needs its Concept and Description Snapshot files (sct2_Concept_Snapshot…)."
            )
        yield Release(f"{released[:4]}-{released[4:6]}-{released[6:]}")
        for kind, read_row in (("concept", _concept), ("description", _description), ("relationship", _relationship)):
            for path in by_kind.get(kind, ()):
                for line in lines(path, "\t", _WIDTHS[kind]):
                    if isinstance(line, Bad):
                        yield line
                    elif line[0] > 1:
                        yield from read_row(path.name, *line)


def _concept(file: str, line: int, cells: list[str]) -> Iterator[Piece]:
    if not verhoeff(cells[0]):
        yield Bad(file, line, f'"{cells[0][:20]}" is no SNOMED CT identifier (check digit)', "\t".join(cells)[:500])
        return
    yield Term(cells[0], "", cells[2] == "1")


def _description(file: str, line: int, cells: list[str]) -> Iterator[Piece]:
    if cells[2] != "1":
        return
    text = cells[7].strip()
    if not text:
        yield Bad(file, line, "no text", "\t".join(cells)[:500])
        return
    if cells[6] == _FULLY_SPECIFIED:
        yield Name(cells[4], _TAG.sub("", text), cells[5], 0)
        if _TAG.search(text):
            yield Name(cells[4], text, cells[5], 7)
    else:
        yield Name(cells[4], text, cells[5], 5)


def _relationship(file: str, line: int, cells: list[str]) -> Iterator[Piece]:
    if cells[2] == "1" and cells[7] == _IS_A:
        yield Link(cells[4], cells[5])
