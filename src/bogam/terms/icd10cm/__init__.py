"""ICD-10-CM (the United States' clinical modification of ICD-10; CDC/NCHS, public domain), whole and in memory."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from bogam.terms.icd10cm.compiled import NoTabular, opened
from bogam.terms.icd10cm.entry import Conflict, Entry, Match, Note, Question, Sequence, Verdict
from bogam.terms.icd10cm.index import NAME, SYSTEM, URI, Document, Icd10cm

__all__ = [
    "NAME",
    "SYSTEM",
    "URI",
    "Conflict",
    "Document",
    "Entry",
    "Icd10cm",
    "Match",
    "NoTabular",
    "Note",
    "Question",
    "Sequence",
    "Verdict",
    "cache_folder",
    "cited",
    "default",
]


def cache_folder() -> Path | None:
    """Return where the compiled index is kept: ``$XDG_CACHE_HOME/bogam/terms``, else ``~/.cache/bogam/terms``."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(given) if given else Path.home() / ".cache") / "bogam" / "terms"
    except RuntimeError:
        return None


@cache
def default() -> Icd10cm:
    """Return the installed release, one index for the whole process, read only.

    Raises
    ------
    NoTabular
        When the package `simple-icd-10-cm` carries no tabular list.
    """
    return Icd10cm(opened(cache_folder()))


def cited(source: str, version: str) -> Document | None:
    """Return the document that a citation of ``icd-10-cm:CODE`` stands in; None for another release or no such code."""
    system, colon, code = source.partition(":")
    if system != SYSTEM or not colon:
        return None
    index = default()
    found = index.document(code) if version == str(index.version) else None
    return found if found is not None and found.ref == source else None
