"""A Korean question to a source that holds English records: asked as typed, then in English, and said so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from bogam.sources.answer import BadQuery, Result
from bogam.terms.bilingual import in_english

_HANGUL: Final = re.compile("[가-힣]")
_FURTHER: Final = re.compile(r"en([0-9]{1,2})~(.*)", re.DOTALL)


def asked(request: Any, ask: Callable[[Any], Result], source: str) -> Result:
    """Return what ``ask`` finds for a request, or for its text in English where a Korean one finds nothing.

    The note of the result says which English words were asked, or that the source holds English records. ``next`` of
    such a result leads on with the same English words.

    Raises
    ------
    BadQuery
        For a ``next`` that is not of an answer to this question; and what ``ask`` raises.
    """
    if not _HANGUL.search(request.text):
        return ask(request)
    ways = in_english(request.text)
    further = _FURTHER.fullmatch(request.next)
    if further is not None:
        way = int(further[1])
        if way >= len(ways):
            raise BadQuery(f'"{request.next[:40]}" is no place to go on from: give back `next` as it was.')
        return _in_english(request, ask, ways, way, further[2])
    found = ask(request)
    if found.items or found.next or found.cut:
        return found
    for way in range(len(ways)):
        other = _in_english(request, ask, ways, way, "")
        if other.items:
            return other
    return replace(found, note=f"{found.note} {source} holds English records: ask in English.".strip())


def _in_english(request: Any, ask: Callable[[Any], Result], ways: tuple[str, ...], way: int, next: str) -> Result:
    found = ask(request.model_copy(update={"text": ways[way], "next": next}))
    note = f'Asked in English: "{ways[way]}". {found.note}'.strip()
    return replace(found, note=note, next=f"en{way}~{found.next}" if found.next else "")
