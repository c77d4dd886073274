"""What the terminal says around the record's own words, in Korean and English."""

from __future__ import annotations

from typing import Final

from bogam.doors.cli.exits import korean

_KO: Final[dict[str, str]] = {
    "Problems": "문제 목록",
    "Medications": "투약",
    "Allergies": "알레르기",
    "Results": "검사 결과",
    "Vital signs": "활력징후",
    "Encounters": "진료",
    "Procedures": "처치·수술",
    "Immunizations": "예방접종",
    "Devices": "의료기기",
    "Care plans": "치료 계획",
    "Orders": "처방·의뢰",
    "Reports": "판독·보고서",
    "Notes": "기록",
    "Family history": "가족력",
    "born": "출생",
    "died": "사망",
    "nothing recorded": "기록 없음",
    "more: --limit shows them": "건 더 있음: --limit 으로 보기",
    "reference": "참고치",
    "active": "활동",
    "resolved": "해소",
    "current": "사용 중",
    "stopped": "중단",
    "completed": "완료",
    "planned": "예정",
    "pending": "대기",
    "Missing": "기록에 없음",
    "Conflicts": "상충",
    "Sources": "근거",
    "searched": "찾아본 곳",
    "record says": "기록은",
    "not cited": "근거 없음",
    "left out for length": "건은 길이 때문에 줄임",
    "shown": "초안",
    "waiting": "서명 대기",
    "signed": "서명됨",
    "rejected": "반려됨",
    "revision": "판",
}


def say(text: str) -> str:
    """Return the text in the person's language."""
    return _KO.get(text, text) if korean() else text
