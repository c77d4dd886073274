"""What can be asked of RxNorm, and Korean names of drugs read as English ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from bogam.sources.answer import BadQuery
from bogam.sources.source import Lookup, Query
from bogam.terms.drugs import ingredients

TERM_TYPES: Final = (
    "IN", "PIN", "MIN", "BN", "SCDC", "SCDF", "SCDFP", "SCDG", "SCDGP", "SCD", "GPCK", "SBDC", "SBDF", "SBDFP", "SBDG",
    "SBD", "BPCK", "DF", "DFG",
)  # fmt: skip
PRODUCTS: Final = ("SCD", "SBD", "GPCK", "BPCK")
_HANGUL: Final = re.compile(r"[가-힣]")
_RXCUI: Final = re.compile(r"[0-9]{1,8}")
_NDC: Final = re.compile(
    r"[0-9]{11}|[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-[0-9]{3}-[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]{1,2}"
)


class Search(Query):
    """A drug's name, a package code, or the concept whose relatives are asked for: one of them."""

    text: str = Field(
        "", max_length=300, description="Name of a drug, in English or Korean: ingredient, brand, product"
    )
    match: Literal["best", "exact", "approximate", "products"] = Field(
        "best",
        description="best: the name, in any order of its words; exact: as written; approximate: names like it, with a "
        "score; products: what is sold under the name of an ingredient or brand",
    )
    related_to: str = Field("", max_length=8, description="RXCUI whose related concepts are asked for")
    ndc: str = Field("", max_length=14, description="National Drug Code: eleven digits, or with hyphens")
    tty: str = Field("", max_length=60, description="Term types to keep, such as IN or SCD,SBD")


class Get(Lookup):
    """Which concept."""

    id: str = Field(min_length=1, max_length=40, description="RXCUI (digits), or ndc/ and eleven digits")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, checked. One of ``name``, ``related_to`` and ``ndc`` is not empty."""

    name: str
    match: str
    related_to: str
    ndc: str
    types: tuple[str, ...]
    note: str


def asked(request: Search) -> Asked:
    """Check a question.

    Raises
    ------
    BadQuery
        For none or several questions at once, unknown term types, ids that cannot be, and Korean without a known drug.
    """
    if sum(map(bool, (request.text, request.related_to, request.ndc))) != 1:
        raise BadQuery("Give one of text, related_to and ndc.")
    types = tuple(each for each in re.split(r"[\s,+]+", request.tty.upper()) if each)
    unknown = [each for each in types if each not in TERM_TYPES]
    if unknown:
        raise BadQuery(f"tty: RxNorm has no term type {', '.join(unknown)[:60]}. Known: {', '.join(TERM_TYPES)}.")
    name, note = english(request.text)
    ndc = ndc11(request.ndc) if request.ndc else ""
    related = rxcui(request.related_to) if request.related_to else ""
    return Asked(name, request.match, related, ndc, types, note)


def english(text: str) -> tuple[str, str]:
    """Return a drug's name in English, and what must be said of it: Korean is read by Bogam's own lexicon.

    Raises
    ------
    BadQuery
        For Korean that names no drug of the lexicon.
    """
    text = " ".join(text.replace("\0", " ").split())
    if not _HANGUL.search(text):
        return text, ""
    found = sorted(each for each in ingredients(text) if not _HANGUL.search(each))
    if not found:
        raise BadQuery(f"“{text[:60]}”: RxNorm knows no Korean, and Bogam no English name of it. Ask in English.")
    name = " / ".join(found)
    return name, f"“{text[:60]}” was asked as “{name}”, by Bogam's own list of drug names."


def rxcui(text: str) -> str:
    """Return an RXCUI. Raises `BadQuery` for what cannot be one."""
    if not _RXCUI.fullmatch(text):
        raise BadQuery(f'"{text[:40]}" is no RXCUI: one to eight digits.')
    return text


def ndc11(text: str) -> str:
    """Return a National Drug Code as eleven digits (5-4-2), whichever of its forms it comes in. Raises `BadQuery`."""
    if not _NDC.fullmatch(text):
        raise BadQuery(
            f'"{text[:40]}" is no National Drug Code: eleven digits, or 4-4-2, 5-3-2, 5-4-1 or 5-4-2 with hyphens. '
            "Ten digits without hyphens may be three different ones."
        )
    if "-" not in text:
        return text
    labeler, product, package = text.split("-")
    return labeler.zfill(5) + product.zfill(4) + package.zfill(2)
