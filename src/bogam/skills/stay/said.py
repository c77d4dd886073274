"""What the notes of a stay say, line by line: quoted word for word, with who wrote it and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.facts import Note
from bogam.skills.writing.compose import minute, name, plain, span
from bogam.skills.writing.reading import Reading
from bogam.text.note import read_note

_LINE: Final = re.compile(r"[^\n]*\S")
_BULLET: Final = re.compile(r"[ \t]*(?:#\d{1,2}[.)]?|\d{1,2}[.)](?!\d)|[-*•])[ \t]*")
_NURSE: Final = re.compile(r"간호|nurs", re.IGNORECASE)
_STAMP: Final = re.compile(r"[\d\s:./-]{6,20}(?:HD\s?#?\d{1,3})?")
_QUOTE: Final = 300
"""Longest quotation of one line, in code points."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a note, and the key of the section that it stands in (see `bogam.text.reading.Section`)."""

    note: Note
    section: str
    line: Field


def lines(notes: Iterable[Note]) -> Iterator[Said]:
    """Give the lines of notes in order, without bullets, stamps of time and the author's own name under it."""
    for note in notes:
        if note.status in ("superseded", "entered-in-error"):
            continue
        for part in note.parts:
            for section in read_note(part.text).sections:
                for found in _LINE.finditer(part.text, section.body, section.end):
                    line = _trimmed(part, found.start(), found.end())
                    if line is not None and not _signature(note, line.text):
                        yield Said(note, _section(note, line, section.key), line)


def _trimmed(part: Field, start: int, end: int) -> Field | None:
    bullet = _BULLET.match(part.text, start, end)
    start = bullet.end() if bullet is not None else start
    while start < end and part.text[start].isspace():
        start += 1
    text = part.text[start:end]
    return part.part(start, end) if any(c.isalpha() for c in text) and not _STAMP.fullmatch(text) else None


def _signature(note: Note, text: str) -> bool:
    author = note.author.text.strip() if note.author is not None else ""
    return bool(author) and author in text and len(text) <= len(author) + 40


_VITALS: Final = re.compile(r"\W*(?:V/?S|vital signs|활력징후)\b|\W*BP ?\d", re.IGNORECASE)


def _section(note: Note, line: Field, key: str) -> str:
    """Return the section of a line. A nurse writes under whatever heading came last; vital signs stand apart."""
    if _NURSE.search(note.name.text) is None:
        return key
    return "vitals" if _VITALS.match(line.text) else "nursing"


def quoted(reading: Reading, said: Said, section: str, *, dated: bool = True) -> Claim:
    """Write a line with its time, its author and its note."""
    line = reading.line()
    if dated and said.note.start is not None:
        line.add(minute(said.note.start))
    if said.note.author is not None:
        line.say("said-by", x=plain(said.note.author), note=name(said.note.name))
    else:
        line.add(name(said.note.name))
    line.say("quote", x=span(said.line, 0, len(said.line.text), _QUOTE))
    return line.claim(section)


def newest(found: Iterable[Said], wanted: Callable[[Said], bool]) -> list[Said]:
    """Return the wanted lines, those that say the same as a newer one left out."""
    kept: dict[str, Said] = {}
    for said in found:
        if wanted(said):
            kept.setdefault(said.line.text.casefold(), said)
    return list(kept.values())


def under(*sections: str) -> Callable[[Said], bool]:
    """Return a test for lines of the named sections."""
    return lambda said: said.section in sections


_CONDITION: Final = re.compile(
    r"\bif\b|\bnotify\b|\bcall (?:the |a |for |me|us|rapid|doctor|physician)|\b(?:come back|return)\b|\bin case of\b"
    r"|\bwatch for\b|\bescalate\b|(?:발생|증가|감소|저하|상승|하락|지속|악화|호소|재발)\s?시\b"
    r"|(?:미만|이상|이하|초과|있을|없을)\s?시\b"
    r"|\s시\s|하면|되면|으면|있으면|notify|노티|보고할|연락할",
    re.IGNORECASE,
)


def conditional(said: Said) -> bool:
    """Say whether a line tells what to do when something happens. Only such lines are contingency; none is made up."""
    return said.section not in ("history", "past-history", "exam", "results", "vitals") and bool(
        _CONDITION.search(said.line.text)
    )


_DONE: Final = re.compile(
    r"\b(?:given|done|activated|performed|completed|inserted|placed|removed|obtained|taken|sent|consulted|explained"
    r"|started|stopped|discontinued|transfused|administered|notified)"
    r"(?: (?:at|on|by|in|to) [^,;.]{1,40}| today| already)?\s*[.)]*\s*\Z"
    r"|(?:시행|투여|완료|삽입|제거|교육|설명|의뢰|연락|보고|채취|촬영|수혈|시작|중단)(?:함|됨|했음|하였음|되었음|완료)\s*[.)]*\s*\Z"
    r"|완료\s*[.)]*\s*\Z",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(
    r"\b(?:to be|will|if|once|when|until|after|unless|needs?|should|continue|as)\b|예정|후에|[가-힣]\s?시\b|하면|되면",
    re.IGNORECASE,
)


def done(said: Said) -> bool:
    """Say whether a line of a plan tells what was done ("Aspirin 300 mg given"), not what is to be done."""
    return bool(_DONE.search(said.line.text)) and not _AHEAD.search(said.line.text)


_EMERGENCY: Final = re.compile(r"\bED\b|\bER\b|emergency|응급", re.IGNORECASE)


def emergency(note: Note) -> bool:
    """Say whether a note is one of the emergency department, by its name."""
    return _EMERGENCY.search(note.name.text) is not None
