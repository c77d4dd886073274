"""Allergies in a note: what a patient is allergic to with the reaction, and that no allergy is known."""

from __future__ import annotations

import re
from typing import Final

from bogam.terms.cues import Cues
from bogam.text.reading import Attribute, Entity

_may_be_allergy: Final = Cues("allerg nkda nka intoler hypersens anaphyl 알레르기 알러지 과민 부작용", ("N.K",))
_NONE_KNOWN: Final = re.compile(
    r"\bN\.?K\.?(?:D\.?)?A\.?(?![A-Za-z])"
    r"|\bno (?:known |documented |reported |significant )*(?:drug |food |medication |medicine |environmental "
    r"|seasonal |latex "
    r"|other |or |and )*(?:allerg(?:y|ies)|intolerances?|sensitivities)"
    r"|\b(?:den(?:ies|ied)|without|not have|doesn['’]t have|none of) (?:having )?(?:any )?(?:known )?(?:drug |food "
    r"|medication |or |and )*allerg(?:y|ies)"
    r"|\ballerg(?:y|ies)\s?(?:to (?:medications?|drugs))?\s?[:)-]?\s?(?:none|no\b|nil|denie[sd]|\(-\)|negative)(?: "
    r"known)?"
    r"|(?:약물|음식|식품|특이|기타|약|[및과와,/ ])*\s?(?:알레르기|알러지|과민반응)(?:력|반응|병력|의 "
    r"과거력)?\s?(?:은|는|이|가|도)?\s?[:)]?\s?"
    r"(?:전혀 |특이사항 |특별히 |특이 )?(?:없(?:음|다|으며|으심|고|습니다|었음)|\(-\)|부인)",
    re.I,
)
_ALL_NONE: Final = re.compile(
    r"\W*(?:none(?: known| reported)?|no|nil|denie[sd](?: any)?|negative|없음|없다|특이사항 ?없음|특이 ?없음|무"
    r"|\(-\)|-|해당 ?없음|부인(?:함)?)\W*\Z",
    re.I,
)
_TO: Final = re.compile(
    r"(?:allergic|allergy|allergies|hypersensitivity|intolerance|intolerant|anaphylaxis"
    r"|reaction)\s?(?:reactions?\s)?(?:to|include[s]?|are|[:)])\s?",
    re.I,
)
_AFTER: Final = re.compile(
    r"\W{0,2}(?:에 ?대한 |에 |계 |계열 |제 |약물 )?\s?(?:drug )?(?:allerg(?:y|ies)|intolerance|hypersensitivity"
    r"|알레르기|알러지|과민|부작용)",
    re.I,
)
_KEPT: Final = ("symptom", "problem")


def allergies(
    text: str, found: list[Entity], sentences: tuple[tuple[int, int], ...], section_of: tuple[str, ...]
) -> list[Entity]:
    """Return ``found`` with allergens and reactions made into allergies; other substances are left out."""
    by_sentence: dict[int, list[Entity]] = {}
    for entity in found:
        by_sentence.setdefault(entity.sentence, []).append(entity)
    made: list[Entity] = []
    for index, (start, end) in enumerate(sentences):
        own = by_sentence.get(index, [])
        listed = section_of[index] == "allergies"
        if listed or _may_be_allergy(text[start:end]):
            made.extend(_read(text, start, end, own, index, section_of[index], listed))
        else:
            made.extend(entity for entity in own if entity.key[:2] != "s:")
    return made


def _read(text: str, start: int, end: int, own: list[Entity], index: int, section: str, listed: bool) -> list[Entity]:
    made: list[Entity] = []
    allergen: Entity | None = None
    to = _TO.search(text, start, end)
    for entity in own:
        substance = entity.kind == "drug" or entity.key[:2] == "s:"
        if substance and (listed or (to and entity.start >= to.end()) or _AFTER.match(text, entity.end, end)):
            allergen = Entity(
                "allergy", entity.start, entity.end, entity.key.removeprefix("s:"), "present", section, index
            )
            made.append(allergen)
        elif allergen is not None and entity.kind in _KEPT and _reacts(text, allergen.end, entity.start):
            allergen = allergen._replace(
                attributes=(*allergen.attributes, Attribute("reaction", entity.start, entity.end))
            )
            made[-1] = allergen
        elif entity.key[:2] != "s:":
            made.append(entity)
            allergen = None
    if allergen is None and not any(entity.kind == "allergy" for entity in made):
        match = _NONE_KNOWN.search(text, start, end) or (_ALL_NONE.match(text, start, end) if listed else None)
        if match is not None:
            words = text[match.start() : match.end()]
            begin = match.start() + len(words) - len(words.lstrip(" ,/:)-"))
            begin = begin if begin < match.end() else match.start()
            made = [entity for entity in made if entity.end <= begin or entity.start >= match.end()]
            made.append(Entity("allergy", begin, match.end(), "none-known", "absent", section, index))
    return made


_REACTION: Final = re.compile(
    r"[^\n;]{0,24}?(?:\(|:|-|–|→|=|caus|get|develop|reaction|result|gave|give|with|,|있|나타|생기|발생|으로"
    r"|시)[^\n;]{0,24}\Z",
    re.I,
)


def _reacts(text: str, end: int, start: int) -> bool:
    return start - end <= 48 and _REACTION.match(text, end, start) is not None
