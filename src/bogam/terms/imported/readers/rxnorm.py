"""RxNorm, Rich Release Format: RXNCONSO.RRF (names) and RXNREL.RRF (relations) (U.S. National Library of Medicine)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bogam.terms.imported.piece import Bad, Link, Name, Piece, Release, Term
from bogam.terms.imported.readers.files import lines, unpacked
from bogam.terms.imported.rows import NoTable

_FILES: Final = re.compile(r"(?i)RXN(?:CONSO|REL)\.RRF")
_DATED: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")
_RANKS: Final = {
    "IN": 0,
    "PIN": 0,
    "MIN": 0,
    "BN": 0,
    "SCD": 0,
    "SBD": 0,
    "GPCK": 0,
    "BPCK": 0,
    "PSN": 1,
    "SY": 5,
    "TMSY": 6,
}
_BELOW: Final = ("isa", "form_of", "tradename_of", "has_ingredient", "consists_of", "has_precise_ingredient")


def read(paths: list[Path]) -> Iterator[Piece]:
    """Read RxNorm's own names (SAB RXNORM, not suppressed) and its relations upwards."""
    for path in paths:
        if match := _DATED.search(path.name):
            yield Release(f"{match[3]}-{match[1]}-{match[2]}")
            break
    with unpacked(paths, _FILES) as files:
        by_name = {path.name.upper(): path for path in files}
        if "RXNCONSO.RRF" not in by_name:
            raise NoTable("RxNorm needs RXNCONSO.RRF; RXNREL.RRF adds the hierarchy.")
        yield from _names(by_name["RXNCONSO.RRF"])
        if "RXNREL.RRF" in by_name:
            yield from _links(by_name["RXNREL.RRF"])


def _names(path: Path) -> Iterator[Piece]:
    for line in lines(path, "|", 18):
        if isinstance(line, Bad):
            yield line
            continue
        number, cells = line
        if cells[11] != "RXNORM" or cells[16] not in ("N", ""):
            continue
        if not cells[0].isdigit() or not cells[14].strip():
            yield Bad(path.name, number, "no RXCUI or no name", "|".join(cells)[:500])
            continue
        rank = _RANKS.get(cells[12], 7)
        if rank == 0:
            yield Term(cells[0], cells[14], True, "en", {"tty": cells[12]})
        else:
            yield Name(cells[0], cells[14], "en", rank)


def _links(path: Path) -> Iterator[Piece]:
    """RXCUI2 has the relation RELA to RXCUI1."""
    for line in lines(path, "|", 16):
        if isinstance(line, Bad):
            yield line
            continue
        cells = line[1]
        if cells[10] == "RXNORM" and cells[7] in _BELOW and cells[0] and cells[4] and cells[14] in ("N", ""):
            yield Link(cells[4], cells[0])
