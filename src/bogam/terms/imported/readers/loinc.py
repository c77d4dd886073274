"""LOINC: ``Loinc.csv`` of a release (LoincTable), and ``MapTo.csv`` where it is there (Regenstrief Institute)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bogam.terms.imported.piece import Bad, Name, Piece, Release, Term
from bogam.terms.imported.readers.files import unpacked
from bogam.terms.imported.rows import table

_FILES: Final = re.compile(r"(?i)loinc(?:table)?(?:core)?\.csv")
_NUMBER: Final = re.compile(r"\d{1,7}-\d")
_KEPT: Final = ("component", "property", "time", "specimen", "scale", "method", "class", "unit", "unit_seen")
_COLUMNS: Final = {
    "code": ("LOINC_NUM",),
    "name": ("LONG_COMMON_NAME",),
    "component": ("COMPONENT",),
    "property": ("PROPERTY",),
    "time": ("TIME_ASPCT",),
    "specimen": ("SYSTEM",),
    "scale": ("SCALE_TYP",),
    "method": ("METHOD_TYP",),
    "class": ("CLASS",),
    "status": ("STATUS",),
    "short": ("SHORTNAME",),
    "consumer": ("CONSUMER_NAME",),
    "display": ("DisplayName",),
    "related": ("RELATEDNAMES2",),
    "unit": ("EXAMPLE_UCUM_UNITS",),
    "unit_seen": ("EXAMPLE_UNITS",),
    "changed": ("VersionLastChanged",),
}


def check_digit(number: str) -> bool:
    """Tell whether a LOINC number has its right check digit (Mod 10, the LOINC Users' Guide, appendix C)."""
    if not _NUMBER.fullmatch(number):
        return False
    head, _, check = number.partition("-")
    total = 0
    for place, digit in enumerate(reversed(head)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (-total) % 10 == int(check)


def read(paths: list[Path]) -> Iterator[Piece]:
    """Read the table; the release is the newest version that a row was changed in."""
    newest: tuple[int, ...] = ()
    with unpacked(paths, _FILES) as files:
        path = max(files, key=lambda each: each.stat().st_size)
        for row in table(path, _COLUMNS, ("code", "name")):
            cells = row.cells
            if not check_digit(cells["code"]):
                yield Bad(path.name, row.line, f'"{cells["code"][:20]}" is no LOINC number (check digit)', row.raw)
                continue
            if not row.full or not cells["name"]:
                yield Bad(path.name, row.line, "no name" if row.full else "fewer columns than headings", row.raw)
                continue
            kept = {name: cells[name] for name in _KEPT if cells.get(name)}
            active = cells.get("status", "ACTIVE").upper() not in ("DEPRECATED", "DISCOURAGED")
            yield Term(cells["code"], cells["name"], active, "en", kept)
            for rank, name in ((2, "display"), (3, "short"), (4, "consumer"), (8, "component")):
                if cells.get(name):
                    yield Name(cells["code"], cells[name], "en", rank)
            for other in cells.get("related", "").split(";")[:40]:
                if len(other.strip()) > 1:
                    yield Name(cells["code"], other.strip(), "en", 9)
            version = tuple(int(part) for part in re.findall(r"\d+", cells.get("changed", ""))[:2])
            newest = max(newest, version)
    if newest:
        yield Release(".".join(map(str, newest)))
