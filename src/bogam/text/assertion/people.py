"""Whose finding it is: the patient's, or that of a relative, a donor, a contact, who is its subject in the sentence.

A relative who only tells ("Wife says he has been forgetful", ``모친이 대신 진술함``) or comes along is no subject.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_HANGUL: Final = re.compile(r"[가-힣]")
_KIN: Final = (
    r"(?:step|half|grand|great[- ]?grand|great|god|foster )?-?(?:mother|father|parent|son|daughter|child|sister|brother"
    r"|uncle|aunt|nephew"
    r"|niece|sibling)(?:s|ren)?(?:[- ]in[- ]law)?|(?:grand)?(?:mom|dad|mum|ma|pa|papa|mama|kids?|children)|moms?"
    r"|dads?|mums?|gran(?:ny|dma|dpa)"
    r"|grandma|grandpa|cousins?|twins?|relatives?|family members?|wife|husband|spouse|partner|boyfriend|girlfriend"
    r"|fianc[eé]e?|in-laws?"
    r"|(?:room|house|flat|cell|bunk|dorm|team|work|lab)-?mates?|cow-?orkers?|colleagues?|classmates?|teammates?|neighbou?rs?|friends?"
    r"|donors?|contacts?(?! (?:dermatitis|lens|precaution|isolation))"
    r"|household|dormitory|coworkers?|babysitter|nanny|schoolmates?|boss|landlord|caregiver|sib|bro|sis|fetus|FOB"
    r"|MGM|MGF|PGM|PGF|(?:mat|pat|maternal|paternal)\.? G[MF]|source (?:patient|pt)|other driver"
    r"|ex(?= (?:has|had|was|is|tested|got|died))|ex-?(?:husband|wife|partner|boyfriend|girlfriend|spouse)"
    r"|(?:travel(?:ing)? )?companions?|index (?:case|patient)"
    r"|passenger in the (?:same|other) \w+|(?:other|fellow|nursing home|several) (?:patients|residents|passengers)"
    r"|driver of the other \w+|assailant|attacker|perpetrator"
    r"|(?:dogs?|cats?|pets?|pupp(?:y|ies)|kittens?|horses?|cattle|goats?)"
    r"(?! ?-?(?:bites?|scratch\w*|hair|dander|owner|allerg\w*|scan|exposure|and|or))"
)
_FEMALE: Final = re.compile(
    r"mother|mom|mum|daughter|sister|aunt|niece|wife|girlfriend|gran(?:ny|dma)|\bsis\b|M?GM\b", re.I
)
_KIN_WORD: Final = re.compile(rf"(?<![\w-])(?P<kin>{_KIN})(?P<own>['’]s?)?(?![\w-])", re.I)
_HISTORY: Final = re.compile(
    r"(?<!no )(?<!non-)\b(?:family (?:is )?(?:significant|positive|notable|remarkable) for"
    r"|family (?:history|hx|h/o|medical history)|fam(?:ily)? hx|FHx?|FMHx?|familial "
    r"history)\b|가족력|가족 ?병력|가족 내|집안에?",
    re.I,
)
_TELLS: Final = re.compile(
    r"\W{0,3}(?:(?:who|also|both|and|,|\(|\)|at bedside|is|was|were|are|has|have|had|been|very|in the room|now"
    r"|here|today|present|also"
    r"|[a-z]+ly|a nurse|along|came|which|\w+)\W+){0,6}?"
    r"(?:says?|said|states?|stated|reports?|reported|reporting|notes|noted|noticed|notices|noticing|thinks?"
    r"|thought(?! to)|believes?|tells?|told|describes?"
    r"|described|observed|saw|sees|seen|brought|brings|called|calls|called|concerned|worried|witnessed"
    r"|found(?! to (?:have|be|carry))"
    r"|feels"
    r"|denies|denied|complains|requests?"
    r"|requested|asks?|asked|wants?|confirms?|confirmed (?:that|this|he|she|by)|mentions?|mentioned|recalls?"
    r"|insists?|translates?"
    r"|interprets?|interpreting"
    r"|accompanied|accompanies|bringing|gave(?! birth)|gives|provides?|provided|reassured|updated|informed|at bedside"
    r"|heard"
    r"|hears|explains|endorses|drove|watched)\b",
    re.I,
)
_BY: Final = re.compile(
    r"\b(?:per|by|with|to|from|via|and|for|of the|of his|of her|lives with|according to|accompanied by|cares? for"
    r"|caring for|caregiver for|visit(?:ing|ed)?"
    r"|through|unlike|told|tells?|his and|her and|near|beside|without|asked|informed|updated|live[sd]? near|help(?:s"
    r"|ed)?(?: of)?|sees?)\s(?:the |his |her |their |pt'?s |patient['’]?s? |a )?\Z",
    re.I,
)
_MET: Final = re.compile(
    r"\b(?:expos(?:ed|ure) to|contact with|contact of|sick contact:?|caught (?:it )?from|living with)\s(?:a |an "
    r"|his |her |the |their )?\Z",
    re.I,
)
_BORN: Final = re.compile(r"\b(?:born|delivered) (?:to|by|of) (?:[\w-]+ ){0,4}\Z", re.I)
_CARED_FOR: Final = re.compile(
    r"\b(?:car(?:es?|ing) for|caregiver (?:for|of|to)|liv(?:es?|ing) with|visit(?:s|ed|ing))\s"
    r"(?:an? |the |his |her |their )?(?:\w+ )?\Z",
    re.I,
)
_PARENT_OF: Final = re.compile(r"\s(?:of|to) (?:an? |one|two|three|four|five|six|twins|triplets|\d)", re.I)
_WHO_HAS: Final = re.compile(r"\s(?:with|who|known|positive|w/)", re.I)
_AS_CHILD: Final = re.compile(r"\bas an? (?:\w+ )?\Z", re.I)
_OF_A_SIDE: Final = re.compile(
    r"[^.;,]{0,20}\bon (?:the|his|her|their|both) "
    r"(?:maternal|paternal|mother['’]s|father['’]s|mom['’]s|dad['’]s|family) sides?\b",
    re.I,
)
_OF_FAMILY: Final = re.compile(
    r"\s?(?:의\s|에 대한\s)?가족력|\s(?:family history|FHx?\b)"
    r"|\s(?:also )?(?:(?:that )?runs?|running|(?:is |are )?(?:common|prevalent)) in (?:the|his|her|their|my|both) "
    r"(?:\w+ )?(?:family|families)\b",
    re.I,
)
_WHOSE: Final = re.compile(
    r"(?:\b(?:his|her|their|my|our|whose|one|two|three|four|an?|oldest|youngest)|['’]s?)\s(?:\w+\s)?\Z", re.I
)
_PATIENT: Final = re.compile(
    r"(?:(?P<lead>^|[.;:,]\s|\b(?:and|but|that|while|whereas|though|although|because|when|so)\s(?:(?:on|at|in|upon"
    r"|after|during) \w+ )?)(?:now |today |our |the |this )?)"
    r"(?P<who>patient|pt|he|she|i|client|infant|baby|child|newborn)\b(?!['’]s)",
    re.I,
)
_SELF: Final = re.compile(
    r"\b(?:our|the|this) (?:patient|pt)\b(?!['’]s)|\b(?:pt|patient) (?:herself|himself|has|is|denies|reports|with"
    r"|presents|does|had|was|currently|now)\b",
    re.I,
)
_HAVING: Final = re.compile(
    r"\W{0,3}(?:\w+\W+){0,6}?(?:has|have|had|with|w/|w|died|deceased|passed|dx|diagnosed|was|is|being|living"
    r"|suffers?|suffered|lost|got|gets|tested|"
    r"positive|carries|carrier|underwent|recovering|hospitalized|sick|ill|also|at|age|alive|healthy|developed|came"
    r"|went|survived|needed|received|treated|carry|carrying|sustained|used|uses|abused|struggl\w+|battl\w+|suffering"
    r"|undergoing|started|takes|taking|receiving|requir(?:es|ed|ing)|complicated|affected|notable|significant|remarkable|contracted|caught)\b|\son\s|['’]s?\b|\s?[:(–-]|\s?,|\s?\+",
    re.I,
)
_STOP: Final = re.compile(
    r"[;]|\.\s|\bbut\b|\bhowever\b|\bnow (?:with|has|have|having|is|presents|presenting|complain\w*|himself|herself)\b"
    r"|,\s(?:and |is |has )?now\s(?!deceased|dead|aged?\b|living)",
    re.I,
)
_HIMSELF: Final = re.compile(r"\s(?:himself|herself|themselves)\b", re.I)
_LOST: Final = re.compile(
    r"\s(?:death|passing|funeral|illness|suicide|diagnosis|arrest|hospitali[sz]ation|surgery)\b[^.,;]*,", re.I
)
_SINCE: Final = re.compile(
    r"\b(?:since|after|because|when|while|as|until|before)\s(?:his |her |their |the |my |both )?\Z", re.I
)

_KO_KIN: Final = (
    r"(?:외|친|시|양|새|큰|작은|둘째|첫째|막내|쌍둥이|남|여)?(?:(?:첫째|둘째|셋째|막내|큰|작은)\s?(?:아이|애)|친형|증조부|증조모|조부모|조부|조모|할머니|할아버지"
    r"|어머니|아버지|어머님|아버님|모친|부친|엄마|아빠|부모님|부모|형제|자매|남매"
    r"|형님|오빠|언니|누나|누님|동생|남동생|여동생|이모|고모|이모부|고모부|삼촌|숙모|숙부|백부|사촌|조카|아들|딸"
    r"|자녀|손자|손녀|손주|남편|아내|배우자|장모|장인|며느리"
    r"|사위|시모|시부|친척|쌍둥이|가족|가족들|형수|매형|올케|시누이|처남|처제)"
    r"|룸메이트|직장 ?동료|동료|같은 ?반 \w+|친구|이웃|옆집(?: ?(?:아기|아이|사람))?|짝꿍|공여자|기증자|제공자"
    r"|반려자|여자친구|남자친구|애인|동거인|간병인|모체|같은 ?방(?: ?(?:아기|아이|환자|환아|사람))?|옆 ?자리|옆 "
    r"?침대|동기|후임|선임|기숙사"
    r"|어린이집|유치원"
)
_KO_SUBJECT: Final = re.compile(
    rf"(?<![가-힣])(?P<kin>(?:환자|환아|본인)?(?:의)?\s?(?:{_KO_KIN}|부인(?=이|도|은|께서|\s)|처(?=가|도|는)"
    rf"|(?<![가-힣])형(?=이|도|은|\s|:|,|$)|(?<![가-힣])[부모](?=\s?[-:(])))"
    r"(?:\s?(?:한|두|세|네|\d)\s?(?:명|분))?(?:\s?(?:중|들|쪽|측|네|집))?"
    r"(?P<particle>들?(?:이|가|은|는|께서|께서도|께선|도|의|에게서?|에서|와|과|랑|이랑|님이|님도"
    r"|님은)?)(?![가-힣])(?P<after>\s?[-:,(·]|\s|$)"
)
_KO_TELLS: Final = re.compile(
    r"[^.;]{0,40}?(?:대신|진술|말(?:함|하|씀)|따르면|의하면|보기에|보기로|보니|봤을|보았|목격|발견(?!되)|관찰|데려"
    r"|모시고|동행|동반하여|함께|같이|대동|설명|이야기|얘기|부축|업고|전언|제보|신고|호소(?:함|하)|걱정|문의"
    r"|에 의해|알아차|느끼기|깨워|불러|확인하고|보고함|보고하|요청|원하|원함|돌보|간병)"
)
_TOLD: Final = re.compile(
    r"[^.;,]{0,20}(?:다|라|냐|자)?는\s?(?:말|이야기|얘기|소리)(?:을|를)?\s?(?:듣|들)|"
    r"[^.;,]{0,20}(?:[다라냐]고|것 같다고)\s?(?:말|진술|호소|보고|걱정|표현|하며 데|하여 데|하여 내원)"
    r"|\s?(?:을|를|이|가|하는 것을|있음을|있는 것을)?\s?(?:목격|관찰|발견|확인|신고)(?:하|함|했)"
    r"|[^.;,]{0,20}[다라]며|[^.;]{0,24}(?:데리고|데려)"
)
_KO_SELF: Final = re.compile(
    r"(?<![가-힣])(?:환자|환아|본인|상기인|자신|산모|신생아|환자분|환자 ?본인|당사자|아이|아기)(?:은|는|도|에게|의"
    r"|만|에서|에게서|께서는|이|가)?(?![가-힣])"
)
_KO_END: Final = re.compile(
    r"(?:사망|돌아가|별세|작고|떠나|격리|간병|퇴원|입원|수술)[가-힣]{0,3}\s?(?:뒤|후|이후|다음)|[.;]|이나 환자"
    r"|지만\s|으나\s"
)
_KO_WHOSE: Final = re.compile(rf"[^가-힣]{{0,3}}\s?[(:]\s?(?:{_KO_KIN})")
_KO_WITH: Final = frozenset({"와", "과", "랑", "이랑"})


def is_other(sentence: str, start: int, end: int, section: str) -> bool:
    """Tell whether the words from ``start`` to ``end`` are said of somebody other than the patient."""
    family = section == "family-history" or any(
        match.end() <= start and not _STOP.search(sentence, match.end(), start) for match in _histories(sentence)
    )
    if family:
        return not _back_to_patient(sentence, start)
    if _OF_A_SIDE.match(sentence, end) or _OF_FAMILY.match(sentence, end):
        return True
    return _english(sentence, start, end) or (_HANGUL.search(sentence) is not None and _korean(sentence, start, end))


def _back_to_patient(sentence: str, start: int) -> bool:
    return any(match.end() <= start for match in _SELF.finditer(sentence)) or bool(
        re.search(r"(?:환자|환아|본인)(?:는|은|도)\s[^.;]*\Z", sentence[:start])
    )


@lru_cache(maxsize=1024)
def _histories(sentence: str) -> tuple[re.Match[str], ...]:
    return tuple(_HISTORY.finditer(sentence))


@lru_cache(maxsize=1024)
def _kin(sentence: str) -> tuple[re.Match[str], ...]:
    return tuple(_KIN_WORD.finditer(sentence))


def _is_subject(sentence: str, kin: re.Match[str]) -> bool:
    """Tell whether a relative may be who a statement is about; a child is the patient where nobody is its parent."""
    begin = max(0, kin.start() - 40)
    if _AS_CHILD.search(sentence, begin, kin.start()):
        return False
    if _MET.search(sentence, begin, kin.start()) or (
        (_BORN.search(sentence, begin, kin.start()) or _CARED_FOR.search(sentence, begin, kin.start()))
        and _WHO_HAS.match(sentence, kin.end())
    ):
        return True
    if _BY.search(sentence, begin, kin.start()) or _PARENT_OF.match(sentence, kin.end()):
        return False
    return kin["kin"].lower() not in ("child", "kid") or bool(_WHOSE.search(sentence, begin, kin.start()))


def _english(sentence: str, start: int, end: int) -> bool:
    subjects = [match for match in _kin(sentence) if match.end() <= start and _is_subject(sentence, match)]
    if not subjects:
        after = next((match for match in _kin(sentence) if match.start() >= end), None)
        return (
            after is not None
            and _TELLS.match(sentence, after.end()) is None
            and re.fullmatch(
                r"\s?(?:(?:runs? |running )?in|\(|:|,|-|–)\s?"
                r"(?:his |her |their |the |a |pt'?s |maternal |paternal |both |two )*",
                sentence[end : after.start()],
                re.I,
            )
            is not None
        )
    kin = subjects[-1]
    if kin["own"] and kin.end() + 1 == start:
        return True
    if _STOP.search(sentence, kin.end() + 3, start) or _HIMSELF.match(sentence, end):
        return False
    if "," in sentence[kin.end() : start] and (
        _LOST.match(sentence, kin.end()) or _SINCE.search(sentence, max(0, kin.start() - 20), kin.start())
    ):
        return False
    if not kin["own"] and _TELLS.match(sentence, kin.end(), max(start, kin.end())):
        return False
    if (
        kin["own"]
        and not re.search(r"\b(?:who|of)\b", sentence[kin.end() : start])
        and re.match(
            r"\s(?:request|insistence|concern|report|account|observation|description|house|home|arrival|number|help)",
            sentence[kin.end() :],
        )
    ):
        return False
    female = _FEMALE.search(kin["kin"]) is not None
    for match in _PATIENT.finditer(sentence, kin.end(), start):
        who = match["who"].lower()
        if who in ("he", "she") and (who == "she") == female and match["lead"].strip().lower() not in ("that",):
            continue
        return False
    if _SELF.search(sentence, kin.end(), start):
        return False
    return _HAVING.match(sentence, kin.end()) is not None


@lru_cache(maxsize=1024)
def _ko_subjects(sentence: str) -> tuple[re.Match[str], ...]:
    return tuple(_KO_SUBJECT.finditer(sentence))


def _korean(sentence: str, start: int, end: int) -> bool:
    subject: re.Match[str] | None = None
    for match in _ko_subjects(sentence):
        if match.end() > start + 1:
            break
        subject = match
    if subject is None:
        return _KO_WHOSE.match(sentence, end) is not None
    if subject["particle"] in _KO_WITH or _KO_END.search(sentence, subject.end(), start):
        return False
    if _KO_SELF.search(sentence, subject.end(), start):
        return False
    return _KO_TELLS.match(sentence, subject.end(), start) is None and not _told(sentence, end)


def _told(sentence: str, end: int) -> bool:
    """Tell whether the subject is the teller of what follows ("어머니가 발열 있다고 함")."""
    return _TOLD.match(sentence, end) is not None
