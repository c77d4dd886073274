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
    "limits": {"en": "Limits and exceptions", "ko": "제한과 예외"},
    "allergy": {
        "en": "Allergy: {x}. What is asked or quoted is the same drug or of its class.",
        "ko": "알레르기: {x}. 묻거나 인용한 약이 같은 약이거나 같은 계열입니다.",
    },
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
    "coming-title": {"en": "A new version takes effect", "ko": "새 판이 시행됩니다"},
    "person": {
        "en": "The question holds a patient's name or number. It was left out, and no record was looked at: ask on the "
        "patient's page, or ask without it.",
        "ko": "질문에 환자의 이름이나 번호가 있습니다. 그 부분은 빼고 찾았으며 기록은 보지 않았습니다. "
        "환자 화면에서 묻거나 빼고 물으십시오.",
    },
    "no-question": {"en": "No question was asked.", "ko": "질문이 없습니다."},
    "no-findings": {
        "en": "No finding was given, and none was found in the record.",
        "ko": "소견이 주어지지 않았고 기록에서도 찾지 못했습니다.",
    },
    "no-positive": {
        "en": "No positive finding was given: what is absent alone points to no condition.",
        "ko": "양성 소견이 주어지지 않았습니다. 없는 소견만으로는 고려할 질환을 찾지 않습니다.",
    },
    "not-used": {
        "en": "Not used (not understood, or named by no passage listed): {x}",
        "ko": "쓰지 못한 말(뜻을 알 수 없거나 나열한 문장에 없음): {x}",
    },
    "ask": {"en": "To ask: {x}", "ko": "더 물을 것: {x}"},
    "not-found": {"en": "Not found in your sources.", "ko": "갖고 있는 출처에서 찾지 못했습니다."},
    "near": {
        "en": "Near the question, not judged to answer it: “{title}”",
        "ko": "질문과 가까운 곳(답으로 판단하지는 않음): “{title}”",
    },
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
