"""What a sentence affirms and what it denies, and whether it speaks of something current, ended or planned.

A small scope finder in the manner of NegEx (Chapman 2001) for English, with Korean's cues that follow what they negate.
Where a list makes the scope of a cue uncertain ("기침, 발열 없음"), the earlier items are marked uncertain and are
never held against a claim.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bogam.terms.cues import Cues

AFFIRMED, DENIED, UNCERTAIN = 0, 1, 2


class Span(NamedTuple):
    """Code points ``start`` to ``end`` that are denied, for certain or perhaps."""

    start: int
    end: int
    state: int


class Polarity(NamedTuple):
    """The sentences of a text, what is denied in it, whether anything is, and its status words (group, place)."""

    sentences: tuple[tuple[int, int], ...]
    denied: tuple[Span, ...]
    any: bool
    statuses: tuple[tuple[str, int], ...]

    def at(self, place: int) -> int:
        """Return how what stands at ``place`` is meant: AFFIRMED, DENIED or UNCERTAIN."""
        state = AFFIRMED
        for span in self.denied:
            if span.start <= place < span.end:
                if span.state == DENIED:
                    return DENIED
                state = UNCERTAIN
        return state

    def sentence(self, place: int) -> int:
        """Return the index of the sentence around ``place``."""
        for index, (_, end) in enumerate(self.sentences):
            if place < end:
                return index
        return max(len(self.sentences) - 1, 0)


_END: Final = re.compile(
    r"(?<=[.!?。])(?<!\b[A-Z]\.)(?<!Dr\.)(?<!vs\.)(?<!\b[RL]t\.)(?<!\n\d\.)(?<!^\d\.)(?<!\bNo\.)\s+|[\n\r;]+|(?<=[다음함임됨])\.\s*"
)
_MAY_END: Final = re.compile(r"[\n\r;]|[.!?。](?:\s|$)|[다음함임됨]\.")
_ABSENT: Final = re.compile(
    r"\b(?:is |are |was |were )?(?:not|un)[- ]?(?:recorded|stated|specified|documented|listed|available|provided"
    r"|dated|linked)\b"
    r"|\bunknown\b|\bunspecified\b|기록 ?(?:이|은|는)? ?없\w*|기재 ?(?:이|은|는)? ?없\w*|미기록|미기재|정보 ?없\w*"
    r"|알 수 없\w*|미상|기록되지 않\w*|기재되지 않\w*"
    r"|\bno (?:longer|earlier|later|change|increase|decrease|further change)\b|\bnot only\b|\bno\.\s?\d|변화 ?없\w*"
    r"|not (?:yet )?(?:answered|resulted)",
    re.I,
)
_ATTRIBUTE: Final = re.compile(
    r"reason|dose|dosage|unit|range|date|start|end|onset|frequency|severity|reaction|status|route|result"
    r"|criticality|author|longer|change|only|earlier|later|increase"
    r"|사유|이유|용량|용법|단위|범위|날짜|시작|종료|발병|빈도|반응|중증도|상태|경로|결과|변화|일자|일시|시점|기간"
    r"|적응증|위험도",
    re.I,
)
_FORWARD: Final = re.compile(
    r"\b(?:no(?! (?:longer|earlier|later|change|more than|less than)\b)|den(?:ies|ied|ying)|without|w/o|never"
    r"|neither|nor|none of|cannot|lacks?|lacking|free of|absence of|absent|negative for|rules? out|ruled out(?= "
    r"[a-z])|fails? to|failed to"
    r"|not|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|doesn['’]t|don['’]t|didn['’]t|hasn['’]t|haven['’]t"
    r"|hadn['’]t|non(?=[- ]))(?![A-Za-z])|\b(?:non(?=tender|distended|smok|toxic|labou?red|productive|focal"
    r"|radiating)|an(?=icteric)|a(?=febrile))|∅",
    re.I,
)
_BACKWARD: Final = re.compile(
    r"\b(?:(?:is|are|was|were|be|been|being|tested|test|remains?|has|have|had|did|does|do|can|could|came "
    r"back)\s(?:also |both |all )?(?:not|never)\b|(?:isn|aren|wasn|weren|hasn|haven|hadn|didn|doesn|don)['’]t\b"
    r"|(?:is|are|was|were|been|:)\s?(?:absent|negative|denied|excluded|ruled out|refuted|none|nil|unremarkable)\b"
    r"|ruled out\b|(?<=[a-z] )(?:negative|absent)(?! for)\b"
    r"|(?<=[A-Za-z]: )(?:none|no|negative|denies|nil)\b|(?<=: )not\b)|\(-\)|\(−\)|(?<=[A-Za-z가-힣])\s?\((?:no|neg"
    r"|N)\)|entered in error|\brefuted\b",
    re.I,
)
_KOREAN: Final = re.compile(
    r"없(?:음|다|으며|으나|고|었|이|는|습|어|지|을|던)|부인(?!과|이|은|의)|않(?:음|았|는|고|다|으며|은|아|습|을|던"
    r"|기)|아니(?:다|며|고|었|라|함|었음|므로|한)?|아님|아닌|못(?:함|하|했)|안 (?:함|하|먹|했|됨)"
    r"|음성|미(?:복용|투여|시행|확인|발견|관찰|사용|동반)|배제(?:됨|되|함|하)?|오류 ?입력|부정(?:함|됨|하|되)"
)
_PREFIX_KO: Final = re.compile(
    r"(?<![가-힣])(?:비|무)(?=흡연|당뇨|음주|고혈압|알레르기|발열|증상|통증)|(?<![가-힣])안(?= (?:아프|먹|마시|피우))"
)
_NKDA: Final = re.compile(r"\bN\.?K\.?D?\.?A\.?\b")
_STOP: Final = re.compile(
    r"\b(?:but|however|except|although|though|yet|which|because|due to|since|therefore|so|while|whereas|instead"
    r"|apart from|other than|until|after|secondary to|on account of)\b"
    r"|[,]?\s\b(?:and\s)?(?:has|have|had|is|was|are|were|reports?|reported|presents?|complains?|complained|takes?"
    r"|taking|continues?|started|positive for|admits|endorses|remains|shows?|showed|currently|now)\b"
    r"|[→|]|\bwith (?:a |an )?(?=[A-Z\d])",
    re.I,
)
_STOP_KO: Final = re.compile(
    r"(?:있(?:고|음|으며|으나|다|었\w*|지만)|하(?:며|고|나|였으나|였고|지만|면서)|으나|지만|이(?:나|며|고)|는데"
    r"|호소(?:함|하\w*)?|양성|보(?:이며|임|이나)|확인(?:됨|되\w*)|시행(?:함|하\w*)?"
    r"|복용 ?중|투여 ?중|진단(?:됨|받\w*)?|동반(?:됨|되\w*|하\w*)?|관찰(?:됨|되며)|아니(?:라|고|며)|했(?:고|으며"
    r"|으나|다|음)|됐\w*|되(?:어|며|고|었\w*))(?=[\s,.]|$)"
)
_OR: Final = re.compile(r"\b(?:or|nor)\b", re.I)

_STATUS: Final = re.compile(
    r"(?P<ended>\b(?:stopped|discontinued|ceased|inactive|ended|former|formerly|quit|no longer|withdrawn|cancelled"
    r"|canceled|revoked|resolved|abated|in remission|remission|completed|d/c['’]?e?d|expired)\b"
    r"|중단|종료|중지|해결|완료|비활성|소실|관해|끊|취소|해소|철회)"
    r"|(?P<current>\b(?:active|current|currently|ongoing|continues?|continuing|still|taking|takes)\b|복용 ?중|투여 "
    r"?중|사용 ?중|(?<!비)활성|지속|유지 ?중|진행 ?중|현재(?= ?(?:복용|투여|사용|약|도|흡연)))"
    r"|(?P<planned>\b(?:planned|scheduled|pending|awaiting|upcoming|proposed)\b|예정|대기|계획)",
    re.I,
)


_may_deny: Final = Cues(
    "non icteric febrile no nev neither den lack free absen negative rule fail excluded refuted nil error "
    "unremarkable nka nkda cannot without un n't "
    "없 부인 않 아니 아님 아닌 못 안 음성 미 배제 오류 부정 비 무 알 isn aren wasn weren doesn don didn hasn haven "
    "hadn",
    ("(-)", "(−)", "∅", "(n", "(N", "w/o", "W/O", "N.K"),
)


@lru_cache(maxsize=8192)
def polarity(text: str) -> Polarity:
    """Read the polarity of ``text``, sentence by sentence."""
    sentences = _sentences(text)
    if not _may_deny(text):
        return Polarity(sentences, (), False, _statuses(text))
    absent = tuple(match.span() for match in _ABSENT.finditer(text))
    denied: list[Span] = []
    for start, end in sentences:
        if len(sentences) > 1 and not _may_deny(text[start:end]):
            continue
        denied.extend(_english(text, start, end, absent))
        denied.extend(_korean(text, start, end, absent))
        for match in _NKDA.finditer(text, start, end):
            denied.append(Span(match.start(), match.end(), DENIED))
        for match in _PREFIX_KO.finditer(text, start, end):
            denied.append(Span(match.start(), min(end, match.end() + 4), DENIED))
    found = any(span.state == DENIED for span in denied)
    for start, end in absent:
        sentence = next((bounds for bounds in sentences if bounds[0] <= start < bounds[1]), (0, len(text)))
        clause = max(text.rfind(mark, sentence[0], start) + 1 for mark in ",:(") or sentence[0]
        if not _ATTRIBUTE.search(text, clause, min(end + 14, sentence[1])) and not re.match(
            r"unk|unsp|미상|변화|알 수", text[start:end]
        ):
            denied.append(Span(clause, start, UNCERTAIN))
    return Polarity(sentences, tuple(denied), found, _statuses(text))


_may_say_status: Final = Cues(
    "stop disc ceas acti end former quit longer withdr cancel revok resol abat remis compl expir curr ongo contin "
    "still tak plan "
    "sched pend await upcom propos 중단 종료 중지 해결 완료 활성 소실 관해 끊 취소 해소 철회 복용 투여 사용 지속 "
    "유지 진행 현재 예정 대기 계획",
    ("d/c", "D/C"),
)


def _statuses(text: str) -> tuple[tuple[str, int], ...]:
    if not _may_say_status(text):
        return ()
    return tuple((match.lastgroup or "", match.start()) for match in _STATUS.finditer(text))


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of ``text`` as spans of code points, without gaps."""
    return _sentences(text)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentences that hold the code points ``start`` to ``end``."""
    held = [bounds for bounds in sentences(text) if bounds[0] < end and start < bounds[1]]
    return (held[0][0], max(held[-1][1], end)) if held else (start, end)


def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    if not _MAY_END.search(text):
        return ((0, len(text)),)
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() > start:
            found.append((start, match.end()))
            start = match.end()
    if start < len(text) or not found:
        found.append((start, len(text)))
    return tuple(found)


def _within(place: int, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= place < end for start, end in spans)


def _english(text: str, start: int, end: int, absent: tuple[tuple[int, int], ...]) -> list[Span]:
    found: list[Span] = []
    for match in _FORWARD.finditer(text, start, end):
        if _within(match.start(), absent):
            continue
        stop = _STOP.search(text, match.end() + 1, end)
        limit = stop.start() if stop else end
        comma = text.find(",", match.end(), limit)
        if comma < 0 or _OR.search(text, comma, limit):
            found.append(Span(match.start(), limit, DENIED))
        else:
            found.append(Span(match.start(), comma, DENIED))
            found.append(Span(comma, limit, UNCERTAIN))
    for match in _BACKWARD.finditer(text, start, end):
        if _within(match.start(), absent) or _within(match.end() - 1, absent):
            continue
        comma = max(text.rfind(mark, start, match.start()) for mark in ",|")
        clause = comma + 1 if comma >= 0 else start
        earlier = [stop.end() for stop in _STOP.finditer(text, clause, match.start())]
        clause = earlier[-1] if earlier else clause
        found.append(Span(clause, match.end(), DENIED))
        if comma >= 0 and not earlier:
            found.append(Span(start, comma, UNCERTAIN))
    return found


def _korean(text: str, start: int, end: int, absent: tuple[tuple[int, int], ...]) -> list[Span]:
    found: list[Span] = []
    last = start
    for match in _KOREAN.finditer(text, start, end):
        if _within(match.start(), absent):
            continue
        begin = last
        for stop in _STOP_KO.finditer(text, last, match.start()):
            if stop.end() < match.start() - 1:
                begin = stop.end()
        if match[0] in ("아니라", "아니고", "아니며"):
            begin = max(begin, text.rfind(" ", begin, match.start() - 1) + 1)
        comma = text.rfind(",", begin, match.start())
        if comma >= 0:
            found.append(Span(begin, comma, UNCERTAIN))
        found.append(Span(comma + 1 if comma >= 0 else begin, match.end(), DENIED))
        last = match.end()
    return found
