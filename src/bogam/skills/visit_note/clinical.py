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

ABNORMAL: Final = re.compile(
    r"\b(?:red|redness|bulging|swollen|swelling|tender|tenderness|inflamed|enlarged|bruis\w+|dislocated|deformed"
    r"|deformity|perforated|infected|discharge|pus|draining|weak|weaker|weakness|numb|pale|jaundiced|yellow|irregular"
    r"|abnormal|murmurs?|crackles|wheez\w+|rales|rash|lump|mass|lesions?|ulcers?|edema|effusion|distended|rigid"
    r"|guarding|decreased|diminished|absent|limited|restricted|asymmetric\w*|droop\w*|cracked|bleeding|scab\w*)\b"
    r"|부었|부어|부은|붓|빨[가갛갰]|아파하|압통|종괴|혹이|만져[지집]|발적|부종|염증|고름|수포음|천명|잡음|발진|약해|약합|떨어져|저하|황달|창백",
    re.I,
)
"""How an examination tells what is not as it should be."""
_NORMAL: Final = re.compile(
    r"\b(?:normal|clear|fine|intact|soft|non-?tender|symmetric\w*|regular|unremarkable|healthy)\b"
    r"|정상|깨끗|괜찮|이상 ?없",
    re.I,
)
_REACTION: Final = re.compile(
    r"\b(?:rash(?:es)?|hives|welts|anaphyla\w+|allerg\w*|reaction|swell\w*|swol\w+|itch\w*|closed? up)\b"
    r"|두드러기|발진|알레르기|알러지|과민|쇼크|가려|부었|부어|붓",
    re.I,
)
_GIVES: Final = re.compile(
    r"\b(?:gives?|gave|makes?|made|caus\w+|got|get|broke|after|from|allerg\w*|when(?:ever)?|react\w*|had)\b|맞고|먹고|먹으면|맞으면"
    r"|복용|먹었|먹은|맞은|쓰고|쓰면|때문|알레르기|알러지|과민",
    re.I,
)


def reactions(said: str) -> list[str]:
    """Return the drugs that an utterance says to have been followed by an allergic reaction, as it names them."""
    if said.endswith("?") or not (_REACTION.search(said) and _GIVES.search(said)):
        return []
    found = [each for each in entities(said) if each.kind in ("drug", "allergy") and each.assertion == "present"]
    return list(dict.fromkeys(said[each.start : each.end] for each in found))


def examined(said: str) -> bool:
    """Whether words of a doctor tell how a part of the body was found."""
    told = ABNORMAL.search(said) is not None or _NORMAL.search(said) is not None
    return told and (ABNORMAL.search(said) is not None or any(e.kind == "anatomy" for e in read_note(said).entities))


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
