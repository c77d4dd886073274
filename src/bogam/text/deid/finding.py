"""What de-identification finds: the categories, and one finding."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

Category = Literal[
    "name",
    "organization",
    "address",
    "zip",
    "date",
    "age",
    "phone",
    "fax",
    "email",
    "national-id",
    "passport",
    "licence",
    "health-plan",
    "record-number",
    "account",
    "vehicle",
    "device",
    "url",
    "ip",
    "biometric",
    "photo",
    "other",
]


class About(NamedTuple):
    """A category: its tag and its name in English and Korean, and its letter in 45 CFR 164.514(b)(2)(i)."""

    tag: str
    tag_ko: str
    name: str
    name_ko: str
    letter: str


CATEGORIES: Final[dict[Category, About]] = {
    "name": About("NAME", "이름", "name", "이름", "A"),
    "organization": About("ORGANIZATION", "기관", "organization", "기관", "B"),
    "address": About("ADDRESS", "주소", "address", "주소", "B"),
    "zip": About("ZIP", "우편번호", "ZIP code", "우편번호", "B"),
    "date": About("DATE", "날짜", "date", "날짜", "C"),
    "age": About("AGE", "나이", "age above the limit", "고령 나이", "C"),
    "phone": About("PHONE", "전화", "telephone number", "전화번호", "D"),
    "fax": About("FAX", "팩스", "fax number", "팩스 번호", "E"),
    "email": About("EMAIL", "이메일", "e-mail address", "이메일 주소", "F"),
    "national-id": About("ID", "주민번호", "national or social security number", "주민·외국인등록번호 등", "G"),
    "record-number": About("MRN", "등록번호", "medical record number", "환자등록번호", "H"),
    "health-plan": About("PLAN", "보험번호", "health plan number", "건강보험 번호", "I"),
    "account": About("ACCOUNT", "계좌", "account or card number", "계좌·카드 번호", "J"),
    "licence": About("LICENCE", "면허", "certificate or licence number", "면허·자격 번호", "K"),
    "passport": About("PASSPORT", "여권", "passport number", "여권 번호", "K"),
    "vehicle": About("VEHICLE", "차량", "vehicle identifier", "차량 번호", "L"),
    "device": About("DEVICE", "기기번호", "device identifier", "의료기기 번호", "M"),
    "url": About("URL", "웹주소", "web address", "웹 주소", "N"),
    "ip": About("IP", "IP", "network address", "IP 주소", "O"),
    "biometric": About("BIOMETRIC", "생체정보", "biometric identifier", "생체 정보", "P"),
    "photo": About("PHOTO", "사진", "photograph", "사진", "Q"),
    "other": About("NUMBER", "고유번호", "other unique number", "그 밖의 고유번호", "R"),
}
"""The identifiers that are looked for. The letters are the paragraphs of the Safe Harbor list; organizations are not on
it, but tell where somebody was."""


class Finding(NamedTuple):
    """An identifier in a text: code points ``start`` to ``end``.

    ``rule`` says how it was found (``known-name``, ``resident-number``), ``confidence`` how sure that is (0 to 1, set
    by hand, not a calibrated probability), ``source`` the resource whose value it is (``Patient/123``), empty where it
    was found by its shape or surroundings alone.
    """

    start: int
    end: int
    category: Category
    rule: str
    confidence: float
    source: str = ""


def settled(text: str, findings: list[Finding]) -> tuple[Finding, ...]:
    """Return findings that do not overlap, in order.

    What the record says goes before what rules say, the surer before the less sure, the longer before the shorter.
    What is left over of a finding that gave way stays a finding, so that nothing found is shown.
    """
    kept: list[Finding] = []
    for each in sorted(findings, key=lambda f: (not f.source, -f.confidence, f.start - f.end, f.start)):
        for start, end in _free(each.start, each.end, kept):
            if _says(text[start:end]):
                insort(kept, each._replace(start=start, end=end))
    return tuple(_joined(text, kept))


_GAP: Final = re.compile(r"[ ,]{0,3}")


def _joined(text: str, kept: list[Finding]) -> Iterator[Finding]:
    """Yield findings, those that are parts of one address as one."""
    last: Finding | None = None
    for each in kept:
        one = last is not None and last.category == each.category == "address"
        if last is not None and one and _GAP.fullmatch(text, last.end, each.start):
            sure = max(last.confidence, each.confidence)
            last = last._replace(end=each.end, confidence=sure, source=last.source or each.source)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _free(start: int, end: int, kept: list[Finding]) -> list[tuple[int, int]]:
    """Return the parts of a span that none of the findings, which are in order, covers."""
    at = bisect_left(kept, start, key=lambda f: f.start)
    if at and kept[at - 1].end > start:
        start = kept[at - 1].end
    free: list[tuple[int, int]] = []
    while start < end:
        stop = min(end, kept[at].start) if at < len(kept) else end
        if start < stop:
            free.append((start, stop))
        start = max(stop, kept[at].end) if at < len(kept) else end
        at += 1
    return free


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
