"""Scans the structure of JSON a block at a time, with array operations: quotes, what they enclose, and depth.

Only the few brackets near the root are looked at one by one, so the cost of a byte does not depend on what it says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from enum import IntEnum, auto
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from bogam.record.piece import LARGEST, TOO_LARGE, Close, Damage, Entry, Held, Open, Piece, Place, Sample, Value
from bogam.record.unpack import Damaged

_KEY: Final = 64
"""How far before its ``[`` the key "entry" is looked for."""
_ENTRY_KEY: Final = re.compile(rb'"entry"\s*:\s*$')
_TYPE: Final = re.compile(rb'\{\s*"resourceType"\s*:\s*"(\w+)"')
_NEAR: Final = 3
"""Outside how many brackets an entry of a Bundle stands."""
_SPACE: Final = b" \t\r\n,\x1e"
"""What may stand between resources; 0x1E begins each text of a JSON text sequence (RFC 7464)."""


class _Head(msgspec.Struct):
    resourceType: Any = None  # noqa: N815
    type: Any = None


class _First(msgspec.Struct):
    fullUrl: Any = None  # noqa: N815
    resource: msgspec.Raw = msgspec.Raw(b"")
    request: Any = None
    response: Any = None


_head: Final = msgspec.json.Decoder(_Head)
_first: Final = msgspec.json.Decoder(_First)


_QUOTE, _OPEN, _CLOSE = 1, 2, 3
_KINDS: Final = bytes({0x22: 1, 0x7B: 2, 0x5B: 2, 0x7D: 3, 0x5D: 3}.get(byte, 0) for byte in range(256))
_STEP: Final = np.array([0, 0, 1, -1], np.int64)


_NONE: Final = np.empty(0, np.int64)


class _Structure:
    """Finds the brackets near the root, block by block, outside strings."""

    def __init__(self) -> None:
        self.depth = 0
        self._within = False
        self._escaping = False
        self._at: NDArray[Any] = _NONE
        self._outer: NDArray[Any] = _NONE
        self._opens: NDArray[Any] = _NONE

    def read(self, block: bytes) -> None:
        """Find the brackets of the next block."""
        kind = np.frombuffer(block.translate(_KINDS), np.uint8)
        at = np.flatnonzero(kind != 0)
        kind = kind[at]
        if self._escaping or b"\\" in block:
            escaped = self._escaped(np.frombuffer(block, np.uint8), at)
            keep = ~(escaped & (kind == _QUOTE))
            at, kind = at[keep], kind[keep]
        self._at = self._outer = self._opens = _NONE
        if not len(at):
            return
        quotes = np.cumsum(kind == _QUOTE, dtype=np.uint8)
        within = ((quotes & 1) != 0) ^ self._within
        self._within = bool(within[-1])
        real = np.flatnonzero((kind != _QUOTE) & ~within)
        at, step = at[real], _STEP[kind[real]]
        depth = np.cumsum(step)
        depth += self.depth
        self.depth = int(depth[-1]) if len(depth) else self.depth
        self._at, self._opens = at, step > 0
        self._outer = depth - self._opens

    def near(self, reach: int, start: int) -> Iterator[tuple[int, int, bool]]:
        """Give the brackets from position ``start`` whose outer side is less deep than ``reach``.

        Each is given as its position, the depth of that side, and whether it opens.
        """
        first = int(np.searchsorted(self._at, start))
        chosen = np.flatnonzero(self._outer[first:] < reach) + first
        return zip(self._at[chosen].tolist(), self._outer[chosen].tolist(), self._opens[chosen].tolist(), strict=True)

    def _escaped(self, data: NDArray[np.uint8], at: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell which positions stand after an odd number of backslashes."""
        slash = data == 0x5C
        where = np.flatnonzero(slash)
        odd = np.zeros(len(data) + 1, np.bool_)
        odd[0] = self._escaping
        if len(where):
            first = np.ones(len(where), np.bool_)
            first[1:] = np.diff(where) != 1
            start = np.maximum.accumulate(np.where(first, where, 0))
            length = where - start + 1
            if self._escaping:
                length[start == 0] += 1
            odd[where + 1] = length & 1
        self._escaping = bool(odd[-1])
        return odd[at]


class _State(IntEnum):
    TOP = auto()
    VALUE = auto()
    ARRAY = auto()
    ELEMENT = auto()
    ENTRIES = auto()
    ENTRY = auto()
    TRAILER = auto()
    REST = auto()


_BETWEEN: Final = (_State.TOP, _State.ARRAY, _State.ENTRIES)
"""States in which bytes belong to no resource."""


class Scan:
    """The walk over the tokens of one stream."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._state = _State.TOP
        self._structure = _Structure()
        self._held = Held(LARGEST)
        self._out: list[Piece] = []
        self._block = b""
        self._cursor = 0
        self._plain = False
        """Whether the top-level object is known to be no Bundle."""
        self._header: int | None = None
        """Length of a Bundle's beginning, while its first entry must tell whether it is one."""
        self._first = 0
        self._bundle = False
        self._type: str | None = None
        self._start = 0
        self._index = 0
        self._walk: Final = {
            _State.TOP: self._at_top,
            _State.ARRAY: self._in_array,
            _State.ELEMENT: self._in_element,
            _State.ENTRIES: self._in_entries,
            _State.ENTRY: self._in_entry,
            _State.VALUE: self._in_value,
            _State.TRAILER: self._in_trailer,
        }

    def run(self, stream: io.BufferedReader, size: int) -> Iterator[Piece]:
        """Scan to the end."""
        reason = ""
        while True:
            try:
                self._block = stream.read1(size)
            except Damaged as damage:
                reason = str(damage)
                break
            if not self._block:
                break
            self._cursor = 0
            if self._state is not _State.REST:
                self._scan()
            self._hold(len(self._block))
            self._offset += len(self._block)
            yield from self._out
            self._out.clear()
        self._end(reason)
        yield from self._out

    def _scan(self) -> None:
        self._structure.read(self._block)
        start = 0
        reach = self._end_level()
        if reach is not None:
            end = next(self._structure.near(reach, 0), None)
            if end is None or not self._step(*end):
                return
            start = end[0] + 1
        for token in self._structure.near(_NEAR, start):
            if not self._step(*token):
                return

    def _end_level(self) -> int | None:
        """Tell how near the root a bracket must be to matter, where only the end of something large can matter."""
        if self._state is _State.ELEMENT:
            return 2
        if self._state is _State.VALUE and not self._plain and self._header is None:
            named = _TYPE.match(self._held.buffer)
            self._plain = named is not None and named[1] != b"Bundle"
        large = self._held.over and self._state in (_State.VALUE, _State.TRAILER)
        return 1 if large or (self._state is _State.VALUE and self._plain) else None

    def _step(self, at: int, outer: int, opens: bool) -> bool:
        if outer < 0 or not self._walk[self._state](at, outer, opens):
            if self._state in _BETWEEN:
                self._hold(at)
                self._cursor = at
            self._state = _State.REST
            return False
        return True

    # Each of these takes a bracket: its position, the depth outside it, whether it opens. False: it does not match.

    def _at_top(self, at: int, outer: int, opens: bool) -> bool:
        if not opens:
            return False
        self._gap(at)
        if self._block[at] == _BRACE:
            self._state, self._cursor = _State.VALUE, at
            self._plain, self._header, self._type, self._start = False, None, None, self._offset + at
        else:
            self._state, self._cursor = _State.ARRAY, at + 1
        return True

    def _in_array(self, at: int, outer: int, opens: bool) -> bool:
        if not opens and self._block[at] != _SQUARE_END:
            return False
        self._gap(at)
        self._state, self._cursor = (_State.ELEMENT, at) if opens else (_State.TOP, at + 1)
        return True

    def _in_element(self, at: int, outer: int, opens: bool) -> bool:
        if outer == 1 and (taken := self._take(at + 1)):
            self._out.append(Value(*taken))
            self._state = _State.ARRAY
        elif outer == 1:
            self._state = _State.ARRAY
        return True

    def _in_entries(self, at: int, outer: int, opens: bool) -> bool:
        if not opens and self._block[at] != _SQUARE_END:
            return False
        self._gap(at)
        self._state, self._cursor = (_State.ENTRY, at) if opens else (_State.TRAILER, at + 1)
        return True

    def _in_entry(self, at: int, outer: int, opens: bool) -> bool:
        if taken := self._take(at + 1):
            self._out.append(Entry(*taken))
        self._index += 1
        self._state = _State.ENTRIES
        return True

    def _in_value(self, at: int, outer: int, opens: bool) -> bool:
        if outer == 0:
            if self._block[at] != _BRACE_END:
                return False
            if taken := self._take(at + 1):
                self._out.append(Value(*taken))
            self._state = _State.TOP
        elif self._header is not None:
            self._first_entry(at, outer, opens)
        elif outer == 1 and opens and not self._plain and self._is_entry_key(at):
            text = self._text(at + 1)
            head = _read_head(text + b"]}")
            if head is not None and head.resourceType == "Bundle":
                self._open(head.type)
                self._drop(at + 1)
                self._state = _State.ENTRIES
            elif head is not None and head.resourceType is not None:
                self._plain = True
            else:
                self._header, self._first = len(text), -1
        return True

    def _first_entry(self, at: int, outer: int, opens: bool) -> None:
        """Tell a Bundle from a List by the first entry, where resourceType does not stand before it."""
        length = len(self._held) + at - self._cursor
        if outer == 1:
            self._header = None
        elif opens and self._first < 0:
            self._first = length
        elif not opens and not self._held.over:
            text = self._text(at + 1)
            header, entry = text[: self._header], text[self._first :]
            self._header = None
            self._plain = not _is_entry(entry)
            if not self._plain:
                start = self._offset + at + 1 - len(text)
                self._open(None)
                if _read_head(header + b"]}") is None:
                    self._out.append(Damage(Sample.of(header), Place(start), "the Bundle's beginning is not JSON"))
                self._drop(at + 1)
                self._out.append(Entry(entry, Place(start + self._first, entry=0)))
                self._index, self._state = 1, _State.ENTRIES

    def _in_trailer(self, at: int, outer: int, opens: bool) -> bool:
        if outer == 0:
            if self._block[at] != _BRACE_END:
                return False
            self._close(self._text(at))
            self._drop(at + 1)
            self._state = _State.TOP
        elif outer == 1 and opens and self._is_entry_key(at):
            self._drop(at + 1)
            self._state = _State.ENTRIES
        return True

    def _open(self, kind: Any) -> None:
        self._type = kind if isinstance(kind, str) else None
        self._bundle, self._index = True, 0
        self._out.append(Open(self._type, Place(self._start)))

    def _close(self, trailer: bytes) -> None:
        head = _read_head(b'{"":0' + trailer + b"}")
        if head is None or self._held.over:
            place = Place(self._held.offset or self._offset + self._cursor)
            self._out.append(Damage(Sample.of(trailer), place, "the Bundle's end is not JSON"))
        elif isinstance(head.type, str):
            self._type = head.type
        self._bundle = False
        self._out.append(Close(self._type))

    def _is_entry_key(self, at: int) -> bool:
        if self._block[at] != _SQUARE:
            return False
        before = self._block[max(self._cursor, at - _KEY) : at]
        if len(before) < _KEY:
            before = bytes(self._held.buffer[-_KEY:]) + before
        return _ENTRY_KEY.search(before) is not None

    def _text(self, end: int) -> bytes:
        return bytes(self._held.buffer) + self._block[self._cursor : end]

    def _drop(self, cursor: int) -> None:
        self._held.clear()
        self._cursor = cursor

    def _place(self, offset: int) -> Place:
        return Place(offset, entry=self._index if self._bundle else None)

    def _take(self, end: int) -> tuple[bytes, Place] | None:
        """Cut what ends at ``end`` of the block; None when it is too large, and then it is damage."""
        held = self._held
        if not len(held):
            raw, place = self._block[self._cursor : end], self._place(self._offset + self._cursor)
            self._cursor = end
            return raw, place
        held.add(self._block[self._cursor : end], self._offset + self._cursor)
        place = self._place(held.offset)
        taken = None if held.over else (bytes(held.buffer), place)
        if taken is None:
            self._out.append(Damage(held.sample(), place, TOO_LARGE))
        self._drop(end)
        return taken

    def _hold(self, end: int) -> None:
        data, skipped = self._block[self._cursor : end], 0
        if self._state in _BETWEEN and not len(self._held):
            skipped = len(data)
            data = data.lstrip(_SPACE)
            skipped -= len(data)
        self._held.add(data, self._offset + self._cursor + skipped)

    def _gap(self, end: int) -> None:
        self._hold(end)
        if len(self._held):
            place = self._place(self._held.offset)
            self._out.append(Damage(self._held.sample(), place, "there are other bytes between the resources"))
            self._held.clear()

    def _end(self, reason: str) -> None:
        self._block, self._cursor = b"", 0
        state = self._state
        if state is _State.REST:
            reason = "a bracket here does not match; nothing after it can be told apart"
        elif state in _BETWEEN:
            self._gap(0)
        if not reason and state is not _State.TOP:
            reason = f"the input ends within {_ENDS[state]}"
        if reason:
            place = self._place(self._held.offset if len(self._held) else self._offset)
            self._out.append(Damage(self._held.sample(), place, reason))
        if self._bundle:
            self._out.append(Close(self._type))


_BRACE, _BRACE_END, _SQUARE, _SQUARE_END = b"{}[]"
_ENDS: Final = {
    _State.VALUE: "this resource",
    _State.ARRAY: "an array of resources",
    _State.ELEMENT: "this resource",
    _State.ENTRIES: "a Bundle, between two entries",
    _State.ENTRY: "this entry of a Bundle",
    _State.TRAILER: "a Bundle, after its entries",
}


def _read_head(text: bytes) -> _Head | None:
    try:
        return _head.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _is_entry(text: bytes) -> bool:
    try:
        first = _first.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return bool(first.resource) or any(each is not None for each in (first.fullUrl, first.request, first.response))
