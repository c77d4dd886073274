"""Names of people that the record does not know, in English notes: by the words around them and by their shape.

A word in capitals is a part of a name unless it is an ordinary word, an eponym, a drug or an institution. What is sure
by a cue (a title, a label, a signature) is found wherever else it stands in the same note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bogam.terms.drugs import ingredients
from bogam.text.deid.finding import Finding
from bogam.text.deid.lists import lowered

_W: Final = r"[A-ZÀ-ÖØ-Þ](?:[A-Za-zÀ-ÖØ-öø-ÿ]|'(?=[A-Za-z])){1,30}(?:-[A-Za-zÀ-ÿ]{2,20}){0,3}"
_PARTICLE: Final = r"(?:van|von|de|del|della|der|den|di|da|dos|du|la|le|el|al|bin|ibn|ben|abu|st\.|mac)"
_JOIN: Final = rf"[ ](?:[A-Z]\.?[ ])?(?:\"[A-Za-z]+\"[ ])?(?:{_PARTICLE}[ -]){{0,2}}"
_RUN: Final = rf"{_W}(?:{_JOIN}{_W}){{0,3}}"
_INITIALS: Final = rf"(?:[A-Z]\.[ ]?){{1,2}}{_W}"
_NAME: Final = rf"(?P<name>{_INITIALS}|{_RUN})"
_LISTED: Final = rf"(?P<name>{_W}(?:[ -]{_W})?,[ ]{{1,2}}{_W}(?:[ ](?:{_W}|[A-Z]\b\.?))?|{_INITIALS}|{_RUN})"

_TITLE: Final = (
    r"(?:Drs?|DR|Mr|MR|Mrs|MRS|Ms|MS|Mx|Miss|Prof|Professor|Doctor|Nurse|Rev|Reverend|Fr|Pastor|Chaplain|Sgt|Capt|Hon)"
)
_KIN: Final = (
    r"(?:wife|husband|spouse|partner|daughter|son|mother|father|mom|mum|dad|sister|brother|aunt|uncle|niece|nephew"
    r"|cousin"
    r"|grandmother|grandfather|grandson|granddaughter|grandma|grandpa|friend|neighbou?r|caregiver|carer|fianc[eé]e?"
    r"|girlfriend"
    r"|boyfriend|guardian|roommate|aide|proxy|parent|stepson|stepdaughter|son-in-law|daughter-in-law|sibling|child"
    r"|baby)"
)
_ROLE: Final = (
    r"(?:patient(?:'s)?(?: full)?(?: name)?|pt\.?(?: name)?|(?:full |last |first |maiden |legal )?name"
    r"|attending(?: physician| md| of record)?"
    r"|physician|provider|surgeon|(?:first |second )?assistant|anesthesiologist|anaesthetist|referring(?: \w+)?"
    r"|referred by"
    r"|requested by|ordering(?: \w+)?|pcp|primary care(?: \w+)?|consultant|resident|fellow|intern|registrar|nurse"
    r"|therapist"
    r"|pharmacist|author|interpreter|operator|(?:electronically |digitally )?signed(?: by)?|dictated by|dictating"
    r"|transcribed by"
    r"|reviewed by|cosigned by|verified by|performed by|entered by|reported by|prepared by|emergency contact"
    r"|next of kin|nok"
    r"|contact(?: person)?|spouse|guardian|health ?care proxy|proxy|hcp|poa|caregiver|cc|attn|attention|dear|witness"
    rf"|cardiologist|oncologist|neurologist|midwife|social worker|case (?:manager|mgr)|{_KIN})"
)
_BY: Final = (
    r"(?:dictated by|transcribed by|seen by|evaluated by"
    r"|examined by|referred by"
    r"|performed by|reviewed by|requested by|accompanied by|brought in by|escorted by|followed by|managed by"
    r"|ordered by|written by"
    r"|assisted by|interpreted by|per|spoke (?:with|to|w/)|speaking (?:with|to|w/)|discussed (?:with|w/)|d/w"
    r"|reviewed (?:with|w/)|met (?:with|w/)|talked (?:with|to|w/)|consult(?:ed)?(?: (?:with|from|by|to))?"
    r"|called|phoned|contacted|paged|notified|informed|named|is called|goes by|known as|care of"
    r"|pleasure of (?:seeing|meeting)"
    r"|colleague|handed (?:over )?to|handoff to|hand-off to|report to|signed out to|thank you,?|dear|hello|hi|hey"
    r"|see|seeing"
    r"|saw|remind(?:ed)?|asked|told|visit(?:ed)? by|name is|my name's|i am|i'm|this is|consent from|history from"
    r"|obtained from)"
)
_SIGNED: Final = (
    r"(?:(?:electronically |digitally )?(?:co-?)?signed(?: off)?(?: electronically| digitally)?(?: by)?[ ]?:?"
    r"|(?:attested|authenticated)(?: electronically)? by[ ]?:?)"
)
_SPECIALTY: Final = (
    r"(?:card(?:s|iology|iac)|gi|gastro\w*|hepatology|id|infectious|renal|neph\w*|neuro\w*|pulm\w*|critical care|icu"
    r"|micu|sicu|ortho\w*|surg\w*|trauma|vascular|ct surgery|heme\w*|hem/onc|onc\w*|endo\w*|rheum\w*|derm\w*|psych\w*"
    r"|urology|uro|gyn\w*|ob/?gyn|ob|peds|pediatrics|ent|ophth\w*|radiology|rads|ir|anesthesia|pain|palliative|hospice"
    r"|geri\w*|pm&r|rehab|hospitalist|medicine|im|fm|em|ed|er|pharmacy|nutrition|wound care|transplant|plastics|burn"
    r"|pod\w*|dental|pt|ot|slp|rt|sw|cm|rn|np|pa|pgy-?\d|r[1-5])"
)
_AFTER: Final = (
    r"MD|M\.D\.|DO|D\.O\.|RN|R\.N\.|NP|PA-C|PA|PhD|Ph\.D\.|DDS|DMD|LPN|CNA|CRNA|PharmD|RPh|MSW|LCSW|PT|DPT|OT|OTR"
    r"|RD|SLP|BSN|MSN"
    r"|FNP|APRN|ACNP|MBBS|MBChB|FACS|FRCP|PGY-?\d|EMT|MS[1-4]|MSIV"
)
_PERSONAL: Final = (
    r"lives|reports?|states|denies|agrees|says|said|works|complains|walks|smokes|drinks|feels|wants|understands"
    r"|tolerated|verbalized"
    r"|called|came|arrived|presents|presented|returns|returned|requests|declined|refused|expressed|believes|thinks"
    r"|prefers|retired"
    r"|enjoys|moved|asked|told|slept|ate|is a|is an|was a|will see|will follow|has a history|was accompanied"
    r"|is accompanied"
)


class _Cue(NamedTuple):
    name: str
    pattern: re.Pattern[str]
    sure: float
    strict: bool
    """Whether a single word must look like a name by itself."""
    before: re.Pattern[str] | None = None
    """What must stand before it: quicker than to begin with it, where it may be one of many words."""


def _cue(name: str, pattern: str, sure: float, *, strict: bool) -> _Cue:
    return _Cue(name, re.compile(pattern), sure, strict)


CUES: Final = (
    _cue("title", rf"\b{_TITLE}\b\.?[ ]{{1,2}}(?:{_PARTICLE}[ -]){{0,2}}{_NAME}", 0.95, strict=False),
    _Cue(
        "label",
        re.compile(rf"[ ]{{0,2}}(?:[:#]|-[ ])[ ]{{0,4}}{_LISTED}"),
        0.93,
        False,
        re.compile(rf"(?:^|[^A-Za-z])(?i:{_ROLE})\Z"),
    ),
    _cue("signed", rf"(?<![A-Za-z])(?i:{_SIGNED})[ ]{{1,3}}{_LISTED}", 0.93, strict=True),
    _cue("about", rf"(?<![A-Za-z])(?i:re)[ ]?:[ ]{{0,3}}{_LISTED}", 0.88, strict=True),
    _cue("consult", rf"(?<![A-Za-z])(?i:consult(?:s|ed|ation|ations|ing)?)[ ]?:[ ]{{0,3}}{_NAME}", 0.88, strict=True),
    _cue("specialty", rf"(?<![A-Za-z]){_NAME}[ ]\((?=(?i:{_SPECIALTY})[),/ ])", 0.88, strict=True),
    _cue("of-specialty", rf"(?<![A-Za-z])(?i:{_SPECIALTY})[ ]\({_NAME}(?=[),/ ])", 0.85, strict=True),
    _cue("by", rf"(?<![A-Za-z])(?i:{_BY})[ ]{_NAME}", 0.88, strict=True),
    _cue(
        "discussed",
        rf"(?i:\b(?:discussed|reviewed|shared|spoke)\b)[^.\n]{{1,40}}?[ ](?:with|to|w/)[ ]{_NAME}",
        0.85,
        strict=True,
    ),
    _cue(
        "kin",
        rf"(?<![A-Za-z])(?i:{_KIN})(?:'s)?(?:[ ](?:is|was))?(?:[ ](?i:named|called))?,?[ ]\(?{_NAME}",
        0.88,
        strict=True,
    ),
    _cue("nurse", rf"(?<![A-Za-z])(?i:nurse|midwife|aide|therapist|social worker),?[ ]{_NAME}", 0.88, strict=True),
    _cue("and", rf"(?<=[a-z]),?[ ](?:and|with)[ ]{_NAME}", 0.7, strict=True),
    _cue("credential", rf"(?<![A-Za-z]){_NAME},?[ ](?=(?:{_AFTER})\b)", 0.93, strict=True),
    _cue(
        "aged",
        rf"(?<![A-Za-z]){_NAME},?[ ](?:is|was)?[ ]?(?:an?[ ])?"
        rf"(?=\d{{1,3}}[- ](?:year|yr|y/?o|month|week|day)|\(?\d{{1,3}}[MF]\b)",
        0.92,
        strict=True,
    ),
    _cue("personal", rf"(?<![A-Za-z]){_NAME}[ ](?=(?:{_PERSONAL})\b)", 0.8, strict=True),
    _cue(
        "of-care",
        rf"(?<![A-Za-z]){_NAME},[ ](?:the|his|her|our|my|a)[ ](?=(?:home|patient|primary|attending|{_KIN})\b)",
        0.85,
        strict=True,
    ),
    _cue("in-brackets", rf"(?<![A-Za-z]){_NAME}[ ]\((?=(?:{_KIN})\b)", 0.9, strict=True),
    _cue(
        "signature-line", rf"(?m)^[ ]{{0,8}}{_NAME}(?=[ ]{{0,4}}(?:,[ ][A-Z][A-Za-z -]{{1,40}})?$)", 0.75, strict=True
    ),
)
_AND: Final = re.compile(rf",? ?(?:and |& |/ )?{_NAME}")
"""A second name after the first: Drs. Park and Young; cc: A, B."""
_SHAPE: Final = re.compile(rf"(?<![A-Za-z.]){_NAME}")
_TITLED: Final = re.compile(rf"\b{_TITLE}\b\.?[ ]")
_WORD: Final = re.compile(_W)
_INITIAL: Final = re.compile(r"[ ][A-Z](?:\.|(?![A-Za-z]))")
_HAS_CAPITAL: Final = re.compile(r"[A-Z]")
_MEDICAL: Final = re.compile(
    r"(?:itis|osis|emia|aemia|oma|ectomy|otomy|ostomy|mycin|cillin|azole|pril|sartan|statin|pathy|graphy|gram|scopy"
    r"|plasty|uria"
    r"|ase|cyte|philia|penia|algia|lysis|rrhea|coccus|bacter|bacillus|virus|pam|zole|olol|mab|nib|vir|tidine|ide"
    r"|ine|oxin|ium"
    r"|ology|ologist|ical|tion|ment|ness|ity|ary|ular)$"
)
_INSTITUTION: Final = re.compile(
    r"[ ](?:Hospital|Clinic|Medical|Center|Centre|University|Health|Healthcare|Institute|College|School|Pharmacy"
    r"|Street|St|Avenue|Ave"
    r"|Road|Rd|Drive|Lane|Church|Foundation|Syndrome|Disease|Sign|Test|Catheter|Score|Scale|Criteria|Procedure"
    r"|syndrome|disease|sign"
    r"|test|catheter|score|scale|criteria|procedure|maneuver|reflex|classification|stage|tube|drain|fracture|hernia"
    r"|lymphoma|palsy)\b"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CREDENTIALS: Final = _words("MD DO RN NP PA PHD DDS LPN CNA CRNA PT OT RD MS BSN MSN FNP III II IV JR SR ESQ")
_ROLES: Final = _words(
    "patient pt name doctor dr nurse attending physician surgeon resident mr mrs ms miss the this that he she they it "
    "his her i "
    "we you my our your unknown none na nil not yes no and or with for from to of in on at by as if is was a an"
)


_MONTH_NAMES: Final = _words("april may june august")
_WORDS_TOO: Final = _words("hope will faith dawn chase drew art rob joy mark grace rose ivy bill grant miles frank pat")
"""Given names that are ordinary words, taken for names after a relative or a nurse alone."""


def _ordinary(word: str) -> bool:
    """Whether a word names nobody by itself."""
    low = word.casefold().removesuffix("'s")
    if low in _ROLES or (word.upper() in _CREDENTIALS and word.isupper()):
        return True
    if low in lowered("not_names_en.txt") or (low.endswith("ly") and len(low) > 5 and not _named(word)):
        return True
    return low in lowered("words_en.txt") or any(f"{low}{end}" in lowered("words_en.txt") for end in ("s", "ing", "ed"))


def _named(word: str) -> bool:
    low = word.casefold().removesuffix("'s")
    return low in lowered("given_en.txt") or low in lowered("family_en.txt")


def _likely(word: str) -> bool:
    """Whether a single word looks like a name: listed as one and no ordinary word, or unknown and not medical."""
    low = word.casefold().removesuffix("'s")
    if _ordinary(word) or len(low) < 2:
        return False
    if _named(word):
        return True
    letters = "".join(filter(str.isalpha, word))
    if letters.isupper() and len(letters) < 5:
        return False
    return not _MEDICAL.search(low) and not ingredients(word)


def find(text: str) -> Iterator[Finding]:
    """Yield names in a folded text."""
    if not _HAS_CAPITAL.search(text):
        return
    found = [*_by_cue(text), *_by_shape(text)]
    yield from found
    yield from _again(text, found)


def _by_cue(text: str) -> Iterator[Finding]:
    for cue in CUES:
        for match in cue.pattern.finditer(text):
            start = match.start()
            if cue.before is not None and not cue.before.search(text[max(0, start - 40) : start]):
                continue
            span = _trimmed(text, *match.span("name"), strict=cue.strict, upright=cue.name in ("title", "label"))
            span = span or (_called(text, match.start("name")) if cue.name in ("kin", "nurse") else None)
            if span:
                yield Finding(*span, "name", f"english-{cue.name}", cue.sure)
            more = _AND.match(text, match.end()) if cue.name in ("title", "label") else None
            second = _trimmed(text, *more.span("name"), strict=True, upright=False) if more else None
            if second:
                yield Finding(*second, "name", f"english-{cue.name}", 0.8)


def _trimmed(text: str, start: int, end: int, *, strict: bool, upright: bool) -> tuple[int, int] | None:
    """Return the part of a run of capitalised words that is a name, None where none is."""
    words = [(found.start(), found.end()) for found in _WORD.finditer(text, start, end)]
    while words and (text[slice(*words[0])].casefold() in _ROLES or _is_title(text[slice(*words[0])])):
        words.pop(0)
    if words and not upright:
        while words and _ordinary(text[slice(*words[0])]):
            words.pop(0)
    if not words:
        return None
    first = text[slice(*words[0])]
    kept = 1
    listed = "," in text[start:end]
    while kept < len(words) and not _ends(
        text[slice(*words[kept])], named=listed or _named(text[slice(*words[kept - 1])])
    ):
        kept += 1
    words = words[:kept]
    if _INSTITUTION.match(text, words[-1][1]):
        return None
    if len(words) == 1 and strict and not _likely(first):
        return None
    if not strict and len(words) == 1 and _ordinary(first) and (first.isupper() or not _could_be(first)):
        return None
    if strict and not any(_likely(text[slice(*word)]) for word in words):
        return None
    begin = start if words[0][0] == start or text[start : words[0][0]].rstrip(". ").isupper() else words[0][0]
    initial = _INITIAL.match(text, words[-1][1], end)
    return begin, initial.end() if initial else words[-1][1] - (2 if text[: words[-1][1]].endswith("'s") else 0)


def _called(text: str, start: int) -> tuple[int, int] | None:
    """Return a given name that is an ordinary word too (Mark, Joy, Grace), where a person was named before it."""
    word = _WORD.match(text, start)
    said = word[0].removesuffix("'s") if word else ""
    low = said.casefold()
    if said.isupper() or low in _MONTH_NAMES or not (low in lowered("given_en.txt") or low in _WORDS_TOO):
        return None
    return start, start + len(said)


def _is_title(word: str) -> bool:
    return bool(re.fullmatch(_TITLE, word))


def _ends(word: str, *, named: bool) -> bool:
    """Whether a word after the first of a name is no part of it.

    After one that is listed it may be (Mary Young), and where the surname goes first (Lee, Kara Ann): ``named``.
    """
    if word.upper() in _CREDENTIALS and word.isupper():
        return True
    return _ordinary(word) and not (named and _named(word))


def _could_be(word: str) -> bool:
    """Whether an ordinary word may be a surname after a title or a label."""
    return _named(word) or word.casefold() not in lowered("words_en.txt") | lowered("not_names_en.txt") | _ROLES


def _by_shape(text: str) -> Iterator[Finding]:
    """Two or more capitalised words of which none is ordinary; one, where it is a given name and nothing else."""
    for match in _SHAPE.finditer(text):
        start, end = match.span("name")
        words = [(found.start(), found.end()) for found in _WORD.finditer(text, start, end)]
        runs: list[list[tuple[int, int]]] = [[]]
        for word in words:
            if _ordinary(text[slice(*word)]) and not (
                runs[-1] and _named(text[slice(*runs[-1][0])]) and _named(text[slice(*word)])
            ):
                runs.append([])
            else:
                runs[-1].append(word)
        for run in runs:
            yield from _run(text, run)


def _run(text: str, run: list[tuple[int, int]]) -> Iterator[Finding]:
    if not run or _INSTITUTION.match(text, run[-1][1]):
        return
    said = [text[slice(*word)] for word in run]
    start, end = run[0][0], run[-1][1] - (2 if said[-1].endswith("'s") else 0)
    if len(run) == 1:
        low = said[0].casefold().removesuffix("'s")
        if low in lowered("given_en.txt") and not _ordinary(said[0]) and not said[0].isupper() and len(low) > 2:
            yield Finding(start, end, "name", "english-given-name", 0.7)
        return
    known = sum(_named(word) for word in said)
    if known == len(run):
        yield Finding(start, end, "name", "english-full-name", 0.88)
    elif all(_likely(word) for word in said) and not all(word.isupper() for word in said):
        yield Finding(start, end, "name", "english-two-words", 0.8 if known else 0.6)
    elif known and all(_likely(word) for word in said):
        yield Finding(start, end, "name", "english-two-words", 0.6)


def _again(text: str, found: list[Finding]) -> Iterator[Finding]:
    """The words of names that are sure, wherever else they stand in the note."""
    sure = {
        text[slice(*word.span())].casefold()
        for each in found
        if each.confidence >= 0.75
        for word in _WORD.finditer(text, each.start, each.end)
        if word.end() - word.start() > 2 and _likely(word[0])
    }
    for word in _WORD.finditer(text) if sure else ():
        said = word[0].removesuffix("'s")
        if said.casefold() in sure and not _INSTITUTION.match(text, word.end()):
            yield Finding(word.start(), word.start() + len(said), "name", "english-again", 0.75)
