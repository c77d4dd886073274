"""A hospital's list of local codes: code, name, and where there are any unit and specimen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bogam.terms.imported.piece import Bad
from bogam.terms.imported.rows import table

_COLUMNS: Final = {
    "code": (
        "code", "local code", "item code", "test code", "dx code", "코드", "원내코드", "검사코드", "처방코드",
        "진단코드", "상병코드", "항목코드", "병원코드",
    ),
    "name": (
        "name", "display", "description", "item name", "test name", "dx name", "diagnosis", "명칭", "이름", "검사명",
        "진단명", "상병명", "처방명", "항목명", "한글명", "코드명",
    ),
    "english": ("english", "english name", "name_en", "영문명", "영문명칭"),
    "unit": ("unit", "units", "단위", "결과단위"),
    "specimen": ("specimen", "sample", "system", "검체", "검체명", "검체종류"),
}  # fmt: skip
_MOST: Final = 200_000
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Local:
    """One local code as the hospital wrote it."""

    code: str
    name: str
    unit: str = ""
    specimen: str = ""
    english: str = ""


def read(path: Path) -> Iterator[Local | Bad]:
    """Yield the rows of a csv, tab separated or spreadsheet file in UTF-8 or CP949, or what is wrong with one.

    Raises
    ------
    bogam.terms.imported.rows.NoTable
        When no row has headings for the code and the name.
    """
    seen: set[str] = set()
    for row in table(path, _COLUMNS, ("code", "name")):
        cells = row.cells
        code, name = cells["code"], cells["name"] or cells.get("english", "")
        reason = ""
        if not row.full:
            reason = "fewer columns than headings"
        elif not code:
            reason = "no code"
        elif not name or not any(sign.isalnum() for sign in name):
            reason = "no name"
        elif max(len(code), len(name)) > _LONGEST:
            reason = f"longer than {_LONGEST} characters"
        elif code in seen:
            reason = f"{code[:40]} stands in the file twice; the first is kept"
        elif len(seen) >= _MOST:
            reason = f"more than {_MOST} rows: split the file"
        if reason:
            yield Bad(path.name, row.line, reason, row.raw)
            continue
        seen.add(code)
        yield Local(code, name, cells.get("unit", ""), cells.get("specimen", ""), cells.get("english", ""))
