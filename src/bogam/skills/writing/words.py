"""The words around the record's words, in both languages. Every phrase exists in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["ko", "en"]

Said = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What one skill says: its title, the titles of its sections by key, and its phrases by key."""

    title: Said
    sections: Mapping[str, Said]
    phrases: Mapping[str, Said]


PHRASES: Final[dict[str, dict[Language, str]]] = {
    # who
    "years": {"en": "{n} years old", "ko": "만 {n}세"},
    "months": {"en": "{n} months old", "ko": "생후 {n}개월"},
    "days": {"en": "{n} days old", "ko": "생후 {n}일"},
    "died-aged": {"en": "{n} years old at death", "ko": "사망 시 만 {n}세"},
    "born": {"en": "born {x}", "ko": "{x} 출생"},
    "male": {"en": "Male{x}", "ko": "남성{x}"},
    "female": {"en": "Female{x}", "ko": "여성{x}"},
    "gender": {"en": "Gender {x}", "ko": "성별 {x}"},
    "died": {"en": "Died {x}", "ko": "{x} 사망"},
    "deceased": {"en": "Recorded as deceased{x}", "ko": "사망으로 기록됨{x}"},
    "resuscitation": {"en": "Resuscitation: {x}", "ko": "소생 방침: {x}"},
    "speaks": {"en": "language {x}", "ko": "사용 언어 {x}"},
    "now": {"en": "Now: {kind} since {x}", "ko": "현재: {x}부터 {kind}"},
    "now-undated": {"en": "Now: {kind}", "ko": "현재: {kind}"},
    "attending": {"en": "attending {x}", "ko": "담당 {x}"},
    # problems
    "onset": {"en": "since {x}", "ko": "{x}부터"},
    "again": {"en": "also recorded {x}", "ko": "{x}에도 기록됨"},
    "resolved": {"en": "resolved {x}", "ko": "{x} 해소"},
    "not-confirmed": {"en": "{x}, unconfirmed", "ko": "{x}, 확진 전"},
    "not-confirmed-status": {"en": "unconfirmed{x}", "ko": "확진 전{x}"},
    "severity": {"en": "{x}", "ko": "{x}"},
    "this-stay": {"en": "reason for the current encounter{x}", "ko": "이번 진료의 사유{x}"},
    "in-stay": {"en": "diagnosis of the current encounter{x}", "ko": "이번 진료의 진단{x}"},
    "still": {"en": "still recorded as active{x}", "ko": "여전히 활성으로 기록됨{x}"},
    "status-unknown": {"en": "clinical status not recorded", "ko": "임상 상태 미기록"},
    # medications
    "started": {"en": "started {x}", "ko": "{x} 시작"},
    "latest-order": {"en": "last ordered {x}", "ko": "최근 처방 {x}"},
    "first-order": {"en": "first ordered {x}", "ko": "최초 처방 {x}"},
    "for": {"en": "for {x}", "ko": "사유: {x}"},
    "on-hold": {"en": "on hold{x}", "ko": "보류 중{x}"},
    "planned": {"en": "planned{x}", "ko": "예정{x}"},
    "stopped": {"en": "stopped {x}", "ko": "{x} 중단"},
    "completed": {"en": "completed {x}", "ko": "{x} 종료"},
    "stopped-undated": {"en": "stopped{x}", "ko": "중단{x}"},
    "completed-undated": {"en": "completed{x}", "ko": "종료{x}"},
    "given": {"en": "last given {x}", "ko": "최근 투여 {x}"},
    "because": {"en": "because: {x}", "ko": "중단 사유: {x}"},
    "as-needed": {"en": "as needed{x}", "ko": "필요시{x}"},
    "dose": {"en": "dose {x}", "ko": "용량 {x}"},
    "times-a-h": {"en": "{n} times an hour{u}", "ko": "시간당 {n}회{u}"},
    "times-a-d": {"en": "{n} times a day{u}", "ko": "하루 {n}회{u}"},
    "times-a-wk": {"en": "{n} times a week{u}", "ko": "주 {n}회{u}"},
    "times-a-mo": {"en": "{n} times a month{u}", "ko": "월 {n}회{u}"},
    "once-a-h": {"en": "once an hour{n}{u}", "ko": "시간당 한 번{n}{u}"},
    "once-a-d": {"en": "once a day{n}{u}", "ko": "하루 한 번{n}{u}"},
    "once-a-wk": {"en": "once a week{n}{u}", "ko": "주 한 번{n}{u}"},
    "once-a-mo": {"en": "once a month{n}{u}", "ko": "월 한 번{n}{u}"},
    "every": {"en": "every {p} {u}{n}", "ko": "{p}{u}마다{n}"},
    "times-every": {"en": "{n} times every {p} {u}", "ko": "{p}{u}에 {n}회"},
    # allergies
    "reaction": {"en": "reaction: {x}", "ko": "반응: {x}"},
    "criticality-high": {"en": "high criticality{x}", "ko": "중증 위험 높음{x}"},
    "criticality-low": {"en": "low criticality{x}", "ko": "중증 위험 낮음{x}"},
    "criticality-unable-to-assess": {"en": "criticality not assessable{x}", "ko": "중증 위험 판단 불가{x}"},
    "recorded": {"en": "recorded {x}", "ko": "{x} 기록"},
    "none-known": {"en": "{x} (recorded as none known)", "ko": "{x} (알려진 알레르기 없음으로 기록됨)"},
    # results
    "critical-low": {"en": "critically low{x}", "ko": "위험하게 낮음{x}"},
    "low": {"en": "low{x}", "ko": "낮음{x}"},
    "normal": {"en": "normal{x}", "ko": "정상{x}"},
    "high": {"en": "high{x}", "ko": "높음{x}"},
    "critical-high": {"en": "critically high{x}", "ko": "위험하게 높음{x}"},
    "abnormal": {"en": "abnormal{x}", "ko": "비정상{x}"},
    "range": {"en": "range {low}–{high}", "ko": "참고 범위 {low}–{high}"},
    "range-low": {"en": "range from {low}", "ko": "참고 범위 {low} 이상"},
    "range-high": {"en": "range up to {high}", "ko": "참고 범위 {high} 이하"},
    "range-text": {"en": "range {x}", "ko": "참고 범위 {x}"},
    "up-from": {"en": "up from {x} on {on}", "ko": "{on} {x}에서 상승"},
    "down-from": {"en": "down from {x} on {on}", "ko": "{on} {x}에서 하락"},
    "was": {"en": "was {x} on {on}", "ko": "{on}에는 {x}"},
    "preliminary": {"en": "preliminary{x}", "ko": "예비 결과{x}"},
    "no-value": {"en": "no value: {x}", "ko": "값 없음: {x}"},
    "blood-pressure": {"en": "Blood pressure {high}/{low}", "ko": "혈압 {high}/{low}"},
    "systolic-flag": {"en": "systolic {x}", "ko": "수축기 {x}"},
    "diastolic-flag": {"en": "diastolic {x}", "ko": "이완기 {x}"},
    # visits
    "outpatient": {"en": "outpatient{x}", "ko": "외래{x}"},
    "emergency": {"en": "emergency{x}", "ko": "응급{x}"},
    "inpatient": {"en": "inpatient{x}", "ko": "입원{x}"},
    "home": {"en": "home{x}", "ko": "재가{x}"},
    "virtual": {"en": "virtual{x}", "ko": "비대면{x}"},
    "visit": {"en": "encounter{x}", "ko": "진료{x}"},
    "planned-visit": {"en": "planned{x}", "ko": "예정{x}"},
    "until": {"en": "{x} to {y}", "ko": "{x} ~ {y}"},
    "discharged": {"en": "disposition: {x}", "ko": "진료 후 조치: {x}"},
    "site": {"en": "site: {x}", "ko": "부위: {x}"},
    "outcome": {"en": "outcome: {x}", "ko": "결과: {x}"},
    "first": {"en": "first {x}", "ko": "최초 {x}"},
    "last": {"en": "last {x}", "ko": "최근 {x}"},
    "in-progress": {"en": "in progress{x}", "ko": "진행 중{x}"},
    "not-done": {"en": "not done{x}", "ko": "시행하지 않음{x}"},
    # pending
    "ordered": {"en": "ordered {x}", "ko": "{x} 처방"},
    "due": {"en": "due {x}", "ko": "예정일 {x}"},
    "overdue": {"en": "past due{x}", "ko": "기한 경과{x}"},
    "report-open": {"en": "report {x}", "ko": "판독·보고 상태 {x}"},
    "priority": {"en": "{x}", "ko": "{x}"},
    # notes
    "by": {"en": "by {x}", "ko": "작성 {x}"},
    "quote": {"en": "“{x}”", "ko": "“{x}”"},
    "relation": {"en": "{x}: {y}", "ko": "{x}: {y}"},
    "observed": {"en": "{x}: “{y}”", "ko": "{x}: “{y}”"},
    "from-note": {"en": "read from a note: {x}", "ko": "기록지에서 읽음: {x}"},
    # missing
    "miss-allergies": {
        "en": "No allergy entry in the record; this is not the same as no known allergies",
        "ko": "알레르기 기록이 없음 (‘알레르기 없음’을 뜻하지 않음)",
    },
    "miss-medications": {"en": "No medication entry in the record", "ko": "투약 기록이 없음"},
    "miss-problems": {"en": "No problem or diagnosis in the record", "ko": "문제·진단 기록이 없음"},
    "miss-vitals": {"en": "No vital signs in the record", "ko": "활력징후 기록이 없음"},
    "miss-vitals-day": {
        "en": "No vital signs in the last 24 hours of the current stay",
        "ko": "이번 재원 중 최근 24시간 내 활력징후 기록이 없음",
    },
    "miss-weight": {"en": "No body weight in the record", "ko": "체중 기록이 없음"},
    "miss-weight-child": {
        "en": "No body weight within 180 days, for a child",
        "ko": "소아인데 최근 180일 내 체중 기록이 없음",
    },
    "miss-birth-date": {"en": "No birth date in the record", "ko": "생년월일 기록이 없음"},
    "miss-name": {"en": "No name in the record", "ko": "이름 기록이 없음"},
    "miss-gender": {"en": "No gender in the record", "ko": "성별 기록이 없음"},
    "miss-reason": {"en": "No reason recorded: {x}", "ko": "투약 사유 미기록: {x}"},
    "miss-dose": {"en": "No dose recorded: {x}", "ko": "용량 미기록: {x}"},
    "miss-unit": {"en": "No unit recorded: {x}", "ko": "단위 미기록: {x}"},
    "miss-range": {
        "en": "No reference range recorded: {x}",
        "ko": "참고범위 미기록: {x}",
    },
    "miss-result": {"en": "No result recorded: {x}", "ko": "결과 미기록: {x}"},
    "miss-report": {"en": "No final report: {x}", "ko": "최종 보고 없음: {x}"},
    "miss-follow-up": {"en": "Past due and not recorded as done: {x}", "ko": "기한 경과, 완료 기록 없음: {x}"},
    "miss-notes": {
        "en": "Not all notes were read for problems, drugs and allergies: the chart is long",
        "ko": "기록지가 많아 일부는 문제·약물·알레르기를 읽지 않음",
    },
    "miss-text": {"en": "Text not readable: {x}", "ko": "본문을 읽을 수 없음: {x}"},
    "miss-later": {
        "en": "Entries dated after the day of this summary were left out",
        "ko": "기준일 이후의 기록은 제외함",
    },
    # conflicts
    "conflict-allergy": {
        "en": "{drug} is ordered, and an allergy to {allergy} is recorded",
        "ko": "{drug} 처방 중이나 {allergy} 알레르기가 기록되어 있음",
    },
    "conflict-class": {
        "en": "{drug} is ordered, and an allergy to {allergy} of the same class is recorded",
        "ko": "{drug} 처방 중이나 같은 계열인 {allergy} 알레르기가 기록되어 있음",
    },
    "conflict-side-chain": {
        "en": "{drug} is ordered, and an allergy to {allergy}, which has a similar side chain, is recorded",
        "ko": "{drug} 처방 중이나 곁사슬이 비슷한 {allergy} 알레르기가 기록되어 있음",
    },
    "conflict-duplicate": {
        "en": "The same drug is ordered twice at the same time: {a} and {b}",
        "ko": "같은 약이 동시에 두 번 처방됨: {a}, {b}",
    },
    "conflict-value": {
        "en": "{name} {value} is outside what is physiologically possible",
        "ko": "{name} {value}: 생리적으로 불가능한 값",
    },
    "likewise": {"en": "likewise {x}", "ko": "{x}에도 마찬가지"},
    "conflict-pressure": {
        "en": "The diastolic pressure is the same as the systolic or above it: {high}, {low}",
        "ko": "이완기혈압이 수축기혈압과 같거나 더 높음: {high}, {low}",
    },
    "conflict-end": {
        "en": "{name}: end {end} is before start {start}",
        "ko": "{name}: 종료 {end}가 시작 {start}보다 앞섬",
    },
    "conflict-birth": {
        "en": "{name}: dated {x}, before the birth date {birth}",
        "ko": "{name}: 날짜 {x}가 출생일 {birth}보다 앞섬",
    },
    "conflict-death": {
        "en": "{name}: dated {x}, after the death on {death}",
        "ko": "{name}: 날짜 {x}가 사망일 {death} 이후임",
    },
    "conflict-none-known": {
        "en": "The allergy entries differ: {allergy}; {none}",
        "ko": "알레르기 기록이 서로 다름: {allergy}; {none}",
    },
    "conflict-sex": {
        "en": "{name} is recorded, and the patient is recorded as {gender}",
        "ko": "{name} 기록이 있으나 환자 성별은 {gender}로 기록됨",
    },
    "conflict-both": {
        "en": "Both are recorded as active: {a} and {b}",
        "ko": "모순되는 두 항목이 모두 활성으로 기록됨: {a}, {b}",
    },
    "conflict-refuted": {
        "en": "{a} is recorded as active, and another entry of it as refuted",
        "ko": "{a}: 활성 기록과 배제 기록이 함께 있음",
    },
    "conflict-resolved": {
        "en": "{a} is recorded as active, and another entry of the same beginning as resolved {b}",
        "ko": "{a}: 활성 기록과 함께 시작일이 같은 다른 기록은 {b} 해소로 되어 있음",
    },
    "conflict-resolved-undated": {
        "en": "{a} is recorded as active, and another entry of the same beginning as resolved{b}",
        "ko": "{a}: 활성 기록과 함께 시작일이 같은 다른 기록은 해소로 되어 있음{b}",
    },
    "conflict-open-after-death": {
        "en": "{name} is recorded as in progress, and the patient died {death}",
        "ko": "{name}: 진행 중으로 기록되어 있으나 환자는 {death} 사망함",
    },
    "conflict-late-pregnancy": {
        "en": "{name} is recorded as active, and the patient was born {birth}",
        "ko": "{name}: 활성으로 기록되어 있으나 환자는 {birth} 출생임",
    },
    "conflict-side": {
        "en": "The sides differ: {a} and {b}",
        "ko": "좌우가 서로 다름: {a}, {b}",
    },
    "conflict-differ": {
        "en": "Two different values are recorded: {a} and {b}",
        "ko": "서로 다른 두 값이 기록됨: {a}, {b}",
    },
    "conflict-note-drug": {
        "en": "Only a note names {drug} as taken ({note}); the medication list has {list}",
        "ko": "{drug}: 기록지에만 복용 중으로 적혀 있음 ({note}); 투약 목록: {list}",
    },
    "conflict-note-stopped": {
        "en": "{drug} is on the medication list, and a note says “{words}” ({note})",
        "ko": "{drug}: 투약 목록에 있으나 기록지에는 “{words}” ({note})",
    },
    "conflict-note-none-known": {
        "en": "An allergy to {allergy} is recorded; a note says “{none}”; {note}",
        "ko": "{allergy} 알레르기가 기록되어 있음; 기록지에는 “{none}”; {note}",
    },
    "conflict-note-allergy": {
        "en": "Only a note names an allergy to {allergy} ({note}); the allergy list has {list}",
        "ko": "{allergy} 알레르기: 기록지에만 적혀 있음 ({note}); 알레르기 목록: {list}",
    },
    "conflict-note-allergy-denied": {
        "en": "The allergy list and a note differ: {none}; “{allergy}” ({note})",
        "ko": "알레르기 목록과 기록지가 서로 다름: {none}; “{allergy}” ({note})",
    },
}

UNITS: Final[dict[str, dict[Language, str]]] = {
    "s": {"en": "seconds", "ko": "초"},
    "min": {"en": "minutes", "ko": "분"},
    "h": {"en": "hours", "ko": "시간"},
    "d": {"en": "days", "ko": "일"},
    "wk": {"en": "weeks", "ko": "주"},
    "mo": {"en": "months", "ko": "개월"},
    "a": {"en": "years", "ko": "년"},
}
