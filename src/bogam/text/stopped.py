"""Whether a sentence says that a drug was stopped, or is held, so that it is not given now."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.terms.cues import Cues
from bogam.terms.drugs import mentions as drug_names

_BETWEEN: Final = (
    r"[\s,/&·()]*(?:(?:and|was|were|is|are|has|have|been|being|had|on|temporarily|\d[\d.,]*|mg|mcg|g|units|po|iv|sc|qd"
    r"|bid|tid|hs|qw)[\s,/&·()]*){0,9}"
)
_STOPPED: Final = r"(?:stopped|stops|discontinued|d/c['’]?d|no longer tak\w+|quit)"
_STOPPED_AFTER: Final = re.compile(
    rf"{_BETWEEN}{_STOPPED}|[^.;,\n]{{0,30}}?(?:중단|중지|끊)(?!하지|되지|할|될)", re.IGNORECASE
)
_LEAD: Final = r"(?: taking| using)?(?: the| his| her)?[\s:,]*(?:(?:and|&)[\s,]*)?\Z"
_STOPPED_BEFORE: Final = re.compile(rf"{_STOPPED}{_LEAD}", re.IGNORECASE)
_NOT_YET: Final = re.compile(r"예정|고려|계획|if |will |plan|consider|until|전까지|시 중단|하면", re.IGNORECASE)
_HELD_AFTER: Final = re.compile(
    rf"{_BETWEEN}(?:hold|held|holding|withheld)\b(?! for| if)|[^.;,\n]{{0,30}}?보류(?!하지|되지)", re.IGNORECASE
)
_HELD_BEFORE: Final = re.compile(rf"\b(?:hold|holding|held|withhold|withheld|보류:?){_LEAD}", re.IGNORECASE)
_REACH: Final = 60

_may_end = Cues("stop discontinu d/c quit longer 중단 중지 끊 hold held withh 보류", ("d/c", "D/C"))


def is_stopped(sentence: str, start: int, end: int) -> bool:
    """Tell whether a sentence says that just the drug from ``start`` to ``end`` was stopped, and not only held.

    Between the drug and the words that say so stand only other drugs, doses and routes.
    """
    if not _may_end(sentence) or _NOT_YET.search(sentence):
        return False
    return _beside(sentence, start, end, _STOPPED_BEFORE, _STOPPED_AFTER)


def is_held(sentence: str, start: int, end: int) -> bool:
    """Tell whether a sentence says that just the drug from ``start`` to ``end`` is held for now."""
    return _may_end(sentence) and _beside(sentence, start, end, _HELD_BEFORE, _HELD_AFTER)


def _beside(sentence: str, start: int, end: int, before: re.Pattern[str], after: re.Pattern[str]) -> bool:
    plain = _without_drugs(sentence)
    if after.match(plain, end):
        return True
    lead = before.search(plain, max(0, start - _REACH), start)
    return lead is not None and not plain[: lead.start()].rstrip().endswith(",")


@lru_cache(maxsize=256)
def _without_drugs(sentence: str) -> str:
    for drug in drug_names(sentence):
        sentence = sentence[: drug.start] + "," * (drug.end - drug.start) + sentence[drug.end :]
    return sentence
