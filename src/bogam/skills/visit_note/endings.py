"""Spoken Korean endings into the nominal ones of a note: "들립니다" is 들림, "저려요" 저림, "찍겠습니다" 찍을 예정.

The stem is taken from the letters of the last syllables, so that verbs need no list; the irregular ones have one. A
sentence whose ending is not known is left as said. The lists are transcribed from general knowledge of Korean.
"""

from __future__ import annotations

import re
from typing import Final

_FIRST: Final = 0xAC00
_N, _L, _LM, _M, _B, _H, _SS = 4, 8, 10, 16, 17, 27, 20
"""The numbers of final consonants: ㄴ ㄹ ㄻ ㅁ ㅂ ㅎ ㅆ."""
_CONTRACTED: Final = {6: 20, 9: 8, 10: 11, 14: 13}
"""Vowels that hold an ending, and those of the stem: ㅕ ㅣ, ㅘ ㅗ, ㅙ ㅚ, ㅝ ㅜ."""
_EU: Final = frozenset("파빠퍼뻐커써꺼떠")
"""Syllables whose stem ends in ㅡ: 아파 of 아프다."""
_COLOUR: Final = {"개": "갛", "래": "랗", "얘": "얗", "매": "맣"}
_KEEPS_B: Final = frozenset("입잡씹뽑집접좁업굽꼽")
_KEEPS_YEO: Final = frozenset("펴켜")


def _parts(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - _FIRST
    return code // 588, code % 588 // 28, code % 28


def _with(syllable: str, final: int, vowel: int | None = None) -> str:
    first, middle, _ = _parts(syllable)
    return chr(_FIRST + first * 588 + (middle if vowel is None else vowel) * 28 + final)


def _is_hangul(text: str) -> bool:
    return bool(text) and "가" <= text[-1] <= "힣"


def named(stem: str) -> str:
    """Return the noun of a stem: 하 gives 함, 먹 먹음, 힘들 힘듦, 어둡 어두움."""
    last = stem[-1]
    final = _parts(last)[2]
    if not final:
        return stem[:-1] + _with(last, _M)
    if final == _L:
        return stem[:-1] + _with(last, _LM)
    if final == _B and last not in _KEEPS_B:
        return f"{stem[:-1]}{_with(last, 0)}움"
    if final == _H and last in _COLOUR.values():
        return stem[:-1] + _with(last, _M)
    return f"{stem}음"


def is_past(stem: str) -> bool:
    """Whether a stem ends in the past's ㅆ."""
    return _parts(stem[-1])[2] == _SS and stem[-1] not in "있겠"


def _to_come(stem: str) -> str:
    """Return a stem as what is going to be done: 하 gives 할, 찍 찍을."""
    last = stem[-1]
    final = _parts(last)[2]
    if not final or final == _L:
        return stem[:-1] + _with(last, _L)
    return f"{stem}을"


def _uncontracted(said: str) -> str:
    """Return the stem of what stands before a present "요": 저려 gives 저리, 먹어 먹, 아파 아프, 와 오."""
    head, last = said[:-1], said[-1]
    before = head[-1:]
    final = _parts(before)[2] if _is_hangul(before) else -1
    if last in "어아" and final >= 0 and (final or before in "쉬뛰되피기비시지치"):
        return head
    if last in "어아" and before in ("부", "나", "이", "지"):
        return f"{head}으"
    if last == "해":
        return f"{head}하"
    if last == "워":
        return f"{head}우"
    if last in "라러" and final == _L and before != "놀":
        return f"{head[:-1]}{_with(before, 0)}르"
    if last in _COLOUR and before in ("빨", "노", "하", "까", "파", "누", "뻘", "벌"):
        return head + _COLOUR[last]
    vowel, own = _parts(last)[1], _parts(last)[2]
    if own:
        return said
    if last in _EU:
        return head + _with(last, 0, 18)
    if vowel in _CONTRACTED and last not in _KEEPS_YEO:
        return head + _with(last, 0, _CONTRACTED[vowel])
    return said


_PAST: Final = re.compile(
    r"(?P<stem>.*[가-힣])(?:어요|습니다|습니다만|거든요|는데요|는데|고요|구요|네요|죠|지요|더라고요|더라구요|어)$"
)
_NAMED: Final = re.compile(
    r"(?P<stem>.*[가-힣])(?:거든요|고요|구요|네요|죠|지요|더라고요|더라구요|습니다|는데요|나 봐요)$"
)
_ADJECTIVE: Final = re.compile(r"(?P<stem>.*[가-힣])데요?$")
_FORMAL: Final = re.compile(r"(?P<stem>.*[가-힣])니다$")
_POLITE: Final = re.compile(r"(?P<stem>.*[가-힣])요$")
_IS: Final = re.compile(r"(?P<what>.*?\S)(?:이에요|이예요|예요|에요|이거든요|이고요|이네요|인데요|입니다|이죠)$")
_FIXED: Final = (
    (re.compile(r"(?:이십|이시)니다$|(?<![먹보줄붙직녹기])이세요$"), "임"),
    (re.compile(r"있(?:으십니다|으세요|으시고요|으시네요)$"), "있음"),
    (re.compile(r"없(?:으십니다|으세요|으시고요|으시네요)$"), "없음"),
    (re.compile(r"([가-힣])십니다$"), r"\1시네요"),
    (re.compile(r"(?<=[가-힣])대요$"), "다고 함"),
    (re.compile(r"(?<=[가-힣])래요$"), "라고 함"),
    (re.compile(r"의심(?:되니까?|돼서|되는데)$"), "의심됨"),
    (re.compile(r"같(?:으니까?|아서|은데)$"), "같음"),
    (re.compile(r"로 보이(?:니까?|는데)$"), "로 보임"),
    (re.compile(r"(?<=[가-힣])이요$"), ""),
    (
        re.compile(r"(?<=정도)요$|(?<=부터)요$|(?<=까지)요$|(?<=가끔)요$|(?<=조금)요$|(?<=[쪽전번씩년살갑병잔만])요$"),
        "",
    ),
)
_WILL: Final = re.compile(r"(?P<stem>.*[가-힣])겠(?:습니다|어요|고요)$")
_WISH: Final = re.compile(r"(?:좋|모르|알|들|죽|미치)겠")
_DONE_FOR: Final = re.compile(r"(?<=[가-힣])해 ?(?:드리|보|주|드려 보)$")
_GOING: Final = re.compile(r"(?P<stem>.*[가-힣])(?:게요|께요|겁니다|거예요|거에요| 겁니다| 거예요| 거에요)$")
_LETS: Final = re.compile(r"(?P<stem>.*[가-힣])시다$")
_SUGGEST: Final = re.compile(r"(?P<stem>.*[가-힣])(?:죠|지요)$")
_NOT_TO: Final = re.compile(r"지 ?마(?:세요|십시오|시고요)$")
_TELL: Final = re.compile(r"(?P<stem>.*[가-힣])(?:세요|십시오|시면 됩니다|시면 돼요|시면 되고요|시기 바랍니다)$")
_MUST: Final = (("하셔야", "해야"), ("오셔야", "와야"), ("드셔야", "먹어야"), ("뵙겠", "뵈겠"), ("드시지", "먹지"))
_AS_IT_IS: Final = frozenset(["드", "주무", "계"])
"""Stems of which the courtesy is a part."""


def noun(text: str, *, doctor: bool = False) -> str:
    """Return a sentence with the ending of a note.

    Parameters
    ----------
    text
        One sentence without its full stop.
    doctor
        Whether the doctor says it: then "-세요" is an instruction, "-겠습니다" and "-ㄹ게요" a plan.
    """
    text = text.strip()
    if not _is_hangul(text):
        return text
    for said, put in _MUST:
        text = text.replace(said, put)
    planned = _plan(text) if doctor else ""
    return planned or _told(text)


def _plan(text: str) -> str:
    if _NOT_TO.search(text):
        return _NOT_TO.sub("지 않도록 함", text)
    will = _WILL.match(text)
    if will and not _WISH.search(text[-7:]):
        return _going(will["stem"])
    going = _GOING.match(text)
    if going and _parts(going["stem"].rstrip()[-1])[2] == _L:
        stem = going["stem"].rstrip()
        return _going(stem[:-1] + _with(stem[-1], 0), stem)
    lets = _LETS.match(text)
    if lets and _parts(lets["stem"][-1])[2] == _B:
        return _going(lets["stem"][:-1] + _with(lets["stem"][-1], 0))
    tell = _TELL.match(text)
    if tell and not re.search(r"(?:있|없)으세요$|(?<![먹보줄붙직녹기])이세요$", text):
        return f"{_plain(tell['stem'])}도록 함"
    suggest = _SUGGEST.match(text)
    if suggest and re.search(r"(?:찍|보|하|드리|가|늘리|줄이|바꾸|끊)$", suggest["stem"]):
        return f"{suggest['stem']}기로 함"
    return ""


def _going(stem: str, as_said: str = "") -> str:
    doing = _DONE_FOR.sub("하", stem)
    return f"{as_said if as_said and doing == stem else _to_come(doing)} 예정"


def _plain(stem: str) -> str:
    """Return the stem of an instruction without its courtesy: 오 of 오세요, 받 of 받으세요, 드시 of 드세요."""
    stem = stem.removesuffix("으") if len(stem) > 1 and stem.endswith("으") else stem
    return f"{stem}시" if any(stem.endswith(each) for each in _AS_IT_IS) else stem


def _told(text: str) -> str:
    for pattern, put in _FIXED:
        turned, count = pattern.subn(put, text)
        if count:
            return turned if not turned.endswith("요") else _told(turned)
    past = _PAST.match(text)
    if past and _parts(past["stem"][-1])[2] == _SS and past["stem"][-1] not in "있":
        return f"{past['stem']}음"
    is_ = _IS.match(text)
    if is_ and not re.search(r"(?:보|쓰|높|붙|움직|먹|줄|죽)이(?:네요|고요|거든요|죠)$", text):
        return f"{is_['what']}임"
    if found := _NAMED.match(text):
        return named(_without_honour(found["stem"]))
    if found := _ADJECTIVE.match(text):
        stem = found["stem"]
        if _parts(stem[-1])[2] == _N:
            stem = stem[:-1] + _with(stem[-1], 0)
            return named(stem.removesuffix("으") if len(stem) > 1 and stem[-1] == "으" else stem)
        return text
    if (found := _FORMAL.match(text)) and _parts(found["stem"][-1])[2] == _B:
        return named(_without_honour(found["stem"][:-1] + _with(found["stem"][-1], 0)))
    if found := _POLITE.match(text):
        stem = found["stem"]
        if stem.endswith("세"):
            return f"{stem[:-1]}심"
        return named(_uncontracted(stem)) if _uncontracted(stem) != stem or _is_open(stem) else text
    return text


def _without_honour(stem: str) -> str:
    return re.sub(r"(?<=하)시$|(?<=[않있없같])으시$", "", stem)


def _is_open(stem: str) -> bool:
    """Whether a present stem may end so: 가, 나, 자, 보내."""
    _, vowel, final = _parts(stem[-1])
    return not final and vowel in (0, 1, 4, 5)
