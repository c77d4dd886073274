"""Concepts and package codes as items; the same fields from the interface and from the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bogam.sources.answer import Item

MOST_RELATED: Final = 60
"""Related concepts of one type within an item; the others by a search with related_to."""
_STATUS: Final = {"N": "Active", "": "Active", "O": "Obsolete", "E": "Quantified", "Y": "Suppressed"}


@dataclass(slots=True)
class Concept:
    """What is known of one concept. ``status`` is of RxNorm's history: Active, Obsolete, Quantified, Remapped,
    NotCurrent."""

    rxcui: str
    name: str
    tty: str
    status: str = "Active"
    synonyms: list[str] = field(default_factory=list[str])
    remapped_to: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    ingredients: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    dose_forms: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    codes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    classes: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    related: dict[str, list[dict[str, str]]] = field(default_factory=dict[str, list[dict[str, str]]])
    more: dict[str, Any] = field(default_factory=dict[str, Any])

    def item(self) -> Item:
        """Return the item; what is empty is left out."""
        related = [
            {"tty": tty, "total": len(found), "concepts": found[:MOST_RELATED]}
            for tty, found in sorted(self.related.items())
            if found
        ]
        said: dict[str, Any] = {
            "rxcui": self.rxcui, "name": self.name, "tty": self.tty, "status": self.status, "synonyms": self.synonyms,
            "remapped_to": self.remapped_to, "ingredients": self.ingredients, "dose_forms": self.dose_forms,
            "codes": [{"source": source, "codes": codes} for source, codes in sorted(self.codes.items())],
            "classes": self.classes, "related": related, **self.more,
        }  # fmt: skip
        title = self.name if self.status == "Active" else f"{self.name} ({self.status.lower()})"
        fields = {name: value for name, value in said.items() if value not in ("", [], {})}
        return Item("rxnav", self.rxcui, title, _page(self.rxcui), "", fields)

    @property
    def note(self) -> str:
        """What a reader must know: that the concept is not to be used any more, and what stands for it."""
        if self.status == "Active":
            return ""
        now = ", ".join(f"{each['name']} ({each['rxcui']})" for each in self.remapped_to)
        instead = f"; it is now {now}" if now else ""
        return f"RxNorm holds {self.rxcui} as {self.status}{instead}. Do not use it for new data."


def _page(rxcui: str) -> str:
    return f"https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm={rxcui}"


def status_of(suppress: str) -> str:
    """Return the status that RXNCONSO's SUPPRESS stands for."""
    return _STATUS.get(suppress, suppress)


def brief(each: Concept, **more: Any) -> Item:
    """Return a concept as a search shows it."""
    each.more.update(more)
    return each.item()


def package(ndc: str, told: Mapping[str, Any]) -> Item:
    """Return a package code as an item."""
    fields = {"ndc11": ndc, **{name: value for name, value in told.items() if value not in ("", [], {}, None)}}
    name = str(told.get("concept_name") or "a product that RxNorm does not name")
    url = f"https://mor.nlm.nih.gov/RxNav/search?searchBy=NDC&searchTerm={ndc}"
    return Item("rxnav", f"ndc/{ndc}", f"NDC {ndc}: {name}", url, "", fields)


def kept(concepts: Iterable[Concept], types: Sequence[str]) -> list[Concept]:
    """Return the concepts of the types asked for, each once; all where no type is."""
    found: dict[str, Concept] = {}
    for each in concepts:
        if not types or each.tty in types:
            found.setdefault(each.rxcui, each)
    return list(found.values())
