"""The words around what sources and record say, in both languages."""

from __future__ import annotations

from typing import Final

from bogam.evidence.draft import Language

WORDS: Final[dict[str, dict[Language, str]]] = {
    "effective": {"en": "effective {x}", "ko": "시행 {x}"},
    "dated": {"en": "version {x}", "ko": "{x} 판"},
    "undated": {"en": "no date stated", "ko": "날짜가 적혀 있지 않음"},
    "preprint": {"en": "preprint, not peer reviewed", "ko": "프리프린트, 동료 심사 전"},
    "page": {"en": "page {x}", "ko": "{x}쪽"},
    "pages": {"en": "pages {x}", "ko": "{x}쪽"},
    "patient": {"en": "From this patient's record", "ko": "이 환자의 기록에서"},
    "allergy": {"en": "Allergy: {x}", "ko": "알레르기: {x}"},
    "drug": {"en": "Takes: {x}", "ko": "복용 중: {x}"},
    "problem": {"en": "Problem: {x}", "ko": "문제: {x}"},
    "differ": {
        "en": "The sources differ: “{a}” ({ta}); “{b}” ({tb}).",
        "ko": "출처마다 다릅니다: “{a}” ({ta}); “{b}” ({tb}).",
    },
    "coming": {
        "en": "“{title}”: from {date} a new version; until then this one.",
        "ko": "“{title}”: {date}부터 새로 시행됩니다.",
    },
    "no-question": {"en": "No question was asked.", "ko": "질문이 없습니다."},
    "no-findings": {
        "en": "No finding was given, and none was found in the record.",
        "ko": "소견이 주어지지 않았고 기록에서도 찾지 못했습니다.",
    },
    "not-found": {"en": "Not found in your sources.", "ko": "갖고 있는 출처에서 찾지 못했습니다."},
    "nothing-here": {
        "en": "There is nothing to look through yet: an administrator adds documents on the page Library, or by "
        "`bogam library add DIR`.",
        "ko": "아직 찾아볼 문서가 없습니다. 관리자가 ‘원내 문서’ 화면이나 `bogam library add 폴더`로 넣을 수 있습니다.",
    },
    "documents": {"en": "{title}: {n} documents", "ko": "{title}: 문서 {n}건"},
    "as-of": {"en": " ({x})", "ko": " ({x})"},
    "red-flags": {"en": "Red flags named by your sources", "ko": "출처가 말하는 위험 신호"},
    "for": {"en": "For: {x}", "ko": "맞는 소견: {x}"},
    "against": {"en": "Against: {x}", "ko": "어긋나는 소견: {x}"},
}


def say(key: str, language: Language, **values: str) -> str:
    """Return the words of ``key`` with its holes filled; what fills them is not read for holes."""
    text = WORDS[key][language]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
