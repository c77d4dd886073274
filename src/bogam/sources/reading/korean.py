"""A Korean question to a source that holds English names: asked as typed, then in English, and said so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from bogam.sources.answer import Result
from bogam.terms.bilingual import in_english

_HANGUL: Final = re.compile("[가-힣]")


def asked(request: Any, ask: Callable[[Any], Result], source: str) -> Result:
    """Return what ``ask`` finds for a request, or for its text in English where a Korean one finds nothing.

    The note of the result says which English words were asked, or that the source holds English names.
    """
    found = ask(request)
    if found.items or found.next or found.cut or not _HANGUL.search(request.text):
        return found
    for english in in_english(request.text):
        other = ask(request.model_copy(update={"text": english}))
        if other.items:
            return replace(other, note=f'Asked in English: "{english}".')
    return replace(found, note=f"{source} holds English names: ask in English.")
