"""Who the speaker of a turn is in a visit, told by what the transcript calls him or her, in English or Korean."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

Speaker = Literal["doctor", "patient", "family", "nurse", "other"]
"""``family`` is anyone who came with the patient, ``other`` everyone else and who is not known."""

_FAMILY: Final = """
family mother father mom mum dad son daughter wife husband spouse partner sister brother parent guardian caregiver carer
relative companion friend grandmother grandfather 보호자 가족 어머니 아버지 엄마 아빠 아들 딸 아내 남편 부인 배우자 누나
언니 형 오빠 동생 며느리 사위 손자 손녀 할머니 할아버지 간병인 모친 부친
"""
_NURSE: Final = "nurse rn lpn assistant 간호사 수간호사 간호조무사"
_DOCTOR: Final = """
doctor dr physician clinician clinican provider md do resident consultant surgeon gp attending fellow intern
의사 의사선생님 선생님 주치의 전문의 전공의 교수 원장 의료진 과장 인턴 레지던트
"""
_PATIENT: Final = "patient pt client 환자 환자분 환자본인 본인"
_NOBODY: Final = "speaker spk sp participant unknown other interpreter voice 화자 통역 통역사 기타 미상"

_ROLES: Final[tuple[tuple[Speaker, frozenset[str]], ...]] = (
    ("family", frozenset(_FAMILY.split())),
    ("nurse", frozenset(_NURSE.split())),
    ("doctor", frozenset(_DOCTOR.split())),
    ("patient", frozenset(_PATIENT.split())),
)
"""The first that has a word of the name is the speaker: a patient's mother is family."""
_LETTERS: Final[dict[str, Speaker]] = {"d": "doctor", "p": "patient", "n": "nurse", "f": "family"}
_UNKNOWN: Final = frozenset(_NOBODY.split())
"""Names of a speaker that do not say who it is."""
_SPLIT: Final = re.compile(r"[\W\d_]+")


def speaker_of(name: str) -> Speaker:
    """Return who ``name`` is, ``other`` when it does not say."""
    return _role(name) or "other"


def known(name: str) -> bool:
    """Whether ``name`` cannot be anything but a speaker's."""
    return _role(name) is not None or not _UNKNOWN.isdisjoint(_parts(name)) or ("_" in name and " " not in name)


@lru_cache(maxsize=1024)
def _role(name: str) -> Speaker | None:
    parts = _parts(name)
    if len(parts) == 1 and parts[0] in _LETTERS:
        return _LETTERS[parts[0]]
    if "guest" in parts and frozenset(_DOCTOR.split()).isdisjoint(parts):
        return "family"
    return next((role for role, words in _ROLES if not words.isdisjoint(parts)), None)


@lru_cache(maxsize=1024)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in _SPLIT.split(unicodedata.normalize("NFKC", name).casefold()) if part)
