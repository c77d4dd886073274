"""Structured identifiers as Korean notes write them: registration, business, passport, licence, insurance and hospital
numbers, telephones, accounts, vehicles and addresses.

The resident registration number is unique identifying information (개인정보 보호법 제24조의2); the last six of its
digits are random since October 2020 (행정안전부, 주민등록법 시행규칙), so that the checksum raises the confidence
where it fits and refuses nothing where it does not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bogam.text.deid.finding import Category
from bogam.text.deid.lists import sections
from bogam.text.deid.rule import BREAK, Rule, digits, rule, weighed

_BIRTH: Final = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_HIDDEN: Final = r"[*xX●○#]"
_SAYS: Final = (
    r"[ ]{0,3}(?:번호|No\.?|no\.?|ID|#)?[ ]{0,3}(?:는|은|가|이|를)?[ ]{0,3}[:=(\[]?[ ]{0,3}(?:\r?\n[ ]{0,3})?#?"
)
_NUMBER: Final = rf"(?P<value>(?<![A-Za-z0-9])(?!(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?(?!\d))[A-Za-z]{{0,4}}-?\d(?:(?:[ ./]|-{BREAK})?[\d*]){{3,17}}(?![A-Za-z0-9]))"
_MIXED: Final = (
    r"(?P<value>(?<![A-Za-z0-9])(?=[A-Za-z0-9*-]{0,24}\d)[A-Za-z0-9](?:[- ]?[A-Za-z0-9*]){4,24}(?![A-Za-z0-9]))"
)


def _labelled(name: str, category: Category, labels: str, value: str = _NUMBER) -> Rule:
    return rule(name, category, rf"(?:{labels}){_SAYS}{value}", 0.97, flags=0)


def _resident(found: re.Match[str]) -> float:
    number = [int(sign) for sign in digits(found[0])]
    if len(number) < 13:
        return 0.95
    check = (11 - weighed(number, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    return 0.99 if check == number[12] else 0.9


def _business(found: re.Match[str]) -> float:
    """The tenth digit of a business number is a check digit (국세청)."""
    number = [int(sign) for sign in digits(found[0])]
    total = weighed(number, (1, 3, 7, 1, 3, 7, 1, 3)) + number[8] * 5 // 10 + number[8] * 5 % 10
    return 0.97 if (10 - total % 10) % 10 == number[9] else 0.8


_AREA: Final = r"(?:1[016789]|2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\d|80)"
_SEP: Final = rf"[ ]?[-.)]?{BREAK}"
_TELEPHONE: Final = rf"(?:(?:\+|00)?82[-. ]?\(?0?\)?{_AREA}|\(?0{_AREA}\)?)"
_COMPANY: Final = (
    "전자|자동차|화학|건설|중공업|조선|은행|증권|생명|화재|제약|통신|식품|물산|산업|상사|물류|택배|공사|공단|시청|구청|군청"
    "|초등학교|중학교|고등학교|고교|대학교"
)
_SPOKEN: Final = "공영일이삼사오육륙칠팔구"
_SPOKEN_SEP: Final = r"(?:[ ]?[-.,][ ]?|[ ]|다시|에)?"
_PLATE: Final = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배허하호"


@cache
def _address() -> tuple[str, str]:
    provinces, districts = sections("districts_ko.txt")
    names = "|".join(sorted(set(districts), key=lambda name: (-len(name), name)))
    province = (
        rf"(?:{'|'.join(sorted(provinces, key=len, reverse=True))})(?:특별자치시|특별자치도|특별시|광역시|시|도)?"
    )
    return province, names


def _address_rules() -> tuple[Rule, ...]:
    province, names = _address()
    district = rf"(?:{names})"
    any_district = r"[가-힣]{1,4}(?:시|군|구)"
    village = r"[가-힣0-9]{1,8}(?:읍|(?<!하)면|동|리|(?<=\d)가)"
    road = r"[가-힣0-9·.]{1,14}(?:대로|(?<!으)로|길)(?:[ ]?\d{1,4}(?:[가-힣])?(?:번길|길))?"
    number = r"(?:산[ ]?)?\d{1,5}(?:[ ]?-[ ]?\d{1,4})?(?:[ ]?번지)?"
    flat = (
        r"(?:[ ,]{0,3}\(?[가-힣0-9]{0,12}(?:아파트|빌라|오피스텔|타워|빌딩|마을|단지)\)?)?"
        r"(?:[ ,]{0,3}\d{1,4}[ ]?동)?(?:[ ,]{0,3}(?:지하[ ]?)?\d{1,3}[ ]?층)?(?:[ ,]{0,3}[B]?\d{1,5}[ ]?호)?"
        r"(?:[ ]{0,2}\([가-힣0-9, ]{2,20}\))?"
    )
    tail = rf"(?:[ ]{{1,3}}{village}){{0,2}}(?:[ ]{{1,3}}{road})?(?:[ ]{{0,3}}{number})?{flat}"
    return (
        rule(
            "address",
            "address",
            rf"(?<![가-힣]){province}[ ]{{0,2}}{any_district}(?:[ ]{{1,2}}{any_district})?{tail}",
            0.95,
            flags=0,
        ),
        rule(
            "address-in-district",
            "address",
            rf"(?<![가-힣]){district}(?:[ ]{{1,2}}{district})?(?=[ ]{{1,3}}[가-힣0-9]{{1,12}}(?:읍|(?<!하)면|동|리|(?<=\d)가|(?<!으)로|길)(?![가-힣])){tail}",
            0.9,
            flags=0,
        ),
        rule(
            "district",
            "address",
            rf"(?<![가-힣])(?:{'|'.join(n for n in names.split('|') if len(n) > 2)})(?=[^가-힣]|에|의|로|으로|거주|소재|출신|보건소)",
            0.75,
            flags=0,
        ),
        rule(
            "home-city",
            "address",
            r"(?<![가-힣])(?P<value>(?:서울|부산|대구|인천|광주|대전|울산|세종)(?:특별자치시|특별시|광역시|시)?)"
            r"(?=(?:에|에서)?[ ]{0,2}(?:거주|살고|살며|사는|살았|출신|태생))",
            0.8,
            flags=0,
        ),
        rule(
            "road-address",
            "address",
            rf"(?<![가-힣0-9])[가-힣]{{2,10}}(?:대로|로|길)[ ]?(?:\d{{1,4}}(?:번길|길)[ ]?)?\d{{1,4}}(?:-\d{{1,4}})?(?=[ ,]{{1,3}}\d{{1,4}}[ ]?(?:동|층|호)){flat}",
            0.9,
            flags=0,
        ),
        rule(
            "address-labelled",
            "address",
            r"(?:주소|거주지|본적|자택|사는[ ]?곳)[ ]{0,2}[:：]?[ ]{0,2}(?P<value>[가-힣0-9](?:(?!우편번호|전화|연락처)[가-힣0-9 ,.()\-]){3,80}?(?:\d(?:[ ]?(?:호|번지|층|동))?|[동읍면리]))(?=[^가-힣0-9 ,\-]|$|\n|[ ,]{1,3}(?:우편번호|전화|연락처))",
            0.85,
            flags=re.M,
        ),
        rule(
            "lot-address",
            "address",
            rf"(?<![가-힣0-9])[가-힣]{{2,6}}(?:동|읍|면|리)[ ](?:산[ ]?)?\d{{1,5}}(?:-\d{{1,4}})?[ ]?번지{flat}",
            0.9,
            flags=0,
        ),
        rule("flat", "address", r"(?<!\d)\d{3,4}[ ]?동[ ,]{0,3}\d{3,4}[ ]?호(?![가-힣]*실)", 0.85, "동", flags=0),
        rule(
            "postal-code",
            "zip",
            r"우편번호[ ]{0,2}[:(]?[ ]{0,2}(?P<value>\d{5}|\d{3}-\d{3})(?!\d)",
            0.97,
            "우편",
            flags=0,
        ),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "resident-number",
        "national-id",
        rf"(?<![\d-]){_BIRTH}{BREAK}-?{BREAK}(?:\d{{7}}|[0-9]?{_HIDDEN}{{6,7}})(?![\d-]*\d)",
        _resident,
        flags=0,
    ),
    rule(
        "resident-number-labelled",
        "national-id",
        rf"(?:주민|외국인|거소)[ ]?(?:등록)?[ ]?(?:번호|증)?{_SAYS}(?P<value>\d{{6}}{BREAK}-?{BREAK}(?:\d{{7}}|[0-9]?{_HIDDEN}{{6,7}}))",
        0.99,
        flags=0,
    ),
    rule("business-number", "national-id", r"(?<![\d-])\d{3}-\d{2}-\d{5}(?![\d-])", _business, "-", flags=0),
    _labelled("business-number-labelled", "national-id", r"사업자(?:[ ]?등록)?|법인(?:[ ]?등록)?"),
    _labelled("passport", "passport", r"여권", _MIXED),
    rule(
        "passport-shape", "passport", r"(?<![A-Za-z0-9])[MSRGDO](?:\d{8}|\d{3}[A-Z]\d{4})(?![A-Za-z0-9])", 0.8, flags=0
    ),
    rule(
        "driving-licence",
        "licence",
        r"(?<![\d-])(?:\d{2}|서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주)-\d{2}-\d{6}-\d{2}(?![\d-])",
        0.97,
        "-",
        flags=0,
    ),
    _labelled("licence", "licence", r"(?:운전|의사|간호사|약사)?[ ]?(?:면허|자격)(?:증)?", _MIXED),
    _labelled("health-plan", "health-plan", r"(?:건강)?보험증?|의료급여(?:증)?|보험가입|증권"),
    _labelled(
        "record-number",
        "record-number",
        r"(?:환자|병원|외래|입원)?[ ]?등록|환자|병록|차트|챠트|원무|진료|수진(?:자)?|검체|접수|처방|병리|검사|촬영|의무기록|내원|사번|사원|직원|학번|군번|수혈|혈액|제(?=[ ]?\d{5,12}[ ]?호)",
    ),
    _labelled(
        "account",
        "account",
        r"계좌|통장|(?:국민|신한|우리|하나|농협|기업|카카오뱅크|토스뱅크|새마을금고|우체국|신협|수협)(?:은행)?|신용카드|체크카드|카드",
    ),
    _labelled(
        "device-number", "device", r"(?:기기|기계|제품|일련|제조|시리얼|모델|로트)[ ]?(?:고유)?(?:일련)?", _MIXED
    ),
    _labelled("vehicle-labelled", "vehicle", r"차대", _MIXED),
    rule(
        "vehicle",
        "vehicle",
        rf"(?<![\d가-힣])(?:(?:서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주)[ ]?)?\d{{2,3}}[ ]?[{_PLATE}][ ]?\d{{4}}(?![\d년-])",
        0.85,
        flags=0,
    ),
    rule(
        "fax",
        "fax",
        rf"(?:팩스|FAX|Fax|fax)[ ]{{0,3}}(?:번호)?[ ]{{0,3}}[:(]?[ ]{{0,3}}(?P<value>{_TELEPHONE}{_SEP}\d{{3,4}}{_SEP}\d{{4}})(?!\d)",
        0.98,
        flags=0,
    ),
    rule("telephone", "phone", rf"(?<![\d.-]){_TELEPHONE}{_SEP}\d{{3,4}}{_SEP}\d{{4}}(?!\d)", 0.95, flags=0),
    rule(
        "telephone-labelled",
        "phone",
        rf"(?:연락처|전화|휴대폰|핸드폰|휴대전화|H\.?P\.?|Tel\.?|TEL|콜센터|내선)[ ]{{0,3}}(?:번호)?[ ]{{0,3}}(?:는|은)?[ ]{{0,3}}[:.(]?[ ]{{0,3}}(?:\r?\n)?(?P<value>\d{{3,4}}[-. ]{BREAK}\d{{4}}|1[568]\d{{2}}[- ]?\d{{4}})(?!\d)",
        0.95,
        flags=0,
    ),
    rule(
        "employer",
        "organization",
        rf"(?<![가-힣])[가-힣A-Z]{{2,10}}(?:{_COMPANY})(?=\)?(?:에서|에)?[ ]{{0,2}}(?:근무|재직|재학|다니|다님|직원|퇴직|퇴사|입사))",
        0.8,
        flags=0,
    ),
    rule(
        "employer-and-post",
        "organization",
        rf"(?<![가-힣])[가-힣A-Z]{{2,10}}(?:{_COMPANY})(?:[ ]?[가-힣]{{1,6}}(?:사업장|공장|지점|본사|지사|캠퍼스|연구소))?"
        r"(?=[ ]{1,2}(?:사원|대리|과장|차장|부장|팀장|임원|상무|전무|연구원|생산직|사무직|근무))",
        0.8,
        flags=0,
    ),
    rule(
        "school-and-year",
        "organization",
        r"(?<![가-힣])(?!재학중|휴학중|진학중)[가-힣]{2,8}(?:초등학교|중학교|고등학교|대학교|초|중|고|대)(?=[ ]{0,2}[1-6]학년)",
        0.8,
        "학년",
        flags=0,
    ),
    rule(
        "hospital",
        "organization",
        r"(?<![가-힣])(?!(?:국립|사립|지방|상급|거점)?대(?:학(?:교)?)?병원)(?:(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남"
        r"|경북|경남|제주|분당|강남|강동|강북|일산|수원|삼성|고려|연세|한양|경희)[가-힣]{1,8}|[가-힣]{0,6}(?:성모|세브란스|아산|순천향|백)|[가-힣]{2,6}대(?:학교)?)"
        r"(?:병원|의료원)",
        0.75,
        flags=0,
    ),
    rule(
        "telephone-in-words",
        "phone",
        rf"(?<![가-힣\d])(?:0|[공영])(?:1|일)(?:[016789]|[{_SPOKEN}]){_SPOKEN_SEP}(?:\d{{3,4}}|[{_SPOKEN}]{{3,4}}){_SPOKEN_SEP}(?:\d{{4}}|[{_SPOKEN}]{{4}})(?!\d)",
        0.9,
        flags=0,
    ),
    rule(
        "employer-labelled",
        "organization",
        r"(?:근무처|직장[ ]?명|회사[ ]?명|재직[ ]?회사)[ ]{0,2}[:：][ ]{0,2}(?P<value>[가-힣A-Za-z][가-힣A-Za-z0-9&]{1,15})",
        0.85,
        flags=0,
    ),
    *_address_rules(),
)

_SHAPES: Final = frozenset(
    {
        "resident-number",
        "business-number",
        "passport-shape",
        "driving-licence",
        "telephone",
        "fax",
        "telephone-labelled",
    }
)
SHAPES: Final = tuple(each for each in RULES if each.name in _SHAPES)
"""Those that stand in a text without Hangul too."""
