"""Reports with their conclusion, and recent notes with their assessment where a heading announces one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.record.facts import Note, Report
from bogam.record.transcript import is_transcript
from bogam.skills.writing.compose import Piece, day, joined, name, plain, span
from bogam.skills.writing.reading import Part, Reading

_HEADING: Final = re.compile(
    r"^[ \t#*\[<]*(?:assessment(?: (?:and|&) plan)?|impression(?:/plan)?|(?:discharge )?diagnos[ie]s|conclusions?|a/p"
    r"|a(?=[):])|평가|진단(?:명)?|퇴원 ?진단|소견|결론)[ \t\]>*)]*(?::|$)[ \t]*(?P<rest>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_HEADING: Final = re.compile(
    r"[ \t]*(?:#{1,4} |\[|[A-Za-z가-힣][A-Za-z가-힣/ ]{0,24}[:)](?:\s|$)|(?:plan|계획|치료)\s*$)", re.IGNORECASE
)
_BULLET: Final = re.compile(r"[ \t]*(?:#\d+[.)]?|\d+[.)]|[-*•])?[ \t]*")
_LINE: Final = re.compile(r"[^\n]*\S[^\n]*")
_LINES: Final = 3
"""At most so many lines of an assessment are quoted."""
_QUOTE: Final = 200
"""Longest quotation of one line, in code points."""


def notes(reading: Reading) -> Part:
    """The newest notes, transcripts not among them. What a report section quotes already is not told again."""
    told = {report.origin.source for report in concluded(reading)}
    written = [n for n in reading.timeline.notes if n.status != "entered-in-error" and not is_transcript(n)]
    usable = [n for n in written if n.origin.source not in told]
    return reading.cut("notes", usable, lambda note: _note(reading, note))


def _note(reading: Reading, note: Note) -> Claim:
    line = reading.line()
    if note.start is not None:
        line.add(day(note.start))
    line.add(name(note.name))
    if note.author is not None:
        line.say("by", x=plain(note.author))
    quoted = assessment(note)
    if quoted:
        line.say("quote", x=joined(quoted, " / "))
    return line.claim("notes")


def assessment(note: Note) -> list[Piece]:
    """Return the first lines under a heading like "Assessment", "A)" or "평가", as quotations."""
    for part in note.parts:
        for found in _HEADING.finditer(part.text):
            if found["rest"].strip():
                return [_trimmed(part, found.start("rest"), found.end("rest"))]
            lines = list(_under(part.text, found.end()))
            if lines:
                return [_trimmed(part, start, end) for start, end in lines]
    return []


def _under(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Give the lines that follow until another heading."""
    for _ in range(_LINES):
        line = _LINE.search(text, at)
        if line is None or _OTHER_HEADING.match(line[0]):
            return
        yield line.start(), line.end()
        at = line.end()


def _trimmed(part: Field, start: int, end: int) -> Piece:
    bullet = _BULLET.match(part.text, start, end)
    start = bullet.end() if bullet is not None else start
    while end > start and part.text[end - 1].isspace():
        end -= 1
    return span(part, start, end, _QUOTE)


def concluded(reading: Reading) -> list[Report]:
    """Return final reports that have a conclusion, newest first."""
    return [r for r in reading.timeline.reports if r.conclusion is not None and r.status in ("final", "unknown")]


def reports(reading: Reading) -> Part:
    """Reports with their conclusion. Those without one are panels, and their values stand under results."""

    def write(report: Report) -> Claim:
        line = reading.line()
        if report.start is not None:
            line.add(day(report.start))
        line.add(name(report.name))
        assert report.conclusion is not None
        line.say("quote", x=span(report.conclusion, 0, len(report.conclusion.text), 2 * _QUOTE))
        return line.claim("reports")

    return reading.cut("reports", concluded(reading), write)
