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
    "source": "지식원",
    "state": "상태",
    "data of": "자료 기준",
    "items": "건수",
    "holds": "내용",
    "licence": "이용 조건",
    "built in": "내장",
    "enabled": "연결 허용",
    "mirrored": "미러 있음",
    "off": "꺼짐",
    "found": "찾음",
    "none": "해당 없음",
    "unknown_id": "없는 번호",
    "upstream_error": "지식원 오류",
    "stale": "오래되었을 수 있음",
    "truncated": "일부만",
    "live": "직접 조회",
    "cache": "보관된 응답",
    "mirror": "미러",
    "built-in": "내장",
    "retrieved": "받은 때",
    "title": "제목",
    "version": "판·날짜",
}


def say(text: str) -> str:
    """Return the text in the person's language."""
    return _KO.get(text, text) if korean() else text
