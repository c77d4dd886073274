"""The discharge summary: why the patient came, what was found and done, what goes home, what is still open."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bogam.skills.discharge_summary.schema import Request
from bogam.skills.stay import missing, quotations
from bogam.skills.stay import sections as of
from bogam.skills.stay.diagnoses import diagnoses
from bogam.skills.stay.words import words
from bogam.skills.stay.written import StaySkill

WORDS: Final = words("Discharge summary", "퇴원요약")
SECTIONS: Final = (
    of.person,
    of.admission,
    diagnoses,
    of.by_problem,
    quotations.hospital_course,
    of.procedures,
    of.reports,
    of.trends,
    of.allergies,
    of.changed_drugs(),
    of.condition,
    of.follow_up,
    of.pending,
    of.instructions,
    quotations.contingency,
)
RULES: Final = (
    *missing.BASICS,
    missing.no_stay,
    missing.still_in,
    missing.no_course,
    missing.doses,
    missing.stop_reasons,
    missing.no_follow_up,
    missing.no_instructions,
    missing.no_condition,
    missing.no_disposition,
    *missing.OPEN,
)
skill: Final = StaySkill(
    name="discharge-summary",
    folder=Path(__file__).parent,
    request=Request,
    engine="built-in discharge-summary 3",
    words=lambda request: WORDS,
    sections=lambda request: SECTIONS,
    rules=RULES,
)
