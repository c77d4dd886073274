"""What the notes say of codes together: which exclude each other, which goes first, which would say more.

After the ICD-10-CM Official Guidelines for Coding and Reporting, section I.A (excludes notes, etiology and
manifestation, code first, use additional code) and I.B.13 (laterality).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as Codes
from typing import TYPE_CHECKING, Final

from bogam.terms.icd10cm.codes import spans
from bogam.terms.icd10cm.entry import Conflict, Entry, Note, Question, Sequence

if TYPE_CHECKING:
    from bogam.terms.icd10cm.index import Icd10cm

_SIDE: Final = re.compile(r"\b(right|left|bilateral|unspecified)\b(?!-)(?: (?:side|eye|ear)\b)?", re.I)
_UNSPECIFIED: Final = re.compile(r"\bunspecified\b|\bNOS\b", re.I)
_ELSEWHERE: Final = re.compile(
    r"\b(?:in|with) (?:(?:other|certain)\b[^,]{0,60} )?(?:diseases?|conditions?|disorders?) classified elsewhere", re.I
)


def conflicts(index: Icd10cm, codes: Codes[str]) -> tuple[Conflict, ...]:
    """Return the pairs among ``codes`` that an excludes1 note forbids, each pair once for each note.

    A note of a heading that holds both codes says nothing about the two. The guidelines allow both all the same where
    the two conditions are unrelated (I.A.12.a): a coder decides.
    """
    known = _known(index, codes)
    found: list[Conflict] = []
    told: set[frozenset[str]] = set()
    for entry in known:
        for note in index.notes(entry.code, "excludes1"):
            for other in known:
                pair = frozenset((entry.code, other.code))
                if len(pair) == 1 or pair in told or not _names(note, other.code) or _within(index, other, note.code):
                    continue
                told.add(pair)
                found.append(Conflict(entry.code, other.code, note))
    return tuple(found)


def sequence(index: Icd10cm, codes: Codes[str]) -> tuple[Sequence, ...]:
    """Return the orders that "code first" and "use additional code" notes ask for among ``codes``."""
    known = _known(index, codes)
    found: dict[tuple[str, str], Sequence] = {}
    for entry in known:
        for note in index.notes(entry.code, "code_first"):
            for other in known:
                if other != entry and _names(note, other.code):
                    found.setdefault((other.code, entry.code), Sequence(other.code, entry.code, note))
    for entry in known:
        for note in index.notes(entry.code, "use_additional"):
            for other in known:
                pair = (entry.code, other.code)
                if other != entry and _names(note, other.code) and (other.code, entry.code) not in found:
                    found.setdefault(pair, Sequence(*pair, note))
    return tuple(found.values())


def arranged(index: Icd10cm, codes: Codes[str]) -> tuple[str, ...]:
    """Return ``codes``, each moved behind what must go before it; a circle is left as it stands."""
    after: dict[str, set[str]] = {}
    for each in sequence(index, codes):
        after.setdefault(each.then, set()).add(each.first)
    waiting = [entry.code for entry in _known(index, codes)]
    placed: list[str] = []
    while waiting:
        ready = next((code for code in waiting if not after.get(code, set()) & set(waiting)), waiting[0])
        waiting.remove(ready)
        placed.append(ready)
    return tuple(placed)


def is_manifestation(index: Icd10cm, code: str) -> bool:
    """Tell whether a title or a heading above says "in diseases classified elsewhere"."""
    return any(
        _ELSEWHERE.search(entry.title)
        for entry in (index[code], *index.ancestors(code))
        if entry.kind in ("category", "subcategory", "extension")
    )


def sides(index: Icd10cm, code: str) -> dict[str, str]:
    """Return the codes whose titles differ from that of ``code`` in the side alone, by side."""
    entry = index[code]
    own = _without_side(entry.title)
    if entry.title == own:
        return {}
    if entry.kind == "extension":
        bases = sides(index, entry.parent)
        return {side: full for side, base in bases.items() for full in index.extensions(base) if full[-1] == code[-1]}
    found: dict[str, str] = {}
    for other in index.children(entry.parent):
        match = list(_SIDE.finditer(other.title))
        if match and _without_side(other.title) == own:
            found.setdefault(match[-1][1].lower(), other.code)
    return found if len(found) > 1 and set(found) - {"unspecified"} else {}


def questions(index: Icd10cm, code: str) -> tuple[Question, ...]:
    """Return what ``code`` leaves open."""
    entry = index[code]
    found: list[Question] = []
    by_side = sides(index, code)
    if by_side.get("unspecified") == entry.code:
        choices = tuple(each for side, each in by_side.items() if side != "unspecified")
        found.append(Question("laterality", choices))
    elif _UNSPECIFIED.search(entry.title) and entry.kind in ("subcategory", "extension"):
        found += _unspecified(index, entry)
    if entry.billable or entry.kind in ("chapter", "block"):
        return tuple(found)
    choices = index.extensions(entry.code)
    if choices:
        found.append(Question("seventh", choices))
    else:
        found.append(Question("subdivision", tuple(each.code for each in index.children(entry.code))))
    return tuple(found)


def _unspecified(index: Icd10cm, entry: Entry) -> Iterable[Question]:
    base = index[entry.parent] if entry.kind == "extension" else entry
    siblings = [other.code for other in index.children(base.parent) if not _UNSPECIFIED.search(other.title)]
    if siblings:
        yield Question("unspecified", tuple(siblings))


def _without_side(title: str) -> str:
    return " ".join(_SIDE.sub("", title).replace(" ,", ",").split())


def _known(index: Icd10cm, codes: Codes[str]) -> list[Entry]:
    found = (index.get(code) for code in codes)
    return list({entry.code: entry for entry in found if entry is not None}.values())


def _names(note: Note, code: str) -> bool:
    return any(span.holds(code) for span in spans(note.text))


def _within(index: Icd10cm, entry: Entry, heading: str) -> bool:
    return entry.code == heading or any(above.code == heading for above in index.ancestors(entry.code))
