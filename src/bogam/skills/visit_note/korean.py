"""Korean of a dialogue into Korean of a note: fillers out, spoken endings to nominal ones, answers joined.

The rules change form only; a sentence whose ending is not known is left as said. The word lists are transcribed from
general knowledge of Korean.
"""

from __future__ import annotations

import re
from typing import Final

from bogam.skills.visit_note.clinical import clinical
from bogam.skills.visit_note.endings import is_past, named, noun
from bogam.text.spoken import numbers

NO: Final = re.compile(r"^(?:음|어|저|글쎄요|,|\s)*(?:아니[요오]?|아뇨|아닙니다|없[어었습]|안 |전혀)")
_YES: Final = re.compile(r"^(?:음|어|,|\s)*(?:네|예|응|맞아요|맞습니다|그래요|그럼요|있[어었습])")
_SAID_NO: Final = re.compile(r"^(?:(?:음+|어+|저기|네|예|아니[요오]?|아뇨|아닙니다|전혀요?)(?![가-힣])[\s,.…]*)+")
_FILLER: Final = re.compile(
    r"(?<![가-힣])(?:음+|어+|저기|그니까|그러니까|뭐랄까|그게|글쎄요|선생님|그럼|그러면|일단)(?![가-힣])[\s,.…]*"
    r"|(?<![가-힣])(?:네|예|아|막|이제|자)\s*[,.…]+\s*|^(?:네"
    r"|예|아|자) (?!번|살|시|개|알|정|명|잔|병|갑|달|차례|군데|마리)"
)
_ASKS: Final = re.compile(r"(?:까요|습니까|ㅂ니까|[가-힣]니까|신가요|은지요|(?<=[인은한던른])가요)\s*[.]?\s*$")
_ASKS_NA: Final = re.compile(r"(?<![\s열땀피침물새겁화])나요\s*[.]?\s*$")
"""나요 asks where it is joined to a verb: 있나요. Alone it states: 열이 나요, 기침나요."""
_DOCTOR_ASKS: Final = re.compile(r"(?:어떠|아프|있으|없으|계|하셨어|드셨어|받으셨어)(?:세)?요\s*$")
_SOCIAL: Final = re.compile(
    r"안녕하|감사합니다|고맙습니다|알겠습니다|알겠어요|수고하|들어오|앉으세|반갑습니다|^괜찮(?:습니다|아요)\W*$|그렇군요|그러셨|그러시군요"
)
_ASKED_TO: Final = re.compile(
    r"(?:누워|앉아|벌려|벌리|들이쉬|내쉬|숨 참|참아|뱉|움직여|구부려|들어|올려|올리|보여"
    r"|걸어|말씀해|밀어|당겨|눌러)\w{0,3} ?(?:보|주)?(?:세요|시고|시겠어요)"
    r"|^(?:[가-힣]{1,4} )?(?:진찰|청진|한번|한 번|좀|어디)\S* ?(?:해 ?)?(?:볼게요"
    r"|보겠습니다|봅시다|보죠|들어 ?볼게요|하겠습니다)\W*$|(?<!다시 )(?<!에 )누르겠습니다"
)
_ANSWER: Final = re.compile(
    r"(?:(?:음|어|네|예|응|아니요|아니오|아뇨|아닙니다|없어요|없습니다|없었어요|있어요|있습니다|있었어요|맞아요|맞습니다|그래요|그럼요|"
    r"전혀요?|알겠습니다|감사합니다|괜찮아요)[\s,.!~]*)+"
)
_SINO: Final = re.compile(r"[일이삼사오육칠팔구십백천영공\s점반]+")


def is_open(question: str) -> bool:
    """Whether a question asks for more than yes or no."""
    return _OPEN.search(question) is not None


def is_answer(said: str) -> bool:
    """Whether an utterance says nothing without its question."""
    return _ANSWER.fullmatch(said.strip()) is not None


def is_question(said: str, *, doctor: bool = True) -> bool:
    """Whether an utterance asks. Without a question mark the verb's ending tells, of the doctor's more of them."""
    text = said.strip()
    if text.endswith(("?", "？")):
        return True
    return bool(_ASKS.search(text) or _ASKS_NA.search(text) or (doctor and _DOCTOR_ASKS.search(text)))


def clean(said: str) -> str:
    """Return what was said without fillers, on one line."""
    text = " ".join(said.split())
    return _FILLER.sub("", text).strip(" ,~…")


def figures(text: str) -> str:
    """Return Sino-Korean numbers in figures: "삼십팔 점 오 도" is 38.5도, "백이십에 팔십" 120/80."""
    found = [each for each in numbers(text) if not each.days and _SINO.fullmatch(text[each.start : each.end])]
    for each in reversed(found):
        tail = text[each.end :]
        unit = re.match(r" (?=도|일|년|세|시간|분|주|개월|키로|킬로|프로|퍼센트|회)", tail)
        text = text[: each.start] + each.digits + (tail[1:] if unit else tail)
    return re.sub(r"(?<=\d) ?에 (?=\d{2,3}(?:\D|$))", "/", text) if any(each.pair for each in found) else text


def noted(said: str, *, doctor: bool = False) -> str:
    """Return an utterance as a note has it, or nothing where it only greets, agrees or bids sit down."""
    text = clean(said).rstrip(".!~ ")
    if len(text) < 2 or is_question(said, doctor=doctor):
        return ""
    if (doctor and _ASKED_TO.search(text)) or (_SOCIAL.search(text) and not clinical(text)):
        return ""
    text = _SAID_NO.sub("", text)
    text = re.sub(r"(?<![가-힣])(?:제가|저는|저도|나는|내가)\s*", "", text)
    text = noun(text, doctor=doctor)
    return f"{text}." if len(text) >= 2 else ""


_TOPIC: Final = re.compile(
    r"^(?P<what>.{1,80}?)(?:은|는|이|가|을|를|도)?\s*(?:있으세요|있으신가요|있나요|있습니까|있었나요|있으셨나요|있으셨어요|있었어요|있어요|"
    r"있으신지요|있으십니까|없으세요|없으신가요|없나요|없습니까|없었나요|없으셨나요|없으셨어요|없었어요|없어요|없으십니까)\s*[?？.]?\s*$"
)
_ABOUT: Final = re.compile(r"^(?P<what>.{1,60}?)(?:은|는|도)요?\s*[?？]?\s*$")
_DOES: Final = re.compile(
    r"^(?P<what>.{1,80}?)\s*(?P<verb>하|받으|드|피우)(?:세요|시나요|십니까|셨나요|셨어요|시는 편이에요)\s*[?？.]?\s*$"
)
_DONE: Final = {"하": "함", "받으": "받음", "드": "먹음", "피우": "피움"}
_VERB: Final = re.compile(
    r"^(?P<stem>.{1,80}[가-힣])(?:세요|신가요|시나요|십니까|셨나요|셨어요|나요|시죠|죠|시지요)\s*[?？.]?\s*$"
)
_OPEN: Final = re.compile(
    r"언제|어디|얼마|(?<![가-힣])몇|무슨|어떤|어떻게|어떠|(?<![가-힣])왜|(?<![가-힣])뭐|누가|어느|무엇"
)
_SINCE: Final = re.compile(r"^(?P<what>.{1,60} 지)(?:는|가)? (?:얼마나|오래|몇)")
_TIME: Final = re.compile(rf"오늘|요즘|지금|평소|최근|{_OPEN.pattern}")
_MARKED: Final = re.compile(
    r"(?:^|[.,]\s*)(?P<what>[가-힣A-Za-z]+(?: [가-힣A-Za-z]+)?)(?<![시되하나지오쓰먹있없])(?:은"
    r"|는)\s+\S|(?:^|[.,]\s*)(?P<how>[가-힣]+)(?:이|가) (?:얼마|몇)"
)
_COURTESY: Final = (
    (re.compile(r"(?<=[가-힣])으신(?= )"), "은"),
    (re.compile(r"(?:평소에?|지금|현재|따로|혹시)\s+(?=\S)"), ""),
    (
        re.compile(
            r"(?:드시는|복용하시는|드시고 계신|복용하고 계신|복용 중인) ?약"
            r"|약\S* (?:드시는|복용하시는) ?(?:거|것|게|건)?"
        ),
        "복용 중인 약",
    ),
    (re.compile(r"드시고 계"), "먹고 있으"),
    (re.compile(r"고 계(?=[세신시])"), "고 있으"),
    (re.compile(r"하신(?= )"), "한"),
    (re.compile(r"하시는(?= )"), "하는"),
)
_LIGHT: Final = frozenset(["있음", "없음", "적", "건", "것", "거", "안", "못", "전에", "하지", "않음", "함", "약"])
_SAME: Final = re.compile(
    r"^(?:그런|그렇게|그러한|별로|딱히|특별히|전혀|다른)\s?(?:건|거는|것은|거|적은?|일은?|느낌은?)?\s*(?:없|안|않|있)"
)


_NEGATIVE: Final = re.compile(r"없(?:으|나|습|었|어)|지(?:는|도)? ?않")
"""A question to which both yes and no may mean that there is none."""
_STATES: Final = re.compile(r"(?:없|있)(?:어|습|었|는|다|고)")
_HAS_NOT: Final = re.compile(r"없(?:어|습|었|는|다|고)")


def answered(question: str, answer: str) -> str:
    """Return a yes-no question and its short answer as one sentence, or nothing where it is not such a pair."""
    asked = clean(re.split(r"(?<=[.?])\s+", question.strip())[-1])
    denies = bool(NO.search(answer))
    if _NEGATIVE.search(asked) and not _STATES.search(answer):
        return ""
    if _NEGATIVE.search(asked):
        denies = _HAS_NOT.search(answer) is not None
    if _OPEN.search(asked) or (not denies and not _YES.search(answer)):
        return ""
    more = "" if is_answer(answer) else noted(answer).rstrip(".")
    joint = _joint(asked, denies)
    if not joint or not more or more == joint or _SAME.match(more):
        return f"{joint}." if joint else ""
    return f"{more}." if joint.endswith("봄") or _repeats(joint, more) else f"{joint}, {more}."


def _repeats(joint: str, more: str) -> bool:
    """Whether what is added to an answer names again what was asked."""
    asked = [word for word in re.findall(r"[가-힣]+|[A-Za-z]+", joint)[:-1] if word not in _LIGHT]
    longer = any(word[:2] in more for word in asked if len(word) > 1)
    return longer or any(re.search(rf"(?<![가-힣]){word}(?:은|는|이|가|도|을|를)? ", more) for word in asked)


def labelled(question: str, answer: str) -> str:
    """Return an answer under the topic of its question ("술은 얼마나 드세요?" "소주 한 병이요."), or nothing."""
    asked = clean(re.split(r"(?<=[.?])\s+", question.strip())[-1])
    found = _MARKED.search(asked) or _ABOUT.match(asked)
    said = noted(answer).rstrip(".")
    since = _SINCE.match(asked)
    if since and said:
        return f"{_plainly(since['what'])} {said}."
    if re.search(r"(?:부터|전|때|전에|전부터)$", said) and re.search(r"언제(?:부터)?", asked):
        return f"{noun(re.sub(r'언제(?:부터)?', said, asked, count=1).rstrip('?？ .').replace('하셨', '했'))}."
    about = found[found.lastgroup or "what"] if found else _habit(asked)
    if not about or not said or about.split()[-1] in said or _TIME.search(about) or clinical(said):
        return ""
    return f"{about}: {said}."


def _habit(asked: str) -> str:
    found = re.match(r"(?P<what>담배|술|운동|식사|수면|약)(?:은|는|을|를)? ", asked)
    return found["what"] if found else ""


def _joint(asked: str, denies: bool) -> str:
    asked = _plainly(asked)
    topic = _TOPIC.match(asked) or _ABOUT.match(asked)
    if topic:
        return f"{topic['what'].strip()} {'없음' if denies else '있음'}"
    does = _DOES.match(asked)
    if does:
        what, verb = does["what"].strip(), _DONE[does["verb"]]
        return f"{what} {'하지 않음' if denies and verb == '함' else f'안 {verb}' if denies else verb}"
    verb = _VERB.match(asked)
    if verb is None or is_past(verb["stem"]):
        return ""
    if re.search(r"지(?:는|도)? ?않으?$", verb["stem"]):
        return f"{verb['stem'].removesuffix('으')}음" if denies else ""
    stem = verb["stem"].removesuffix("으") if len(verb["stem"]) > 2 else verb["stem"]
    return f"{stem}지 않음" if denies else named(stem)


def _plainly(asked: str) -> str:
    for pattern, put in _COURTESY:
        asked = pattern.sub(put, asked)
    return asked
