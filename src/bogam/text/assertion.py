"""How a note means what it mentions: present, absent, possible, historical, hypothetical, or someone else's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.record.facts import Assertion
from bogam.text.polarity import DENIED, polarity, sentence_around

_FAMILY: Final = re.compile(
    r"\b(?:mother|father|brother|sister|aunt|uncle|grand\w+|family history|FHx?)\b|가족력|모친|부친|어머니"
    r"|아버지",
    re.I,
)
_POSSIBLE: Final = re.compile(
    r"\b(?:possible|probable|suspect\w*|r/o|rule out|likely|may|might|vs)\b|의심|가능성|추정|감별|\?", re.I
)
_HISTORY: Final = re.compile(r"\b(?:history of|h/o|hx of|s/p|prior|previous)\b|과거력|기왕력|병력", re.I)
_IF: Final = re.compile(
    r"\b(?:if|return for|call for|risk of|prevent\w*|prophyla\w*|screening)\b|위험|예방|경우|생기면", re.I
)


@lru_cache(maxsize=4096)
def classify(text: str, start: int, end: int, section: str = "") -> Assertion:
    """Return how ``text`` means what stands from ``start`` to ``end``."""
    begin, stop = sentence_around(text, start, end)
    words = text[begin:stop]
    if section == "family-history" or _FAMILY.search(words):
        return "other"
    if _IF.search(words):
        return "hypothetical"
    if _POSSIBLE.search(words):
        return "possible"
    if polarity(words).at(start - begin) == DENIED:
        return "absent"
    return "historical" if _HISTORY.search(words) or section == "past-history" else "present"
