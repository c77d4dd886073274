"""Lines of the data file made ready for the tables: checked, compressed, with what they are found by.

Runs in a process of its own where the file is large.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from bogam.sources.npi.layout import IDENTIFIERS, LOCATION, MAILING, TAXONOMIES, BadRow, Dates, Row, check, row_of
from bogam.sources.npi.question import folded

LONGEST: Final = 1 << 17
BLOCK: Final = 32
"""Lines compressed together: one is found in a fraction of a millisecond, and all take a tenth of the file."""
BETWEEN: Final = "\x1f"

Name = tuple[str, int, int, int, str]
"""Key, NPI, what the address is for, place, postal code."""


@dataclass(slots=True)
class Parsed:
    """What a piece of the file holds, as the tables take it. ``refused``: line in the piece, reason, its beginning."""

    numbers: list[int] = field(default_factory=list[int])
    blocks: list[bytes] = field(default_factory=list[bytes])
    names: list[Name] = field(default_factory=list[Name])
    places: dict[int, tuple[str, str, str]] = field(default_factory=dict[int, tuple[str, str, str]])
    specialties: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    refused: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])


def parse(piece: bytes) -> Parsed:
    """Parse whole lines."""
    made, dates, lines = Parsed(), Dates(), list[bytes]()
    for at, raw in enumerate(piece.split(b"\n"), 1):
        try:
            if len(raw) > LONGEST:
                raise BadRow("longer than 128 kB")
            if raw and not raw.isspace():
                _take(made, raw, dates)
                lines.append(raw)
        except BadRow as error:
            made.refused.append((at, str(error), raw[:500].decode("utf-8", "replace")))
    made.blocks = [zlib.compress(b"\n".join(lines[at : at + BLOCK]), 1) for at in range(0, len(lines), BLOCK)]
    return made


def _take(made: Parsed, raw: bytes, dates: Dates) -> None:
    row = row_of(raw)
    check(row, dates)
    npi = int(row.head[0])
    made.numbers.append(npi)
    if row.head[1]:
        _find(made, npi, row)


def _find(made: Parsed, npi: int, row: Row) -> None:
    """Note by what names, places and specialties a provider is found."""
    cells = row.head
    last, first = (cells[5], cells[6]) if cells[1] == "1" else (cells[4], "")
    key = key_of(cells[1], "0", last, first)
    here, here_zip = place(cells[30], cells[31], cells[33]), zip_of(cells[32])
    made.places[here[0]] = here[1]
    made.names.append((key, npi, LOCATION, here[0], here_zip))
    mail, mail_zip = here, here_zip
    if cells[22:26] != cells[30:34]:
        mail, mail_zip = place(cells[22], cells[23], cells[25]), zip_of(cells[24])
        made.places[mail[0]] = mail[1]
    elsewhere = mail[0] != here[0] or mail_zip != here_zip
    if elsewhere:
        made.names.append((key, npi, MAILING, mail[0], mail_zip))
    if cells[11] or cells[13] or cells[14]:
        other = _other(cells)
        if other[2:] != key[2:]:
            made.names.append((other, npi, LOCATION, here[0], here_zip))
            if elsewhere:
                made.names.append((other, npi, MAILING, mail[0], mail_zip))
    codes = cells[TAXONOMIES : TAXONOMIES + 1] if row.rest[0] == '"' else row.values()[TAXONOMIES:IDENTIFIERS:4]
    for code in dict.fromkeys(codes):
        if code:
            made.specialties.append((npi, specialty(code)))


def key_of(kind: str, other: str, last: str, first: str) -> str:
    """Return what a name is found and sorted by: 1 for a person or 2, 0 for the legal name or 1, name, first name."""
    return f"{kind}{other}{folded(last)}{BETWEEN}{folded(first)}"


def _other(cells: list[str]) -> str:
    """Return the key of the other name that stands in the row itself."""
    if cells[1] == "1":
        return key_of("1", "1", cells[13] or cells[5], cells[14] or cells[6])
    return key_of("2", "1", cells[11], "")


@lru_cache(1 << 16)
def place(city: str, state: str, country: str) -> tuple[int, tuple[str, str, str]]:
    """Return a place's number, the same in every process, and how it is written in the table of places."""
    made = folded(city), state.upper(), country.upper() or "US"
    return int.from_bytes(blake2b(BETWEEN.join(made).encode(), digest_size=6).digest(), "big"), made


@lru_cache(1 << 12)
def specialty(code: str) -> int:
    """Return a taxonomy code (ten letters and digits) as a number; 0 for what is no code."""
    return int(code, 36) if code.isascii() and code.isalnum() and len(code) <= 10 else 0


def zip_of(code: str) -> str:
    """Return a postal code without hyphen and blanks."""
    return code if code.isdigit() else code.replace("-", "").replace(" ", "").upper()
