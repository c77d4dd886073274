"""References within a Bundle: from the full URLs that its sender made up to ``Type/id``.

Follows FHIR R4, "Resolving references in Bundles" and the rules for transactions: links that match an entry's fullUrl
are replaced in references, and for ``urn:`` also in elements of type url; canonical URLs stay. All other bytes stay as
they are.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

_IN_MEMORY: Final = 100_000
_URN: Final = re.compile(rb'"(urn:(?:uuid|oid):(?:[^"\\]|\\.)*)"')
_ABSOLUTE: Final = re.compile(rb'"((?:urn:|https?:)(?:[^"\\]|\\.)*)"')
_KEY: Final = re.compile(rb'"(reference|url)"\s*:\s*$')
_PLAIN_KEY: Final = b'"reference":"'
_REFERENCE: Final = b"reference"
_KEY_LENGTH: Final = 40
ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_LOCAL: Final = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})$")


class Edit(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a change of bytes took away: ``old`` stood where ``start`` to ``end`` of the result is now."""

    start: int
    end: int
    old: bytes


def restore(body: bytes, edits: Sequence[Edit]) -> bytes:
    """Undo edits, which are in order of their start."""
    parts: list[bytes] = []
    done = 0
    for edit in edits:
        parts += (body[done : edit.start], edit.old)
        done = edit.end
    parts.append(body[done:])
    return b"".join(parts)


def difference(body: bytes, original: bytes) -> tuple[Edit, ...]:
    """Return one edit that makes ``body`` of ``original``."""
    if body == original:
        return ()
    least = min(len(body), len(original))
    start = next((at for at in range(least) if body[at] != original[at]), least)
    same = next((at for at in range(least - start) if body[-1 - at] != original[-1 - at]), least - start)
    return (Edit(start, len(body) - same, original[start : len(original) - same]),)


class Scope:
    """The full URLs of one Bundle. A hundred thousand are kept in memory, more in a temporary database."""

    def __init__(self) -> None:
        self._names: dict[bytes, bytes] = {}
        self._rest: sqlite3.Connection | None = None
        self.absolute = False
        """Whether any is an http URL."""

    def add(self, url: str, reference: str) -> None:
        """Remember that ``url`` means ``reference``; the first meaning counts."""
        self.absolute = self.absolute or not url.startswith("urn:")
        key, value = url.encode("utf-8", "surrogatepass"), reference.encode()
        if len(self._names) < _IN_MEMORY:
            self._names.setdefault(key, value)
            return
        if self._rest is None:
            self._rest = sqlite3.connect("", isolation_level=None)
            self._rest.execute("CREATE TABLE name (url BLOB PRIMARY KEY, reference BLOB) WITHOUT ROWID")
            self._rest.execute("BEGIN")
        self._rest.execute("INSERT OR IGNORE INTO name VALUES (?, ?)", (key, value))

    def get(self, url: bytes) -> bytes | None:
        """Return the ``Type/id`` that ``url`` means."""
        found = self._names.get(url)
        if found is None and self._rest is not None:
            row = self._rest.execute("SELECT reference FROM name WHERE url = ?", (url,)).fetchone()
            found = row[0] if row else None
        return found

    def close(self) -> None:
        """Let go of the temporary database."""
        if self._rest is not None:
            self._rest.close()


def name(kind: str, url: str | None, request: str | None, sha: str) -> str:
    """Return the id of a resource that came without: from its full URL or request, else from its content.

    The same bytes get the same id whenever they are loaded.
    """
    if url and url.startswith(("urn:uuid:", "urn:oid:")) and ID.fullmatch(bare := url.rpartition(":")[2]):
        return bare
    for each in (url, request):
        if each and (found := _LOCAL.search(each)) and found[1] == kind:
            return found[2]
    return sha[:32]


def rewrite(raw: bytes, scope: Scope | None, id: str = "") -> tuple[bytes, tuple[Edit, ...], list[str]]:
    """Rewrite the links of a resource to entries of its Bundle, and put in its ``id`` where one is given.

    Returns
    -------
    The new bytes, what was taken away, and the ``urn:`` references that lead nowhere.
    """
    parts: list[bytes] = []
    edits: list[Edit] = []
    lost: list[str] = []
    done = shift = 0
    if id:
        parts.append(b'{"id":"' + id.encode() + b'",')
        done, shift = 1, len(parts[0]) - 1
        edits.append(Edit(0, len(parts[0]), b"{"))
    pattern = _ABSOLUTE if scope is not None and scope.absolute else _URN
    for found in pattern.finditer(raw):
        start, end = found.span(1)
        key = _REFERENCE if raw.startswith(_PLAIN_KEY, start - len(_PLAIN_KEY)) else _key(raw, start - 1)
        if key is None or (key != _REFERENCE and not raw.startswith(b"urn:", start)):
            continue
        url = raw[start:end]
        if b"\\" in url:
            url = _unescaped(url)
        reference = scope.get(url) if scope is not None else None
        if reference is not None:
            parts += (raw[done:start], reference)
            edits.append(Edit(start + shift, start + shift + len(reference), raw[start:end]))
            shift += len(reference) - (end - start)
            done = end
        elif key == _REFERENCE and url.startswith(b"urn:"):
            lost.append(url.decode("utf-8", "replace"))
    if not parts:
        return raw, (), lost
    parts.append(raw[done:])
    return b"".join(parts), tuple(edits), lost


def _key(raw: bytes, end: int) -> bytes | None:
    """Return the name of the member whose value begins at ``end``, if it is one that can hold a link."""
    found = _KEY.search(raw, max(0, end - _KEY_LENGTH), end)
    return found[1] if found else None


def _unescaped(quoted: bytes) -> bytes:
    try:
        return msgspec.json.decode(b'"' + quoted + b'"', type=str).encode("utf-8", "surrogatepass")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return quoted
