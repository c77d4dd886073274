"""Words that say what a symptom is like: its character, where it goes, how it began, what brings it on.

Transcribed from general clinical knowledge; it is no standard terminology.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TABLE: Final = {
    "character": {
        "tearing": r"tearing|ripping|찢어지는|찢기는|찢어질",
        "pleuritic": r"pleuritic|with (?:each |every |deep )?breath\w*|on (?:deep )?inspiration|when breathing|"
        r"흉막성|늑막성|숨\s?(?:을\s)?쉴\s?때|들이쉴\s?때|호흡\s?시",
        "pressing": r"squeezing|crushing|chest pressure|pressure-like|pressing|tight(?:ness)?|"
        r"heav(?:y|iness)|constricting|누르는|조이는|조여|쥐어짜|쥐어짜는|짓누르는|압박감?|답답",
        "burning": r"burning|타는\s?듯|화끈|쓰린",
        "sharp": r"sharp|stabbing|knife-like|찌르는|칼로\s?베는|날카로운",
        "dull": r"dull|aching|둔한|뻐근한|묵직한",
        "colicky": r"colicky|cramping|crampy|쥐어트는|산통|경련성",
        "throbbing": r"throbbing|pulsating|pulsatile|욱신거리는|박동성",
        "thunderclap": r"thunderclap|벼락",
        "painless": r"painless|무통성?|통증\s?없는",
        "productive": r"productive|purulent|객담을\s?동반한|가래\s?(?:있는|섞인)|화농성",
        "dry": r"dry|non-?productive|마른|건성",
        "barking": r"barking|개\s?짖는",
        "bloody": r"bloody|blood-stained|피\s?섞인|혈성",
        "watery": r"watery|물\s?같은|수양성",
    },
    "radiation": {
        "to the back": r"(?:(?:radiat|spread|shoot|go|extend|mov)\w*|through) (?:in)?to (?:the |his |her |my )?back|"
        r"back pain|등\s?(?:쪽)?(?:으로|까지)(?:\s?(?:방사|뻗|퍼지|이어지)\S{0,4})?|등\s?통증|등\s?방사통?",
        "to the arm": r"(?:radiat|spread|shoot|go|extend|mov)\w* (?:in)?to (?:the |his |her |my )?"
        r"(?:left |right )?(?:arm|shoulder)s?|"
        r"(?:왼쪽|오른쪽|왼|오른|좌측|우측)?\s?(?:팔|어깨)(?:로|까지)(?:\s?(?:방사|뻗|퍼지)\S{0,4})?",
        "to the jaw": r"(?:radiat|spread|shoot|go|extend|mov)\w* (?:in)?to (?:the |his |her |my )?(?:jaw|neck)|"
        r"(?:턱|목)(?:으로|까지)(?:\s?(?:방사|뻗|퍼지)\S{0,4})?",
        "to the groin": r"(?:radiat|spread|shoot|go|extend|mov)\w* (?:in)?to (?:the |his |her |my )?groin|"
        r"서혜부(?:로|까지)(?:\s?(?:방사|뻗|퍼지)\S{0,4})?",
    },
    "onset": {
        "sudden": r"sudden(?:ly)?(?: onset)?|abrupt(?:ly)?|갑자기(?:\s시작[한된])?|갑작스러운|갑작스런|급작스러운|돌연",
        "gradual": r"gradual(?:ly)?|insidious|progressive|서서히(?:\s시작[한된])?|점점|점진적인?",
        "intermittent": r"intermittent|episodic|간헐적인?",
    },
    "occasion": {
        "on exertion": r"(?:on|with|during) (?:exertion|effort|exercise)|exertional|"
        r"운동\s?시|활동\s?시|움직일\s?때|노작성",
        "at rest": r"at rest|안정\s?시|가만히\s?있어도|휴식\s?시",
        "after meals": r"after (?:meals|eating|food)|post-?prandial|식후|먹고\s?나면",
        "at night": r"at night|nocturnal|야간|밤에",
        "lying": r"(?:worse |on )?(?:when )?lying(?: down| flat)?|better (?:on )?sitting(?: up)?|"
        r"(?:앉으면\s줄고\s)?누우면(?:\s심해지는)?|앉으면\s?(?:줄|나아)\S{0,3}",
        "standing": r"(?:on|when) standing(?: up)?|일어설\s?때|일어나면",
    },
    "severity": {
        "severe": r"severe|intense|worst|excruciating|심한|극심한|격심한",
        "mild": r"mild|slight|가벼운|경미한",
    },
    "side": {
        "one-sided": r"unilateral|one-sided|한쪽|편측",
        "both sides": r"bilateral|양측|양쪽",
    },
}
GROUPS: Final = {key: group for group, kinds in _TABLE.items() for key in kinds}
_PATTERNS: Final = tuple(
    (key, re.compile(rf"(?<![A-Za-z가-힣])(?:{words})(?![A-Za-z])(?:\s?듯한|\s?듯이)?", re.IGNORECASE))
    for kinds in _TABLE.values()
    for key, words in kinds.items()
)


def qualifiers(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each qualifier of a text with where it stands."""
    for key, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield key, found.start(), found.end()
