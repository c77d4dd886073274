"""The words of documents of a stay, in both languages."""

from __future__ import annotations

from typing import Final

from bogam.skills.record_summary.words import SECTIONS as SUMMARY
from bogam.skills.writing.words import PHRASES as SHARED
from bogam.skills.writing.words import Said, Words

SECTIONS: Final[dict[str, Said]] = {
    **SUMMARY,
    "admission": {"en": "Admission", "ko": "입원 경위"},
    "course": {"en": "Course", "ko": "경과"},
    "diagnoses": {
        "en": "Diagnoses: of the stay first, then all that are active",
        "ko": "진단명 (이번 재원의 진단 먼저, 이어서 활성 진단 전체)",
    },
    "out": {"en": "Not in hospital", "ko": "재원 중 아님"},
    "told": {"en": "Hospital course, as the notes tell it", "ko": "기록지에 적힌 입원 경과"},
    "procedures": {"en": "Procedures", "ko": "시술·수술"},
    "results": {
        "en": "Results of the stay: last, first, highest and lowest between",
        "ko": "입원 중 검사 결과 (마지막 값, 첫 값, 그 사이 최고·최저)",
    },
    "drugs-new": {"en": "Medications: new", "ko": "투약: 새로 시작"},
    "drugs-changed": {"en": "Medications: changed", "ko": "투약: 변경"},
    "drugs-stopped": {"en": "Medications: stopped", "ko": "투약: 중단"},
    "drugs-continued": {"en": "Medications: continued", "ko": "투약: 유지"},
    "drugs-hospital": {"en": "Medications: given in hospital only", "ko": "투약: 입원 중에만 사용"},
    "home": {"en": "Medications before admission", "ko": "입원 전 투약"},
    "follow-up": {"en": "Follow-up", "ko": "추적 계획"},
    "instructions": {"en": "Instructions", "ko": "교육·지시"},
    "contingency": {"en": "What to do if", "ko": "상황별 대처"},
    "condition": {"en": "Condition at the end of the stay", "ko": "재원 종료 시 상태"},
    "condition-now": {"en": "Latest condition", "ko": "현재 상태"},
    "plan": {"en": "Plan", "ko": "계획"},
    "assessment": {"en": "Assessment", "ko": "평가"},
    "nursing": {"en": "Nursing", "ko": "간호"},
    "severity": {"en": "Illness severity", "ko": "중증도"},
    "subjective": {"en": "Subjective", "ko": "S (주관적)"},
    "objective": {"en": "Objective", "ko": "O (객관적)"},
    "exam": {"en": "Examination", "ko": "진찰"},
    "past": {"en": "Past, family and social history, as the notes tell it", "ko": "기록지에 적힌 과거력·가족력·사회력"},
    "changes": {"en": "What changed", "ko": "변화"},
}

PHRASES: Final[dict[str, Said]] = {
    **SHARED,
    "said-by": {"en": "{x} ({note})", "ko": "{x} ({note})"},
    "admitted": {"en": "Admitted {x}", "ko": "{x} 입원"},
    "came": {"en": "Emergency visit {x}", "ko": "{x} 응급실 내원"},
    "arrived": {"en": "emergency visit{x}", "ko": "응급실 방문{x}"},
    "until-then": {"en": "until {x}", "ko": "{x}까지"},
    "still-in": {"en": "still in hospital{x}", "ko": "재원 중{x}"},
    "last-stay": {"en": "the last hospital visit ended {x}", "ko": "마지막 재원 종료 {x}"},
    "stay-over": {"en": "the last hospital visit is over, undated{x}", "ko": "마지막 재원 종료, 날짜 미상{x}"},
    "others-active": {"en": "Other active problems: {x}", "ko": "그 밖의 활성 문제: {x}"},
    "first-was": {"en": "first {x} on {on}", "ko": "첫 값 {x} ({on})"},
    "highest": {"en": "highest {x} on {on}", "ko": "최고 {x} ({on})"},
    "lowest": {"en": "lowest {x} on {on}", "ko": "최저 {x} ({on})"},
    "was-taken": {"en": "before admission: {x}", "ko": "입원 전: {x}"},
    # severity
    "unstable": {"en": "Unstable: NEWS2 {n} ({band}): {x}", "ko": "불안정: NEWS2 {n} ({band}): {x}"},
    "watcher": {"en": "Watcher: NEWS2 {n} ({band}): {x}", "ko": "주의 관찰: NEWS2 {n} ({band}): {x}"},
    "stable": {"en": "Stable: NEWS2 {n}: {x}", "ko": "안정: NEWS2 {n}: {x}"},
    "unstable-least": {
        "en": "Unstable: NEWS2 at least {n} ({band}): {x}",
        "ko": "불안정: NEWS2 최소 {n} ({band}): {x}",
    },
    "watcher-least": {
        "en": "Watcher: NEWS2 at least {n} ({band}): {x}",
        "ko": "주의 관찰: NEWS2 최소 {n} ({band}): {x}",
    },
    "low-least": {
        "en": "NEWS2 at least {n}, too little recorded to call it stable: {x}",
        "ko": "NEWS2 최소 {n}, 안정으로 보기에는 기록 부족: {x}",
    },
    "band-low-medium": {"en": "one red parameter", "ko": "한 항목 적색"},
    "band-medium": {"en": "medium risk", "ko": "중간 위험"},
    "band-high": {"en": "high risk", "ko": "고위험"},
    "red": {"en": "in the red band: {x}", "ko": "적색 항목: {x}"},
    "not-recorded": {"en": "not recorded: {x}", "ko": "미기록: {x}"},
    "news-respiratory-rate": {"en": "respiratory rate", "ko": "호흡수"},
    "news-spo2": {"en": "oxygen saturation", "ko": "산소포화도"},
    "news-oxygen": {"en": "oxygen therapy", "ko": "산소 투여 여부"},
    "news-sbp": {"en": "systolic pressure", "ko": "수축기혈압"},
    "news-heart-rate": {"en": "pulse", "ko": "맥박"},
    "news-gcs": {"en": "consciousness", "ko": "의식 수준"},
    "news-temperature": {"en": "temperature", "ko": "체온"},
    "severity-unknown": {"en": " – not enough recorded", "ko": " – 기록 부족"},
    "severity-young": {
        "en": " – no score: NEWS2 is for 16 and over",
        "ko": " – 점수 없음: NEWS2는 만 16세 이상에만 사용",
    },
    "severity-pregnant": {
        "en": " – no score: NEWS2 is not for pregnancy",
        "ko": " – 점수 없음: NEWS2는 임신 중에 쓰지 않음",
    },
    "severity-no-age": {"en": " – no score: age not recorded", "ko": " – 점수 없음: 나이 미기록"},
    "allergies-unknown": {"en": " – no entry in the record", "ko": " – 기록 없음"},
    # what changed
    "newly": {"en": "started {x}", "ko": "{x} 시작"},
    "ended": {"en": "{x} stopped", "ko": "{x} 종료"},
    "ends": {"en": "{x}: end of the order", "ko": "{x} 처방 종료"},
    # missing
    "miss-stay": {
        "en": "No hospital stay or emergency visit in the record: this draft tells the record, not a stay",
        "ko": "입원·응급실 방문 기록이 없음: 이 초안은 재원 기록이 아니라 전체 기록을 바탕으로 함",
    },
    "miss-open": {
        "en": "The patient has not been discharged: this is as of {x}",
        "ko": "아직 퇴원하지 않음: {x} 기준의 초안임",
    },
    "miss-in": {
        "en": "The patient is not in hospital: the last visit ended {x}",
        "ko": "입원 아님: 마지막 방문 종료 {x}",
    },
    "miss-follow": {"en": "No follow-up is recorded", "ko": "추적 계획이 기록되어 있지 않음"},
    "miss-instructions": {
        "en": "No instructions to the patient are recorded",
        "ko": "환자 교육·지시가 기록되어 있지 않음",
    },
    "miss-notes": {"en": "No note was written in the stay", "ko": "재원 중 작성된 기록지가 없음"},
    "miss-stop-reason": {"en": "Stopped without a reason: {x}", "ko": "중단 사유 미기록: {x}"},
    "miss-condition": {
        "en": "No vital signs in the last 24 hours of the stay",
        "ko": "재원 마지막 24시간 내 활력징후가 없음",
    },
    "miss-disposition": {"en": "Where the patient went is not recorded", "ko": "퇴원 후 행선지가 기록되어 있지 않음"},
    "miss-contingency": {
        "en": "No note says what to do if something happens",
        "ko": "상황 발생 시 대처를 적은 기록이 없음",
    },
    "miss-code": {"en": "No resuscitation status is recorded", "ko": "소생 방침이 기록되어 있지 않음"},
    "miss-news": {
        "en": "Not enough recorded in 24 hours for NEWS2: {x}",
        "ko": "24시간 내 NEWS2에 필요한 기록 부족: {x}",
    },
    "miss-news-age": {
        "en": "NEWS2 is not made for those under 16 or pregnant; no other score is computed",
        "ko": "NEWS2는 16세 미만·임신부에게 쓰지 않으며, 다른 점수는 계산하지 않음",
    },
    "miss-news-no-age": {
        "en": "NEWS2 is for 16 and over, and the age is not recorded",
        "ko": "NEWS2는 만 16세 이상에만 쓰며, 나이가 기록되어 있지 않음",
    },
    "miss-plan": {"en": "No note of the stay has a plan", "ko": "계획을 적은 기록지가 없음"},
    "miss-day": {"en": "No note was written on this day", "ko": "이 날 작성된 기록지가 없음"},
    "miss-complaint": {"en": "No note tells the complaint or the history", "ko": "주호소·현병력을 적은 기록지가 없음"},
    # what was searched
    "sought-notes": {"en": "lines of notes of the stay: {n}", "ko": "이번 재원 기록지의 줄 수: {n}"},
    "sought-written": {
        "en": "DocumentReference, Composition of the stay: 0",
        "ko": "이번 재원의 DocumentReference, Composition: 0",
    },
    "sought-vitals": {
        "en": "Observation (vital-signs) of the last 24 hours",
        "ko": "최근 24시간의 Observation (vital-signs)",
    },
    "sought-stay": {
        "en": "Encounter of class IMP, ACUTE, NONAC, OBSENC, SS, EMER: 0 of {n}",
        "ko": "Encounter {n}건 중 class IMP, ACUTE, NONAC, OBSENC, SS, EMER: 0",
    },
    "miss-handover": {
        "en": "Why the patient is transferred is not recorded",
        "ko": "전과·전원 사유가 기록되어 있지 않음",
    },
}


def words(en: str, ko: str, **sections: Said) -> Words:
    """Return the words of one document: its title, and titles of its own for some sections."""
    own = {key.replace("_", "-"): said for key, said in sections.items()}
    return Words({"en": en, "ko": ko}, {**SECTIONS, **own}, PHRASES)
