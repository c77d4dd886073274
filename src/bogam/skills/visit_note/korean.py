"""Korean of a dialogue into Korean of a note: fillers out, spoken endings to nominal ones, answers joined.

The rules change endings only; a sentence whose ending is not known is left as said. The endings are transcribed from
general knowledge of Korean.
"""

from __future__ import annotations

import re
from typing import Final

NO: Final = re.compile(r"^(?:음|어|저|글쎄요|,|\s)*(?:아니[요오]?|아뇨|아닙니다|없[어었습]|안 |전혀)")
_YES: Final = re.compile(r"^(?:음|어|,|\s)*(?:네|예|응|맞아요|맞습니다|그래요|그럼요|있[어었습])")
_FILLER: Final = re.compile(
    r"(?<![가-힣])(?:음+|어+|저기|그니까|그러니까|뭐랄까|막|이제|네|예|아|그게|글쎄요|선생님)(?![가-힣])[\s,.…]*"
)
_QUESTION: Final = re.compile(r"(?:[?？]|나요|까요|가요|습니까|세요\?|신가요|은지요)\s*[.?？]?\s*$")
_SOCIAL: Final = re.compile(
    r"안녕하|감사합니다|고맙습니다|알겠습니다|수고하|들어오|앉으세|반갑습니다|괜찮습니다\.?$|그렇군요|그러셨|그러시군요"
)
_PAST: Final = "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 == 20)
"""Syllables that end in ㅆ."""
_ENDINGS: Final = (
    (r"없(?:어요|습니다|었어요|었습니다|네요|거든요|는데요|고요)", "없음"),
    (r"않(?:아요|습니다|네요|거든요|는데요)", "않음"),
    (r"않았(?:어요|습니다)", "않았음"),
    (r"있(?:어요|습니다|네요|거든요|는데요|고요)", "있음"),
    (r"있었(?:어요|습니다|거든요)", "있었음"),
    (r"(?:했|하였)(?:어요|습니다|거든요|는데요|고요)", "했음"),
    (r"됐(?:어요|습니다|거든요)", "됐음"),
    (r"되었(?:어요|습니다)", "되었음"),
    (r"하고 있(?:어요|습니다)", "하고 있음"),
    (r"(?:해요|합니다|하거든요|하네요|하고요)", "함"),
    (r"(?:돼요|됩니다)", "됨"),
    (r"(?:이에요|예요|입니다|이거든요|이고요|이네요)", "임"),
    (r"아파요|아픕니다|아프네요|아프거든요", "아픔"),
    (r"아팠(?:어요|습니다)", "아팠음"),
    (r"먹어요|먹습니다", "먹음"),
    (r"먹었(?:어요|습니다)", "먹었음"),
    (rf"(?P<past>[가-힣]*[{_PAST}])(?:어요|습니다|거든요|는데요|고요|네요)", r"\g<past>음"),
    (r"겠습니다", "겠음"),
    (r"(?:을게요|ㄹ게요)", "을 예정임"),
    (r"하(?:시면 됩니다|세요|십시오)", "하도록 함"),
    (r"드릴게요", "드릴 예정임"),
    (r"려요", "림"),
    (r"셔요", "심"),
    (r"(?P<stem>[가-힣]*)나요", r"\g<stem>남"),
    (r"(?P<cold>[가-힣]*)와요", r"\g<cold>옴"),
)
_COMPILED: Final = tuple((re.compile(rf"{pattern}\s*[.!~…]*$"), put) for pattern, put in _ENDINGS)
_TOPIC: Final = re.compile(
    r"^(?P<what>.{1,80}?)(?:은|는|이|가|을|를|도)?\s*(?:있으세요|있으신가요|있나요|있습니까|있었나요|있으셨나요|있으신지요|"
    r"없으세요|없으신가요|없나요|없습니까|없었나요|없으셨나요)\s*[?？.]?\s*$"
)
_DOES: Final = re.compile(
    r"^(?P<what>.{1,80}?)\s*(?:하세요|하시나요|하십니까|하셨나요|하셨어요|받으셨나요|드시나요|드세요|피우세요|피우시나요)\s*[?？.]?\s*$"
)
_DONE: Final = {"하": "함", "받": "받음", "드": "복용함", "피": "피움"}


_ANSWER: Final = re.compile(
    r"(?:(?:음|어|네|예|응|아니요|아니오|아뇨|아닙니다|없어요|없습니다|없었어요|있어요|있습니다|맞아요|맞습니다|그래요|그럼요|전혀요?|"
    r"알겠습니다|감사합니다|괜찮아요)[\s,.!~]*)+"
)


def is_answer(said: str) -> bool:
    """Whether an utterance says nothing without its question."""
    return _ANSWER.fullmatch(said.strip()) is not None


def is_question(said: str) -> bool:
    """Whether an utterance asks."""
    return bool(_QUESTION.search(said.strip()))


def clean(said: str) -> str:
    """Return what was said without fillers, on one line."""
    text = " ".join(said.split())
    return _FILLER.sub("", text).strip(" ,~…")


def noted(said: str) -> str:
    """Return an utterance as a note has it, or nothing where it only greets or agrees."""
    text = clean(said).rstrip(".!~ ")
    if len(text) < 3 or _SOCIAL.search(text) or is_question(said):
        return ""
    text = re.sub(r"^(?:아니요|아뇨|아니오)[\s,.]*", "", text)
    text = re.sub(r"(?<![가-힣])(?:제가|저는|저도|나는|내가)\s*", "", text)
    for pattern, put in _COMPILED:
        turned, count = pattern.subn(put, text)
        if count:
            return f"{turned.strip()}."
    return f"{text}." if len(text) >= 3 else ""


def answered(question: str, answer: str) -> str:
    """Return a yes-no question and its short answer as one sentence, or nothing where it is not such a pair."""
    asked = clean(question.split(".")[-1] if question.rstrip().endswith("?") else question)
    denies = bool(NO.search(answer))
    if not denies and not _YES.search(answer):
        return ""
    more = "" if is_answer(answer) else noted(answer).rstrip(".")
    joint = _joint(asked, denies)
    return f"{joint}, {more}." if joint and more and more != joint else f"{joint}." if joint else ""


def _joint(asked: str, denies: bool) -> str:
    topic = _TOPIC.match(asked)
    if topic:
        return f"{topic['what'].strip()} {'없음' if denies else '있음'}"
    does = _DOES.match(asked)
    if does:
        rest = asked[does.end("what") :].strip()
        verb = _DONE.get(rest[:1], "함")
        return f"{does['what'].strip()} {'하지 않음' if denies and verb == '함' else f'안 {verb}' if denies else verb}"
    return ""
