"""The admission note: complaint, history, drugs before admission, findings of the first day, problems and plan."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bogam.skills.admission_note.schema import Request
from bogam.skills.stay import missing, quotations
from bogam.skills.stay import sections as of
from bogam.skills.stay.words import words
from bogam.skills.stay.written import StaySkill

WORDS: Final = words(
    "Admission note",
    "입원초진기록",
    condition={"en": "Vital signs at admission", "ko": "입원 시 활력징후"},
    results={"en": "First results", "ko": "입원 시 검사"},
)
SECTIONS: Final = (
    of.person,
    of.admission,
    quotations.from_notes("past", "past-history", "family-history", "social-history", "surgical-history", first=True),
    of.history,
    of.allergies,
    of.home_drugs,
    of.background,
    of.first_day,
    quotations.from_notes("exam", "exam", "objective", first=True),
    of.first_problems,
    quotations.from_notes("assessment", "assessment", "assessment-and-plan", first=True),
    quotations.from_notes("plan", "plan", first=True),
    of.pending,
)
RULES: Final = (
    *missing.BASICS,
    missing.no_stay,
    missing.no_complaint,
    missing.no_plan,
    missing.no_code_status,
    *missing.of_summary(missing.summary.body_weight),
)
skill: Final = StaySkill(
    name="admission-note",
    folder=Path(__file__).parent,
    request=Request,
    engine="built-in admission-note 3",
    words=lambda request: WORDS,
    sections=lambda request: SECTIONS,
    rules=RULES,
)
