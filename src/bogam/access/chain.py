"""The chain of the audit log: how an entry is hashed, where the head is kept, and how the whole is verified."""

from __future__ import annotations

import hmac
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

GENESIS: Final = "0" * 64
LAG: Final = 32
"""How many entries the head may lag: those committed by writers that have not moved it yet, or were killed before."""

COLUMNS: Final[tuple[str, ...]] = (
    "seq",
    "at",
    "actor",
    "role",
    "purpose",
    "patient",
    "action",
    "target",
    "outcome",
    "detail",
    "previous",
    "hash",
)
_AT_ONCE: Final = 2000
_HEAD: Final = re.compile(r"(\d{20}):([0-9a-f]{64}):([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and hash. ``str(head)`` is ``12:9f…``, and `parse` reads it back."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read ``SEQ:HASH``.

        Raises
        ------
        ValueError
            When the text is not of this form.
        """
        seq, _, hash = text.strip().partition(":")
        if not seq.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", hash):
            raise ValueError(f'"{text}" is no head of an audit log: give SEQ:HASH as "bogam audit verify" prints it.')
        return cls(int(seq), hash)

    @classmethod
    def read(cls, path: Path, key: bytes) -> Head | None:
        """Return the head kept in a file, or None when there is none or it was not written with our key."""
        try:
            line = _HEAD.fullmatch(path.read_bytes().decode("ascii", errors="replace"))
        except FileNotFoundError:
            return None
        if line is None or not hmac.compare_digest(line[3], _seal(key, line[1], line[2])):
            return None
        return cls(int(line[1]), line[2])

    def write(self, path: Path, key: bytes) -> None:
        """Keep the head. One write of fixed length in place: a killed process leaves the old line or the new one."""
        number = f"{self.seq:020d}"
        line = f"{number}:{self.hash}:{_seal(key, number, self.hash)}\n".encode("ascii")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            os.ftruncate(descriptor, len(line))
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What verification found.

    Parameters
    ----------
    ok
        Whether the log is whole and unchanged.
    entries
        How many entries were found good, from the first on.
    first_bad
        Number of the first entry that is changed, missing or out of place.
    reason
        What is wrong with it, in one sentence; "" when all is well.
    head
        The newest good entry, to be noted elsewhere.
    """

    ok: bool
    entries: int
    first_bad: int | None
    reason: str
    head: Head


def chained(key: bytes, row: Mapping[str, Any]) -> str:
    """Return the hash of an entry: HMAC-SHA256 over the hash before it and its canonical JSON without ``hash``."""
    content = {name: row[name] for name in COLUMNS[:-1]}
    return hmac.digest(
        key, row["previous"].encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS), "sha256"
    ).hex()


def follow(
    db: sqlite3.Connection, key: bytes, head: Head | None, kept: Head | None = None, *, headless: bool = False
) -> AuditVerdict:
    """Verify the table ``audit`` entry by entry, in bounded memory.

    Parameters
    ----------
    head
        As read before the table was opened, so that entries written since do not seem to be missing from it. None is a
        fault, except with ``headless``.
    """
    known = {each.seq: each.hash for each in (head, kept) if each is not None and each.seq}
    newest = Head(0, GENESIS)
    try:
        for values in _rows(db):
            wrong = _wrong(db, key, values, newest)
            if wrong is not None:
                return AuditVerdict(False, newest.seq, *wrong, newest)
            following = Head(values[0], values[-1])
            if known.get(following.seq, following.hash) != following.hash:
                reason = f"Entry {following.seq} is not the one that the head names: the log was replaced."
                return AuditVerdict(False, newest.seq, following.seq, reason, newest)
            newest = following
    except sqlite3.DatabaseError as error:
        reason = f"The log cannot be read from entry {newest.seq + 1} on: {error}."
        return AuditVerdict(False, newest.seq, newest.seq + 1, reason, newest)
    fault = _end(newest.seq, max(known, default=0), None if head is None else head.seq, headless=headless)
    return AuditVerdict(fault is None, newest.seq, *(fault or (None, "")), newest)


def _rows(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    cursor = db.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY seq, rowid")  # noqa: S608  (constants)
    try:
        while chunk := cursor.fetchmany(_AT_ONCE):
            yield from chunk
    finally:
        cursor.close()


def _end(last: int, at_least: int, head: int | None, *, headless: bool) -> tuple[int, str] | None:
    """Compare the end of a good chain with where it must end, and return the first bad number and why, or None."""
    if at_least > last:
        which = f"Entry {at_least} is" if at_least == last + 1 else f"Entries {last + 1} to {at_least} are"
        return last + 1, f"{which} missing at the end: removed after being written."
    if headless:
        return None
    if head is None:
        return last + 1, "The file audit.head is missing or not of this log: entries may be missing at the end."
    if last - head > LAG:
        return head + 1, f"The file audit.head names entry {head}, {last - head} behind the newest: it was put back."
    return None


def _wrong(db: sqlite3.Connection, key: bytes, values: tuple[Any, ...], newest: Head) -> tuple[int, str] | None:
    """Return the number of the first bad entry and what is wrong, or None when ``values`` follows entry ``newest``."""
    here, previous, hash = values[0], values[-2], values[-1]
    content: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
    try:
        genuine = chained(key, content) == hash
        if genuine and here == newest.seq + 1 and previous == newest.hash:
            return None
        return _diagnosis(db, key, content, newest.seq + 1, genuine=genuine)
    except (TypeError, AttributeError, ValueError):
        return newest.seq + 1, f"Entry {here} holds a value that no entry can hold: it was edited."


def _diagnosis(
    db: sqlite3.Connection, key: bytes, content: dict[str, Any], next: int, *, genuine: bool
) -> tuple[int, str]:
    here = content["seq"]
    if genuine and here > next:
        which = f"Entry {next} is" if here == next + 1 else f"Entries {next} to {here - 1} are"
        return next, f"{which} missing: removed after being written."
    if genuine and here < next:
        return here, f"Entry {here} stands in the log twice."
    if genuine:
        return next, f"Entry {here} does not follow the entry before it: the log was put together from parts."
    origin = _origin(db, key, content)
    if origin is None:
        return min(next, here), f"Entry {here} was edited, or did not come from this log."
    moved = "reordered, duplicated, or entries before it removed"
    return min(next, here), f"Entry {here} is entry {origin}, put in another place: {moved}."


def _origin(db: sqlite3.Connection, key: bytes, content: dict[str, Any]) -> int | None:
    """Return the number under which a misplaced entry was written, or None when no number fits."""
    count: int = db.execute("SELECT count(*) FROM audit").fetchone()[0]
    for seq in range(1, count + _AT_ONCE):
        if chained(key, content | {"seq": seq}) == content["hash"]:
            return seq
    return None


def _seal(key: bytes, number: str, hash: str) -> str:
    return hmac.digest(key, f"head:{number}:{hash}".encode(), "sha256").hex()
