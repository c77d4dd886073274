"""A passage: a paragraph of a library document or a part of an article, with its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from bogam.record.citation import Field, Origin
from bogam.sources.answer import Item
from bogam.sources.library.instructions import set_apart

_SHORTEST: Final = 20
_MOST: Final = 200
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "url",
        "authors",
        "publisher",
        "license",
        "disclaimer",
        "licence",
        "mesh",
        "keywords",
        "journal",
        "published",
        "notice",
        "notices",
    }
) | {"copyright", "conflict_of_interest", "author_corresponding_institution"}


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage.

    Parameters
    ----------
    text
        The words, with their address.
    title, heading
        Of the document, and the headings above the passage.
    dated
        Effective date of a library document, version or date of an article; empty where it states none.
    state
        ``in force``, ``not yet in force`` or ``superseded`` for the library, else empty.
    page
        From 1; 0 where there are no pages.
    """

    text: Field
    title: str
    heading: str = ""
    dated: str = ""
    state: str = ""
    page: int = 0
    url: str = ""
    item: Item | None = None
    """What it is a part of, where that must be kept to stay citable; the library keeps its own."""

    @property
    def ref(self) -> str:
        return self.text.origin.source

    @property
    def source(self) -> str:
        return self.ref.partition(":")[0]


def passages(item: Item, state: str = "") -> Iterator[Passage]:
    """Yield the passages of an item: the paragraphs of its pages, or the longer texts among its fields.

    A retracted article and a withdrawn preprint have none: no answer may rest on them.
    """
    if item.fields.get("retracted") is True or item.fields.get("withdrawn") is True:
        return
    document = item.document
    origin = Origin(document.ref, document.version, document.sha)
    pages = item.fields.get("pages")
    if item.source == "library" and isinstance(pages, list):
        for at, page in enumerate(cast("list[dict[str, Any]]", pages)):
            apart = set_apart(page)
            for place, text in enumerate(page["paragraphs"]):
                if place in apart:
                    continue  # it speaks to a program, not to a reader
                field = Field(origin, f"/fields/pages/{at}/paragraphs/{place}", text)
                yield Passage(field, item.title, page["headings"][place], item.version, state, page["number"], item.url)
        return
    for count, (pointer, text, label) in enumerate(_texts(dict(item.fields), "/fields")):
        if count >= _MOST:
            return
        yield Passage(Field(origin, pointer, text), item.title, label, item.version, state, 0, item.url, item)


def _texts(value: Any, pointer: str, label: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield pointer, text and label of the longer texts: the label of an abstract's part stands beside its text."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        label = str(fields.get("label") or "")
        for key, member in fields.items():
            if key not in _TOLD_ELSEWHERE:
                yield from _texts(member, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", label)
    elif isinstance(value, list):
        for at, member in enumerate(cast("list[Any]", value)):
            yield from _texts(member, f"{pointer}/{at}", label)
    elif isinstance(value, str) and len(value) >= _SHORTEST and " " in value and not value.startswith("http"):
        yield pointer, value, label
