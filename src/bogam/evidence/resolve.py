"""Resolve a citation: from source, version, digest, pointer and span to the exact words, or say why not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Protocol

import msgspec

from bogam.record.citation import Citation
from bogam.record.json import PointerError, decode, point, text


class Stored(Protocol):
    """One stored version of what is cited: a resource of the record (its version a number), an entry of a code system,
    a document of a source (its version text)."""

    @property
    def ref(self) -> str: ...
    @property
    def version(self) -> int | str: ...
    @property
    def sha(self) -> str: ...
    @property
    def body(self) -> bytes: ...


Fetch = Callable[[str, str], Stored | None]
"""Return the stored version of a source, or None: ``Observation/123``, ``"1"``; ``pubmed:38012345``,
``"2026-01-15~ab12…"``."""


class CitationError(Exception):
    """A citation that does not lead to the words it quotes. ``what`` is the citation's place, ``why`` one clause."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.what = what
        self.why = why


@dataclass(slots=True)
class Document:
    """A resource parsed once, with the leaves that were read from it."""

    ref: str
    version: str
    sha: str
    json: Any
    leaves: dict[str, str] = field(default_factory=dict[str, str])
    kept: dict[Any, Any] = field(default_factory=dict[Any, Any])
    """What readers of this document have worked out about it."""

    def leaf(self, pointer: str) -> str:
        """Return the text at ``pointer``: a leaf, or the text of an attachment. Raises `CitationError`."""
        found = self.leaves.get(pointer)
        if found is None:
            found = self.leaves[pointer] = _leaf(self, pointer)
        return found


def parse(resource: Stored) -> Document:
    """Parse a stored resource for citing, after its bytes were checked against their digest.

    Raises
    ------
    CitationError
        When the stored bytes have changed since they were stored, or are no JSON.
    """
    if sha256(resource.body).hexdigest() != resource.sha:
        raise CitationError(resource.ref, "its stored bytes no longer match their digest")
    try:
        json = decode(resource.body)
    except msgspec.DecodeError:
        raise CitationError(resource.ref, "its stored bytes are not JSON") from None
    return Document(resource.ref, str(resource.version), resource.sha, json)


def _is_attachment(pointer: str) -> bool:
    return pointer.endswith(("/data", "/div")) or "/data/" in pointer


def _leaf(document: Document, pointer: str) -> str:
    if _is_attachment(pointer):
        from bogam.record.attachment import text_at  # pulls in the PDF and RTF readers, which most citations never need

        found = text_at(document.json, pointer)
        if found is not None:
            return found
    try:
        return text(point(document.json, pointer))
    except PointerError as error:
        raise CitationError(f"{document.ref}{pointer}", str(error)) from None


def words(citation: Citation, document: Document) -> str:
    """Return the words that ``citation`` quotes, from a document already parsed. Raises `CitationError`."""
    if citation.version != document.version or citation.source != document.ref:
        raise CitationError(
            f"{citation.source} version {citation.version}", f"that is {document.ref} version {document.version}"
        )
    if citation.sha != document.sha:
        raise CitationError(f"{citation.source} version {citation.version}", "its digest is another one")
    whole = document.leaves.get(citation.pointer)
    if whole is None:
        whole = document.leaf(citation.pointer)
    start, end = citation.start, citation.end
    if not 0 <= start <= end <= len(whole):
        raise CitationError(
            f"{citation.source}{citation.pointer}", f"code points {start} to {end} lie outside its {len(whole)}"
        )
    if start == end:
        raise CitationError(f"{citation.source}{citation.pointer}", "it quotes nothing")
    found = whole[start:end]
    if found != citation.quote:
        raise CitationError(
            f"{citation.source}{citation.pointer}", f'it says "{_short(found)}" there, not "{_short(citation.quote)}"'
        )
    return found


_SHOWN: Final = 80


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def resolve(citation: Citation, resource: Stored) -> str:
    """Return the decoded words at a citation's exact place.

    Parameters
    ----------
    citation
        What to resolve. Its version and digest must be those of ``resource``, its pointer (RFC 6901) must lead to a
        leaf or to an attachment's text, and the code points ``start`` to ``end`` there must equal its quote.
    resource
        The stored version that it cites.

    Raises
    ------
    CitationError
        With what does not fit and why.
    """
    return words(citation, parse(resource))


class Documents:
    """Parsed resources, each parsed once; the least recently used are let go beyond ``limit``.

    Hold one over several calls to read the same patient again quickly. It never returns a document whose digest is not
    the stored one, since what it keeps is looked up by source and version and checked against every citation's digest.
    """

    def __init__(self, fetch: Fetch, limit: int = 4096) -> None:
        self._fetch = fetch
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self.judged: dict[Any, Any] = {}
        """Verdicts by claim and citations, which carry their digests: none outlives its bytes."""

    def judge(self, key: Any, verdict: Any) -> None:
        """Remember a verdict, a bounded number of them."""
        if len(self.judged) >= 16 * self._limit:
            self.judged.clear()
        self.judged[key] = verdict

    def get(self, source: str, version: str) -> Document:
        """Return a document. Raises `CitationError` when it is not stored, changed, or no JSON."""
        key = (source, version)
        found = self._kept.get(key)
        if found is not None:
            return found
        resource = self._fetch(source, version)
        if resource is None:
            raise CitationError(f"{source} version {version}", "no such version is stored")
        found = self._kept[key] = parse(resource)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return found


def resolve_all(citations: Iterable[Citation], fetch: Fetch) -> list[str | CitationError]:
    """Resolve many citations, parsing each resource once; an error stands in the place of what did not resolve."""
    documents = Documents(fetch)
    found: list[str | CitationError] = []
    for citation in citations:
        try:
            found.append(words(citation, documents.get(citation.source, citation.version)))
        except CitationError as error:
            found.append(error)
    return found
