"""Limits and exceptions: sentences about the drugs of an answer that forbid, reduce or set a condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bogam.evidence.draft import Language, Section
from bogam.evidence.retrieval.features import concepts, features
from bogam.evidence.retrieval.passage import Passage
from bogam.skills.answering.quote import Quoted, named, quotable
from bogam.skills.answering.words import say
from bogam.terms.drugs import classes
from bogam.text.sentences import sentences

_LIMIT: Final = re.compile(
    r"creatinine clearance|\bcrcl\b|\be?gfr\b|\brenal\b|\bkidney|\bdialysis|\bhepatic"
    r"|\bliver (?:disease|failure|impair)|\bpregnan|\bbreast-?feed|\blactat|\belderly\b|\bage[ds]? \d"
    r"|\byears (?:or|and) (?:more|older|over)|\bweigh|\ballerg|\bhypersensitiv|\bcontra-?indicat|\bavoid"
    r"|\bnot (?:be )?(?:used|given|started|taken|recommended)"
    r"|\b(?:do|must|should) not\b|\bcaution|\bnever\b|\bdose is (?:halved|reduced)|\breduced? (?:the|to|dose)"
    r"|\bat most\b|\bunless\b|\bexcept\b"
    r"|신기능|신부전|신장|콩팥|크레아티닌|사구체|투석|간기능|간부전|임신|임부|수유|고령|세 (?:이상|미만|이하)|체중"
    r"|알레르기|과민|금기|피한다|금한다|피하(?!\s*(?:주|로|투))|하지 않|쓰지 않|줄인|감량|절반|최대|주의|예외",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"^\W*(?:when|if|below|above|unless|except|in (?:patients|renal|hepatic|pregnan|severe|older|elderly)"
    r"|for patients)\b|(?:미만|이하|초과|이상)(?:이|인|일)?\s*(?:면|경우|때)|(?:이면|경우에는|경우|인 환자)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"^(.*/)(\d+)$")
_LONGEST: Final = 600
_MOST: Final = 8


def limits_asked(question: str) -> list[str]:
    """Return a question about the limits of each drug that a question names."""
    drugs = [each.words for each in concepts(question) if any(key[:4] in _DRUG for k in each.keys for key in k)]
    return [f"{drug} contraindicated renal impairment creatinine clearance pregnancy" for drug in dict.fromkeys(drugs)]


_DRUG: Final = ("k:d:", "k:c:")


def drugs_of(text: str) -> frozenset[str]:
    """Return the drugs and classes that a text names, and the classes (``m:``) of the drugs."""
    return frozenset(each for each in features(text) if each.startswith(("k:d:", "k:c:", "m:")))


def same_drug(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a text with the drugs ``other`` speaks of those of ``one``: of the same, of their class, or of one of
    the class that is asked for. A class is spoken of when no drug of another class is named beside it."""
    if any(key in other or f"m:{key[4:]}" in other for key in one if key.startswith("k:c:")):
        return True
    if any(key in other for key in one if key.startswith("k:d:")):
        return True
    named = [key[4:] for key in other if key.startswith("k:d:")]
    kinds = {key[2:] for key in one if key.startswith("m:")}
    return any(
        {f"k:c:{kind}", f"k:d:{kind}"} & other and all(kind == each or kind in classes(each) for each in named)
        for kind in kinds
    )


def limits(question: str, found: Sequence[Quoted], around: Iterable[Passage]) -> list[Quoted]:
    """Return the sentences, beside those quoted, that limit what is quoted: of the same document first.

    Parameters
    ----------
    found
        The quotations.
    around
        Passages that were found beside them.

    Notes
    -----
    A sentence counts when it names a drug that the question names (else one that a quotation names), or names none
    and stands under a heading that does; or when it begins a condition right after a quoted paragraph.
    """
    wanted = drugs_of(question) or frozenset[str]().union(*(drugs_of(each.words.text) for each in found))
    told = {" ".join(each.words.text.split()) for each in found}
    quoted_at = {(each.passage.ref, each.passage.heading, each.words.pointer) for each in found}
    refs = list(dict.fromkeys(each.passage.ref for each in found))
    kept: list[Quoted] = []
    for passage in around:
        if passage.state not in ("", "in force") or not quotable(passage):
            continue
        after = (passage.ref, passage.heading, _before(passage.text.pointer)) in quoted_at
        above = drugs_of(passage.heading) or frozenset(e for e in drugs_of(passage.title) if e.startswith("k:d:"))
        for start, end in sentences(passage.text.text):
            text = passage.text.text[start:end]
            plain = " ".join(text.split())
            if len(text) > _LONGEST or plain in told:
                continue
            own = drugs_of(text)
            follows = after and not own and bool(_CONDITION.search(text))
            about = same_drug(wanted, own) if own else same_drug(wanted, above)
            if follows or (about and (_LIMIT.search(text) or _CONDITION.search(text))):
                told.add(plain)
                kept.append(Quoted(passage, passage.text.part(start, end)))
    kept.sort(key=lambda each: (_rank(each, refs), not _LIMIT.search(each.words.text)))
    return kept


def _rank(each: Quoted, refs: Sequence[str]) -> int:
    if each.passage.ref in refs:
        return 0
    return 1 if each.passage.source == "library" else 2


def _before(pointer: str) -> str:
    """Return the address of the paragraph before; empty where there is none."""
    match = _PLACE.match(pointer)
    return f"{match[1]}{int(match[2]) - 1}" if match and int(match[2]) else ""


def limit_sections(found: Sequence[Quoted], language: Language) -> tuple[list[Section], list[tuple[str, Quoted]]]:
    """Group limits by document and heading; the last section says how many there was no room for."""
    groups: dict[tuple[str, str], list[Quoted]] = {}
    for each in found[:_MOST]:
        groups.setdefault((each.passage.ref, each.passage.heading), []).append(each)
    sections: list[Section] = []
    claims: list[tuple[str, Quoted]] = []
    more = max(0, len(found) - _MOST)
    for number, group in enumerate(groups.values(), 1):
        key = f"limits-{number}"
        left = more if number == len(groups) else 0
        sections.append(Section(key, f"{say('limits', language)} · {named(group, language)}", left))
        claims.extend((key, each) for each in group)
    return sections, claims
