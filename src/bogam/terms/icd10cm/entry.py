"""What is said of one code, and about one code: entries, verdicts, conflicts, order, open questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bogam.terms.icd10cm.compiled import Kind, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of the tabular list, with the notes that stand there (`Icd10cm.notes` adds the inherited ones).

    ``billable``: a complete code, which may be reported. ``seventh`` defines the seventh characters (character, what it
    means) of the codes below; an ``extension`` is a code made complete by one.
    """

    code: str
    title: str
    kind: Kind
    billable: bool
    parent: str = ""
    inclusion: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    excludes1: tuple[str, ...] = ()
    excludes2: tuple[str, ...] = ()
    code_first: tuple[str, ...] = ()
    use_additional: tuple[str, ...] = ()
    code_also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seventh: tuple[tuple[str, str], ...] = ()
    seventh_note: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """An instruction that applies to a code: its text and where it stands (``code``, ``section``, ``index``)."""

    text: str
    code: str
    section: Section
    index: int

    @property
    def pointer(self) -> str:
        """Where it stands within the entry, as a JSON pointer."""
        return f"/{self.section}/{self.index}"


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found by a search: ``words`` is the title, inclusion term or include that fitted, at ``pointer``."""

    entry: Entry
    score: float
    words: str
    pointer: str


Why = Literal[
    "valid", "shape", "unknown", "heading", "not-billable", "needs-seventh", "wrong-seventh", "placeholder",
    "no-subdivision", "no-such-subdivision",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a code may be reported, and if not, why, in English and Korean. ``choices`` are codes to use instead."""

    valid: bool
    code: str
    why: Why
    reason: str
    reason_ko: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """``note`` under one of two codes says that the other is never reported with it (excludes1)."""

    code: str
    excluded: str
    note: Note


@dataclass(frozen=True, slots=True)
class Sequence:
    """``first`` is reported before ``then``: ``note`` under one of them says so."""

    first: str
    then: str
    note: Note


@dataclass(frozen=True, slots=True)
class Question:
    """What a code leaves open: laterality, a part or kind that is unspecified, a seventh character, a subdivision.

    ``choices`` are the codes that would settle it.
    """

    about: Literal["laterality", "unspecified", "seventh", "subdivision"]
    choices: tuple[str, ...]
