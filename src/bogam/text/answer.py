"""Answers that correct or qualify themselves: "No. Actually yes, when I climb stairs.", ``아니요, 가끔요.``

Such an answer is neither a yes nor a no. The word lists are transcribed from general knowledge of both languages.
"""

from __future__ import annotations

import re
from typing import Final

_LEAD: Final = r"[\s,.…]*(?:(?:oh|u+m+|u+h+|well|okay|so|hmm+|음+|어+|글쎄요?)(?![\w가-힣])[\s,.…]*)*"
_NO: Final = re.compile(
    _LEAD + r"(?:(?:no+|nope|nah|none|never|nothing|not (?:really|at all|that i know of)|negative|i'm not"
    r"|i (?:do|have|am|did|was)(?: not| ?n['’]t))(?!\w)"
    r"|아니[요오]?(?![가-힣])|아뇨|아닙니다|없(?:어요|습니다|었어요|는데)|전혀)",
    re.I,
)
_YES: Final = re.compile(
    _LEAD + r"(?:(?:yes|yeah|yep|yup|sure|right|correct|uh-?huh|mm-?hmm|i (?:do|have|am|did)(?! not| ?n['’]t))(?!\w)"
    r"|(?:네|예|응)(?![가-힣])|맞아요|있(?:어요|습니다|었어요))",
    re.I,
)
_TURNS_TO_YES: Final = (
    r"\b(?:actually|wait|yes|yeah|yep|sometimes|occasionally|rarely|once in a while|now and then|a (?:little|bit|few)"
    r"|only|except|maybe)\b|(?<=[,.] )some\b"
    r"|아니,? 그게|(?<![가-힣])(?:네|예|응)[,.]?\s+[가-힣]"
    r"|(?<![가-힣])(?:사실|실은|아 맞다|가끔|조금|약간|살짝|이따금|때때로)"
    r"|(?<![가-힣])좀(?![가-힣])|(?<=[가-힣])만(?=[\s,.]|요)"
)
_TURNS_TO_NO: Final = r"\b(?:actually|wait|no|nope|never)\b|아니(?:[요오]|에요|,)|아뇨|(?<![가-힣])(?:사실|실은)"
_LIMITS: Final = (
    r"\b(?:but|well|though|unless|other than|besides|apart from|until|any ?more|used to|quit|stopped"
    r"|not (?:usually|always|often|lately|recently|right now|since))\b"
    r"|근데|그런데|그게|다만|(?<=[가-힣])지만|는데|외에|빼고|말고는|예전|작년|끊었"
)
_BUT: Final = r"(?<=[,.]) but\b|근데|그런데|(?<=[가-힣])지만"
_AFTER_NO: Final = re.compile(f"{_TURNS_TO_YES}|{_LIMITS}", re.I)
_AFTER_YES: Final = re.compile(f"{_TURNS_TO_NO}|{_BUT}", re.I)
_REVERSES_NO: Final = re.compile(_TURNS_TO_YES, re.I)
_REVERSES_YES: Final = re.compile(_TURNS_TO_NO, re.I)
_TELLING: Final = 120
"""Code points of an answer that may still take it back."""


def qualifies(said: str) -> bool:
    """Whether an answer begins with yes or no and then corrects or limits that."""
    return _after(said, _AFTER_NO, _AFTER_YES)


def reverses(said: str) -> bool:
    """Whether an answer begins with yes or no and then says, if only in part, the opposite."""
    return _after(said, _REVERSES_NO, _REVERSES_YES)


def _after(said: str, no: re.Pattern[str], yes: re.Pattern[str]) -> bool:
    for begins, turns in ((_NO, no), (_YES, yes)):
        if found := begins.match(said):
            return turns.search(said, found.end(), found.end() + _TELLING) is not None
    return False
