"""How a note means what it mentions: present, absent, possible, historical, hypothetical, or someone else's.

The classes are those of i2b2/VA 2010 with ConText's history and experiencer. Written as rules: English cues with the
scopes of NegEx and ConText, Korean predicates, the signs both write, and whose finding it is. Unlikely is possible;
excluded is absent; resolved is historical; risk, prevention, screening and conditions are hypothetical; not improved is
present.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.record.facts import Assertion
from bogam.text.assertion import english, korean, marks, people
from bogam.text.sections import sections
from bogam.text.sentences import sentences

_HANGUL: Final = re.compile(r"[가-힣]")
_PAST_SECTIONS: Final = frozenset({"past-history", "surgical-history"})
_CURRENT: Final = re.compile(
    r"\b(?:current|currently|active|ongoing|now|today|on treatment|controlled|stable on)\b|복용 ?중|투약 ?중|치료 "
    r"?중|조절 ?중|투석 ?중|현재도|지금도",
    re.I,
)


def classify(text: str, start: int, end: int, section: str = "") -> Assertion:
    """Return how a text means what stands at a place in it.

    Parameters
    ----------
    text
        A note, or a sentence of one.
    start, end
        The words meant, as code points in ``text``.
    section
        The key of the section they stand in; read from the headings of ``text`` where it is not given.

    Returns
    -------
    Assertion
        ``present`` where no cue says otherwise.
    """
    if not section:
        section, begin, stop = _section_at(text, start)
    else:
        begin, stop = 0, len(text)
    for low, high in _sentences(text, begin, stop):
        if low <= start < high:
            low = with_sign(text, low)
            return in_sentence(text[low:high], start - low, min(end, high) - low, section)
    return in_sentence(text[start:end], 0, end - start, section)


def with_sign(text: str, low: int) -> int:
    """Take a minus sign before the sentence as its own: it is a bullet only where a space follows."""
    return low - 1 if low and text[low - 1] in "-+−" else low


@lru_cache(maxsize=256)
def _sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    return sentences(text, start, end)


@lru_cache(maxsize=256)
def _parts(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((part.key, part.body, part.end) for part in sections(text))


def _section_at(text: str, place: int) -> tuple[str, int, int]:
    found = ("", 0, len(text))
    for part in _parts(text):
        if part[1] <= place:
            found = part
    return found


def in_sentence(sentence: str, start: int, end: int, section: str = "") -> Assertion:
    """Return how a sentence means the words from ``start`` to ``end``; `classify` finds the sentence first."""
    plain, mixed = _plain(sentence)
    sign = marks.assertion(plain, start, end)
    said = korean.assertion(plain, start, end) if mixed else None
    also = english.assertion(plain, start, end)
    label = _joined(said, also) if mixed else also
    if sign is not None and label != "hypothetical" and (sign, label) != ("present", "historical"):
        label = sign
    if people.is_other(plain, start, end, section):
        return "absent" if label == "absent" and _denied_at_all(plain, section) else "other"
    if label is None or label == "present":
        if section == "differential":
            return "possible"
        past = section in _PAST_SECTIONS and not _CURRENT.search(plain)
        return "historical" if past else "present"
    return label


@lru_cache(maxsize=256)
def _plain(sentence: str) -> tuple[str, bool]:
    """Return the sentence with ordinary signs, and whether there is Korean in it."""
    plain = marks.plain_signs(sentence)
    return plain, _HANGUL.search(plain) is not None


def _denied_at_all(sentence: str, section: str) -> bool:
    """Tell whether a family history is denied as such, and not one relative's finding."""
    return section == "family-history" or re.search(r"family (?:history|hx)|FHx?\b|가족력", sentence, re.I) is not None


def _joined(korean_says: Assertion | None, english_says: Assertion | None) -> Assertion | None:
    """Join what both languages' cues say: the stronger claim on the words holds, Korean's predicate first."""
    if korean_says in (None, "present"):
        return english_says if english_says is not None and korean_says is None else korean_says or english_says
    if english_says == "hypothetical" or (english_says == "possible" and korean_says == "historical"):
        return english_says
    return korean_says
