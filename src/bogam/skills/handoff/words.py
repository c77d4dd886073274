"""The titles of a hand-off, as I-PASS and as SBAR name its parts."""

from __future__ import annotations

from typing import Final

from bogam.skills.stay.words import words

IPASS: Final = words(
    "Hand-off (I-PASS)",
    "환자 인계 (I-PASS)",
    severity={"en": "I · Illness severity", "ko": "I · 중증도"},
    allergies={"en": "P · Allergies", "ko": "P · 알레르기"},
    medications={"en": "P · Current medications", "ko": "P · 현재 투약"},
    done={"en": "P · Procedures and reports of the stay", "ko": "P · 재원 중 시술·검사 보고"},
    summary={"en": "P · Patient summary", "ko": "P · 환자 요약"},
    now={"en": "P · Latest findings", "ko": "P · 최근 소견"},
    changes={"en": "P · What changed", "ko": "P · 최근 변화"},
    actions={"en": "A · Action list: pending and planned", "ko": "A · 할 일: 대기 중·예정"},
    awareness={"en": "S · Situation awareness and contingency", "ko": "S · 상황 인식과 대비"},
    synthesis={"en": "S · Synthesis by receiver (read back)", "ko": "S · 인수자 요약 (복창)"},
)
SBAR: Final = words(
    "Hand-off (SBAR)",
    "환자 인계 (SBAR)",
    severity={"en": "S · Situation: how ill", "ko": "S · 상황: 중증도"},
    situation={"en": "S · Situation", "ko": "S · 상황"},
    allergies={"en": "B · Allergies", "ko": "B · 알레르기"},
    medications={"en": "B · Current medications", "ko": "B · 현재 투약"},
    done={"en": "B · Procedures and reports of the stay", "ko": "B · 재원 중 시술·검사 보고"},
    background={"en": "B · Background", "ko": "B · 배경"},
    assessment={"en": "A · Assessment", "ko": "A · 평가"},
    recommendation={
        "en": "R · Recommendation: pending, planned, what to do if",
        "ko": "R · 권고: 대기·예정·상황별 대처",
    },
    synthesis={"en": "Read back by receiver", "ko": "인수자 복창"},
)
