"""De-identifies tables (CSV): each column by its type, declared or detected, and free text as notes are.

In cp949 or UTF-8; what comes out has the encoding, the delimiter and the columns that went in.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

from bogam.text.deid.apply import MASK, Mode, apply
from bogam.text.deid.detect import find
from bogam.text.deid.finding import CATEGORIES, Category, Finding
from bogam.text.deid.known import NONE, Known
from bogam.text.deid.resource import Tally
from bogam.text.deid.surrogate import Pseudonyms

Kind = Category | Literal["text", "keep"]
KINDS: Final[tuple[str, ...]] = (*CATEGORIES, "text", "keep")
_SAMPLE: Final = 200
_MOST: Final = 0.6
_CELL: Final = 10 << 20

_NAMED: Final[tuple[tuple[Category, str], ...]] = (
    (
        "name",
        r"(?:환자|수진자|보호자|의사|주치의|담당의|담당자|작성자|간호사|고객|회원|배우자|부모"
        r"|신청인)(?:[ _]?(?:성)?명|[ _]?이름)?|성명|이름|성함"
        r"|(?:.*[ _])?(?:patient|pt|full|first|last|family|given|middle|guardian|doctor|physician|provider|nurse"
        r"|contact|person|staff)[ _]?name"
        r"|name|surname|last|first|maiden|attending|physician|provider|doctor|author|guardian",
    ),
    (
        "national-id",
        (
            r".*(?:주민|외국인)[ _]?(?:등록)?[ _]?번호.*|ssn|.*social[ _]?security.*|rrn|national[ _]?id"
            r"|사업자(?:등록)?번호"
        ),
    ),
    (
        "record-number",
        r"(?:환자|등록|병록|차트|수진|검체|접수|처방|원무|내원)[ _]?(?:등록)?[ _]?(?:번호|ID|no\.?)"
        r"|(?:.*[ _])?(?:mrn|patient[ _]?(?:id|no|number)"
        r"|pt[ _]?(?:id|no)|chart[ _]?(?:id|no|number)?|record[ _]?(?:id|no|number)|encounter[ _]?id"
        r"|visit[ _]?id|accession.*|subject[ _]?id|person[ _]?id)",
    ),
    (
        "phone",
        (
            r".*(?:전화|연락처|휴대폰|핸드폰|휴대전화).*|(?:.*[ _])?(?:phone|tel|telephone|mobile"
            r"|cell)(?:[ _]?(?:no|number))?"
        ),
    ),
    ("fax", r".*(?:팩스|fax).*"),
    ("email", r".*(?:이메일|메일[ _]?주소|전자우편|e-?mail).*"),
    ("zip", r"우편번호|(?:.*[ _])?(?:zip|zip[ _]?code|postal[ _]?code|postcode)"),
    ("address", r".*(?:주소|거주지).*|(?:.*[ _])?(?:address|street|addr|city|county)(?:[ _]?\d)?"),
    (
        "date",
        (
            r".*(?:일자|날짜|일시|생년월일|생일|입원일|퇴원일|내원일|검사일|수술일|처방일|사망일|등록일)"
            r"|(?:.*[ _])?(?:date|dob|birth[ _]?date|birthday|datetime|timestamp|dod)(?:[ _]?time)?"
        ),
    ),
    (
        "health-plan",
        r".*(?:보험증|보험)[ _]?번호|(?:.*[ _])?(?:member|subscriber|policy|beneficiary)[ _]?(?:id|no|number)",
    ),
    ("account", r".*(?:계좌|카드)[ _]?번호|(?:.*[ _])?(?:account|card)[ _]?(?:no|number)"),
    ("passport", r".*여권.*|passport.*"),
    ("licence", r".*면허.*|(?:.*[ _])?(?:licen[cs]e|npi|dea).*"),
    ("vehicle", r".*차량.*번호|.*plate.*|vin"),
    ("device", r".*(?:기기|일련)[ _]?번호|.*serial.*|udi"),
    ("ip", r"ip|ip[ _]?address"),
    ("url", r"url|website"),
    ("photo", r".*(?:사진|photo|image[ _]?file).*"),
)
_HEADERS: Final = tuple((category, re.compile(pattern, re.I)) for category, pattern in _NAMED)


class TableError(ValueError):
    """What was given is no table, or a column was declared that it does not have."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and how that is known. ``cells`` counts those that were changed."""

    name: str
    kind: str
    by: Literal["declared", "header", "values", "none"]
    cells: int = 0


class Cleaned(NamedTuple):
    """A table de-identified: its bytes, its columns and its encoding."""

    content: bytes
    columns: tuple[Column, ...]
    encoding: str
    rows: int


def decoded(content: bytes) -> tuple[str, str]:
    """Return a text and its encoding: UTF-8 (with or without a mark), UTF-16 with a mark, else cp949, else cp1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace"), "utf-16"
    for encoding in ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "cp949"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace"), "cp1252"


def encoded(text: str, encoding: str) -> bytes:
    """Return a text in an encoding; where that has no bar to mask with, stars take its place."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.replace(MASK, "****").encode(encoding, "replace")


def clean(
    content: bytes,
    mode: Mode,
    key: bytes,
    *,
    known: Known = NONE,
    declared: Mapping[str, str] | None = None,
    tally: Tally | None = None,
    weekdays: bool = False,
) -> Cleaned:
    """De-identify a table whose first row names its columns.

    Parameters
    ----------
    key
        The key of surrogates. Rows with the same value in the first column of record numbers are one patient's: their
        dates move by the same number of days.
    declared
        What columns hold, by name: a category, ``text`` or ``keep``. The others are detected.

    Raises
    ------
    TableError
        When there is no row, or a declared column or kind does not exist.
    """
    text, encoding = decoded(content)
    rows, dialect = _rows(text)
    if not rows:
        raise TableError("The table is empty: its first row must name its columns.")
    header, body = rows[0], rows[1:]
    columns = _columns(header, body, known, declared or {})
    done = _Work(mode, key, known, tally or Tally(), weekdays)
    scope = next((index for index, column in enumerate(columns) if column.kind == "record-number"), None)
    changed: Counter[int] = Counter()
    made = [header, *(done.row(row, columns, scope, changed) for row in body)]
    counted = tuple(Column(c.name, c.kind, c.by, changed[index]) for index, c in enumerate(columns))
    out = io.StringIO(newline="")
    csv.writer(out, dialect).writerows(made)
    return Cleaned(encoded(out.getvalue(), encoding), counted, encoding, len(body))


def _rows(text: str) -> tuple[list[list[str]], type[csv.Dialect]]:
    start = text[: 64 << 10]
    first = start.split("\n", 1)[0]
    delimiter = max(",\t;|", key=first.count) if first else ","

    class Dialect(csv.excel):
        pass

    Dialect.delimiter = delimiter if first.count(delimiter) else ","
    Dialect.lineterminator = "\r\n" if "\r\n" in start else "\n"
    csv.field_size_limit(_CELL)
    try:
        return [row for row in csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), Dialect) if row], Dialect
    except csv.Error as error:
        raise TableError(f"This is no table that can be read: {error}.") from error


def _columns(header: list[str], body: list[list[str]], known: Known, declared: Mapping[str, str]) -> list[Column]:
    missing = [name for name in declared if name not in header]
    if missing:
        raise TableError(f'No column "{missing[0]}". Columns: {", ".join(header)}.')
    wrong = [kind for kind in declared.values() if kind not in KINDS]
    if wrong:
        raise TableError(f'No kind "{wrong[0]}". Known: {", ".join(KINDS)}.')
    return [_column(name, index, body, known, declared.get(name)) for index, name in enumerate(header)]


def _column(name: str, index: int, body: list[list[str]], known: Known, declared: str | None) -> Column:
    if declared:
        return Column(name, declared, "declared")
    plain = re.sub(r"[^\w가-힣]+", " ", name).strip()
    for category, pattern in _HEADERS:
        if pattern.fullmatch(plain):
            return Column(name, category, "header")
    sample = [cell for row in body if index < len(row) and (cell := row[index].strip())][:_SAMPLE]
    whole: Counter[Category] = Counter()
    some = 0
    for cell in sample:
        found = find(cell, known)
        some += bool(found)
        if found and sum(f.end - f.start for f in found) >= len(cell) * 0.8:
            whole[found[0].category] += 1
    if whole and (best := whole.most_common(1)[0])[1] >= _MOST * len(sample):
        return Column(name, best[0], "values")
    prose = sum(" " in cell or len(cell) > 24 for cell in sample) > len(sample) / 3
    return Column(name, "text" if some or prose else "keep", "values" if some or prose else "none")


class _Work:
    def __init__(self, mode: Mode, key: bytes, known: Known, tally: Tally, weekdays: bool) -> None:
        self._mode: Mode = mode
        self._known = known
        self._tally = tally
        self._key = key
        self._weekdays = weekdays
        self._made: dict[str, Pseudonyms] = {}

    def row(self, row: list[str], columns: list[Column], scope: int | None, changed: Counter[int]) -> list[str]:
        patient = row[scope].strip() if scope is not None and scope < len(row) else ""
        pseudonyms = self._made.get(patient)
        if pseudonyms is None:
            pseudonyms = Pseudonyms(self._key, patient, self._known, weekdays=self._weekdays)
            self._made[patient] = pseudonyms
        self._tally.units += 1
        made: list[str] = []
        for index, cell in enumerate(row):
            new = self._cell(cell, columns[index].kind if index < len(columns) else "text", pseudonyms)
            changed[index] += new != cell
            made.append(new)
        return made

    def _cell(self, cell: str, kind: str, pseudonyms: Pseudonyms) -> str:
        bare = cell.strip()
        if not bare or kind == "keep":
            return cell
        category = next((each for each in get_args(Category) if each == kind), None)
        found = tuple(self._findings(cell, bare, category))
        self._tally.found(found, cell)
        return apply(cell, found, self._mode, pseudonyms=pseudonyms).text

    def _findings(self, cell: str, bare: str, category: Category | None) -> Iterator[Finding]:
        """The whole cell where the column says what it is; of a date the date alone, so that a time stays."""
        if category is None:
            yield from find(cell, self._known)
            return
        if category == "date":
            dates = [each for each in find(cell, self._known, names=False) if each.category == "date"]
            if dates:
                yield from dates
                return
        if category == "age" and not (bare.isdigit() and int(bare) > 89):
            return
        start = cell.index(bare)
        yield Finding(start, start + len(bare), category, "column", 1.0)
