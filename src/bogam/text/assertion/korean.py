"""Assertion from Korean cues, which mostly follow what they are said of: the first predicate after the words decides.

A statement ends at a connective (있고, 없으나, 하며); a list of nouns shares the predicate at its end ("발열, 오한,
기침 없음"). A predicate of change or effect is no denial: 호전 없음, 조절 안됨, 변화 없음.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.record.facts import Assertion

_NOT: Final = (
    r"(?:지\s?(?:는|도)?\s?(?:않|못|아니)|이?\s?안\s?[가-힣]|\s?(?:안|못)\s?(?:함|됨|되|하|했|돼|보|들|느|나|만)"
    r"|\s?[없않])"
)
_SEEN: Final = (
    r"(?:관찰|확인|촉지|청진|호소|동반|발생|보고|인지|발견|검출|증명|시사|의심|관련|해당|기록|감지|유발|진행|발현"
    r"|노출|재발|형성|기억|진단|언급|측정|파악|인정|촉진|만져|보이|들리|느껴|느끼|나타나|있|생기|잡히|걸리|앓|겪"
    r"|이르)"
)
_CHANGE: Final = (
    r"호전|차도|(?<!신호)(?<!신호 )(?<!음영)(?<!성 )(?<!성)변화|효과|조절|개선|반응|변동|차이|감소|도움|소용|나아"
    r"|낫|줄어?들?|사라지|가시|멈추|그치|가라앉|없어지|해결|완화|해소|소실되|완치|회복|좋아|치료|떨어지|잡히"
    r"|내리지|해열|수면|제거|배액되|절제|지혈|없애|멎|빠지"
)
_PREDICATE: Final = re.compile(
    r"(?P<pseudo>(?:" + _CHANGE + r")[가-힣]{0,2}\s?(?:은|는|이|가|도|을|를)?\s?(?:전혀\s|거의\s|별로\s|크게\s"
    r"|잘\s)?(?:없|않|안\s?[되됨돼]|못)|(?:심하|크|뚜렷하|많|대단하|급하|명료하)지\s?(?:는\s)?않"
    r"|없어지지 않|(?:문제|이상|원인|이유|연관|관계|상관|도)\s?없이|끊이지 않|무관하|관계없|상관없|불문)"
    r"|(?P<possible>가능성(?:이|도|은|을)?\s?(?:전혀\s|아주\s|완전히\s)?(?:없지|없다고는?|배제)"
    r"|배제(?:할|하(?:기|지)?|는|되지|가)?\s?(?:수\s?)?(?:는|도|를|가|진)?\s?(?:어려|못|없|않|힘|안|필요|요함|요"
    r"|위해|위한|목적|하기|진단|되지)|배제\s?(?:위해|위한|필요|요)|배제하기|배제하고자|배제 하"
    r"|배제(?:해야|하여야|해\s?(?:볼|봐|보))"
    r"|없다고\s?(?:는\s)?(?:할|볼|단정|말)|아니라고\s?(?:는\s)?(?:할|볼|단정)|아닐까|(?:확실|명확|분명|확정적"
    r"|단정)[가-힣]{0,3}\s?(?:지\s?않|없|어려)"
    r"|일\s?수\s?(?:도\s?)?있|인지\s?(?:[가-힣]+\s){0,3}?(?:감별|확인|평가|여부|모르|불분명|검사|의심|보려|보기"
    r"|알아|아닌지|배제|추적|확실)|인지(?=\s|$|,|\?)|일\s?듯|인\s?듯|같(?:음|다|아|습|은|고|지만|으나)"
    r"|(?:으로|로)\s?(?:는\s)?(?:보(?:임|이|여|인|고|았)|생각|사료|추정|여겨|추측|판단되나|의심|간주)|의심(?!되지"
    r"|하지|할\s?만한\s?(?:소견|증상|병변|징후|이상)?\s?(?:은|는|이|도)?\s?없|\s?(?:소견|증상|병변)?(?:은|는|이"
    r"|도)?\s?(?:되지|하지)?\s?(?:않|없|안))|의증|추정|추측|사료|"
    r"감별|r/?o(?![a-z])|rule ?out|여부|가능(?:성)?(?!(?:이|은|도)?\s?(?:전혀\s)?없|한 상태|하[고며])|불확실"
    r"|미확정|잠정|시사|추후 확인|여지|염두|고려|\?)"
    r"|(?P<absent>(?:소견|증거|징후|양상)[은는이가도]?\s?(?:뚜렷|명확|분명|현저|확실)하지\s?(?:는\s)?않|"
    + _SEEN
    + r"[가-힣]{0,2}"
    + _NOT
    + r"|(?:없(?!어지|애|던|지\s?(?:는\s)?않"
    r"|다고\s?(?:는\s)?(?:할|볼))|부인(?!과|이|께|은|의)|않(?!고는)|아님|아니(?!라고)|아닌(?!지)|음성(?!화|이\s?작"
    r"|이\s?변|이 쉰|치료|증상)|배제(?:됨|함|되었|되어|하였|했|돼|된|하고|되고|되며|하며|(?=[\s,.]|$)(?!\s?(?:위해"
    r"|위한|필요|요|진단|안|못|어려|목적)))|정상(?!변|화)|안\s?보|안\s?들|안\s?느|안\s?나|안\s?생|안\s?만져|미관찰"
    r"|미발견|미확인|미동반|무\b|무(?=$|[\s,.])|불검출|결여|clear|(?:neg|negative)\b)"
    r"|\(\s?-\s?\))"
    r"|(?P<historical>앓(?:았|은|으|던|고\s?(?:난|나서))|완치|(?:자연\s?)?소실(?:되|됨|된|돼|(?=[\s,.]|$))|관해|(?:걸|앓|겪|입원한|수술한"
    r"|치료받은|진단받은|있었던|한|왔던|받은|난|발생한|생긴|했던|받았던)\s?적(?:이|은|도)?\s?있|무병|(?:치료|투약"
    r"|추적|항암|방사선|f/u|RFU|추적관찰|약물치료)\s?(?:는|은|이|를|을)?\s?(?:완료|종료|종결|끝)|재발\s?없이"
    r"|완전\s?(?:히\s)?(?:호전|회복)|(?:나았|나은|낫고|사라졌|사라진|없어졌|없어진|없어짐|사라짐|가라앉았|호전되어 "
    r"현재|회복(?:됨|되|하여|함|한|했)|해결됨|치유))"
    r"|(?P<present>있(?!으면|을\s?(?:경우|시|때)|거든|을까)|호소|지속|동반(?:됨|되|함|하|한)|심(?:함|하|해|한|해짐"
    r"|해져)|발생(?:함|하여|하였|했|되|됨|한)(?!\s?(?:시|경우))|관찰(?:됨|되|함)|확인(?:됨|되(?!지)|함|하여|됐|한)"
    r"|보(?:임|이며|이고|여|인)|양성|\(\s?\+|악화|여전|남아|남음|촉지(?:됨|되)|나타(?:남|나(?!면)|났)|진행|느(?:낌"
    r"|껴|끼며|끼고|낀)|느끼(?:지만|나|는)|시작|조절\s?(?:중|됨|되)|복용\s?중|치료\s?(?:중|받)|투석\s?중|재발(?:함"
    r"|하여|했|되)|뚜렷|증가|상승|저하|생(?:김|겨|겼|기고|긴)|생기고|청진(?:됨|되)|올라|잇(?:고|음|다|어)|잇음"
    r"|진단(?:됨|받|하)|합병|유지|현저|\bactive\b)",
    re.I,
)
_ONLY_TAIL: Final = re.compile(
    r"(?:[은는이가도을를의]|이나|나|와|과|및|등|또는|혹은|,|/|·|\s|증상|소견|증|같은|이라든지|라든가|이며|하고|랑"
    r"|이랑|에|부위)*\Z"
)
_CONNECTIVE: Final = re.compile(
    r"(?:[가-힣](?<!최)(?<!보)(?<!사)(?<!경)(?<!하)(?:고|며|으나|지만|는데|은데|면서|아서|어서|여서|해서|하여|되어"
    r"|있어|없어|겨서|져서|다가|으며|던|더니|므로|니까|라서)|하고|하며|있어|보여|보이나|하나|되나|[았었였했]으나"
    r"|(?:한|된|은|는) (?:뒤|후|다음)|때문에|으로 인(?:해|한)|에 의한|로 인(?:해|한))(?=[\s,.]|$)"
)
_CLAUSE: Final = re.compile(r"[;.\n](?:\s|$)|[.。](?=[가-힣])|→|->|▶|=>")
_IF: Final = re.compile(
    r"(?P<if>[가-힣]*?[가-힣]면(?=[\s,.)]|$))"
    r"|(?:발생|지속|악화|심할|있을|재발|동반|호소|보일|나타날|생길|출현|심해질|발현|느낄|의심|출혈|필요|증가"
    r"|느껴질|심해|반복|재현|있게 될|될|할|올|들)\s?(?:시|경우|때|땐)(?=[\s,.]|에|엔|는|마다|$)"
    r"|경우(?=[\s,.]|에|엔|는|도|$)|(?:거든|을 때|ㄹ 때|을 때는|을시)(?=[\s,])"
)
_WINDOW: Final = 120
"""Code points on either side of the words in which their predicate stands."""
_NOUN_MYEON: Final = re.compile(
    r"(?:수|안|측|표|반|전|후|국|화|장|정|단|양|대|비대|사|내|외|상|하|배|복|기|족|당|절|이|방|도|지|평|시|지면|해"
    r"|입|도면|피부|관절|골절|단)면\Z"
)
_REAL_IF: Final = re.compile(
    r"(?:으|하|되|나|지|있|없|생기|오|이|보이|느끼|지나|재|차|프|라|리|기|뜨|부으|들|서|내리|오르|겪으|시|치|려|가"
    r"|떨어지|심하|다|자|쓰|나오|크|트|끼|두|켜|번지|끊|붓|되시|들리|터지)면\Z"
)
_EASED: Final = re.compile(
    r"\s?(?:좀\s|조금\s|더\s)?(?:덜|더\s?(?:심|아)|호전|완화|악화됨|나아|괜찮|편하|심해(?:짐|진)|아프)"
)
"""What follows a condition that eases or worsens what is there ("누우면 덜함")."""
_OLD: Final = re.compile(r"(?:오래된|치유된|진구성|묵은|과거의?|예전|old\b)", re.I)
_GONE: Final = re.compile(
    r"[^.;,]{0,16}?(?:으나|지만|는데|다가|고)\s(?:모두\s|다\s|지금은\s|현재는?\s|이후\s|완전히\s)*(?:나았|나음|완쾌|완치|회복)|"
    r"[은는]\s[^.;]*?(?:소실|완치|해소|치유)(?:됨|되었|됐|[.\s]*\Z)"
)
_DIRECT_WHEN: Final = re.compile(
    r"(?:이|가|은|는)?\s?(?:등\s?)?(?:의\s)?(?:발생\s|지속\s|악화\s|증상\s|재발\s)?(?:시|경우)(?=[\s,.]|에|엔|$)"
)
_MAY_HAPPEN: Final = re.compile(
    r"(?:생길|나타날|발생(?:할|될)|올|유발(?:할|될)|초래(?:할|될)|일으킬|진행(?:할|될|할)|악화(?:될|할)|재발(?:할"
    r"|될)|심해질|될|걸릴|위험해질|동반(?:될|할)|빠질|이어질|겪을|커질|느낄|떨어질|올라갈|높아질|발전할|전이될"
    r"|생겨날|나올|남을)\s?수\s?(?:도\s?)?있"
)
_RISK: Final = re.compile(
    r"\s?(?:의\s)?(?:등\s)?(?:징후|증상|여부|발생)?\s?(?:을|를|이|가)?\s?(?:있는지\s)?(?:관찰|확인|주시|체크|감시)하(?:도록|라고)|"
    r"(?:의|이|에\s?대한|발생|발병|재발|악화|진행|전파|으로의|로의|으로|로|\s|등|등의|및|과|와|이나|나"
    r"|[가-힣]{2,4}(?:과|와|및|,)\s?[가-힣]{2,8}\s?)*\s?(?:고위험|저위험|위험(?:성|도|이|은|인자|요인"
    r"|도가)?(?!\s?없)|예방|방지|우려|대비|주의|조심|선별|스크리닝|감시|모니터|검진|백신|접종|걱정|염려|경고|"
    r"낙상예방|억제\s?위해|합병증(?:으로|에)?\s?(?:설명|고지|가능)|막기|피하기|피하려|줄이기|낮추기)"
)
_ZERO: Final = re.compile(r"[^,.;]{0,8}?(?<![\d.])0\s?(?:점|/\s?10)")
_NOT_DONE: Final = re.compile(r"\s?(?:이|가|은|는|을|를)?\s?(?:잘\s)?(?:안\s?[됨되돼]|못\s?[함하]|안\s?함)")
_EXPLAINED: Final = re.compile(
    r"[^.;]{0,30}?(?:합병증|부작용|후유증|위험)[^.;]{0,16}?(?:설명|고지|안내|교육|동의|가능)"
)
_ADVICE: Final = re.compile(
    r"오세요|내원|방문|연락|알리|알려|교육|설명|호출|병원|응급실|중지|중단|상담|보고|즉시|바로|주의|전화|119|투여"
    r"|복용|사용|검사|고려|재검|예정|계획|시행|의뢰"
)
_THEN: Final = re.compile(r"가능성|수 ?있|위험|우려|설명|고지")
_IF_BEFORE: Final = re.compile(
    r"(?:주의\s?사항|주의\s?증상|경고\s?증상|응급\s?증상|퇴원\s?교육)[^:\n]{0,8}:|"
    r"(?:만약|만일|혹시|혹여)(?![가-힣])|위험\s?인자로?|위험인자\s?:|예방적|예방\s?목적|합병증(?:으로|인|\s?\()"
)
_POSSIBLE_BEFORE: Final = re.compile(
    r"(?:\br/?o\b|\brule ?out\b|의심되는|의심(?:하에|하(?:고|며)|질환|진단)\s?[:)]?|추정\s?진단\s?[:)]?"
    r"|임상적\s?추정|가능한|가능성\s?있는|ddx|d/dx|감별\s?진단\s?[:)]?|\?)\.?\s?[:)]?\s?[^,;.\n]{0,14}\Z",
    re.I,
)
_RIVALS: Final = re.compile(r"(?:\bvs\.?(?![a-z])|(?<=[\s가-힣a-z])>(?=\s))", re.I)
_PAST: Final = re.compile(
    r"(?:\bs/p\b|\bhx\.?(?:\s?of)?(?![a-z])|\bh/o\b|과거력|기왕력|병력|과거(?:에|\s)|예전(?:에)?\s|예전"
    r"|이전에(?!\s?비)|전에\s|작년|재작년|지난해|어릴\s?(?:때|적)|어렸을|유년기|소아기|영아기|학창시절|대학\s?때"
    r"|고등학교\s?때|중학교\s?때|초등학교\s?때|고교\s?때|군대|군\s?복무"
    r"|젊(?:을|었을)\s?(?:때|적)|돌\s?무렵|소싯적|생후\s?\d+|\d+\s?대에|신생아\s?때|출생\s?시|\d+세\s?(?:때|에|경)"
    r"|\d+살\s?(?:때|에)|(?:약\s?)?(?:\d+|수|몇|십수|여러|수십|오래|십)\s?(?:여\s?)?년\s?전(?!부터|\s?부터)(?:에"
    r"|쯤|경)?|오래\s?전|과거|(?:19|20)\d\d년?(?!\s?[-./]\s?\d|\s?년?\s?(?:부터|이후)|\d)|'\d\d년?(?=\s)"
    r"|[’'‘]\d\d\b|\bold\b|당시\s|(?:첫|첫째|둘째|지난|이전)\s?(?:임신|출산|분만)|이전\s?임신|지난\s?(?:겨울|여름|봄|가을)|결혼\s?전|왕년"
    r"|한때)",
    re.I,
)
_NO_ITEM: Final = re.compile(r"(?:에서|으로|에|후|중|위해)\s|[-:=]\s|특이|절제연|기타")
_YEAR_AFTER: Final = re.compile(
    r"[^;.\n]{0,30}?(?:\(\s?)?(?<!\d)(?:(?:19|20)\d\d|['’‘]\d\d)(?!\s?[-./년]\s?\d)(?!\d)(?!\s?년?\s?(?:부터|이후|~))"
)
_RESOLVED: Final = re.compile(
    r"(?:재발(?:\s?(?:소견|징후|증거))?\s?없(?:이|음)|했었|하였었|있었(?:으나|는데|지만|다가|던)|였(?:으나|는데)|었(?:었|던|으나|다가|는데)|완전\s?호전"
    r"|호전되어\s?(?:현재|지금)|왔다가|있다가\s?(?:호전|소실|회복)|자연\s?(?:호전|소실)|이후\s?(?:호전|회복))"
)
_ONGOING: Final = re.compile(
    r"진단(?:받|됨|되|하)|복용|투약\s?(?:중|하)|치료\s?(?:중|받는)|조절|투석|인슐린|f/u\s?중|추적\s?(?:중"
    r"|관찰\s?중)|외래\s?f|지속|부터|유지|현재도|지금도|여전|악화|최근|on\b|medication|경과\s?관찰|호소|내원함"
    r"|앓고|있어\s|반복"
)
_NEWLY: Final = re.compile(r"전부터|(?:분|환자|자)(?:으로|로)\s|분\s|부터\s|새로|최근|현재|오늘|금일|지금은|이번|어제")


def assertion(sentence: str, start: int, end: int) -> Assertion | None:
    """Return what Korean cues say of the words from ``start`` to ``end``; None where none is in force."""
    clause_end = min(_clause_end(sentence, end), end + _WINDOW)
    after = sentence[end:clause_end]
    clause_start = max(_clause_start(sentence, start), start - _WINDOW)
    before = sentence[clause_start:start]
    if _hypothetical(sentence, before, after, start, end):
        return "hypothetical"
    region = _region(after)
    if _RISK.match(region):
        return "hypothetical"
    if _ZERO.match(after):
        return "absent"
    if _rival(sentence, start, end) or _POSSIBLE_BEFORE.search(before):
        label: Assertion | None = "possible"
    else:
        label = _predicate(after, region)
    if label in ("absent", "possible"):
        return label
    if _OLD.match(sentence, start, end) or _GONE.match(after):
        return "historical"
    if label == "historical" or _historical(before, after, region, label):
        return "historical"
    return label


@lru_cache(maxsize=256)
def _clauses(sentence: str) -> tuple[tuple[int, int], ...]:
    """Where one clause ends and where the next begins."""
    return tuple(match.span() for match in _CLAUSE.finditer(sentence))


def _clause_end(sentence: str, end: int) -> int:
    return next((stop for stop, _ in _clauses(sentence) if stop >= end), len(sentence))


def _clause_start(sentence: str, start: int) -> int:
    return max((begin for _, begin in _clauses(sentence) if begin <= start), default=0)


@lru_cache(maxsize=4096)
def _region(after: str) -> str:
    """What follows up to the end of the statement."""
    match = _CONNECTIVE.search(after)
    return after[: match.end()] if match is not None else after


def _hypothetical(sentence: str, before: str, after: str, start: int, end: int) -> bool:
    if _DIRECT_WHEN.match(after) or _EXPLAINED.match(after):
        return True
    own = before[_begins(before) :]
    if _MAY_HAPPEN.search(_region(after)) or _IF_BEFORE.search(own):
        return True
    if _IF.search(own) and _THEN.search(_region(after)):
        return True
    searched = after if _ADVICE.search(after) else _region(after)
    conditions = (match for match in _IF.finditer(searched) if _is_condition(match["if"]))
    condition = next((match for match in conditions if not _EASED.match(searched, match.end())), None)
    if condition is None:
        return False
    between = searched[: condition.start()]
    return not _CONNECTIVE.search(between) or _only_and(between)


def _is_condition(word: str | None) -> bool:
    """Tell a conditional ending from a noun (수면, 안면); None stands for the other forms of a condition."""
    return not word or not _NOUN_MYEON.search(word) or _REAL_IF.search(word) is not None


def _only_and(between: str) -> bool:
    """Tell whether statements are joined by "and" or "or" alone, so that a condition at the end holds for all."""
    return all(
        match[0].endswith(("고", "며", "거나")) and not re.search(r"있고|없고|하고", match[0])
        for match in _CONNECTIVE.finditer(between)
    )


@lru_cache(maxsize=256)
def _rivals(sentence: str) -> tuple[re.Match[str], ...]:
    return tuple(_RIVALS.finditer(sentence))


def _rival(sentence: str, start: int, end: int) -> bool:
    for match in _rivals(sentence):
        between = (
            sentence[match.end() : start]
            if match.end() <= start
            else sentence[end : match.start()]
            if match.start() >= end
            else ","
        )
        if len(between) <= 40 and not re.search(r"[,:;]|\.\s", between):
            return True
    return False


@lru_cache(maxsize=4096)
def _predicate(after: str, region: str) -> Assertion | None:
    """Return what the first predicate after the words says of them."""
    comma = region.find(",")
    own = region if comma < 0 else region[:comma]
    if _NOT_DONE.match(own):
        return "absent"
    for match in _PREDICATE.finditer(own):
        return _meaning(match, own)
    if comma < 0 or not _ONLY_TAIL.match(own):
        return None
    return _listed(after, comma)


def _meaning(match: re.Match[str], own: str) -> Assertion | None:
    if match.lastgroup == "pseudo":
        return "present"
    if (
        match.lastgroup == "absent"
        and re.search(r"(?:통증)?\s외\s", own[: match.start()])
        and len(own[: match.start()]) > 3
    ):
        return "present"
    return match.lastgroup  # pyright: ignore[reportReturnType]


def _listed(after: str, comma: int) -> Assertion | None:
    """Return what the end of a list says of its first item, where all between are items of it."""
    at = comma + 1
    for _ in range(12):
        stop = after.find(",", at)
        item = after[at:] if stop < 0 else after[at:stop]
        match = _PREDICATE.search(_region(item))
        if match is not None:
            head = item[: match.start()]
            short = len(head.split()) <= 4 and not _NO_ITEM.search(head)
            if match[0].startswith("음성") and not re.search(r"모두|다 |전부", head):
                return None
            return "absent" if match.lastgroup == "absent" and short else None
        if stop < 0 or len(item.split()) > 4 or _NO_ITEM.search(item) or _CONNECTIVE.search(item):
            return None
        at = stop + 1
    return None


@lru_cache(maxsize=1024)
def _begins(before: str) -> int:
    """Return where the statement that goes on after ``before`` begins."""
    return max((match.end() for match in _CONNECTIVE.finditer(before)), default=0)


def _historical(before: str, after: str, region: str, label: str | None) -> bool:
    cut = _begins(before)
    past = _PAST.search(before, cut)
    near = _PAST.match(region.lstrip(" 의()")) or re.match(
        r"\s?(?:의\s)?(?:과거력|기왕력|병력|수술력|치료력|입원력|hx\b)", region, re.I
    )
    if near and label != "absent":
        newer = _NEWLY.search(region)
        return not _ONGOING.search(region[: newer.start()] if newer else region)
    if past is None:
        return bool(_RESOLVED.search(region)) or (bool(_YEAR_AFTER.match(region)) and not _ONGOING.search(region))
    rest = before[past.end() :]
    if _NEWLY.search(rest):
        return False
    return not _ONGOING.search(region) or bool(_RESOLVED.search(region))
