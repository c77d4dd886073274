"""The one answer envelope: what a source returns, whichever source and backend it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

import orjson

from bogam.record.citation import Citation, Field, Origin
from bogam.record.json import point, text

Status = Literal["found", "none", "unknown_id", "upstream_error", "stale", "truncated"]
"""``found``: all there is. ``none``: a valid question without a match. ``unknown_id``: no such item in the source.
``upstream_error``: the source failed, so nothing is known. ``stale``: what is shown may be out of date, and ``reason``
says why. ``truncated``: a part of what matches, which may hold nothing yet; ``next`` leads on, or ``reason`` says how
to narrow it."""

Backend = Literal["live", "cache", "mirror", "built-in"]


class Document:
    """One item as a citable document: the bytes that its citations are checked against.

    Its version is that of the item and half of its digest (128 bits, so that nobody makes another text of the same
    version), unless the source has a ``version`` of its own for citing.
    """

    __slots__ = ("body", "patient", "ref", "sha", "version")

    def __init__(self, ref: str, release: str, body: bytes, version: str = "") -> None:
        self.ref = ref
        self.body = body
        self.sha = sha256(body).hexdigest()
        self.version = version or f"{release}~{self.sha[:32]}"
        self.patient: str | None = None

    def json(self) -> Any:
        """Return the document decoded."""
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Item:
    """One thing that a source knows.

    Parameters
    ----------
    source, id
        Together its address: ``pubmed:38012345``, ``cms:lcd/33822``.
    title
        What a person would call it.
    url
        The page that a person can open; empty where there is none.
    version
        The item's own version or date, as the source gives it; empty where it gives none.
    fields
        What the source says, under the source's or the field's standard names. JSON values only.
    """

    source: str
    id: str
    title: str
    url: str = ""
    version: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def ref(self) -> str:
        return f"{self.source}:{self.id}"

    @cached_property
    def document(self) -> Document:
        """The item as a document, the same bytes for the same content."""
        content = {"id": self.id, "title": self.title, "url": self.url, "fields": dict(self.fields)}
        return Document(self.ref, self.version, orjson.dumps(content, option=orjson.OPT_SORT_KEYS))

    def field(self, pointer: str = "/title") -> Field:
        """Return the text at a JSON pointer (``/title``, ``/fields/abstract/0/text``) with its address.

        Raises
        ------
        PointerError
            When there is no text.
        """
        made = self.document
        return Field(Origin(made.ref, made.version, made.sha), pointer, text(point(made.json(), pointer)))

    def cite(self, pointer: str = "/title", start: int = 0, end: int | None = None) -> Citation:
        """Cite the text at ``pointer``, or its code points ``start`` to ``end``."""
        return self.field(pointer).cite(start, end)


def item_of(document: Document, version: str) -> Item:
    """Return the item that a document was made of; ``version`` is the item's own."""
    made = document.json()
    source, _, _ = document.ref.partition(":")
    return Item(source, made["id"], made["title"], made["url"], version, made["fields"])


@dataclass(frozen=True, slots=True)
class Result:
    """What a backend found. No items is a valid result: nothing matches.

    Parameters
    ----------
    total
        How many match in all, where the source tells.
    next
        Opaque; given back in the request it leads to the items that follow. Empty at the end.
    cut
        Why more cannot be had although more exists, and how to narrow the question.
    version
        Version or date of the data as a whole.
    note
        What a reader must know of what was found: an id that was replaced, a document that is retired.
    """

    items: tuple[Item, ...] = ()
    total: int | None = None
    next: str = ""
    cut: str = ""
    version: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source returns.

    Parameters
    ----------
    status
        See `Status`.
    version
        Version or date of the data: the release of a mirror, the source's own date where it tells one.
    retrieved_at
        When the data came here (ISO 8601, UTC): the request, the cached request, or the mirror's import.
    age_s
        Seconds since then.
    url
        The page or address that a person can open to see the same.
    reason
        For every status but ``found`` and ``none``: what happened and what can be done. For ``found``: what a reader
        must know of it, if anything.
    """

    status: Status
    source: str
    backend: Backend
    items: tuple[Item, ...] = ()
    version: str = ""
    retrieved_at: str = ""
    age_s: int = 0
    url: str = ""
    total: int | None = None
    next: str = ""
    reason: str = ""

    @property
    def usable(self) -> bool:
        """Whether its items may be used: whole, a part, or out of date and said so."""
        return self.status in ("found", "truncated", "stale") and bool(self.items)

    def json(self) -> dict[str, Any]:
        """Return the answer as JSON values, each item with its citation."""
        return {
            "status": self.status,
            "source": self.source,
            "backend": self.backend,
            "version": self.version,
            "retrieved_at": self.retrieved_at,
            "age_s": self.age_s,
            "url": self.url,
            "total": self.total,
            "next": self.next,
            "reason": self.reason,
            "items": [
                {
                    "id": each.id,
                    "title": each.title,
                    "url": each.url,
                    "version": each.version,
                    "citation": {"source": each.ref, "version": each.document.version, "sha": each.document.sha},
                    "fields": dict(each.fields),
                }
                for each in self.items
            ],
        }


class SourceError(Exception):
    """What a backend raises instead of returning; the message says what, which and what to do.

    Parameters
    ----------
    ko
        The message in Korean, where there is one.
    """

    def __init__(self, message: str = "", *, ko: str = "") -> None:
        super().__init__(message)
        self.ko = ko or message


class Upstream(SourceError):
    """The source failed or answered what cannot be right: nothing is known about the question."""


class UnknownId(SourceError):
    """The source has no such item."""


class BadQuery(SourceError):
    """The question cannot be asked of this source; it was not sent."""


class SourceOff(SourceError):
    """The source is neither enabled nor mirrored here."""


class Closed(SourceError):
    """A connection that nobody configured; it was not made."""
