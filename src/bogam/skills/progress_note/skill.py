"""The progress note of one day: subjective, objective, assessment, plan, with what changed in 24 hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

from bogam.skills.progress_note.schema import Request
from bogam.skills.stay import missing, quotations
from bogam.skills.stay import sections as of
from bogam.skills.stay.diagnoses import assessment
from bogam.skills.stay.lately import happened
from bogam.skills.stay.severity import graded
from bogam.skills.stay.whereabouts import out
from bogam.skills.stay.words import words
from bogam.skills.stay.written import Course, Part, StaySkill
from bogam.skills.writing.values import measurement, series

_DAY: Final = timedelta(hours=24)
_LINES: Final = 12


def vitals(course: Course) -> Iterable[Part]:
    """The latest vital signs of the day."""
    return [Part("condition", of.last_vitals(course, course.reading.moment))]


def results(course: Course) -> Iterable[Part]:
    """Results of the last 24 hours, each with the value before."""
    found = [
        points
        for points in series(course.reading, "lab")
        if points[0].value is not None and points[0].at is not None and course.reading.moment - points[0].at <= _DAY
    ]
    found.sort(key=of.by_importance)
    return [course.reading.cut("results", found, lambda points: measurement(course.reading, points, "results"))]


def changes(course: Course) -> Iterable[Part]:
    """Drugs started and ended, and procedures done, in the last 24 hours."""
    moment = course.reading.moment
    return [Part("changes", tuple(happened(course, moment - _DAY, moment, "changes")))]


def nursing(course: Course) -> Iterable[Part]:
    """What nurses wrote in the last 24 hours."""
    told = quotations.nursing(course, 24)
    yield Part("nursing", tuple(told[:_LINES]), max(0, len(told) - _LINES))


WORDS: Final = words(
    "Progress note",
    "경과기록",
    subjective={"en": "S · Subjective", "ko": "S · 주관적"},
    severity={"en": "O · Early warning score", "ko": "O · 조기경보점수"},
    condition={"en": "O · Latest vital signs", "ko": "O · 최근 활력징후"},
    results={"en": "O · Results of 24 hours", "ko": "O · 24시간 내 검사 결과"},
    changes={"en": "O · What changed in 24 hours", "ko": "O · 24시간 내 변화"},
    nursing={"en": "O · Nursing", "ko": "O · 간호"},
    assessment={"en": "A · Assessment", "ko": "A · 평가"},
    plan={"en": "P · Plan, as the newest note has it", "ko": "P · 계획 (최근 기록지)"},
)
skill: Final = StaySkill(
    name="progress-note",
    folder=Path(__file__).parent,
    request=Request,
    engine="built-in progress-note 3",
    words=lambda request: WORDS,
    sections=lambda request: (
        out,
        of.identity,
        quotations.from_notes("subjective", "subjective"),
        graded,
        vitals,
        results,
        changes,
        nursing,
        assessment,
        quotations.plan,
        of.pending,
    ),
    rules=(
        *missing.BASICS,
        missing.no_stay,
        missing.no_note_that_day,
        missing.no_score,
        missing.no_current_plan,
        *missing.OPEN,
    ),
)
