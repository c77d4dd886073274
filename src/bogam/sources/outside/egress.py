"""What may be sent to an outside source: no question that holds what identifies a patient.

A question leaves the building as it was typed. So before anything is sent, its texts are searched for identifiers by
their shape (`bogam.text.deid`: registration and telephone numbers, e-mail, hospital, insurance and account numbers),
and for the names and numbers of the patients of this record. Nothing is taken out silently: the question is refused
with the reason, and the person words it without. Mirrors and built-in sources are asked whatever the question holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from bogam.record.cards import key_of
from bogam.sources.answer import BadQuery
from bogam.text.deid import CATEGORIES, Category, Finding, find

People = Callable[[Sequence[str]], bool]
"""Says whether one of the keys (`bogam.record.cards.key_of`) is the name or number of a patient of this record."""

_IDENTIFYING: Final[frozenset[Category]] = frozenset(
    {"phone", "fax", "email", "national-id", "passport", "health-plan", "record-number", "account"}
)
_OF_COMPANIES: Final = frozenset({"business-number", "business-number-labelled"})
_PUBLISHED: Final = re.compile(r"(?:NCT\d{8}|PMID|PMC\d+|CHEMBL\d+|ENSG\d{11}|[LAR]\d{4,6}|NCD)", re.I)
"""Numbers of studies, papers, molecules, genes and policies: they look like a number of a record and are public."""
_AFTER_A_WORD: Final[frozenset[Category]] = frozenset({"record-number", "health-plan", "account"})
_ONE_NUMBER: Final = re.compile(r"(?!(?:19|20)\d\d-(?:19|20)\d\d$)(?=(?:\D*\d){5})[^\s./]+")
_COUNTED: Final = re.compile(
    r"\s?(?:[명건례예회년개인곳일]|m[gL]|%|(?:patients|people|cases|beds|subjects|participants)\b)"
)
_IDS: Final = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![\d-])\d{4,5}-\d{3,4}-\d{1,2}(?![\d-])", re.I
)
"""Ids of labels and National Drug Codes: parts of them look like telephone numbers."""
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_HANGUL: Final = re.compile("[가-힣]+")
_WORDS_OF_A_NAME: Final = 4
_SYLLABLES: Final = (3, 4, 5)
"""Korean names that are looked for without their particle; two syllables are too often a word."""


class NotSent(BadQuery):
    """A question that was not sent, because it holds what identifies a patient."""


def check(request: Mapping[str, Any], known: People, *, names: bool = True, numbers: bool = True) -> None:
    """Refuse a question that holds what identifies a patient.

    Parameters
    ----------
    request
        The question's fields; texts in them are looked at, however deep.
    known
        Whether keys belong to a patient of this record.
    names
        Whether names of patients are looked for; not where a source is asked for people, such as a directory of
        providers: a provider may have a patient's name.
    numbers
        Whether plain numbers are compared with those of patients; not where the whole question is the id of an item.

    Raises
    ------
    NotSent
        With what kind of identifier it is, never the identifier itself: the sentence may be logged.
    """
    keys: list[str] = []
    for text in _texts(request):
        for each in find(_IDS.sub(lambda id: " " * len(id[0]), text), names=False):
            if _identifies(text, each):
                about = CATEGORIES[each.category]
                raise _refusal(
                    f"what looks like a {about.name} of a person", f"개인의 {about.name_ko}(으)로 보이는 내용이"
                )
        keys += (key for key in _keys(text) if (numbers if key.isdigit() else names or any(map(str.isdigit, key))))
    if keys and known(list(dict.fromkeys(keys))):
        raise _refusal("the name or a number of a patient of this record", "이 기록에 있는 환자의 이름이나 번호가")


def _identifies(text: str, each: Finding) -> bool:
    """Say whether a finding is of a person. A number after a word like “patient” may be a count, a year, a value."""
    shown = text[each.start : each.end]
    if each.category not in _IDENTIFYING or each.rule in _OF_COMPANIES or _PUBLISHED.match(shown):
        return False
    if each.category not in _AFTER_A_WORD:
        return True
    return bool(_ONE_NUMBER.fullmatch(shown)) and not _COUNTED.match(text, each.end)


def _refusal(what: str, what_ko: str) -> NotSent:
    return NotSent(
        f"The question was not sent: it holds {what}, and it would leave this building. Ask without it.",
        ko=f"질문을 보내지 않았습니다. {what_ko} 들어 있고, 이 질문은 건물 밖으로 나갑니다. 그 내용을 빼고 물으십시오.",
    )


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a value, composed and in plain figures (NFKC); a number as it is written."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        yield unicodedata.normalize("NFKC", str(value))
    elif isinstance(value, Mapping):
        for name, each in cast(Mapping[str, Any], value).items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in cast("Sequence[Any]", value):
            yield from _texts(each)


def _keys(text: str) -> Iterator[str]:
    """Yield the keys of everything in a text that may be a name or a number: words, up to four in a row."""
    words = _WORD.findall(text)
    for start, word in enumerate(words):
        for syllables in _SYLLABLES if _HANGUL.match(word) else ():
            if len(word) >= syllables:
                yield key_of(word[:syllables])
        if any(map(str.isdigit, word)):
            yield key_of(word)
        for end in range(start + 2, min(start + _WORDS_OF_A_NAME, len(words)) + 1):
            yield key_of("".join(words[start:end]))
