"""The visit note's words, in both languages."""

from __future__ import annotations

from typing import Final

from bogam.skills.writing.words import PHRASES, Language, Words

TITLE: Final[dict[Language, str]] = {"en": "Visit note", "ko": "진료 기록"}

SECTIONS: Final[dict[str, dict[Language, str]]] = {
    "complaint": {"en": "Chief complaint", "ko": "주호소"},
    "history": {"en": "History", "ko": "병력"},
    "past": {"en": "Past, family and social history", "ko": "과거력·가족력·사회력"},
    "medications": {"en": "Medications", "ko": "복용 약"},
    "allergies": {"en": "Allergies", "ko": "알레르기"},
    "exam": {"en": "Physical examination", "ko": "신체 진찰"},
    "results": {"en": "Results", "ko": "검사 결과"},
    "assessment-plan": {"en": "Assessment and plan", "ko": "평가 및 계획"},
    "subjective": {"en": "Subjective", "ko": "주관적 정보 (S)"},
    "objective": {"en": "Objective", "ko": "객관적 정보 (O)"},
    "assessment": {"en": "Assessment", "ko": "평가 (A)"},
    "plan": {"en": "Plan", "ko": "계획 (P)"},
}

_OWN: Final[dict[str, dict[Language, str]]] = {
    "quoted": {"en": '{who}: "{x}"', "ko": '{who}: "{x}"'},
    "doctor": {"en": "Doctor", "ko": "의사"},
    "patient": {"en": "Patient", "ko": "환자"},
    "family": {"en": "Family", "ko": "보호자"},
    "nurse": {"en": "Nurse", "ko": "간호사"},
    "other": {"en": "Speaker", "ko": "화자"},
    "miss-transcript": {"en": "No transcript of a visit in the record", "ko": "진료 대화 기록이 없음"},
    "miss-words": {"en": "The transcript has no sentence that a note could use", "ko": "대화에 기록할 내용이 없음"},
    "miss-unclear": {
        "en": "Heard badly and not used in the note: turns {x} (listen again)",
        "ko": "잘 들리지 않아 기록에 쓰지 않은 말: {x}번째 발언 (다시 들어 보세요)",
    },
    "miss-left-out": {
        "en": "Said, and left out of the note: {x}",
        "ko": "대화에 나왔으나 기록에서 빠진 말: {x}",
    },
    "miss-beyond": {
        "en": "Turn {n} is very long: {x} of its sentences were left out of the note unread",
        "ko": "{n}번째 발언이 매우 김: 문장 {x}개를 읽지 않고 기록에서 뺌",
    },
    "said-complaint": {"en": "No complaint that led to the visit was said", "ko": "내원 이유를 말하지 않음"},
    "said-allergies": {"en": "Allergies were not talked about", "ko": "알레르기를 묻지 않음"},
    "said-medications": {"en": "Medications were not talked about", "ko": "복용 약을 묻지 않음"},
    "said-history": {"en": "Past illness or surgery was not talked about", "ko": "과거 질환·수술을 묻지 않음"},
    "said-social": {"en": "Smoking and alcohol were not talked about", "ko": "흡연·음주를 묻지 않음"},
    "said-vitals": {"en": "No vital sign was said", "ko": "활력징후를 말하지 않음"},
    "said-exam": {"en": "No finding of an examination was said", "ko": "진찰 소견을 말하지 않음"},
    "said-assessment": {"en": "No assessment or diagnosis was said", "ko": "평가·진단을 말하지 않음"},
    "said-plan": {"en": "No plan was said", "ko": "치료 계획을 말하지 않음"},
    "said-follow-up": {"en": "No follow-up was said", "ko": "추적 진료 계획을 말하지 않음"},
    "conflict-said-allergy": {
        "en": "The chart lists {x}. Said in the dialogue: {said}",
        "ko": "기록된 알레르기 항목은 {x}임. 대화에서 한 말: {said}",
    },
    "conflict-new-allergy": {
        "en": "A reaction is told that is new to the chart. The chart lists {x}. Said in the dialogue: {said}",
        "ko": "기록과 다른 새 약물 반응을 말함. 기록: {x}. 대화에서 한 말: {said}",
    },
    "conflict-drug-allergy": {
        "en": "The dialogue names a drug: {said} In the chart: allergy to {x}",
        "ko": "대화에 나온 약: {said} 기록: 알레르기 {x}",
    },
    "conflict-not-taking": {
        "en": "Said in the dialogue: {said} In the chart: medication {x}",
        "ko": "대화에서 한 말: {said} 기록: 투약 {x}",
    },
    "conflict-two-values": {"en": "Two different values: {said} / {x}", "ko": "서로 다른 두 값: {said} / {x}"},
}

WORDS: Final = Words(TITLE, SECTIONS, {**PHRASES, **_OWN})
