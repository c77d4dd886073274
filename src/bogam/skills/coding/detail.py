"""Take the detail that a code leaves open from the sentence that speaks for it: the side, the stage, the kind."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.skills.coding.gather import Support
from bogam.skills.coding.phrases import content, words
from bogam.terms.bilingual import in_english
from bogam.terms.icd10cm import Icd10cm
from bogam.text.atoms import read

_DEEPEST: Final = 3
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_STAGE: Final = re.compile(r"(?<![0-9.])([1-5])[ ]?(?:기|단계)(?:로|의|인|에서|에|와|이|가|는|은|도)?(?![가-힣])")
_EMPTY: Final = frozenset({"unspecified", "other", "specified", "initial", "encounter", "type"})


def detailed(support: Support, index: Icd10cm) -> Support:
    """Return the support for the code that its sentence settles, or as it is.

    A choice is taken only when everything in its title beyond the title of the open code stands in the sentence, and
    when it is the only such choice. A heading that was only named becomes its unspecified code: zoster, B02.9. A
    seventh character is never guessed.
    """
    entry = index.get(support.code)
    if entry is None or support.assertion == "absent":
        return support
    code = entry.code
    for _ in range(_DEEPEST if support.around is not None else 0):
        assert support.around is not None
        finer = _sided(code, support.around.text, index) or _kind(code, support.around.text, index)
        if finer is None:
            break
        code = finer
    cited = support.cited if code == entry.code or support.around is None else (*support.cited, support.around)
    if support.how == "name":
        code = _unspecified(code, index)
    return support._replace(code=code, cited=cited)


@lru_cache(maxsize=1024)
def _unspecified(code: str, index: Icd10cm) -> str:
    """Return the code below a heading that its name alone means: of the same title, unspecified, or "NOS"."""
    for _ in range(_DEEPEST):
        known = _title(index[code].title)
        below = [each.code for each in index.children(code) if each.kind != "extension"]
        fitting = [each for each in below if _says_no_more(each, known, index)]
        if index[code].billable or len(fitting) != 1:
            break
        code = fitting[0]
    return code


def _says_no_more(code: str, known: frozenset[str], index: Icd10cm) -> bool:
    if "unspecified" in index[code].title.lower() and _title(index[code].title) <= known:
        return True
    own = [note.text for note in index.notes(code, "inclusion") if note.code == code]
    return any(name.endswith(" NOS") and _title(name.removesuffix(" NOS")) <= known for name in own)


def _sided(code: str, sentence: str, index: Icd10cm) -> str | None:
    sides = index.sides(code)
    if sides.get("unspecified") != code:
        return None
    named = {each.side for each in read(sentence).sides}
    return sides.get(named.pop()) if len(named) == 1 else None


def _kind(code: str, sentence: str, index: Icd10cm) -> str | None:
    if code.startswith("R"):
        return None  # one sign is another's synonym too often
    there = _stems(sentence)
    for question in index.open_questions(code):
        if question.about not in ("unspecified", "subdivision"):
            continue
        known = _title(index[code].title)
        beyond = {choice: _title(index[choice].title) - known for choice in question.choices}
        fitting = [choice for choice, stems in beyond.items() if stems and stems <= there]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _title(title: str) -> frozenset[str]:
    return content(token.stem for token in words(_BRACKETS.sub(" ", title))) - _EMPTY


@lru_cache(maxsize=1024)
def _stems(sentence: str) -> frozenset[str]:
    sentence = _STAGE.sub(r"stage \1", sentence)
    wordings = (sentence, *in_english(sentence))
    return frozenset(token.stem for wording in wordings for token in words(wording))
