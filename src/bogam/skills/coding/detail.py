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
_EMPTY: Final = frozenset({"unspecified", "other", "specified", "initial", "encounter", "type"})


def detailed(support: Support, index: Icd10cm) -> Support:
    """Return the support for the code that its sentence settles, or as it is.

    A choice is taken only when everything in its title beyond the title of the open code stands in the sentence, and
    when it is the only such choice. A seventh character is never guessed.
    """
    entry = index.get(support.code)
    if entry is None or support.around is None or support.assertion == "absent":
        return support
    code = entry.code
    for _ in range(_DEEPEST):
        finer = _sided(code, support.around.text, index) or _kind(code, support.around.text, index)
        if finer is None:
            break
        code = finer
    return support if code == support.code else support._replace(code=code, cited=(*support.cited, support.around))


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
    wordings = (sentence, *in_english(sentence))
    return frozenset(token.stem for wording in wordings for token in words(wording))
