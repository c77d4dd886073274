"""A dialogue of a visit: who said what and when, each turn with its exact place in the text.

One turn is a line that begins with who speaks, with or without the time::

    [00:01:12] Doctor: Any chest pain?
    [00:01:14-00:01:15] Patient: [unclear 0.41] yeah
    [silence 12 s]
    [doctor] okay .
    환자: 아니요, 없어요.

Lines that name nobody go on with the turn before. A turn that begins with ``[unclear …]`` is marked: how it was heard
is doubtful, and nothing may be stated that stands in marked turns only. `bogam.record.transcript.formats` reads what
recorders, captions and people write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from bogam.record.facts import Coding, Note
from bogam.record.transcript.speakers import Speaker, known, speaker_of

__all__ = ["CODE", "SILENCE", "SYSTEM", "Speaker", "Turn", "coded_transcript", "is_transcript", "turns"]

SYSTEM: Final = "urn:bogam:document"
CODE: Final = "transcript"
"""The coding (system and code) of a DocumentReference that holds a dialogue and is no clinical note."""


class Turn(NamedTuple):
    """What one person said without a break.

    Parameters
    ----------
    speaker
        What the person is in the visit.
    name
        Who speaks, as written; empty where it is not said.
    start, end
        Code points of the words in the text, half open, without the name, the time and a mark.
    seconds_from, seconds_to
        When it was said, in seconds of the recording; None where not given.
    confidence
        How sure the recogniser was, 0 to 1; only marked turns carry it.
    marked
        It was heard badly: nothing may rest on this turn alone.
    """

    speaker: Speaker
    name: str
    start: int
    end: int
    seconds_from: float | None = None
    seconds_to: float | None = None
    confidence: float | None = None
    marked: bool = False


_CLOCK: Final = r"(?:\d{1,3}:)?\d{1,3}:\d\d(?:[.,]\d{1,3})?"
_TIMED: Final = re.compile(
    rf"\s*[\[(]?(?P<from>{_CLOCK})(?:\s?(?:-->|[-–~])\s?(?P<to>{_CLOCK}))?(?:[\])]\s*|\s+)(?=\S)"
)
_NAMED: Final = re.compile(
    r"\s*(?:\[(?P<bracket>[^\]\d:：][^\]:：]{0,39})\]\s*[:：]?"
    r"|(?P<name>[^\W\d][^\s:：\[\]()]{0,24}(?: [^\s:：\[\]()]{1,24}){0,3})"
    rf"\s?(?:[(\[](?P<at>{_CLOCK})[)\]])?\s?[:：](?!\d))\s*"
)
_MARK: Final = re.compile(r"\[(?:unclear|불분명)(?: (?P<sure>[01](?:\.\d{1,3})?))?\][ \t]*")
SILENCE: Final = re.compile(r"[ \t]*\[(?:silence|무음)(?: \d{1,6}(?:\.\d)? ?(?:s|초))?\][ \t]*")
"""A line that says that nobody spoke."""
_ASIDE: Final = re.compile(
    r"unclear|inaudible|silence|crosstalk|laugh|cough|pause|noise|music|불분명|무음|웃음|기침|침묵", re.IGNORECASE
)
"""What a transcriber puts in brackets that is nobody's name."""
_LINE: Final = re.compile(r"[^\r\n]+")
_AT_LEAST: Final = 2
"""An unknown name is a speaker's when so many lines begin with it: once, it may be any word before a colon."""


class _Head(NamedTuple):
    """How a line begins. ``body`` is where its words are, ``plain`` where they are if the name is no speaker's."""

    name: str
    certain: bool
    when: tuple[float | None, float | None]
    body: int
    plain: int
    end: int


def turns(text: str) -> tuple[Turn, ...]:
    """Return the turns of a dialogue in the order they stand, with exact places.

    Parameters
    ----------
    text
        The dialogue. Any text is read: one in which nobody is named is a single turn of nobody known.

    Notes
    -----
    Reads MTS-Dialog ("Doctor: …", "Guest_family: …") and ACI-Bench ("[doctor] …") as they are published, and Korean
    dialogues ("의사: …", "보호자: …"). A name in brackets, a known role and a name before which a time stands are
    always a speaker's; any other name is one when two lines begin with it.
    """
    heads = [None if SILENCE.fullmatch(line[0]) else _head(text, line) for line in _LINE.finditer(text)]
    seen = Counter(head.name for head in heads if head is not None and head.name)
    found: list[Turn] = []
    silent = False
    for head in heads:
        if head is None:
            silent = True
            continue
        named = head.certain or seen[head.name] >= _AT_LEAST
        if named or head.when[0] is not None or not found:
            name, start = (head.name, head.body) if named else ("", head.plain)
            found.append(_turn(text, name, start, head))
        elif silent:
            found.append(found[-1]._replace(start=head.plain, end=head.end, seconds_from=None, seconds_to=None))
        elif head.end > head.plain:
            found[-1] = found[-1]._replace(end=head.end)
        silent = False
    return tuple(turn for turn in found if turn.end > turn.start)


def is_transcript(note: Note) -> bool:
    """Whether a note is a transcript of a visit and so no clinical note."""
    return coded_transcript(note.codes)


def coded_transcript(codes: Sequence[Coding]) -> bool:
    """Whether the type of a document says that it is a transcript."""
    return any(coding.system == SYSTEM and coding.code.text == CODE for coding in codes)


def _head(text: str, line: re.Match[str]) -> _Head:
    start, stop = line.span()
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    timed = _TIMED.match(text, start, stop)
    when, plain = (None, None), start
    if timed is not None:
        when, plain = (_seconds(timed["from"]), _seconds(timed["to"])), timed.end()
    bare = timed is not None and text[timed.start("from") - 1 : timed.start("from")] not in ("[", "(")
    named = _NAMED.match(text, plain, stop)
    name = (named["bracket"] or named["name"] or "").strip() if named is not None else ""
    if name and named is not None and named["bracket"] and _ASIDE.match(name):
        name = ""
    if named is None or not name:
        place = start if bare else plain
        return _Head("", False, (None, None) if bare else when, place, place, stop)
    certain = bool(named["bracket"]) or timed is not None or known(name)
    if when[0] is None and named["at"]:
        when, certain = (_seconds(named["at"]), None), True
    return _Head(name, certain, when, named.end(), plain, stop)


def _turn(text: str, name: str, start: int, head: _Head) -> Turn:
    mark = _MARK.match(text, start, head.end)
    sure = float(mark["sure"]) if mark is not None and mark["sure"] else None
    start = mark.end() if mark is not None else start
    while start < head.end and text[start].isspace():
        start += 1
    return Turn(speaker_of(name), name, start, head.end, *head.when, sure, mark is not None)


def _seconds(clock: str | None) -> float | None:
    if clock is None:
        return None
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
