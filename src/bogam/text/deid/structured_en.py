"""Structured identifiers as English notes write them: the 18 of HIPAA Safe Harbor (45 CFR 164.514(b)(2)(i)), but for
names, dates and ages, which have modules of their own."""

from __future__ import annotations

import re
from typing import Final

from bogam.text.deid.finding import Category
from bogam.text.deid.lists import lowered
from bogam.text.deid.rule import BREAK, Rule, digits, rule

_CONNECTOR: Final = (
    r"[ ]{0,3}(?:(?:numbers?|num|no|nr|id|code)\b\.?[ ]{0,3})?#?[ ]{0,3}(?:[:=#(]|-(?=[ A-Z0-9])|\bis\b|\bwas\b|\bof\b)?"
    r"[:#]?[ ]{0,3}(?:\r?\n[ ]{0,3})?\(?"
)
_MARKED: Final = (
    r"[ ]{0,3}(?:(?:numbers?|num|no|nr|id|code)\b\.?[ ]{0,3}[:=#]?|[:=#])[ ]{0,3}#?[:]?[ ]{0,3}(?:\r?\n[ ]{0,3})?\(?"
)
_NUMBER: Final = rf"(?P<value>(?<![A-Za-z0-9])(?!(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?(?!\d))[A-Z]{{0,4}}[- ]?\d(?:(?:[ ./]|-{BREAK})?\d){{3,17}}[A-Z]?(?![A-Za-z0-9]))"
_MIXED: Final = r"(?P<value>(?<![A-Za-z0-9])(?=[A-Z0-9*-]{0,24}\d)[A-Z0-9*](?:[- ]?[A-Z0-9*]){4,24}(?![A-Za-z0-9]))"


def _after(labels: str, value: str, connector: str = _CONNECTOR) -> str:
    return rf"(?<![A-Za-z])(?i:{labels})(?i:{connector}){value}"


def _labelled(name: str, category: Category, labels: str, value: str = _NUMBER, connector: str = _CONNECTOR) -> Rule:
    return rule(name, category, _after(labels, value, connector), 0.97, flags=0)


_SSN: Final = rf"(?P<value>\d{{3}}{BREAK}-?{BREAK}\d{{2}}{BREAK}-?{BREAK}\d{{4}}|(?:\*{{3}}|[Xx]{{3}})-(?:\*\*|[Xx]{{2}})-\d{{4}})(?!\d)"


def _ssn(found: re.Match[str]) -> float:
    """Numbers that the Social Security Administration never issues are likelier something else, but are not refused."""
    number = digits(found[0])
    issued = number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"
    return 0.95 if issued else 0.6


def _ip(found: re.Match[str]) -> float:
    parts = found[0].split(".")
    return 0.9 if all(int(part) < 256 for part in parts) else 0.0


def _card(found: re.Match[str]) -> float:
    """The check digit of ISO/IEC 7812 (Luhn) raises the confidence."""
    doubled = [int(sign) * (1 + index % 2) for index, sign in enumerate(reversed(digits(found[0])))]
    return 0.97 if sum(number - 9 * (number > 9) for number in doubled) % 10 == 0 else 0.85


_PHONE: Final = rf"(?:\+?1[-. ]?)?(?:\(\d{{3}}\)[ ]?|\d{{3}}[-. ])\d{{3}}[-. ]{BREAK}\d{{4}}(?!\d)(?:[ ]?(?:x|ext\.?|extension)[ ]?\d{{1,6}})?"
_TELEPHONE: Final = (
    r"tel(?:ephone)?\.?|phone|ph\.?|cell(?:ular)?|mobile|pager|beeper|call(?:ed|back)?|text|home|work|office|contact"
    r"|reach(?:ed|able)?(?: (?:her|him|them|me|us))?(?: at)?|dial|voicemail"
)
_LOCAL: Final = r"(?P<value>(?<![\d/.-])(?:\+?1[-. ]?)?(?:\d{10}|\d{3}[-. ]\d{4})(?![\d/]))"

STREET: Final = (
    r"Street|St|Avenue|Ave|Av|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Parkway|Pkwy|Circle|Cir|Terrace|Ter"
    r"|Trail|Trl|Highway|Hwy|Square|Sq|Loop|Alley|Plaza|Crescent|Row|Run|Path|Pike|Turnpike|Crossing|Heights"
)
_STATES: Final = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR"
    "|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR"
)
_STATE_NAMES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana"
    "|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska"
    "|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
_PLATE: Final = (
    r"(?:[A-Z]{1,3}[ -]?\d{3,4}|\d{1,4}[ -]?[A-Z]{2,3}|(?=[A-Z]{0,6}\d)(?=\d{0,6}[A-Z])[A-Z0-9]{6,7})(?![A-Za-z0-9])"
)
_DEVICE: Final = r"(?:device|implant|pacemaker|ICD|defibrillator|generator|lead|pump|valve|stent|graft|prosthesis|stimulator|monitor)"
_PLACE: Final = r"[A-Z][a-z]{2,20}(?:[ -][A-Z][a-z]{1,20}){0,3}"

_MBI_LETTER: Final = "AC-HJKMNP-RT-Y"
_MBI: Final = (
    rf"(?<![A-Za-z0-9])[1-9][{_MBI_LETTER}][0-9{_MBI_LETTER}]\d-?[{_MBI_LETTER}][0-9{_MBI_LETTER}]\d-?"
    rf"[{_MBI_LETTER}]{{2}}\d\d(?![A-Za-z0-9])"
)
"""The Medicare beneficiary identifier (CMS): eleven signs, without the letters S, L, O, I, B and Z."""
_COUNTRIES: Final = (
    "America|Africa|Asia|Europe|Australia|Brazil|Canada|China|Colombia|Cuba|Egypt|England|Ethiopia|France|Germany|Ghana"
    "|Greece|Guatemala|Haiti|Honduras|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Jamaica|Japan|Kenya|Korea|Mexico"
    "|Nepal|Nigeria|North Korea|Pakistan|Peru|Philippines|Poland|Russia|Saudi|Somalia|South Korea|Spain|Sudan|Syria"
    "|Thailand|Turkey|Ukraine|Venezuela|Vietnam|Denmark|Sweden|Norway|Finland|Netherlands|Belgium|Switzerland|Austria"
    "|Portugal|Romania|Hungary|Scotland|Wales|Taiwan|Cambodia|Laos|Myanmar|Bangladesh|Morocco|Algeria|Chile|Argentina"
    "|Ecuador|Bolivia|El Salvador|Nicaragua|Panama|Puerto Rico"
)
_KEPT: Final = rf"(?!(?:{_STATE_NAMES}|{_COUNTRIES})\b)"
"""States, and what is larger, may stay."""


def _own(found: re.Match[str]) -> float:
    """A name of a place or a house begins with a word that is no ordinary one, or with Saint or Mount."""
    word = found["value"].split()[0]
    low = word.casefold().rstrip(".").removesuffix("'s")
    if low in ("st", "saint", "mt", "mount"):
        return 0.8
    return 0.0 if low in lowered("words_en.txt") or low in lowered("not_names_en.txt") or word.isupper() else 0.75


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "e-mail",
        "email",
        r"(?<![\w.%+-])[\w.%+-]{1,64}(?:@|[ ]?[\[(]at[\])][ ]?)(?:[A-Z0-9-]{1,63}\.){1,8}[A-Z]{2,24}",
        0.99,
        "",
        re.I | re.A,
    ),
    rule(
        "web-address",
        "url",
        r"(?:\b(?:https?|ftps?|sftp)://|\bwww\.)[A-Z0-9./?=&_%~:#@!+,;$*()-]{3,2000}",
        0.98,
        "",
        re.I | re.A,
    ),
    rule("ip-address", "ip", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)", _ip, "."),
    rule("ipv6-address", "ip", r"(?<![\w:])(?:[0-9A-F]{1,4}:){4,7}(?::?[0-9A-F]{1,4}){1,3}(?![\w:])", 0.9, ":"),
    rule("mac-address", "device", r"(?<![\w:-])(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}(?![\w:-])", 0.9),
    rule(
        "ssn-shape",
        "national-id",
        r"(?<![\d-])(?:\d{3}-\d{2}-\d{4}|(?:\*{3}|X{3})-(?:\*\*|XX)-\d{4})(?![\d-])",
        _ssn,
        "-",
    ),
    rule("ssn-spaced", "national-id", r"(?<![\d.-])(?<!\d )\d{3} \d{2} \d{4}(?! ?[\d.])", 0.7),
    rule("ssn-broken", "national-id", rf"(?<![\d-])\d{{3}}-{BREAK}\d{{2}}-{BREAK}\d{{4}}(?![\d-])", _ssn, "\n"),
    _labelled("ssn", "national-id", r"SSN?|SS#|social(?: security)?(?: card)?|tax(?:payer)? id|ITIN", _SSN),
    rule("telephone-shape", "phone", rf"(?<![\d.-])(?<!\d )(?:{_PHONE})", 0.93),
    rule(
        "international-number", "phone", r"(?<![\w+])\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?!\d)", 0.9, "+"
    ),
    rule(
        "telephone",
        "phone",
        rf"(?<![A-Za-z])(?:{_TELEPHONE})(?: (?:number|no\.?|#))?[ ]{{0,3}}(?:is|at|to|:|#|\()?[ ]{{0,3}}(?:\r?\n)?{_LOCAL}",
        0.95,
    ),
    rule(
        "pager",
        "phone",
        r"(?<![A-Za-z])(?:pager|beeper|pgr)[ ]?(?:number|no\.?|#)?[ ]{0,2}(?:is|at|:)?[ ]{0,2}(?P<value>\d{3,6})(?![\d-])",
        0.9,
    ),
    rule("extension", "phone", r"(?<![A-Za-z])(?:ext\.?|extension)[ ]?:?[ ]?(?P<value>\d{3,6})(?!\d)", 0.9),
    rule("extension-alone", "phone", r"(?<=[a-z)] )(?P<value>x\d{4})(?![\w.])", 0.7, "x", flags=0),
    rule(
        "fax",
        "fax",
        rf"(?<![A-Za-z])(?:fax|facsimile)(?: (?:number|no\.?|#))?[ ]{{0,3}}(?:is|at|to|:|#|\()?[ ]{{0,3}}(?P<value>{_PHONE}|\d{{3}}[-. ]\d{{4}}|\d{{10}})",
        0.98,
    ),
    _labelled(
        "record-number",
        "record-number",
        r"MRN?#?|MR ?#|PMRN|EMPI|med(?:ical)?\.? ?rec(?:ord)?s?\.?(?: ?#)?|(?:hospital|chart|unit|patient|pt|record|case|encounter|visit|accession|specimen|study|CSN|FIN|HAR|admission|requisition|order|Rx|prescription|barcode|bar code)[ ]?#",
        _NUMBER,
    ),
    _labelled(
        "record-number-named",
        "record-number",
        r"hospital|chart|unit|patient|pt\.?|record|case|encounter|visit|accession|specimen|study|CSN|FIN|HAR|admission|requisition|order|Rx|prescription|employee|student|badge|file|job",
        _NUMBER,
        _MARKED,
    ),
    _labelled(
        "record-number-mixed", "record-number", r"MRN|med(?:ical)?\.? ?rec(?:ord)?\.?|CSN|accession", _MIXED, _MARKED
    ),
    _labelled(
        "health-plan",
        "health-plan",
        r"(?:member|subscriber|beneficiary|policy|insurance|group|grp|plan|medicare|medicaid|MBI|HICN|health plan|certificate of coverage)(?: (?:member|policy|group|beneficiary))?",
        _MIXED,
        _MARKED,
    ),
    rule("medicare-number", "health-plan", _MBI, 0.95, flags=0),
    rule(
        "account-bare",
        "account",
        r"(?<![A-Za-z])(?:account|acct\.?)[ ](?P<value>(?!(?:19|20)\d\d-\d\d?-)\d{5,}(?:-\d{1,8}){0,3}|\d{2,4}(?:-\d{2,8}){1,3})(?![\w-])",
        0.85,
    ),
    _labelled(
        "account",
        "account",
        r"(?:bank |billing |patient |hospital )?(?:account|acct\.?|a/c|routing|invoice|IBAN|guarantor)",
        _MIXED,
        _MARKED,
    ),
    rule("card-number", "account", r"(?<![\d-])(?:\d{4}[- ]){3}\d{4}(?![\d-])", _card),
    _labelled(
        "licence",
        "licence",
        r"(?:driver'?s?|driving|medical|state|professional|nursing|marriage)? ?(?:licen[cs]e|certificate|DEA|NPI|DL|lic\.?|registration|permit)",
        _MIXED,
        _MARKED,
    ),
    _labelled("passport", "passport", r"passport", _MIXED),
    _labelled(
        "vehicle",
        "vehicle",
        r"VIN|(?:licen[cs]e |number |registration )?plates?|vehicle(?: id(?:entification)?)?",
        _MIXED,
    ),
    _labelled("number-of-group", "health-plan", r"grp\.?", _MIXED),
    _labelled("number-named-id", "other", r"ID", _MIXED, r"[ ]?(?:#|no\.?|number)[ ]{0,2}:?[ ]{0,2}"),
    rule(
        "handle",
        "other",
        r"(?<![A-Za-z])(?:kakao(?:[ ]?talk)?|instagram|insta|telegram|wechat|whatsapp|facebook|twitter|skype|user[ ]?name|login"
        r"|카카오톡?|카톡|인스타(?:그램)?|텔레그램|페이스북|트위터|위챗)[ ]?(?:(?:ID|아이디|계정)[ ]?:?|:)[ ]?@?"
        r"(?P<value>[A-Z0-9][A-Z0-9._-]{3,40})",
        0.9,
    ),
    rule(
        "plate-of-state",
        "vehicle",
        rf"(?<![A-Za-z])(?i:plates?|tags?)(?i:{_CONNECTOR})(?P<value>(?:{_STATES})[ :-]{{1,3}}{_PLATE})",
        0.95,
        flags=0,
    ),
    rule(
        "plate",
        "vehicle",
        r"(?<![A-Za-z])(?i:plates?)[ ]?[:#]?[ ]{0,2}(?P<value>(?!XR|CT|MR|IN|ON|OR|AT|OF|TO)[A-Z]{2,3}[ -]?\d{3,4}|\d[A-Z]{3}\d{3})(?![A-Za-z0-9])",
        0.85,
        flags=0,
    ),
    rule(
        "vin-shape",
        "vehicle",
        r"\b(?=[A-HJ-NPR-Z0-9]{0,16}\d)(?=[A-HJ-NPR-Z0-9]{0,16}[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{11}\d{6}\b",
        0.8,
        flags=0,
    ),
    _labelled(
        "device-number",
        "device",
        r"(?:device|implant|pacemaker|generator|lead|pump|valve|stent|prosthesis|model)? ?(?:serial|S/N|SN|UDI|device id(?:entifier)?|lot)",
        _MIXED,
        _MARKED,
    ),
    rule("udi-shape", "device", r"\(01\)\d{14}(?:\(\d{2,3}\)[A-Z0-9-]{1,20}){0,5}", 0.95, "(01)"),
    _labelled("serial-number", "device", rf"(?:{_DEVICE} )?(?:serial(?: (?:S/N|SN))?|S/N)|{_DEVICE} SN", _MIXED),
    rule(
        "serial-of-sn",
        "device",
        r"(?<![A-Za-z])SN[ ](?P<value>(?=[A-Z-]{0,12}\d)(?=[0-9-]{0,12}[A-Z])[A-Z0-9-]{6,24})(?![A-Za-z0-9])",
        0.9,
        "SN ",
        flags=0,
    ),
    _labelled(
        "biometric", "biometric", r"(?:finger|voice|palm|retina|iris|face)[ -]?(?:print|scan|template)", _MIXED, _MARKED
    ),
    rule("image-file", "photo", r"(?<![\w/])[\w-]{1,100}\.(?:jpe?g|png|gif|bmp|tiff?|heic|dcm)\b", 0.9, "."),
    rule("uuid", "other", r"\b[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\b", 0.9, "-"),
    rule("long-number", "other", r"(?<![\w.,+-])\d{9,30}(?![\w.]*\d)(?!\w)", 0.6),
    rule(
        "street",
        "address",
        rf"(?<![\w./])\d{{1,6}}[A-Za-z]?[ ](?:[NSEW]\.?[ ]|(?:North|South|East|West)[ ])?(?:(?:[A-Z][A-Za-z'.-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,4}}(?:{STREET})\b\.?(?:,?[ ](?:Apt|Apartment|Unit|Suite|Ste|Room|Floor|Fl|#)\.?[ ]?[A-Z0-9-]{{1,6}})?",
        0.93,
        flags=0,
    ),
    rule("post-box", "address", r"\bP\.? ?O\.? ?Box \d{1,8}", 0.97),
    rule(
        "city-and-state",
        "address",
        rf"\b(?P<value>{_PLACE}),[ ]?(?:(?:{_STATES})\b|(?:{_STATE_NAMES})\b)(?![a-z])",
        0.85,
        ",",
        flags=0,
    ),
    rule(
        "city-state-zip", "address", rf"\b(?P<value>{_PLACE}),?[ ](?:{_STATES})[ ]{{1,2}}\d{{5}}(?!\d)", 0.85, flags=0
    ),
    rule(
        "zip-after-state",
        "zip",
        rf"\b(?:{_STATES}|{_STATE_NAMES})\b\.?,?[ ]{{1,2}}(?P<value>\d{{5}}(?:-\d{{4}})?)(?!\d)",
        0.95,
        flags=0,
    ),
    rule(
        "zip",
        "zip",
        r"\b(?:zip|zip code|postal code|postcode)[ ]{0,2}[:#]?[ ]{0,2}(?P<value>\d{5}(?:-\d{4})?)(?!\d)",
        0.97,
    ),
    rule(
        "home-town",
        "address",
        rf"\b(?i:lives|living|resides|residing|resident|raised|born(?: [0-9/-]{{4,10}})?|grew up|moved|relocated|native|work(?:s|ed|ing)?(?= (?:in|near|outside)))(?i: (?:in|of|to|from|at|near|outside))(?i: downtown| rural)?[ ](?P<value>(?!(?:{_STATE_NAMES})\b){_PLACE})(?![a-z])",
        0.75,
        flags=0,
    ),
    rule(
        "home-town-from",
        "address",
        rf"\b(?i:he|she|they|patient|pt|family|wife|husband|who|i|visiting|visitor)(?:'s|'m)?[ ](?i:(?:is |was |are |am |comes? |hails ))?"
        rf"(?i:originally )?(?i:from)[ ](?P<value>{_KEPT}{_PLACE})(?![a-z])",
        _own,
        flags=0,
    ),
    rule(
        "hospital-or-school",
        "organization",
        r"(?<![A-Za-z.])(?P<value>(?:(?:St|Mt)\.?[ ]|(?:Saint|Mount)[ ])?[A-Z][A-Za-z'-]{2,20}(?:[ ][A-Z][A-Za-z'-]{2,20}){0,3}"
        r"[ ](?:Hospital|Medical Center|Nursing Home|(?:Elementary|Middle|High|Primary|Grade) School|Preschool|Academy))\b",
        _own,
        flags=0,
    ),
    rule(
        "employer",
        "organization",
        rf"\b(?i:work(?:s|ed|ing)? (?:at|for)|employed (?:at|by|with)|employee (?:of|at)|retired from|job (?:at|with)|employer[ ]?:)(?i: the)?[ ](?P<value>{_PLACE})(?![a-z])",
        0.8,
        flags=0,
    ),
)
