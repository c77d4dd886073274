"""What of a dialogue means something to a doctor: symptoms, illnesses, drugs, allergies, values, tests."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.text.note import read_note
from bogam.text.reading import Entity

_KINDS: Final = frozenset({"problem", "symptom", "drug", "allergy", "lab", "vital", "procedure", "device"})
ALLERGY: Final = re.compile(r"allerg|알레르기|알러지|과민", re.I)
HABIT: Final = re.compile(
    r"\b(?:smok|tobacco|cigarette|alcohol|drink|drug use)|담배|흡연|금연|음주|(?<![가-힣])술|소주|맥주", re.I
)
DRUG_TALK: Final = re.compile(
    r"\b(?:medications?|medicines?|meds|pills?|tablets?|insulin|vitamins?|supplements?)\b"
    r"|(?<!예)(?<!치)약(?=을|은|이|도|\s|$|[,.?])|복용|투약|인슐린|영양제|주사 ?맞",
    re.I,
)


@lru_cache(maxsize=4096)
def entities(said: str) -> tuple[Entity, ...]:
    """Return the clinical entities of an utterance, without places and times."""
    return tuple(each for each in read_note(said).entities if each.kind in _KINDS)


def kinds(said: str) -> frozenset[str]:
    """Return the kinds of what an utterance mentions."""
    return frozenset(each.kind for each in entities(said))


def clinical(said: str) -> bool:
    """Whether an utterance has something that a note must not lose."""
    return bool(entities(said)) or any(pattern.search(said) for pattern in (ALLERGY, HABIT, DRUG_TALK))
