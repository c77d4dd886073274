"""What the coding skill says, in both languages."""

from __future__ import annotations

from typing import Final

from bogam.skills.writing.words import PHRASES as SHARED
from bogam.skills.writing.words import Language, Words

TITLE: Final[dict[Language, str]] = {"en": "Code suggestions", "ko": "상병코드 제안"}

SECTIONS: Final[dict[str, dict[Language, str]]] = {
    "suggested": {"en": "Suggested", "ko": "제안"},
    "accepted": {"en": "Chosen by the coder", "ko": "코더가 선택함"},
    "considered": {"en": "Considered but not allowed", "ko": "검토했으나 코딩할 수 없음"},
}

_OWN: Final[dict[str, dict[Language, str]]] = {
    "code": {"en": "{code} {title}; {why}: {words}{band}", "ko": "{code} {title}; {why}: {words}{band}"},
    "own": {"en": "{code} {title}; added by the coder{words}", "ko": "{code} {title}; 코더가 추가함{words}"},
    "own-bare": {"en": ", no words of the record marked", "ko": "(기록에서 표시한 근거 없음)"},
    "own-why": {"en": "; {why}", "ko": "; {why}"},
    "despite": {"en": "; chosen by the coder all the same", "ko": "; 그래도 코더가 선택함"},
    "own-words": {"en": ": {words}", "ko": ": {words}"},
    "kcd": {"en": "{code} {name}; coded so in the record", "ko": "{code} {name}; 기록에 이렇게 코딩됨"},
    "high": {"en": " [high]", "ko": " [높음]"},
    "medium": {"en": " [medium]", "ko": " [중간]"},
    "low": {"en": " [low]", "ko": " [낮음]"},
    "symptom": {
        "en": "; a sign or symptom, dropped when a confirmed diagnosis explains it (Official Guidelines I.B.5, fiscal "
        "year 2026{x})",
        "ko": "; 증상·징후이며, 확진된 진단으로 설명되면 제외함(Official Guidelines I.B.5, 2026년판{x})",
    },
    "recorded": {"en": "coded in the record", "ko": "기록에 코딩됨"},
    "shared": {
        "en": "recorded as {code} in KCD or ICD-10, which share at most four characters with ICD-10-CM",
        "ko": "기록의 KCD·ICD-10 코드 {code}(ICD-10-CM과는 최대 네 자리까지만 공통)",
    },
    "present": {"en": "stated in the record", "ko": "기록에 명시됨"},
    "chronic-history": {"en": "a lasting condition given as history", "ko": "병력에 적힌 만성 질환"},
    "uncertain-inpatient": {
        "en": "given as uncertain; coded as if established at the end of an inpatient stay (Official Guidelines II.H, "
        "fiscal year 2026{x})",
        "ko": "불확실하다고 적힘; 입원에서는 퇴원 시점에 확정된 것처럼 코딩함(Official Guidelines II.H, 2026년판{x})",
    },
    "absent": {"en": "refuted there", "ko": "기록에서 반박됨"},
    "history": {"en": "past and over; consider a Z code of history", "ko": "지난 일로 끝남; 병력 Z 코드를 검토"},
    "hypothetical": {"en": "written as a risk or a plan", "ko": "위험이나 계획으로 적힘"},
    "other": {
        "en": "someone else's; consider a Z code of family history",
        "ko": "다른 사람의 것; 가족력 Z 코드를 검토",
    },
    "uncertain-outpatient": {
        "en": "given as uncertain; for an outpatient the sign or symptom is coded instead (Official Guidelines, "
        "outpatient services, uncertain diagnosis, fiscal year 2026{x})",
        "ko": "불확실하다고 적힘; 외래에서는 증상·징후를 대신 코딩함(Official Guidelines, outpatient services, "
        "uncertain diagnosis, 2026년판{x})",
    },
    "uncertain-confirmed-only": {
        "en": "given as uncertain; coded only when confirmed (Official Guidelines I.C.1 and I.C.10, fiscal year "
        "2026{x})",
        "ko": "불확실하다고 적힘; 확진된 때에만 코딩함(Official Guidelines I.C.1·I.C.10, 2026년판{x})",
    },
    # missing
    "missing-laterality": {
        "en": "{code} {title}: the side is not documented; with it {choices}",
        "ko": "{code} {title}: 좌우가 기록되지 않음; 기록되면 {choices}",
    },
    "missing-unspecified": {
        "en": "{code} {title}: which kind is not documented; with it {choices}",
        "ko": "{code} {title}: 어떤 종류인지 기록되지 않음; 기록되면 {choices}",
    },
    "missing-seventh": {
        "en": "{code} {title}: the seventh character (phase of care) is open: {choices}",
        "ko": "{code} {title}: 일곱째 자리(진료 단계)가 정해지지 않음: {choices}",
    },
    "missing-subdivision": {
        "en": "{code} {title}: not complete, the detail is not documented: {choices}",
        "ko": "{code} {title}: 완전한 코드가 아니며 세부 사항이 기록되지 않음: {choices}",
    },
    "missing-evidence": {
        "en": "Nothing to code in this scope",
        "ko": "이 범위에는 코딩할 내용이 없음",
    },
    "missing-scope": {
        "en": "What was asked for is not in this record",
        "ko": "요청한 대상이 이 기록에 없음",
    },
    "missing-kcd": {
        "en": "No diagnosis with a KCD or ICD-10 code in this scope",
        "ko": "이 범위에는 KCD나 ICD-10 코드가 있는 진단이 없음",
    },
    # conflicts
    "conflict-excludes1": {
        "en": "{a} and {b} exclude each other unless unrelated; excludes1 at {at}: {note}",
        "ko": "{a}, {b}: 서로 배타적임(무관한 경우는 예외); {at}의 excludes1: {note}",
    },
    "conflict-order": {
        "en": "{a} goes before {b}; the note at {at}: {note}",
        "ko": "{a}가 {b}보다 먼저임; {at}의 지시: {note}",
    },
    "conflict-manifestation": {
        "en": "{a} {title}: a manifestation; add the code of its cause and put it first",
        "ko": "{a} {title}: 발현 증상임; 원인 질환의 코드를 더하고 그것을 먼저 두어야 함",
    },
    "conflict-incomplete": {
        "en": "{a} {title}: too short to be billed; choose a full code",
        "ko": "{a} {title}: 청구하기에는 자릿수가 모자람; 완전한 코드를 골라야 함",
    },
    "conflict-sex": {
        "en": "{a} {title}: its chapter or category is of the other sex; the record says {sex}",
        "ko": "{a} {title}: 다른 성별의 장·범주임; 기록의 성별은 {sex}",
    },
}

PHRASES: Final[dict[str, dict[Language, str]]] = {**SHARED, **_OWN}

WORDS: Final = Words(TITLE, SECTIONS, PHRASES)
