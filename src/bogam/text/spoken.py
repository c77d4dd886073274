"""Numbers in words, as people say them: "one twenty over eighty", "two and a half", ``백이십에 팔십``, ``열두 개``.

A single word that is often no number is one only where its neighbours make it one: English "one" before a unit or
another number ("one tablet", not "one of them"), a Korean syllable such as 이 or 일 only within a longer number or
before a unit (``이 점 오``, not ``이 환자``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple


class Spoken(NamedTuple):
    """A number in words: the code points ``start`` to ``end``, its value, and its digits as they would be written.

    ``pair`` is 1 or 2 for the halves of a blood pressure ("one twenty over eighty"), else 0. ``days`` is True for the
    Korean names of days (``이틀``), whose value counts days.
    """

    start: int
    end: int
    value: float
    digits: str
    pair: int = 0
    days: bool = False


_ONES: Final = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
}  # fmt: skip
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_FRACTIONS: Final = {"half": 0.5, "quarter": 0.25}
_WORDS: Final = "|".join(
    sorted(
        [*_ONES, *_TENS, *_SCALES, "oh", "point", "and", "half", "quarter", "quarters", "a", "over"],
        key=len,
        reverse=True,
    )
)
_RUN: Final = re.compile(rf"(?<![\w'-])(?:{_WORDS})(?:(?:[ ]|-)(?:{_WORDS}))*(?![\w']|-[A-Za-z])", re.I)
_MAY_EN: Final = re.compile(r"(?:" + "|".join([*_ONES, *_TENS, *_SCALES, "half"]) + r")\b", re.I)
_TOKEN: Final = re.compile(r"[A-Za-z]+")
_COUNTED: Final = re.compile(
    r"[ -](?:and a half |or two |to [a-z]+ |more |full |whole )?(?:year|month|week|day|hour|minute|second|time"
    r"|tablet|pill|cap|capsule|puff|drop|dose|cup|glass|pack|beer"
    r"|drink|pound|kilo|gram|gm|milligram|mg|microgram|mcg|milliliter|ml|cc|liter|litre|unit|inch|feet|foot"
    r"|centimeter|cm|millimeter|mm|percent|degree"
    r"|point|out of|over|block|flight|mile|stair|step|kid|child|sister|brother|son|daughter|episode|cigarette"
    r"|stitch|teaspoon|tablespoon|pillow|week|wk|hr|yr|mo\b|x\b|night"
    r"|visit|surger|session|shot|injection|spray|patch|gallon|ounce|oz|lb|plus|millimole|meq)",
    re.I,
)
_CLOCK: Final = re.compile(r" (?:[ap]\.?m\b|at night|in the (?:morning|evening|afternoon)|o'clock|tonight)", re.I)
_NOT_ONE: Final = re.compile(
    r"(?:no|any|every|some|each|this|that|which|another|the|big|good|bad|only|last|first|new|other|at)[ -]\Z", re.I
)


@lru_cache(maxsize=8192)
def numbers(text: str) -> tuple[Spoken, ...]:
    """Return the numbers that ``text`` says in English or Korean words, in order and without overlap.

    Numbers in digits are not among them, except where a word completes one ("98 point 6" gives 98.6).
    """
    found = list(_english(text)) if _MAY_EN.search(text) else []
    if _MAY_KO.search(text):
        found.extend(_korean(text))
    if _MIXED_MAY.search(text):
        found.extend(_mixed(text))
    found.sort(key=lambda each: each.start)
    return tuple(found)


_MIXED_MAY: Final = re.compile(r"\d (?:point|and a half)|\d 점 ?\d")
_MIXED: Final = re.compile(
    r"(?<![\d.])(?P<whole>\d{1,4})(?: point (?P<part>\d{1,3})(?![\w.])| (?P<half>and a half)\b| 점 "
    r"?(?P<kpart>\d{1,2})(?!\d))"
)


_WHOLE: Final = re.compile(r"(?<![\d.])(?P<whole>\d{1,4}) \Z")


def _mixed(text: str) -> list[Spoken]:
    found: list[Spoken] = []
    for match in _MIXED.finditer(text):
        part = match["part"] or match["kpart"]
        digits = f"{match['whole']}.{'5' if match['half'] else part}"
        found.append(Spoken(match.start(), match.end(), float(digits), digits))
    return found


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def _english(text: str) -> list[Spoken]:
    found: list[Spoken] = []
    for run in _RUN.finditer(text):
        words = [_Word(m[0].lower(), m.start() + run.start(), m.end() + run.start()) for m in _TOKEN.finditer(run[0])]
        found.extend(_in_run(text, words))
    return found


def _in_run(text: str, words: list[_Word]) -> list[Spoken]:
    found: list[Spoken] = []
    at = 0
    over = False
    while at < len(words):
        read = _number(words, at)
        if read is None:
            over = words[at].text == "over" and bool(found) and found[-1].end == words[at - 1].end
            at += 1
            continue
        digits, size = read
        first, last = words[at], words[at + size - 1]
        written = _WHOLE.search(text, max(0, first.start - 6), first.start) if first.text == "point" else None
        if written is not None:  # "3 point one": the whole part in digits, the rest in words
            first, digits = first._replace(start=written.start("whole")), f"{written['whole']}{digits[1:]}"
        value = float(digits)
        if over and found and 30 <= value <= 200 < 30 * found[-1].value and found[-1].value > value - 1:
            found[-1] = found[-1]._replace(pair=1)
            found.append(Spoken(first.start, last.end, value, digits, 2))
        elif _is_number(text, words, at, size):
            found.append(Spoken(first.start, last.end, value, digits))
        over = False
        at += size
    return found


def _is_number(text: str, words: list[_Word], at: int, size: int) -> bool:
    """Tell "one tablet" from "no one" and "one of them", and "two" on its own, which is a number, from "a"."""
    first, last = words[at], words[at + size - 1]
    if size == 1 and first.text == "one":
        if _NOT_ONE.search(text, max(0, first.start - 9), first.start):
            return False
        return _COUNTED.match(text, last.end) is not None
    if _CLOCK.match(text, last.end) and size == 2 and first.text not in _SCALES and last.text not in _SCALES:
        return False
    return size > 1 or first.text not in ("a", "half", "quarter")


def _small(words: list[_Word], at: int) -> tuple[int, int] | None:
    """Read one to ninety-nine: the value and how many words it takes."""
    if at >= len(words):
        return None
    word = words[at].text
    if word in _TENS:
        if at + 1 < len(words) and 0 < _ONES.get(words[at + 1].text, 0) < 10:
            return _TENS[word] + _ONES[words[at + 1].text], 2
        return _TENS[word], 1
    if word in _ONES:
        return _ONES[word], 1
    if word == "oh" and at + 1 < len(words) and 0 < _ONES.get(words[at + 1].text, 0) < 10:
        return _ONES[words[at + 1].text], 2
    return None


def _whole(words: list[_Word], at: int) -> tuple[int, int] | None:
    """Read a whole number: "one hundred and five", "a hundred", "one twenty" (120), "two thousand ten", "one oh "
    "five"."""
    start = at
    if words[at].text == "a":
        if at + 1 >= len(words) or words[at + 1].text not in _SCALES:
            return None
        value, at = 1, at + 1
    else:
        small = _small(words, at)
        if small is None:
            return None
        value, at = small[0], at + small[1]
    total = 0
    while at < len(words) and words[at].text in _SCALES:
        value *= _SCALES[words[at].text]
        at += 1
        step = 1 if at < len(words) and words[at].text == "and" else 0
        rest = _small(words, at + step)
        if rest is None:
            break
        at += step + rest[1]
        if at < len(words) and words[at].text in _SCALES and _SCALES[words[at].text] < value:
            total, value = total + value, rest[0]
        else:
            value += rest[0]
    if total == 0 and at - start == 1 and 0 < value < 10:
        rest = _small(words, at)
        if rest is not None and (rest[0] >= 10 or words[at].text == "oh"):
            return value * 100 + rest[0], at - start + rest[1]
    return total + value, at - start


def _number(words: list[_Word], at: int) -> tuple[str, int] | None:
    """Read a number at a word: its digits and how many words it takes; None where none begins."""
    if words[at].text == "point":
        part = _after_point(words, at)
        return ("0." + part[0], part[1]) if part else None
    whole = _whole(words, at)
    if whole is None:
        return None
    value, size = whole
    digits = str(value)
    nxt = at + size
    if nxt < len(words) and words[nxt].text == "point" and (part := _after_point(words, nxt)):
        return f"{digits}.{part[0]}", size + part[1]
    following = [word.text for word in words[nxt : nxt + 3]]
    if following == ["and", "a", "half"]:
        return f"{digits}.5", size + 3
    if following == ["and", "a", "quarter"]:
        return f"{digits}.25", size + 3
    if following[:2] == ["and", "three"] and words[nxt + 2 : nxt + 3] and words[nxt + 2].text == "quarters":
        return f"{digits}.75", size + 3
    return digits, size


def _after_point(words: list[_Word], at: int) -> tuple[str, int] | None:
    """Read the digits after "point": "point four", "point oh five", "point two five", "point fifteen"."""
    digits = ""
    place = at + 1
    while place < len(words):
        word = words[place].text
        if word in ("oh", "zero"):
            digits += "0"
        elif 0 < _ONES.get(word, 0) < 10:
            digits += str(_ONES[word])
        elif not digits and (small := _small(words, place)):
            return str(small[0]), 1 + small[1]
        else:
            break
        place += 1
    return (digits, place - at) if digits else None


_DIGIT: Final = {letter: value for value, letter in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_UNIT: Final = {"십": 10, "백": 100, "천": 1000}
_NATIVE_TENS: Final = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90,
}  # fmt: skip
_NATIVE: Final = {
    "하나": 1, "둘": 2, "셋": 3, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "한": 1, "두": 2, "세": 3, "네": 4, "서": 3, "너": 4, "석": 3, "넉": 4,
}  # fmt: skip
_DAYS: Final = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "보름": 15,
}  # fmt: skip
_SINO: Final = r"[일이삼사오육륙칠팔구십백천영공만]"
_SINO_COUNTED: Final = (
    r"\s?(?:점\s?[영공일이삼사오육칠팔구]|년(?!\w*도)|개월|주(?:일|간|\s?(?:전|동안|째|뒤|후))|일(?:간|\s?(?:전"
    r"|동안|째|뒤|후|에|마다))|시간|분(?:간|\s?(?:전|동안|마다|정도|이상|에|씩))|초(?:\s|간)|도(?:\s|까지|를|로|가"
    r"|예요|였|정도|쯤|,|\.|$)|킬로|그램|그람|미리|밀리|미터|센티|씨씨|리터|퍼센트|프로(?![가-힣])"
    r"|회(?:\s|씩|정도|,|\.|$)|세(?:\s|입|이|의|가|때|,|\.|$)|단위|유닛|기(?:\s|암|입)|밀리그램|마이크로"
    r"|에서\s?[일이삼사오육칠팔구])"
)
_KO_SINO: Final = re.compile(rf"(?<![가-힣])(?P<whole>{_SINO}+)(?:\s?점\s?(?P<part>[영공일이삼사오육칠팔구]+))?")
_KO_NATIVE: Final = re.compile(
    r"(?<![가-힣])(?P<tens>열|스물|스무|서른|마흔|쉰|예순|일흔|여든|아흔)?\s?"
    r"(?P<ones>하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|한|두|세|네|석|넉)?"
    r"(?P<unit>\s?(?:개월|개|번|살|시간|시(?=\s|에|쯤|경|부터|반)|알|정(?=\s|씩|을|,|\.|$)|명|달|잔|병|갑|대(?=\s"
    r"|를|씩|,|\.|$)|해|주(?:\s|일|간)|캡슐|봉|포|방울|차례|끼|가지|군데|분(?=이|은|께|\s)|배(?=\s|로|,|\.|$)|스푼"
    r"|숟가락|컵|바퀴|층|마디|조각|줄|모금|그릇|살|움큼))(?P<half>\s?반)?"
)
_KO_DAYS: Final = re.compile(
    r"(?<![가-힣])(?:하루|이틀|사흘|나흘|닷새|엿새|이레(?![가-힣])|여드레|아흐레|열흘|보름)(?!살이|하루|빨리|종일)"
)
_KO_OVER: Final = re.compile(rf"\s?(?:에|의)\s?(?P<low>{_SINO}*[십백]{_SINO}*)(?!\s?점)(?![가-힣]{{0,2}}(?:년|명|개))")
_COPULA: Final = re.compile(
    r"에요|예요|고(?![가-힣])|요(?![가-힣])|었|라|나(?![가-힣])|지|며|다(?![가-힣])|네|거든|야|랑"
)
_MAY_KO: Final = re.compile(
    r"[일이삼사오육칠팔구십백천영공]|하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열|스[물무]|서른|마흔|쉰|예순|일흔"
    r"|여든|아흔|[한두세네]\s?[가-힣]|하루|사흘|나흘|보름"
)


def _korean(text: str) -> list[Spoken]:
    found: list[Spoken] = []
    taken: list[tuple[int, int]] = []
    for match in _KO_DAYS.finditer(text):
        found.append(Spoken(match.start(), match.end(), float(_DAYS[match[0]]), str(_DAYS[match[0]]), 0, True))
        taken.append(match.span())
    for match in _KO_NATIVE.finditer(text):
        if (match["tens"] or match["ones"]) and not _overlaps(match.start(), taken):
            value = _NATIVE_TENS.get(match["tens"] or "", 0) + _NATIVE.get(match["ones"] or "", 0)
            halved = match["half"] and match["unit"].strip() != "시"
            digits = f"{value}.5" if halved else str(value)
            start = match.start("tens") if match["tens"] else match.start("ones")
            end = match.end("ones") if match["ones"] else match.end("tens")
            found.append(Spoken(start, match.end("half") if "." in digits else end, float(digits), digits))
            taken.append((start, match.end()))
    at = 0
    while (match := _KO_SINO.search(text, at)) is not None:
        at = match.end()
        if _overlaps(match.start(), taken):
            continue
        at = _sino(text, match, found)
    return found


def _overlaps(start: int, taken: list[tuple[int, int]]) -> bool:
    return any(a <= start < b for a, b in taken)


def _sino(text: str, match: re.Match[str], found: list[Spoken]) -> int:
    """Read a number in Sino-Korean words, the second half of a blood pressure too; return where to go on."""
    part = match["part"]
    end = match.end("whole") if part is not None else _before_copula(text, match.start(), match.end("whole"))
    whole = text[match.start() : end]
    if part is None and not _stands(text, whole, end):
        cut = _counted_within(text, match.start(), end)
        if cut is None:
            return match.end()
        whole, end = text[match.start() : cut], cut
    value = _sino_value(whole)
    if value is None:
        return match.end()
    digits = str(value) if part is None else f"{value}." + "".join(str(_DIGIT[letter]) for letter in part)
    stop = end if part is None else match.end()
    over = _KO_OVER.match(text, stop) if part is None and 50 <= value <= 300 else None
    low_end = _before_copula(text, over.start("low"), over.end("low")) if over is not None else 0
    low = _sino_value(text[over.start("low") : low_end]) if over is not None else None
    if over is not None and low is not None and 20 <= low < value:
        found.append(Spoken(match.start(), stop, float(value), digits, 1))
        found.append(Spoken(over.start("low"), low_end, float(low), str(low), 2))
        return over.end()
    found.append(Spoken(match.start(), stop, float(digits), digits))
    return stop


def _stands(text: str, whole: str, end: int) -> bool:
    """Tell whether the syllables are a number: several with a 십 or 백 among them and no word behind, or a unit."""
    if re.match(_SINO_COUNTED, text[end : end + 8]):
        return True
    multiplied = any(letter in _UNIT for letter in whole) and len(whole) >= 2
    return multiplied and (
        end == len(text)
        or not ("가" <= text[end] <= "힣")
        or re.match(
            r"(?:에|이(?:고|에|요|었|라)|으로|로|정도|쯤|까지|부터|대(?!학|상)|넘|미만|이상|이하|입니다|나)",
            text[end : end + 3],
        )
        is not None
    )


def _before_copula(text: str, start: int, end: int) -> int:
    """Leave out a last 이 that is the copula or a particle: 팔십이에요 is eighty."""
    if end - start >= 2 and text[end - 1] == "이" and _COPULA.match(text, end) and text[end - 2] in _UNIT:
        return end - 1
    return end


def _counted_within(text: str, start: int, end: int) -> int | None:
    """A last syllable may belong to the unit: 삼일간 is 삼 and 일간, 이십사시간 stands as it is."""
    if (
        end - start >= 2
        and text[end - 1] == "일"
        and re.match(r"(?:일간|일\s?(?:전|동안|째|뒤|후|에|마다))", text[end - 1 : end + 4])
    ):
        return end - 1
    return None


def _sino_value(word: str) -> int | None:
    """Return the value of Sino-Korean number syllables; None where they are no number (일일이, 이이)."""
    if not any(letter in _UNIT or letter == "만" for letter in word):
        if len(word) == 1 or (len(word) >= 3 and set(word) <= set(_DIGIT)):
            return (
                int("".join(str(_DIGIT[letter]) for letter in word))
                if all(letter in _DIGIT for letter in word)
                else None
            )
        return None
    total, section, digit = 0, 0, None
    last = 100_000
    for letter in word:
        if letter in _DIGIT:
            if digit is not None:
                return None
            digit = _DIGIT[letter]
        elif letter == "만":
            total += (section + (digit or 0) or 1) * 10_000
            section, digit, last = 0, None, 100_000
        else:
            if _UNIT[letter] >= last:
                return None
            last = _UNIT[letter]
            section += (1 if digit is None else digit) * last
            digit = None
    return total + section + (digit or 0)
