"""Units of measure as people write them, brought to one spelling. Spellings only: nothing is converted.

``canonical`` makes ``MG/DL``, ``mg/dl`` and ``mg/dL`` equal, as it does ``mcg``, ``µg`` and ``ug``; UCUM and free
text meet in the same spelling (``10*3/uL``, ``x10^3/µL``, ``K/uL``; ``Cel``, ``℃``, ``°C``; ``mm[Hg]``, ``mmHg``).
Powers of ten that are equal by definition (10*9/L and 10*3/uL) are one spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SPELLINGS: Final = {
    "kg": "kg kgs kilogram kilograms 킬로그램 ㎏",
    "g": "g gm gms gram grams 그램",
    "mg": "mg mgs milligram milligrams 밀리그램 ㎎",
    "ug": "ug mcg mcgs microgram micrograms 마이크로그램 ㎍",
    "ng": "ng nanogram nanograms",
    "pg": "pg picogram picograms",
    "l": "l liter liters litre litres 리터 ℓ",
    "dl": "dl ㎗",
    "ml": "ml mls cc milliliter milliliters millilitre millilitres 밀리리터 ㎖",
    "ul": "ul mcl microliter microliters cumm mm3 mm³ ㎣",
    "fl": "fl",
    "mol": "mol",
    "mmol": "mmol millimole millimoles",
    "umol": "umol",
    "nmol": "nmol",
    "pmol": "pmol",
    "meq": "meq milliequivalent milliequivalents",
    "mosm": "mosm mosmol",
    "u": "u unit units unt 단위 유닛",
    "iu": "iu [iu] 국제단위",
    "miu": "miu m[iu]",
    "uiu": "uiu u[iu]",
    "ku": "ku",
    "mu": "mu",
    "cm": "cm centimeter centimeters 센티미터 ㎝",
    "mm": "mm millimeter millimeters 밀리미터 ㎜",
    "um": "um",
    "nm": "nm",
    "inch": "inch inches",
    "ft": "ft feet",
    "lb": "lb lbs pound pounds",
    "oz": "oz ounce ounces",
    "mmhg": "mmhg mm[hg]",
    "cmh2o": "cmh2o cm[h2o]",
    "kpa": "kpa",
    "%": "% percent 퍼센트 ％",
    "°c": "°c ℃ cel degc 도씨 도 celsius",
    "°f": "°f ℉ [degf] degf fahrenheit",
    "s": "s sec secs second seconds 초",
    "ms": "ms msec",
    "min": "min mins minute minutes 분",
    "h": "h hr hrs hour hours 시간",
    "d": "d day days 일",
    "wk": "wk wks week weeks 주 주일",
    "mo": "mo mos month months 개월 달",
    "a": "a yr yrs yo y/o y.o. year years 년 세 살",
    "tab": "tab tabs tablet tablets 정 알",
    "cap": "cap caps capsule capsules 캡슐",
    "puff": "puff puffs 퍼프 actuat actuation actuations",
    "drop": "drop drops gtt gtts 방울",
    "vial": "vial vials 바이알",
    "amp": "amp amps ampule ampules ampoule ampoules 앰플",
    "patch": "patch patches 패치",
    "packet": "packet packets sachet sachets 포",
    "spray": "spray sprays",
    "times": "times 회 번 차례",
    "score": "score point points 점",
    "pack-year": "pack-year pack-years 갑년",
    "count": "명 건 개 곳 종 가지 {count}",
    "fr": "fr french",
    "gy": "gy",
    "cgy": "cgy",
    "mci": "mci",
    "mbq": "mbq",
    "hz": "hz",
    "kcal": "kcal",
    "ma": "ma",
    "mv": "mv",
    "mets": "mets",
    "bpm": "bpm cpm",
    "lpm": "lpm",
    "hpf": "hpf",
    "m2": "m2 m² ㎡",
    "cm2": "cm2 cm²",
    "cell": "cell cells",
    "beat": "beat beats",
    "breath": "breath breaths",
    "copies": "copies",
    "배": "배 fold",
}
_BASE: Final = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_ALIASES: Final = {
    "beat/min": "/min",
    "breath/min": "/min",
    "times/min": "/min",
    "bpm": "/min",
    "lpm": "l/min",
    "cell/ul": "/ul",
    "cell/hpf": "/hpf",
    "10*9/l": "10*3/ul",
    "k/ul": "10*3/ul",
    "thousand/ul": "10*3/ul",
    "10*12/l": "10*6/ul",
    "m/ul": "10*6/ul",
    "million/ul": "10*6/ul",
    "g/l(?)": "g/l",
    "mosm/kgh2o": "mosm/kg",
    "score": "",
    "1": "",
}

_LATIN: Final = sorted((s for s in _BASE if s < "가" and s not in ("a", "m", "{count}", "y.o.")), key=lambda s: -len(s))
_HANGUL: Final = sorted((s for s in _BASE if s >= "가" and s[0] < "힤"), key=lambda s: -len(s))
_ONE: Final = "(?:" + "|".join(re.escape(s) for s in _LATIN) + r")(?![A-Za-z])|" + "|".join(_HANGUL)
_POWER: Final = r"(?:[x×*]\s?)?10\s?(?:\*\*?|\^|e)?\s?(?:\d{1,2}|[³⁶⁹])"
_AREA: Final = r"\{?1\.73[ _]?(?:m2|m²|㎡|sq\.? ?m)\}?"
_UNDER: Final = rf"(?:\s?(?:/|per(?=\s))\s?(?:{_AREA}|{_ONE})|/[A-Za-z]{{1,12}}(?![A-Za-z]))"
UNIT: Final = (
    rf"(?:{_POWER}(?=\s?/)(?:{_UNDER})+|"
    rf"[kKM](?=/(?:u|µ|μ|mc)[lL])(?:{_UNDER})|"
    rf"-?(?:year|month|week|day)s?[- ]old\b|y/o\b|y\.o\.|yo\b|years? of age\b|"
    rf"(?:{_ONE})(?:\([A-Za-z]+\))?(?:{_UNDER})*|"
    rf"/(?:min|hpf|lpf|ul|µl|mm3|mm³|cumm)(?![A-Za-z])|"
    rf"\{{[^}}\s]{{1,24}}\}}(?:{_UNDER})*|\(score\)|"
    rf"(?!and/|or/|he/|she/|him/|his/)[A-Za-z]{{1,10}}/[A-Za-z]{{1,6}}(?![A-Za-z]))"
)
"""Source of a regular expression for what may follow a number. To be compiled without regard to case."""

_TIDY: Final = re.compile(r"\s+|\(score\)|\{(?!1\.73)[^}]*\}")
_WORDS: Final = {
    "year-old": "a", "years-old": "a", "yearold": "a", "yearsold": "a", "yearsofage": "a", "yearofage": "a",
    "-year-old": "a", "-yearold": "a", "month-old": "mo", "-month-old": "mo", "monthsold": "mo", "weeksold": "wk",
    "-week-old": "wk", "week-old": "wk", "daysold": "d", "-day-old": "d", "day-old": "d", "monthold": "mo",
    "y.o.": "a", "y/o": "a",
}  # fmt: skip
_EXPONENTS: Final = str.maketrans({"³": "3", "⁶": "6", "⁹": "9", "²": "2", "µ": "u", "μ": "u"})
_TEN: Final = re.compile(r"^[x×*]?10(?:\*\*?|\^|e)?(\d{1,2})(?=/|$)")


@lru_cache(maxsize=4096)
def canonical(unit: str) -> str:
    """Return one spelling for a unit written in UCUM or free text; an unknown one in lower case."""
    text = _TIDY.sub("", unit.translate(_EXPONENTS).lower().replace("per ", "/").replace(" per", "/"))
    if text in _WORDS:
        return _WORDS[text]
    if text in _BASE:
        return _ALIASES.get(_BASE[text], _BASE[text])
    text = _TEN.sub(r"10*\1", text)
    parts = [part if "1.73" not in part else "1.73m2" for part in text.split("/")]
    named = "/".join(_BASE.get(part, part) for part in parts)
    return _ALIASES.get(named, named)


_KINDS: Final = (
    (
        "dose",
        frozenset(
            [
                "kg",
                "g",
                "mg",
                "ug",
                "ng",
                "meq",
                "mmol",
                "u",
                "iu",
                "ml",
                "tab",
                "cap",
                "puff",
                "drop",
                "vial",
                "amp",
                "patch",
                "packet",
                "spray",
            ]
        ),
    ),
    ("time", frozenset(["s", "min", "h", "d", "wk", "mo", "a"])),
    ("count", frozenset(("times", "count", ""))),
)


@lru_cache(maxsize=1024)
def kind(unit: str | None) -> str:
    """Return ``dose``, ``time``, ``count`` or ``other`` for a canonical unit."""
    if unit is None:
        return "count"
    return next((name for name, members in _KINDS if unit in members), "other")
