"""The summary's title and the titles of its sections."""

from __future__ import annotations

from typing import Final

from bogam.skills.writing.words import PHRASES, Language, Words

TITLE: Final[dict[Language, str]] = {"en": "Record summary", "ko": "진료기록 요약"}

SECTIONS: Final[dict[str, dict[Language, str]]] = {
    "person": {"en": "Patient", "ko": "환자"},
    "problems": {"en": "Active problems", "ko": "활성 문제"},
    "history": {"en": "Past history", "ko": "과거력"},
    "medications": {"en": "Current medications", "ko": "현재 투약"},
    "stopped": {"en": "Recently stopped or completed", "ko": "최근 중단·종료 약물"},
    "allergies": {"en": "Allergies", "ko": "알레르기"},
    "results": {"en": "Results", "ko": "검사 결과"},
    "vitals": {"en": "Latest vital signs", "ko": "최근 활력징후"},
    "reports": {"en": "Reports", "ko": "판독·검사 보고"},
    "encounters": {"en": "Recent encounters", "ko": "최근 진료"},
    "procedures": {"en": "Procedures", "ko": "시술·수술"},
    "immunizations": {"en": "Immunizations", "ko": "예방접종"},
    "devices": {"en": "Devices", "ko": "의료기기"},
    "plans": {"en": "Care plans", "ko": "치료 계획"},
    "pending": {"en": "Pending and overdue", "ko": "대기 중·기한 경과"},
    "notes": {"en": "Recent notes", "ko": "최근 기록지"},
    "background": {"en": "Family and social history", "ko": "가족력·사회력"},
}

WORDS: Final = Words(TITLE, SECTIONS, PHRASES)
