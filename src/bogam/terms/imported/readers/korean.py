"""Korean tables: KCD (Statistics Korea, KOICD, HIRA disease master), HIRA fee codes, HIRA drug codes.

The agencies change headings and layouts from year to year, so columns are found by their headings. The headings listed
here were written from general knowledge of such files, not from one named edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bogam.terms.imported.piece import Bad, Link, Name, Piece, Release, Term
from bogam.terms.imported.rows import NoTable, Row, table

_EDITION: Final = re.compile(r"KCD[-_ ]?(\d{1,2})|(?:제)?(\d{1,2})차", re.I)
_DATE: Final = re.compile(r"(20\d{2})[-._]?(\d{2})(?:[-._]?(\d{2}))?")
_KCD_CODE: Final = re.compile(r"[A-Z]\d{2}(?:\.?[0-9A-Z]{1,4})?")
_KCD_RANGE: Final = re.compile(r"[A-Z]\d{2}\s?[-~]\s?[A-Z]\d{2}")
_MARKS: Final = re.compile(r"[†‡*+＊\s]")

_KCD: Final = {
    "code": (
        "상병기호",
        "상병코드",
        "질병분류기호",
        "질병분류코드",
        "분류기호",
        "분류코드",
        "KCD코드",
        "KCD",
        "코드",
        "code",
    ),
    "korean": (
        "한글명",
        "한글명칭",
        "상병명(한글)",
        "한글상병명",
        "한글항목명",
        "질병명",
        "상병명",
        "명칭(한글)",
        "korean",
    ),
    "english": ("영문명", "영문명칭", "상병명(영문)", "영문상병명", "영문항목명", "명칭(영문)", "english"),
    "complete": ("완전코드구분", "완전코드", "완전코드여부"),
    "principal": ("주상병사용구분", "주상병사용가능", "주상병"),
    "sex": ("성별구분", "성별"),
    "lowest_age": ("하한연령", "연령하한"),
    "highest_age": ("상한연령", "연령상한"),
    "notifiable": ("법정감염병구분", "법정감염병"),
}
_EDI: Final = {
    "code": ("수가코드", "EDI코드", "행위코드", "표준코드", "코드", "code"),
    "korean": ("한글명", "한글명칭", "수가명(한글)", "한글수가명", "수가명", "행위명", "명칭"),
    "english": ("영문명", "영문명칭", "영문수가명"),
    "group": ("분류번호", "장구분", "분류"),
    "price": ("의원단가", "단가", "금액"),
    "points": ("상대가치점수", "점수"),
    "from": ("적용일자", "적용시작일", "시작일자"),
}
_DRUG: Final = {
    "code": ("제품코드", "제품코드(개정후)", "약품코드", "보험코드", "표준코드", "대표코드", "code"),
    "korean": ("제품명", "한글상품명", "약품명", "품목명", "한글명"),
    "english": ("영문상품명", "영문명", "제품명(영문)"),
    "standard": ("표준코드", "대표코드"),
    "ingredient": ("주성분명", "성분명", "일반명"),
    "ingredient_code": ("주성분코드", "일반명코드", "일반명코드(성분명코드)"),
    "atc": ("ATC코드", "ATC"),
    "maker": ("업체명", "제조사", "회사명"),
    "strength": ("약품규격", "규격", "함량"),
    "price": ("상한금액", "약가", "상한가"),
    "form": ("제형구분", "제형"),
    "cancelled": ("취소일자",),
}  # fmt: skip


def kcd(paths: list[Path]) -> Iterator[Piece]:
    """Read KCD. A code goes under the longest code that it begins with; ranges (A00-A09) are headings."""
    yield from _read(paths, _KCD, _kcd_code, _kcd_links)


def edi(paths: list[Path]) -> Iterator[Piece]:
    """Read the fee codes."""
    yield from _read(paths, _EDI, _edi_code, None)


def drugs(paths: list[Path]) -> Iterator[Piece]:
    """Read the drug codes: the price list's nine-digit product codes, or the standard list's."""
    yield from _read(paths, _DRUG, _drug_code, None)


def _read(
    paths: list[Path],
    columns: Mapping[str, Sequence[str]],
    check: Callable[[str], tuple[str, str]],
    links: Callable[[list[str]], Iterator[Link]] | None,
) -> Iterator[Piece]:
    taken: dict[str, None] = {}
    for path in _tables(paths):
        version = _version(path.name)
        if version:
            yield Release(version)
        for row in table(path, columns, ("code", "korean")):
            code, wrong = check(row.cells["code"])
            reason = wrong or _reason(row, code, taken)
            if reason:
                yield Bad(path.name, row.line, reason, row.raw)
                continue
            taken[code] = None
            yield from _pieces(row, code)
    if links is not None:
        yield from links(list(taken))


def _pieces(row: Row, code: str) -> Iterator[Piece]:
    cells = row.cells
    kept = {name: cell for name, cell in cells.items() if cell and name not in ("code", "korean", "english")}
    yield Term(code, cells["korean"] or cells["english"], not cells.get("cancelled"), "ko", kept)
    if cells.get("english"):
        yield Name(code, cells["english"], "en", 1)
    for name in ("ingredient", "standard"):
        if cells.get(name) and cells[name] != code:
            yield Name(code, cells[name], "en", 6)


def _reason(row: Row, code: str, taken: dict[str, None]) -> str:
    if not row.full:
        return "fewer columns than headings"
    if not (row.cells["korean"] or row.cells.get("english")):
        return "no name"
    return f"{code} stands in the file twice; the first is kept" if code in taken else ""


def _tables(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [each for each in inside if each.suffix.lower() in (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsb")]
    if not found:
        raise NoTable(f"No csv, txt, xls or xlsx file in {', '.join(path.name for path in paths)}.")
    return found


def _version(name: str) -> str:
    edition, date = _EDITION.search(name), _DATE.search(name)
    parts = [f"KCD-{edition[1] or edition[2]}"] if edition else []
    parts += ["-".join(part for part in date.groups() if part)] if date else []
    return " ".join(parts)


def _kcd_code(text: str) -> tuple[str, str]:
    code = _MARKS.sub("", text).upper()
    if not code:
        return "", "no code"
    if _KCD_RANGE.fullmatch(code):
        return code.replace("~", "-"), ""
    if not _KCD_CODE.fullmatch(code):
        return code, f'"{code[:20]}" has not the shape of a KCD code (A00, A00.0, A00.00)'
    plain = code.replace(".", "")
    return (plain if len(plain) == 3 else f"{plain[:3]}.{plain[3:]}"), ""


def _kcd_links(codes: list[str]) -> Iterator[Link]:
    known = set(codes)
    ranges = sorted((each for each in codes if "-" in each), key=lambda each: (each[:3], each[-3:]), reverse=True)
    for code in codes:
        if "-" in code:
            continue
        above = next((code[:n].rstrip(".") for n in range(len(code) - 1, 2, -1) if code[:n].rstrip(".") in known), "")
        if not above:
            above = next((each for each in ranges if each[:3] <= code[:3] <= each[-3:]), "")
        if above and above != code:
            yield Link(code, above)


def _edi_code(text: str) -> tuple[str, str]:
    code = text.replace(" ", "").upper()
    if not code:
        return "", "no code"
    if not re.fullmatch(r"[0-9A-Z]{3,12}", code):
        return code, f'"{code[:20]}" has not the shape of a fee code (letters and digits, three to twelve)'
    return code, ""


def _drug_code(text: str) -> tuple[str, str]:
    code = text.replace(" ", "").replace("-", "")
    if not code:
        return "", "no code"
    if not (code.isascii() and code.isdigit() and len(code) in (8, 9, 13)):
        return code, f'"{code[:20]}" has not the shape of a drug code (eight, nine or thirteen digits)'
    return code, ""
