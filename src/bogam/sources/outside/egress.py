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
from itertools import permutations
from typing import Any, Final, cast
from urllib.parse import unquote

from bogam.record.cards import LONGEST, key_of
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
_SYLLABLES: Final = (3, 4, 5)
"""Korean names that are looked for in a run of syllables; two are too often a word."""
_SIGNS: Final = 40
"""Words of one sign in a row that may be a name or a number written apart."""
_OF_AN_ID: Final = 8
"""Figures from which an id that equals the number of a patient is that number; shorter ids often do by chance."""
_ITS_OWN: Final = "next"
"""The field that gives back to a source what it sent itself: its random figures look like any number, so that only the
names and numbers of patients are looked for in it."""
_BESIDE: Final = 12
"""Members or elements side by side that are looked at in pairs, and the words that each may have."""


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
        Whether plain numbers are compared with those of patients; where the whole question is the id of an item, only
        those of eight figures or more are.

    Raises
    ------
    NotSent
        With what kind of identifier it is, never the identifier itself: the sentence may be logged.
    """
    keys: list[str] = []
    for text in _texts({name: value for name, value in request.items() if name != _ITS_OWN}):
        for each in find(_IDS.sub(lambda id: " " * len(id[0]), text), names=False):
            if _identifies(text, each):
                about = CATEGORIES[each.category]
                raise _refusal(
                    f"what looks like a {about.name} of a person", f"개인의 {about.name_ko}(으)로 보이는 내용이"
                )
    for text in _texts(request):
        keys += _keys(text)
    for text in _joined(request):
        keys += (key for key in _keys(text) if not key.isdigit())
    keys = [key for key in dict.fromkeys(keys) if _counts(key, names, numbers)]
    if keys and known(keys):
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


def _counts(key: str, names: bool, numbers: bool) -> bool:
    if key.isdigit():
        return numbers or len(key) >= _OF_AN_ID
    return names or any(map(str.isdigit, key))


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a value, composed and in plain figures (NFKC), as it is and with its percent signs read; a
    number as it is written."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        text = unicodedata.normalize("NFKC", str(value))
        yield text
        if "%" in text and (read := unicodedata.normalize("NFKC", unquote(text))) != text:
            yield read
    elif isinstance(value, Mapping):
        for name, each in cast(Mapping[str, Any], value).items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in cast("Sequence[Any]", value):
            yield from _texts(each)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _joined(value: Any) -> Iterator[str]:
    """Yield what stands side by side as one text: the members of an object and the elements of a list, all in their
    order and in the other, and any two, since a name may be given in several fields."""
    if not isinstance(value, Mapping | list | tuple | set | frozenset):
        return
    beside: list[Any] = list(cast(Any, value).values() if isinstance(value, Mapping) else cast(Any, value))
    flat = [" ".join(filter(_is_text, cast(Any, each))) if isinstance(each, list) else each for each in beside]
    texts = [unicodedata.normalize("NFKC", each) for each in flat if isinstance(each, str)]
    short = [text for text in texts if len(_WORD.findall(text)) <= _BESIDE]
    if len(short) > 1:
        yield " ".join(short)
        yield " ".join(reversed(short))
        yield from map(" ".join, permutations(short[:_BESIDE], 2))
    for each in beside:
        yield from _joined(each)


def _keys(text: str) -> Iterator[str]:
    """Yield the keys of everything in a text that may be a name or a number: words, as many in a row as the longest
    name has, and Korean names within a run of syllables."""
    words = [key_of(word) for word in _WORD.findall(text)]
    for start, word in enumerate(words):
        yield word
        for run in _HANGUL.findall(word):
            yield from (run[at : at + n] for n in _SYLLABLES for at in range(len(run) - n + 1))
        most = _SIGNS if len(word) == 1 else LONGEST
        joined = word
        for end in range(start + 1, min(start + most, len(words))):
            if end >= start + LONGEST and len(words[end]) > 1:
                break
            if end == start + 1 and _HANGUL.fullmatch(word):
                yield from _across(word, words[end])
            joined += words[end]
            yield joined


def _across(word: str, after: str) -> Iterator[str]:
    """Yield the Korean names that end in the next word, before its particle."""
    both = word + after
    yield from (both[:n] for n in _SYLLABLES if len(word) < n < len(both))
