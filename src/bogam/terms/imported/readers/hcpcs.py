"""HCPCS Level II: the alpha-numeric file of CMS, as fixed-width text (ANWEB, 320 characters a record) or as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bogam.terms.imported.piece import Bad, Name, Piece, Release, Term
from bogam.terms.imported.readers.files import unpacked
from bogam.terms.imported.rows import encoding_of, table

_FILES: Final = re.compile(r"(?i)(?!.*(?:readme|layout|contr|recordlayout)).*\.(?:txt|xlsx|xls|csv)")
_CODE: Final = re.compile(r"[A-V]\d{4}|[A-Z0-9]{2}")
_YEAR: Final = re.compile(r"(?i)(20\d{2})[_-]?(JAN|APR|JUL|OCT)?")
_COLUMNS: Final = {
    "code": ("HCPC", "HCPCS", "HCPCS Code", "Code"),
    "long": ("LONG DESCRIPTION", "Long Description", "Description"),
    "short": ("SHORT DESCRIPTION", "Short Description"),
    "record": ("RECID", "RIC"),
    "ended": ("TERM DT", "Termination Date"),
}
_CONTINUED: Final = ("4", "8")


def read(paths: list[Path]) -> Iterator[Piece]:
    """Read codes and modifiers; descriptions that go over several records are put together."""
    with unpacked(paths, _FILES) as files:
        path = max(files, key=lambda each: (each.suffix.lower() != ".txt", each.stat().st_size))
        if match := _YEAR.search(path.name):
            yield Release(" ".join(part for part in match.groups() if part).upper())
        rows = _fixed(path) if _is_fixed(path) else _table(path)
        code, said, short, active, line = "", list[str](), "", True, 0
        for number, given, long, brief, record, ended in rows:
            if record in _CONTINUED and given == code:
                said.append(long)
                continue
            yield from _term(path.name, line, code, said, short, active)
            code, said, short, active, line = given, [long], brief, not ended, number
        yield from _term(path.name, line, code, said, short, active)


_Record = tuple[int, str, str, str, str, str]


def _term(file: str, line: int, code: str, said: list[str], short: str, active: bool) -> Iterator[Piece]:
    if not line:
        return
    name = " ".join(" ".join(said).split())
    if not _CODE.fullmatch(code) or not name:
        reason = "no description" if _CODE.fullmatch(code) else f'"{code[:20]}" is no HCPCS code or modifier'
        yield Bad(file, line, reason, f"{code} {name}"[:500])
        return
    yield Term(code, name, active, "en", {"modifier": True} if len(code) == 2 else {})
    if short:
        yield Name(code, short, "en", 3)


def _is_fixed(path: Path) -> bool:
    if path.suffix.lower() != ".txt":
        return False
    with path.open(encoding=encoding_of(path), errors="replace") as file:
        head = file.readline(4096)
    return "\t" not in head and "," not in head[:12] and len(head.rstrip()) > 90


def _fixed(path: Path) -> Iterator[_Record]:
    """Columns 1 to 5 code, 11 record kind, 12 to 91 long description, 92 to 119 short description."""
    with path.open(encoding=encoding_of(path), errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                code = line[0:5].strip() or line[3:5].strip()
                yield number, code, line[11:91].strip(), line[91:119].strip(), line[10:11], line[276:284].strip()


def _table(path: Path) -> Iterator[_Record]:
    for row in table(path, _COLUMNS, ("code", "long")):
        cells = row.cells
        record = cells.get("record", "")
        yield row.line, cells["code"], cells["long"], cells.get("short", ""), record, cells.get("ended", "")
