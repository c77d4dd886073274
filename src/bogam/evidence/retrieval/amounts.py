"""What kind of amount a question asks for, and whether a text holds one: hours are no answer where years are asked for,
and a starting rate is none where the greatest is.
"""

from __future__ import annotations

import re
from typing import Final

_ASKED: Final = {
    "years": (r"몇\s?년|how many (?:more )?years", r"년|years?\b|annual|영구|permanent|indefinite"),
    "months": (r"몇\s?(?:개월|달)|how many months", r"개월|달|months?\b|주|weeks?\b|년|years?\b"),
    "weeks": (r"몇\s?주|how many weeks", r"주|weeks?\b|일|days?\b|개월|months?\b"),
    "days": (
        r"며칠|몇\s?일|how many days",
        r"일|days?\b|시간|hours?\b|hrs?\b|h\b|주|weeks?\b|개월|months?\b|daily|하루|당일|다음 ?날|이틀|사흘",
    ),
    "hours": (
        r"몇\s?시간|how many (?:hours|hrs)",
        r"시간|hours?\b|hourly|hrs?\b|h\b|분|min|일|days?\b|매일|daily|당일|하루",
    ),
    "minutes": (r"몇\s?분|how many min", r"분|min|시간|hours?\b|초|sec"),
    "time of day": (
        r"몇\s?시(?!간)|what time",
        r":\d\d|시(?!간)|[ap]m\b|정오|자정|noon|midnight|hours?\b|시간",
    ),
    "mass": (
        r"몇\s?(?:mg|미리그램|밀리그램|그램|g\b|mcg)|how many (?:mg|milligrams|grams|mcg)",
        r"mg|mcg|[µμ]g|microgram|g\b|gram|units?\b|단위|mmol|mEq|IU|%",
    ),
    "volume": (
        r"몇\s?(?:cc|ml|리터|씨씨)|how many (?:ml|cc|litres|liters|mls)",
        r"cc|ml|L\b|리터|litre|liter",
    ),
    "size": (
        r"몇\s?(?:fr\b|프렌치|게이지)|what (?:size|gauge)|how many french|which gauge",
        r"fr\b|french|g\b|gauge|mm\b|size|프렌치|게이지|\d",
    ),
    "people": (
        r"몇\s?(?:명|사람)|how many (?:people|staff|nurses|visitors|persons)",
        r"명|인\b|people|staff|nurses?|persons?|visitors?|\d|one|two|both|혼자",
    ),
    "age": (r"몇\s?(?:세|살)|what age|how old", r"세|살|years?|개월|months?|연령|age|old"),
    "temperature": (r"몇\s?도(?:까지|에|로|이|일|면| |\?|$)|what temperature", r"도|℃|°|degrees"),
    "limit": (
        r"최대|최고|상한|한도|maximum|\bmax\b|the most\b|upper limit|ceiling|몇\s?\S+까지"
        r"|how (?:far|much|many|high|long) can",
        r"최대|최고|상한|한도|까지|초과|넘|이하|이내|제한|max|up to|not? more than|at most|limit|exceed"
        r"|within|≤|longer than|more than|ceiling",
    ),
}
"""Kinds of amounts, by name: what asks for one, and what a text that states one holds, in other units too."""
_READ: Final = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(states, re.IGNORECASE)) for asks, states in _ASKED.values()
)


def stated(question: str, text: str) -> bool:
    """Return whether a text holds an amount of every kind that a question asks for; True where it asks for none."""
    return all(states.search(text) for asks, states in _READ if asks.search(question))
