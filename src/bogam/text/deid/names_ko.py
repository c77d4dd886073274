"""Names of people that the record does not know, in Korean notes: by labels, honorifics and roles around them, by what
a name is made of, and names of which a part is hidden (김O희, 김**).

A surname is one syllable, or two of a few; a given name is mostly two syllables and sometimes one. A word that is a
Korean noun is no name unless a label or an honorific says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from bogam.terms.concepts import keys
from bogam.terms.drugs import ingredients
from bogam.text.deid.finding import Finding
from bogam.text.deid.lists import listed, sections

_HIDE: Final = "OoＯ○◯●□■*＊xXㅇ0"
_PARTICLES: Final = (
    "이라는|이라고|이라서|께서는|께서|에게서|에게|한테|이랑|이가|이는|이를|이의|이와|이도|이에게|이께|입니다|이며"
    "|이고|이다|임|"
    "으로|라는|라고|랑|은|는|이|가|을|를|의|께|와|과|도|로|만|아|야"
)
_STAFF: Final = (
    "교수님|교수|선생님|선생|쌤|원장님|원장|과장님|과장|부장님|부장|실장님|실장|팀장님|팀장|수간호사|간호사"
    "|간호조무사|조무사|전공의|전문의|전임의"
    "|레지던트|인턴|의사|약사|주임|기사|치료사|복지사|영양사|방사선사|임상병리사|요양보호사|간병인|펠로우|주치의"
    "|당직의|대표|목사|신부|통역사"
)
_POLITE: Final = "님|씨|군|양|환자|환아|보호자|할머니|할아버지|어르신|여사|산모|님께|님의|님은|님이|아기|모친|부친"
_KIN: Final = (
    "배우자|남편|아내|부인|아들|딸|아버지|어머니|아버님|어머님|부친|모친|형|누나|오빠|언니|동생|남동생|여동생|손자"
    "|손녀|며느리|사위|조카|이모|고모|삼촌|친구"
    "|지인|간병인|자녀|(?:부|모|처|자|녀)(?=[ :(])|장남|차남|장녀|차녀|동거인|시어머니|장모|따님|아드님|할머니"
    "|할아버지|남자친구|여자친구"
)
_LABEL: Final = (
    "환자[ ]?(?:성명|이름|명)|환자분?|성명|이름|성함|수진자(?:명)?|피보험자|수검자|대상자|산모(?:명)?|아기"
    "|보호자(?:[ ]?(?:성명|이름|명))?|연락[ ]?대상|비상[ ]?연락처?"
    "|대리인|동의인|동의자|신청인|법정대리인|주치의|담당(?:의사|의|교수|간호사|자|전공의)?|지도전문의|전문의|전공의"
    "|전임의|집도의?|수술의|시술의|시술자|마취의|마취과의|마취"
    "|제1보조|제2보조|보조의?|어시스트|의뢰의|의뢰자|의뢰인|협진의|협진[ ]?의뢰의|회신의|판독의|판독|병리의|검사자"
    "|채혈자|보고자|수신자|발신자|수신|발신"
    "|작성자|작성|기록자|기록|입력자|서명|서명자|확인자|확인|설명의사|설명의|설명자|간호사|수간호사|인계자|인수자"
    "|인계|인수|교수|레지던트|인턴|약사|치료사|영양사|사회복지사|참관|참여"
    f"|예약자|당직의?|통역|진료의|처방의|의사|지도교수|원장|관계인|{_KIN}"
)
_MARKS: Final = (
    r"IM|CV|CARD|GI|PULM|NEPH|ENDO|RHEU|RHEUM|HO|ONC|ID|GS|OS|NS|CS|TS|PS|URO|UR|OBGY|OB|GY|PED|NR|NP|ER|EM|FM|RM"
    r"|DR|RAD|NM|PATH|ANE|AN|ENT|EY|DER|DM|LM|[RF][1-5]|PGY-?[1-7]|RN|PA|Intern|Fellow|Prof\.?|Pf\.?|Dr\.?|MD"
)
_RELATION: Final = r"(?:[ ]?\([가-힣/ ]{1,12}\))?"
_NAME_SAID: Final = re.compile(r"(?:이름|성명|성함)(?:은|이)[ ]{1,4}\Z")
"""A name follows as surely as after a colon."""
_OF_THING: Final = re.compile(r"(?:약|약물|약제|병|질환|진단|수술|시술|검사|병원|의원|기관|회사|학교|제품|상품)[ ]?\Z")
"""What has a name that is nobody's."""


@cache
def _parts() -> tuple[str, str]:
    single, double = sections("family_ko.txt")[0], [name for name in listed("family_ko.txt") if len(name) == 2]
    return "".join(name for name in single if len(name) == 1), "|".join(sorted(double))


_SINGLE, _DOUBLE = _parts()
_FULL: Final = rf"(?:(?:{_DOUBLE})[ ]?[가-힣]{{1,2}}|[{_SINGLE}][ ]?[가-힣]{{2}}|[{_SINGLE}][가-힣])"
_MASKED: Final = (
    rf"(?:(?:{_DOUBLE}|[{_SINGLE}])(?:[{_HIDE}]{{1,3}}[가-힣]?|[가-힣][{_HIDE}]{{1,2}}))"
    rf"(?![{_HIDE}A-Za-z0-9])(?=[^가-힣]|$|님|씨|군|양|은|는|이|가|의|에|께|환자)"
)
_END: Final = rf"(?=[^가-힣]|$|(?:{_PARTICLES}|님|씨|군|양|{_STAFF})(?![가-힣]{{3}}))"
_NOT_BEFORE: Final = r"(?<![가-힣A-Za-z0-9])"

_AFTER_LABEL: Final = re.compile(
    rf"(?<![가-힣])(?:{_LABEL}){_RELATION}(?:는|은|가"
    rf"|이)?[ ]{{0,4}}(?P<colon>[:：/=])?[ ]{{0,4}}(?:\n[ ]{{0,4}})?(?:Dr\.?[ ]?)?"
    rf"(?=(?P<name>{_MASKED}|[가-힣]{{1,10}}(?:[ ][가-힣]{{1,9}}){{0,2}}))"
)
_AFTER_MARK: Final = re.compile(
    (
        rf"(?<![A-Za-z0-9])(?:{_MARKS})[ ]{{1,2}}(?P<name>{_MASKED}|{_FULL}{_END}"
        rf"|[가-힣]{{1,8}}(?:[ ][가-힣]{{1,8}}){{0,2}}(?=[ ]*(?:$|\n|,|/)))"
    ),
)
_IN_BRACKETS: Final = re.compile(
    rf"(?<![가-힣])(?:주?보호자|{_KIN})[ ]?\((?P<name>[가-힣]{{2,8}})(?=[ ]?[,)/:;]|[ ]\d)"
)
_AND: Final = re.compile(rf"[ ]?[,/·][ ]?(?P<name>{_FULL})(?=[^가-힣]|$)")
_BEFORE_POLITE: Final = re.compile(
    rf"{_NOT_BEFORE}(?P<name>{_MASKED}|[가-힣]{{1,8}}(?:[ ][가-힣]{{1,7}})??)[ ]?(?P<polite>{_POLITE}"
    rf"|{_STAFF})(?=[^가-힣]|$|{_PARTICLES}|회진|진료|처방|지시|notify)"
)
_BEFORE_LATIN: Final = re.compile(
    rf"{_NOT_BEFORE}(?P<name>{_MASKED}|{_FULL}|[가-힣]{{2,8}}(?:[ ][가-힣]{{1,8}}){{0,2}})[ ]{{0,2}}(?:RN|MD|R[1-5]"
    rf"|PA|NP|Ph\.?D|[/(]?[ ]?[MF][ ]?/[ ]?\d{{1,3}}|\([ ]?(?:남|여)[ ]?[,/]?[ ]?\d)"
)
_BEFORE_PHONE: Final = re.compile(
    rf"{_NOT_BEFORE}(?P<name>(?:(?:{_DOUBLE})|[{_SINGLE}])[가-힣]{{2}})(?=[ ]{{0,2}}[(:]?[ ]{{0,2}}01[016789][-. ]?\d)"
)
_TEACHER: Final = re.compile(
    rf"{_NOT_BEFORE}(?P<name>[김이박최정강조윤임오서권황안송류홍유고문배백허심])샘(?=님|[^가-힣]|$|{_PARTICLES})"
)
_MASKED_ALONE: Final = re.compile(rf"{_NOT_BEFORE}(?P<name>{_MASKED})")
_ALONE: Final = re.compile(
    rf"{_NOT_BEFORE}(?P<name>(?:(?:{_DOUBLE})[가-힣]{{1,2}}"
    rf"|[{_SINGLE}][가-힣]{{2}}))(?P<after>(?:{_PARTICLES})?)(?=[^가-힣]|$)"
)
_LINE: Final = re.compile(rf"^[ ]{{0,8}}(?P<name>{_MASKED}|{_FULL})[ ]{{0,4}}$", re.M)
_WORDS: Final = re.compile(r"[가-힣]+")
_HAS_HANGUL: Final = re.compile("[가-힣]")
_VERBAL: Final = re.compile(
    r"(?:함|됨|음|임|중|하여|하고|해서|위해|대한|관련|동의|설명|요청|호소|확인|상태|예정|시행|없음|있음|하심|보고"
    r"|교육|면담)$"
)


def _noun(word: str) -> bool:
    """Whether a word is an ordinary one, with or without a particle."""
    known = listed("not_names_ko.txt")
    return word in known or any(
        word.endswith(end) and word.removesuffix(end) in known
        for end in (
            "은",
            "는",
            "이",
            "가",
            "을",
            "를",
            "의",
            "에",
            "도",
            "로",
            "과",
            "와",
            "및",
            "님",
            "분",
            "시",
            "적",
            "만",
            "들",
            "함",
        )
    )


def _term(word: str) -> bool:
    """Whether a word holds a clinical term of the lexicon."""
    return any(key.strong and key.end - key.start > 1 for key in keys(word))


def _made_of(name: str) -> tuple[int, int]:
    """How many syllables the surname has (0: it is none) and how many of the given name are frequent in names."""
    first, second = sections("given_ko.txt")
    length = 2 if name[:2] in listed("family_ko.txt") and len(name) > 2 else 1 if name[0] in _SINGLE else 0
    given = name[length:]
    if len(given) == 1:
        return length, int(given in first or given in second)
    return length, sum(sign in part for sign, part in zip(given, (first, second), strict=False))


_ABROAD: Final = frozenset(
    "그느드르므브스즈츠크트프흐쯔끄뜨쓰릭렉렌렘뤄멘멜벤벨빌블샤셰쉬쉐슈샨센셀싱쑤쑨썬얀엔엘옌웨잭젠존쥐쥔짜짱쩐첸츄카칸칼커케켄코콘쿠쿤"
    "키킴킨탄테텐톰튀티틴팅팜페펑폰풍핀헤헨훙히힐응레루베메바토투푸파쿨쌔뷔뷰빅랜란샘썸팀랄룬욱닐"
)
"""Syllables that are frequent in foreign names in Hangul and rare in Korean words."""


def _foreign(word: str, *, least: int) -> bool:
    """Whether a word is made as foreign names in Hangul are, and is no loanword, drug or term that is known."""
    if len(word) < 2 or _noun(word) or sum(sign in _ABROAD for sign in word) < least:
        return False
    return not ingredients(word) and not _term(word)


_TAIL: Final = re.compile(rf"(?:{_PARTICLES}|님|씨|께|에게)\Z")


def _fits(sign: str, particle: str) -> bool:
    """Whether a particle may follow a syllable: 이, 은, 을 and 과 a final consonant, 가, 는, 를 and 와 none."""
    closed = (ord(sign) - 0xAC00) % 28 > 0
    return closed if particle[0] in "이은을과" else not closed if particle[0] in "가는를와" else True


def _abroad(said: str, *, least: int = 1) -> int:
    """Return how many characters of ``said`` are a foreign name in Hangul of one to three words, without a particle."""
    size = 0
    words = said.split(" ")
    for index, word in enumerate(words):
        tail = _TAIL.search(word)
        if tail and not (len(word) - len(tail[0]) > 1 and _fits(word[tail.start() - 1], tail[0])):
            tail = None
        bare = word[: tail.start()] if tail else word
        if _noun(word) or _VERBAL.search(word):
            break
        led = index == 0 and len(words) > 1 and _foreign(words[1], least=2)
        if not (_foreign(bare, least=1 if index else least) or led or (index and len(word) == 1)):
            break
        start = sum(len(each) + 1 for each in words[:index])
        size = start + len(bare)
        if tail and bare != word:
            break
    return size


_NEVER_LAST: Final = "는를을와께에의가"
"""Particles that end no given name: 민재는 is 민재 and a particle, though 민 is a surname."""


def _taken(word: str) -> str:
    """Return the part of a word after a label that is the name, empty where there is none.

    The longest reading that leaves only a particle or an honorific goes first.
    """
    if _noun(word) or _VERBAL.search(word):
        return ""
    tail = re.compile(rf"(?:{_PARTICLES}|(?:{_POLITE}|{_STAFF})(?:{_PARTICLES})?|님?(?:께서|에게|께|이|은))?\Z")
    length, _ = _made_of(word)
    if length and word[length : length + 1] == "씨":
        return word[:length]
    sizes = ([length + 2, length + 1] if length else []) + [0]
    for size in sizes:
        if size and 2 <= size <= len(word) and tail.fullmatch(word[size:]) and not _noun(word[:size]):
            rest = word[size:]
            swallowed = not rest and size > 2 and word[-1] in _NEVER_LAST and _fits(word[-2], word[-1])
            if swallowed and size - 1 >= 2 and not _noun(word[:-1]):
                return word[:-1]
            if rest and not _fits(word[size - 1], rest) and _foreign(word, least=1):
                continue
            return word[:size]
    return ""


def find(text: str) -> Iterator[Finding]:
    """Yield names in a folded text."""
    if not _HAS_HANGUL.search(text):
        return
    found = [*_by_cue(text), *_by_shape(text)]
    yield from found
    yield from _again(text, found)


def _by_cue(text: str) -> Iterator[Finding]:
    for match in _AFTER_LABEL.finditer(text):
        start, end = match.span("name")
        if match[0].startswith(("이름", "성명")) and _OF_THING.search(text, max(0, match.start() - 4), match.start()):
            continue
        said = _NAME_SAID.search(match[0]) is not None
        size = _after_label(text[start:end], colon=match["colon"] is not None, said=said)
        if size:
            yield Finding(start, start + size, "name", "korean-label", 0.95 if match["colon"] else 0.85)
            yield from _and(text, start + size)
    for match in _IN_BRACKETS.finditer(text):
        size = _after_label(match["name"], colon=False, said=False)
        if size:
            yield Finding(match.start("name"), match.start("name") + size, "name", "korean-brackets", 0.85)
    for match in _AFTER_MARK.finditer(text):
        start, said = match.start("name"), match["name"]
        abroad = _abroad(said)
        size = abroad if abroad == len(said) else len(_taken(said)) or (0 if " " in said else len(said))
        name = said[:size]
        if size and not _noun(name) and not _VERBAL.search(name):
            yield Finding(start, start + size, "name", "korean-signature", 0.9)
    for match in _BEFORE_POLITE.finditer(text):
        yield from _polite(text, match)
    for match in _TEACHER.finditer(text):
        yield Finding(*match.span("name"), "name", "korean-role", 0.75)
    for match in _BEFORE_PHONE.finditer(text):
        said = match["name"]
        length, frequent = _made_of(said)
        if len(said) - length == 2 and frequent > 1 and not _noun(said) and not _VERBAL.search(said):
            yield Finding(*match.span("name"), "name", "korean-shape", 0.75)
    for match in _BEFORE_LATIN.finditer(text):
        start, said = match.start("name"), match["name"]
        size = len(said) if not _noun(said) and len(said) < 5 and _made_of(said)[0] else _abroad(said)
        if size == len(said):
            yield Finding(start, start + size, "name", "korean-signature", 0.88)
    for match in _MASKED_ALONE.finditer(text):
        yield Finding(*match.span("name"), "name", "korean-masked", 0.85)


def _and(text: str, at: int) -> Iterator[Finding]:
    """The names that a list goes on with after the first: 보조 서예린, 문혁."""
    while more := _AND.match(text, at):
        name = more["name"].replace(" ", "")
        length, frequent = _made_of(name)
        if _noun(name) or _VERBAL.search(name) or _term(name) or frequent < len(name) - length:
            return
        yield Finding(*more.span("name"), "name", "korean-label", 0.75)
        at = more.end()


def _after_label(text: str, *, colon: bool, said: bool) -> int:
    """Return how many characters of ``text``, which stands after a label, are a name.

    ``colon`` says that a colon stands between, ``said`` that the label is "the name is".
    """
    if re.fullmatch(_MASKED, text):
        return len(text)
    word, _, rest = text.partition(" ")
    if _LABEL_SAID.fullmatch(word):
        return 0
    if len(word) == 1:
        whole = _taken(word + rest) if word in listed("family_ko.txt") else ""
        return len(whole) + 1 if len(whole) > 2 and colon else 0
    length, frequent = _made_of(word)
    name = _taken(word)
    abroad = _abroad(text)
    if abroad > len(word) and not _noun(word):
        return abroad
    if name and (colon or said or len(name) - length != 1 or frequent):
        if not (colon or said) and len(name) == 2 and not frequent:
            return 0
        return len(name)
    if abroad:
        return abroad
    if not colon or _noun(word) or _VERBAL.search(word):
        return 0
    if rest and not _noun(rest) and not _VERBAL.search(rest) and len(rest) > 1:
        return len(text)
    return len(word) if len(word) > 2 else 0


def _polite(text: str, match: re.Match[str]) -> Iterator[Finding]:
    start, end = match.span("name")
    said, polite = text[start:end], match["polite"]
    word = said.split(" ")[-1]
    if match.start("polite") == end and polite[0] in "님씨" and (nobody := _NOBODY[polite[0]].fullmatch(word)):
        yield from _before_title(start, said, nobody)
        return
    if polite == "님" and word[-1] == "아" and len(word) > 1 and _denied(word[:-1]) and _made_of(word)[1] < 2:
        return
    if len(word) == 1 and polite in _CALLED:
        if word in _SURNAMES:
            yield Finding(end - 1, end, "name", "korean-role", 0.75)
        return
    if " " in said:
        before = said.split(" ")[0]
        surname = before in listed("family_ko.txt")
        if surname and not _noun(word):
            yield Finding(start, end, "name", "korean-honorific", 0.93)
            return
        foreign = polite in ("님", "씨") and not _noun(before) and not _noun(word) and not _VERBAL.search(before)
        if foreign and not _made_of(word)[0] and not _LABEL_WORD.fullmatch(before):
            yield Finding(start, end, "name", "korean-honorific", 0.8)
            return
        start = end - len(word)
    if (
        _noun(word)
        or _VERBAL.search(word)
        or word.endswith(("과", "부", "실", "팀", "센터", "병동", "병원", "의원", "학과", "파트", "층"))
    ):
        return
    length, frequent = _made_of(word)
    size = len(word) - length
    if polite in ("님", "씨") or polite.startswith("님"):
        if 2 <= len(word) <= 8:
            yield Finding(start, end, "name", "korean-honorific", 0.93)
    elif length and (size == 2 or (size == 1 and frequent)):
        yield Finding(start, end, "name", "korean-role", 0.88 if frequent else 0.75)
    elif _foreign(word, least=1):
        yield Finding(start, end, "name", "korean-role", 0.7)
    elif not length and len(word) > 2 and polite in ("환자", "할머니", "할아버지", "교수님", "선생님"):
        yield Finding(start, end, "name", "korean-role", 0.65)


def _denied(word: str) -> bool:
    """Whether 아님 after a word says that it is not so: 골절아님."""
    return _noun(word) or _term(word) or bool(_ILL.search(word))


def _before_title(start: int, said: str, title: re.Match[str]) -> Iterator[Finding]:
    """The name before a word that is politely said of nobody by name: 김서연 어머님, 박선생님, but not 담임선생님."""
    if title[0] in ("아", "없"):
        return
    whole = said[: len(said) - len(title[0])].strip() or (title["bare"] or "")
    if len(whole) == 1 and whole in _SURNAMES and title["title"] in _CALLED:
        yield Finding(start, start + 1, "name", "korean-role", 0.75)
    elif len(whole) > 1 and not _noun(whole) and not _VERBAL.search(whole):
        length, frequent = _made_of(whole)
        if length and (len(whole) - length == 2 or (len(whole) - length == 1 and frequent)):
            yield Finding(start, start + len(whole), "name", "korean-role", 0.88 if frequent else 0.75)


_SURNAMES: Final = frozenset("김이박최정강조윤임오서권황안송류홍유고문배백허심")
"""Surnames that are told by a title alone. 한, 전, 신, 구, 남, 여, 주 and others are words before one."""
_CALLED: Final = frozenset(("선생", "선생님", "쌤", "샘", "교수", "교수님", "원장님", "과장님"))
_NOBODY: Final = {
    "님": re.compile(
        r"(?P<bare>[가-힣]*?)(?P<title>선생|교수|원장|과장|부장|실장|팀장|회장|사장|대표|박사|목사|신부|수녀|기사"
        r"|하느|하나|부모|어머|아버|할머|할아버|아드|며느|오라버|누|고객|환자|보호자|의뢰인|사모|도련|마나|임금|사부|조상)"
        r"|(?:아|없|손|스|장|형|따|달|해|별|공주|왕자|주인|선배|후배|회원|이용자|방문자|조카)"
    ),
    "씨": re.compile(r"(?P<bare>[가-힣]*?)(?P<title>아저|아가|날|글|말|솜|마음|맵|불|홀)"),
}
"""What 님 or 씨 makes a word of that is nobody's name; 아님 says "not"."""
_ILL: Final = re.compile(r"(?:병|증|암|염|성|골절|경색|손상|출혈|감염|장애|종|통)$")
_LABEL_WORD: Final = re.compile(_LABEL)
_LABEL_SAID: Final = re.compile(r"(?:이름|성명|성함)(?:은|는|이|가|을|도|란)?")


_SUBJECT: Final = frozenset(
    ("은", "는", "의", "께서", "께서는", "에게", "이가", "이는", "이의", "와", "과", "한테", "이", "가")
)
_BEGINS: Final = re.compile(r"(?:^|[\n.])[ ]{0,8}\Z")
_FIRST: Final = re.compile(r"(?:^|(?<=\n)|(?<=\. ))(?P<name>[가-힣]{2,9}(?:[ ][가-힣]{1,9}){0,2})")


def _by_shape(text: str) -> Iterator[Finding]:
    """A surname and syllables that names are made of, where no noun of ours is spelt so; foreign names that begin a
    sentence."""
    for match in _ALONE.finditer(text):
        name, after = match["name"], match["after"]
        if after not in _SUBJECT or _noun(name) or _noun(name + after) or _VERBAL.search(name + after) or _term(name):
            continue
        length, frequent = _made_of(name)
        begins = bool(_BEGINS.search(text, max(0, match.start() - 10), match.start()))
        if len(name) - length == 2 and frequent > (0 if begins and after in ("은", "는", "의") else 1):
            yield Finding(match.start("name"), match.end("name"), "name", "korean-shape", 0.7)
    for match in _FIRST.finditer(text):
        size = _abroad(match["name"], least=2)
        if size and _TAIL.match(match["name"], size):
            yield Finding(match.start("name"), match.start("name") + size, "name", "korean-shape", 0.65)
    for match in _LINE.finditer(text):
        _, frequent = _made_of(match["name"].replace(" ", ""))
        if not _noun(match["name"]) and (frequent > 1 or re.fullmatch(_MASKED, match["name"])):
            yield Finding(*match.span("name"), "name", "korean-signature", 0.7)


def _again(text: str, found: list[Finding]) -> Iterator[Finding]:
    """Names that are sure, wherever else they stand in the note."""
    sure = {text[each.start : each.end] for each in found if each.confidence >= 0.8 and each.end - each.start > 2}
    for name in sure:
        at = text.find(name)
        while at >= 0:
            yield Finding(at, at + len(name), "name", "korean-again", 0.75)
            at = text.find(name, at + 1)
    for name in {text[e.start : e.end] for e in found if e.confidence >= 0.85 and e.end - e.start == 2}:
        if name[0] not in _HIDE and name[1] not in _HIDE and not _noun(name) and _made_of(name)[1]:
            for match in re.finditer(rf"{_NOT_BEFORE}{name}(?=이?(?:{_PARTICLES})(?![가-힣]))", text):
                yield Finding(*match.span(), "name", "korean-again", 0.75)
