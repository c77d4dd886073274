"""The hand-off: I-PASS or SBAR, from record and notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bogam.skills.handoff.schema import Request
from bogam.skills.handoff.sections import IPASS, SBAR
from bogam.skills.handoff.words import IPASS as IPASS_WORDS
from bogam.skills.handoff.words import SBAR as SBAR_WORDS
from bogam.skills.stay import missing
from bogam.skills.stay.request import StayRequest
from bogam.skills.stay.written import Section, StaySkill
from bogam.skills.writing.words import Words


def _sbar(request: StayRequest) -> bool:
    return isinstance(request, Request) and request.form == "sbar"


def _sections(request: StayRequest) -> Sequence[Section]:
    return SBAR if _sbar(request) else IPASS


def _words(request: StayRequest) -> Words:
    return SBAR_WORDS if _sbar(request) else IPASS_WORDS


skill: Final = StaySkill(
    name="handoff",
    folder=Path(__file__).parent,
    request=Request,
    engine="built-in handoff 3",
    words=_words,
    sections=_sections,
    rules=(
        *missing.BASICS,
        missing.no_stay,
        missing.not_in,
        missing.no_score,
        missing.no_code_status,
        missing.no_contingency,
        missing.doses,
        *missing.OPEN,
    ),
)
