"""Cuts a stream of JSON into resources without holding it: exact slices of the sender's bytes, whatever its length.

Takes one resource, a Bundle of any size, an array of resources, JSON texts one after the other or one a line (NDJSON).
Each slice is decoded, and so checked, by whoever takes it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from bogam.record.piece import LARGEST, TOO_LARGE, Damage, Held, Piece, Place, Sample, Value
from bogam.record.scan import Scan
from bogam.record.unpack import Damaged

BLOCK: Final = 128 << 10
_FOREIGN: Final = 64 << 10
"""Bytes kept of an input that is not JSON at all."""
_BOM: Final = b"\xef\xbb\xbf"
_NDJSON: Final = re.compile(r"\.(ndjson|jsonl)(\.\w+)?$", re.IGNORECASE)
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\x00", b"{\x00", b"[\x00", b"\x00{", b"\x00[")
_object: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def split(stream: io.BufferedReader, name: str = "", block: int = BLOCK) -> Iterator[Piece]:
    """Cut ``stream`` into pieces, in order.

    Every byte is in one that is neither space nor punctuation between resources, nor of the Bundle itself.

    Parameters
    ----------
    name
        Its ending tells NDJSON (``.ndjson``, ``.jsonl``); without one, its first line does.
    block
        Bytes read at a time.
    """
    offset = 0
    try:
        start = stream.peek(4)
        if start.startswith(_BOM):
            offset = len(stream.read(len(_BOM)))
        start = stream.peek(BLOCK)
        if not start.strip():
            while start and not start.strip():
                offset += len(stream.read1(len(start)))
                start = stream.peek(BLOCK)
            if not start:
                yield Damage(Sample.of(b""), Place(0), "the input is empty")
                return
    except Damaged as damage:
        yield Damage(Sample.of(b""), Place(offset), str(damage))
        return
    if reason := _foreign(start):
        yield _rest(stream, offset, reason, block)
    elif _by_line(start, name):
        yield from _lines(stream, offset, block)
    else:
        yield from Scan(offset).run(stream, block)


def _foreign(start: bytes) -> str:
    if start.startswith(_WIDE):
        return "not UTF-8: convert it from UTF-16 or UTF-32 first"
    text = start.lstrip()
    if text.startswith((b"{", b"[", b"\x1e")):
        return ""
    if text.startswith(b"MSH|"):
        return "an HL7 v2 message, and only FHIR R4 as JSON is read"
    if text.startswith(b"<"):
        return "XML or HTML, and only FHIR R4 as JSON is read"
    return "not JSON: it begins with neither { nor ["


def _by_line(start: bytes, name: str) -> bool:
    """Tell NDJSON. By line, a damaged resource costs itself only; scanned as a whole, it would hide what follows."""
    found = start.split(b"\n")
    told = _NDJSON.search(name) is not None
    if len(found) == 1:
        return told
    complete = [line for each in found[:-1] if (line := each.strip())][:50]
    if told and any(map(_is_object, complete)):
        return True
    if told:  # pretty-printed all the same?
        return not complete or not complete[0].endswith((b"{", b"[", b","))
    filled = [line for each in found if (line := each.strip())][:2]
    return len(filled) == 2 and filled[1].startswith(b"{") and _is_object(filled[0])


def _is_object(text: bytes) -> bool:
    try:
        _object.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _rest(stream: io.BufferedReader, offset: int, reason: str, block: int) -> Damage:
    held = Held(_FOREIGN)
    at = offset
    try:
        while data := stream.read1(block):
            held.add(data, at)
            at += len(data)
    except Damaged as damage:
        reason = f"{reason}; then {damage}"
    return Damage(held.sample(), Place(offset), reason)


def _lines(stream: io.BufferedReader, offset: int, block: int) -> Iterator[Piece]:
    """Cut at line feeds. A damaged line costs itself only."""
    number, held, reason = 1, Held(LARGEST), ""
    while True:
        try:
            data = stream.read1(block)
        except Damaged as damage:
            data, reason = b"", str(damage)
        cursor = 0
        while (end := data.find(b"\n", cursor)) >= 0:
            if len(held):
                held.add(data[cursor:end], offset + cursor)
                yield from _line(held, number)
            elif line := data[cursor:end].strip():
                yield Value(line, Place(offset + cursor, number))
            cursor, number = end + 1, number + 1
        held.add(data[cursor:], offset + cursor)
        offset += len(data)
        if not data:
            break
    if not reason:
        yield from _line(held, number)
        return
    yield Damage(held.sample(), Place(offset - len(held), number), reason)


def _line(held: Held, number: int) -> Iterator[Piece]:
    place = Place(held.offset, number)
    if held.over:
        yield Damage(held.sample(), place, TOO_LARGE)
    elif line := bytes(held.buffer).strip():
        yield Value(line, place)
    held.clear()
