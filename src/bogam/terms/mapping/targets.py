"""The names that local names are matched with: those of ICD-10-CM, or of an imported system."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import orjson

from bogam.terms import icd10cm
from bogam.terms.imported import Library
from bogam.terms.mapping.matcher import Matcher, Target

_LONGEST = 300


def of_icd10cm(index: icd10cm.Icd10cm) -> Iterator[Target]:
    """Yield the titles, inclusion terms and includes of categories and subcategories."""
    for code, words, _ in index.names():
        entry = index[code]
        if entry.kind in ("category", "subcategory") and len(words) <= _LONGEST:
            yield Target(entry.code, entry.title, words, entry.billable)


def of_imported(library: Library, system: str) -> Iterator[Target]:
    """Yield the names of the active codes of an imported system."""
    shown, last = "", ""
    for code, text, extra in library.names(system):
        if code != last:
            shown, last = text, code
        if len(text) <= _LONGEST:
            yield Target(code, shown, text, True, orjson.loads(extra))


@lru_cache(maxsize=2)
def _icd10cm_matcher(version: int) -> Matcher:
    return Matcher(of_icd10cm(icd10cm.default()))


@lru_cache(maxsize=2)
def _imported_matcher(folder: str, system: str, at: str) -> Matcher:
    from pathlib import Path

    return Matcher(of_imported(Library(Path(folder)), system))


def matcher(library: Library, system: str) -> tuple[Matcher, str]:
    """Return the matcher of a system and the version it is of; it is built on first use, in a few seconds.

    Raises
    ------
    bogam.terms.imported.NotImported
        When the system is not there.
    """
    if system == icd10cm.SYSTEM:
        index = icd10cm.default()
        return _icd10cm_matcher(index.version), index.release
    told = library.meta(system)
    return _imported_matcher(str(library.folder), system, told["at"]), told["version"]
