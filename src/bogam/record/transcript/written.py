"""Segments written as the one text that turns are read from; what was heard badly is marked, and silence is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from bogam.record.transcript import turns
from bogam.record.transcript.formats import Segment

SURE: Final = 0.5
"""Mean probability of a token below which a segment is marked (Whisper's avg_logprob of -0.69)."""
NO_SPEECH: Final = 0.6
LOGPROB: Final = 0.37
COMPRESSION: Final = 2.4
"""Whisper's own limits (Radford et al. 2022, section 4.5): no speech over 0.6 with a mean log probability under -1 is
silence, and text that compresses more than 2.4 times is a recogniser repeating itself."""
GAP_S: Final = 5.0
"""Seconds without words from which a silence is written."""

_SPACE: Final = re.compile(r"\s+")
_NAME: Final = re.compile(r"[\[\]():：\s]+")
_HIDDEN: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u061c")
"""Marks that turn the direction of text: they could make a turn look like another."""


def write(segments: Sequence[Segment]) -> str:
    """Return the dialogue, a line for each segment, in the form that `bogam.record.transcript.turns` reads.

    Segments that the recogniser itself takes for silence are not written as words: ``[silence 12 s]`` stands for them,
    and for gaps of `GAP_S` seconds and more.
    """
    lines: list[str] = []
    until: float | None = 0.0
    quiet = 0.0
    for segment in segments:
        words = _clean(segment.text)
        if not words or silent(segment):
            quiet += _length(segment)
            continue
        if segment.start is not None and until is not None:
            quiet = max(quiet, segment.start - until)
        if quiet >= GAP_S:
            lines.append(f"[silence {quiet:.0f} s]")
        quiet = 0.0
        lines.append(f"{_time(segment)}{_label(segment)}{_mark(segment)}{words}")
        until = segment.end if segment.end is not None else segment.start
    if quiet >= GAP_S:
        lines.append(f"[silence {quiet:.0f} s]")
    return "\n".join(lines) + "\n"


def silent(segment: Segment) -> bool:
    """Whether the recogniser takes a segment for silence: its words are then likely made up."""
    return (segment.no_speech or 0.0) > NO_SPEECH and (segment.confidence or 0.0) < LOGPROB


def unclear(segment: Segment) -> bool:
    """Whether a segment was heard badly."""
    doubtful = segment.confidence is not None and segment.confidence < SURE
    repeats = segment.compression is not None and segment.compression > COMPRESSION
    return segment.unclear or doubtful or repeats or (segment.no_speech or 0.0) > NO_SPEECH


def _length(segment: Segment) -> float:
    return max(0.0, (segment.end or 0.0) - (segment.start or 0.0))


def _mark(segment: Segment) -> str:
    if not unclear(segment):
        return ""
    return "[unclear] " if segment.confidence is None else f"[unclear {segment.confidence:.2f}] "


def _label(segment: Segment) -> str:
    name = _NAME.sub(" ", _clean(segment.speaker)).strip()[:40].strip()
    for label in (f"{name}:", f"[{name}]", f"Speaker {name}:"):
        if name and turns(f"{label} .")[0].name in (name, f"Speaker {name}"):
            return f"{label} "
    return "Speaker: "


def _time(segment: Segment) -> str:
    if segment.start is None:
        return ""
    return f"[{_clock(segment.start)}{f'-{_clock(segment.end)}' if segment.end is not None else ''}] "


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    clock = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{clock}.{thousandths:03d}" if thousandths else clock


def _clean(text: str) -> str:
    """Put text on one line, without control and direction marks and without lone surrogates."""
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in text
        if char not in _HIDDEN and not "\ud800" <= char <= "\udfff"
    )
    return _SPACE.sub(" ", "".join(kept)).strip()
