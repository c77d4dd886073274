"""Make true statements false, one thing at a time, by rules that know nothing of how statements are checked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from bogam.measure.statements import Statement

KINDS: Final = ("number", "unit", "date", "drug", "dose", "side", "negation")

_DATE: Final = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_NUMBER: Final = re.compile(r"(?<![\dA-Za-z.*/\[-])\d+(?:\.\d+)?(?![\d.]*\d|-\d|[A-Za-z]*\*)")
_DOSE: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)( ?)(mg|MG|mcg|g|UNT/ML|MG/ML|mg/ml|unt/ml|MG/ACTUAT)(?![A-Za-z])")
_UNITS: Final = (
    "mg/dL", "mmol/L", "g/dL", "U/L", "10*3/uL", "kg", "cm", "mmHg", "%", "fL", "pg/mL", "mL/min", "kg/m2", "Cel",
    "ng/mL", "kU/L", "pg", "g/L", "10*6/uL", "mm",
)  # fmt: skip
_UNIT: Final = re.compile(
    r"(?<=\d )("
    + "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    + r"|mg|MG)(?![A-Za-z/{0-9])"
)
_SIDE: Final = re.compile(r"\b(left|right|Left|Right|Lt|Rt)\b|(좌측|우측|왼쪽|오른쪽)")
_FLIP: Final = {
    "left": "right", "right": "left", "Left": "Right", "Right": "Left", "Lt": "Rt", "Rt": "Lt", "좌측": "우측",
    "우측": "좌측",
    "왼쪽": "오른쪽", "오른쪽": "왼쪽",
}  # fmt: skip


def corrupt(statement: Statement, kind: str, names: list[str], rng: random.Random) -> str | None:
    """Return the statement's text with one ``kind`` of thing made false, or None where it has no such thing."""
    text = statement.claim.text
    if kind == "number":
        return None if statement.drug else _number(text, statement, rng)
    if kind == "unit":
        return _swap(_UNIT, text, lambda found: _other_unit(found, rng), rng)
    if kind == "date":
        return _swap(_DATE, text, lambda found: _moved(found, rng), rng)
    if kind == "drug":
        return _drug(text, statement.drug, names, rng)
    if kind == "dose":
        return _swap(_DOSE, text, lambda found: _redosed(found, rng), rng) if statement.drug else None
    if kind == "side":
        return _swap(_SIDE, text, lambda found: _FLIP[found], rng)
    return _negated(text, rng)


def _swap(pattern: re.Pattern[str], text: str, change: Callable[[str], str], rng: random.Random) -> str | None:
    matches = list(pattern.finditer(text))
    if not matches:
        return None
    match = rng.choice(matches)
    return text[: match.start()] + change(match[0]) + text[match.end() :]


def _number(text: str, statement: Statement, rng: random.Random) -> str | None:
    dates = [match.span() for match in _DATE.finditer(text)]
    names = [quote for citation in statement.claim.citations if " " in (quote := citation.quote) or quote[:1].isalpha()]
    spans = dates + [
        (start, start + len(name)) for name in names if len(name) < len(text) and (start := text.find(name)) >= 0
    ]
    matches = [
        match for match in _NUMBER.finditer(text) if not any(start <= match.start() < end for start, end in spans)
    ]
    if not matches:
        return None
    match = rng.choice(matches)
    return text[: match.start()] + _edited(match[0], rng) + text[match.end() :]


def _edited(digits: str, rng: random.Random) -> str:
    """Change a digit, shift the decimal point, swap two digits, or step the value."""
    for _ in range(20):
        way = rng.randrange(4)
        if way == 0:
            place = rng.choice([index for index, sign in enumerate(digits) if sign.isdigit()])
            made = digits[:place] + rng.choice("123456789") + digits[place + 1 :]
        elif way == 1:
            made = f"{float(digits) * rng.choice((10, 0.1)):g}"
        elif way == 2 and len(digits) > 1 and "." not in digits[:2]:
            made = digits[1] + digits[0] + digits[2:]
        else:
            places = len(digits.partition(".")[2])
            made = f"{max(float(digits) + rng.choice((-3, -2, 2, 3, 7)) * 10**-places, 0):.{places}f}"
        if float(made) != float(digits):
            return made
    return str(float(digits) + 1)


def _other_unit(unit: str, rng: random.Random) -> str:
    if unit.lower() == "mg":
        return rng.choice(("mcg", "g", "mL"))
    return rng.choice([other for other in _UNITS if other.lower() != unit.lower()])


def _moved(day: str, rng: random.Random) -> str:
    then = date.fromisoformat(day)
    step = rng.choice((1, -1, 7, 30, -31, 365, -366, 3653))
    return (then + timedelta(days=step)).isoformat()


_WORD: Final = re.compile(r"[A-Za-z]{4,}|[가-힣]{2,}")
_HANGUL_DRUGS: Final = ("클로피도그렐", "에날라프릴", "스피로노락톤", "글리메피리드", "오메프라졸", "시타글립틴")


def _drug(text: str, drug: str, names: list[str], rng: random.Random) -> str | None:
    if not drug or drug not in text:
        return None
    if _WORD.match(drug) and drug[0] >= "가":
        return text.replace(drug, rng.choice([name for name in _HANGUL_DRUGS if name[:4] not in drug]), 1)
    own = {word.lower() for word in _WORD.findall(drug)}
    while True:
        other = rng.choice(names)
        if other[:4] in drug or drug[:4] in other:
            continue
        if {word.lower().replace("simvistatin", "simvastatin") for word in _WORD.findall(other)} & own - {
            "oral",
            "tablet",
            "injection",
            "hydrochloride",
            "pack",
            "sodium",
        }:
            continue
        if re.search(r"\d", drug):
            return text.replace(drug, other, 1)
        first = re.search(
            r"[A-Za-z]{4,}",
            re.sub(
                r"NDA\d+|\b(?:Abuse|Deterrent|ACTUAT|Vitamin|Injectable|Solution|Injection|Oral|Tablet|Suspension"
                r"|Extended|Release|Pack|Days?|Auto|Injector|Syringe|Implant)\b",
                "",
                other,
            ),
        )
        if first:
            return text.replace(drug, first[0], 1)


def _redosed(found: str, rng: random.Random) -> str:
    match = _DOSE.fullmatch(found)
    if match is None:
        return found
    value = float(match[1]) * rng.choice((0.1, 0.5, 2, 4, 10, 1.5))
    return f"{value:g}{match[2]}{match[3]}"


_REMOVALS: Final = (
    (re.compile(r"\bNo known allergies"), "Known allergies"),
    (re.compile(r"\bhas never smoked"), "smokes"),
    (re.compile(r"^(?:No|Denies) "), "Has "),
    (re.compile(r"\b(?:denies|denied)\b"), "reports"),
    (re.compile(r"\bno (?=[a-z]+[ .,])"), ""),
    (re.compile(r"\b(?:is|was|does|did|has) not\b"), "is"),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"흡연한 적 없음"), "흡연 중임"),
    (re.compile(r" 부인\."), " 호소함."),
    (re.compile(r"없음"), "있음"),
)
_INSERTIONS: Final = (
    (
        re.compile(r"^The patient has (?=[a-z])"),
        ("The patient has no ", "The patient does not have ", "The patient denies "),
    ),
    (re.compile(r"^Reports "), ("Denies ", "Does not report ", "There is no ")),
    (re.compile(r"\b(was|were) (?=prescribed|done|\d)"), (r"\1 not ", r"\1 never ")),
    (re.compile(r"\b(has|had) (?=a |an |some |right|left|pain|[a-z]+ pain)"), (r"\1 no ",)),
    (re.compile(r"\b(?:reports|complains of|complained of|presents with) "), ("denies ",)),
    (re.compile(r"^Takes "), ("Does not take ", "Is not on ", "Has never taken ")),
    (re.compile(r"^(?=[A-Z][a-z]+ of the )"), ("No ", "There is no ", "Absence of ")),
    (re.compile(r"^History of "), ("No history of ", "Denies a history of ")),
    (re.compile(r"^The note lists "), ("The note rules out ", "The note finds no ")),
    (re.compile(r"The patient is allergic"), ("The patient is not allergic",)),
    (re.compile(r"(?:이|가)? ?있음"), (" 없음",)),
    (re.compile(r" 호소함"), (" 부인함", " 호소하지 않음", " 없음")),
    (re.compile(r" 복용 중"), (" 복용하지 않음", " 복용한 적 없음")),
    (re.compile(r" 시행함"), (" 시행하지 않음",)),
    (re.compile(r" 처방받음"), (" 처방받지 않음",)),
    (re.compile(r" 소견\.?$"), (" 소견 없음.",)),
    (re.compile(r"이었다\.?$"), ("이 아니었다.",)),
)


def _negated(text: str, rng: random.Random) -> str | None:
    for pattern, other in _REMOVALS:
        if pattern.search(text):
            return pattern.sub(other, text, count=1)
    for pattern, others in _INSERTIONS:
        if pattern.search(text):
            return pattern.sub(rng.choice(others), text, count=1)
    return None
