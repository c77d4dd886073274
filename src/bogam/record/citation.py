"""The address of a piece of evidence: which source and version, where in it, and the exact words there.

`Origin` and `Field` are msgspec structs, because a timeline makes tens of thousands: they are quicker to make than
frozen dataclasses, and the garbage collector need not look at them.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact place in a source.

    Parameters
    ----------
    source
        ``Observation/123`` for the record; ``pubmed:38012345`` or ``policy:ncd-240.2`` elsewhere.
    version
        The version of that source, ``"1"`` and up for resources.
    sha
        SHA-256 (hex) of the stored bytes of that version.
    pointer
        JSON pointer (RFC 6901) to a leaf. A pointer that ends in an attachment's ``data`` means the attachment's
        text; ``…/data/page/3`` is the third page of a PDF.
    start, end
        Unicode code points in the decoded value, half open.
    quote
        The words there, exactly.
    """

    source: str
    version: str
    sha: str
    pointer: str
    start: int
    end: int
    quote: str


class Origin(Struct, frozen=True, gc=False):
    """One stored version of one source; shared by all fields read from it."""

    source: str
    version: str
    sha: str


class Field(Struct, frozen=True, gc=False):
    """One value read from the record, with where it stands.

    ``text`` is the decoded value, whole, or for words within a longer text the part that begins at code point
    ``offset`` of it.
    """

    origin: Origin
    pointer: str
    text: str
    offset: int = 0

    def cite(self, start: int = 0, end: int | None = None) -> Citation:
        """Cite this value, or the code points ``start`` to ``end`` of ``text``."""
        stop = len(self.text) if end is None else end
        origin, quote = self.origin, self.text[start:stop]
        place = self.offset + start
        return Citation(origin.source, origin.version, origin.sha, self.pointer, place, place + stop - start, quote)

    def part(self, start: int, end: int) -> Field:
        """Return the code points ``start`` to ``end`` of ``text`` as a field of their own."""
        return Field(self.origin, self.pointer, self.text[start:end], self.offset + start)
