"""The transfer summary: what the next ward or hospital must know about a patient in the middle of a stay."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bogam.skills.stay import missing, quotations
from bogam.skills.stay import sections as of
from bogam.skills.stay.diagnoses import diagnoses
from bogam.skills.stay.severity import graded as severity
from bogam.skills.stay.words import words
from bogam.skills.stay.written import StaySkill
from bogam.skills.transfer_summary.schema import Request

WORDS: Final = words(
    "Transfer summary",
    "전과·전원 요약",
    severity={"en": "Illness severity", "ko": "중증도"},
    condition={"en": "Latest vital signs and findings", "ko": "최근 활력징후·소견"},
    condition_now={"en": "Latest vital signs and findings", "ko": "최근 활력징후·소견"},
    results={
        "en": "Results: last, first, highest and lowest between",
        "ko": "검사 결과 (마지막 값, 첫 값, 그 사이 최고·최저)",
    },
    drugs_hospital={"en": "Medications: given and ended in this stay", "ko": "투약: 이번 재원 중 사용 후 종료"},
)
SECTIONS: Final = (
    severity,
    of.identity,
    of.admission,
    diagnoses,
    of.by_problem,
    quotations.hospital_course,
    of.procedures,
    of.reports,
    of.allergies,
    of.medications,
    of.changed_drugs("stopped", "hospital"),
    of.condition,
    of.trends,
    quotations.plan,
    of.pending,
    quotations.contingency,
)
RULES: Final = (
    *missing.BASICS,
    missing.no_stay,
    missing.not_in,
    missing.no_course,
    missing.no_code_status,
    missing.doses,
    missing.stop_reasons,
    missing.no_condition,
    missing.no_current_plan,
    *missing.OPEN,
)
skill: Final = StaySkill(
    name="transfer-summary",
    folder=Path(__file__).parent,
    request=Request,
    engine="built-in transfer-summary 3",
    words=lambda request: WORDS,
    sections=lambda request: SECTIONS,
    rules=RULES,
)
