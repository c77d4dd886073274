"""Dialogues as recorders, captions and people write them, read into segments: plain text, JSON, WebVTT and SubRip.

JSON is what Whisper and its relatives write: ``{"segments": [{"start", "end", "text", "speaker", "avg_logprob",
"no_speech_prob", "compression_ratio"}]}`` or the list alone; ``confidence`` (0 to 1) or WhisperX's word ``score`` where
given. WebVTT: https://www.w3.org/TR/webvtt1/ with its ``<v Name>`` voices; SubRip as players read it.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from bogam.record.transcript import SILENCE, Turn, turns
from bogam.record.transcript.speakers import known

Format = Literal["text", "json", "vtt", "srt"]

LARGEST: Final = 8 << 20
"""Bytes of the largest transcript that is read: a day of talk has less than one."""
_MOST: Final = 100_000
_LONGEST_S: Final = 360_000.0
"""Seconds of the longest recording: a hundred hours."""


class TranscriptError(ValueError):
    """A transcript that cannot be read; ``place`` says where (a line, a JSON pointer), ``reason`` why."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"{place}: {reason}" if place else reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a recording, or a turn of a written dialogue.

    ``start`` and ``end`` are seconds. ``confidence`` (0 to 1), ``no_speech`` (probability that nobody speaks) and
    ``compression`` (how well the text compresses: a recogniser that repeats itself is over 2.4) are the recogniser's.
    ``unclear`` is what a person or an earlier run marked.
    """

    text: str
    speaker: str = ""
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    no_speech: float | None = None
    compression: float | None = None
    unclear: bool = False


def read(content: bytes) -> tuple[Format, tuple[Segment, ...]]:
    """Return the format that ``content`` is in and its segments.

    Parameters
    ----------
    content
        The file. Its format is told from what it says, not from its name.

    Raises
    ------
    TranscriptError
        For what is too large, no text, damaged, or has no turn in it.
    """
    text = _decoded(content)
    start = text.lstrip()
    kind: Format = "text"
    if start.startswith(("{", "[")) and (start.startswith("{") or _is_json(start)):
        kind, found = "json", _from_json(text)
    elif start.startswith("WEBVTT"):
        kind, found = "vtt", _from_cues(text)
    elif _SRT.match(start):
        kind, found = "srt", _from_cues(text)
    else:
        found = _from_text(text)
    if not any(segment.text for segment in found):
        raise TranscriptError("", "There are no words in this transcript.")
    return kind, tuple(found)


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise TranscriptError("", f"A transcript has at most {LARGEST >> 20} MB; this one has {len(content):,} bytes.")
    codecs = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp949"]
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TranscriptError(
        "", "This is no text in UTF-8, UTF-16 or CP949. Audio needs a transcriber, and a document its text."
    )


# --- plain text


def _from_text(text: str) -> list[Segment]:
    found = turns(text)
    if not any(turn.name or turn.seconds_from is not None for turn in found):
        raise TranscriptError(
            "line 1",
            'No line says who speaks: begin each turn with it, like "Doctor: …", "[patient] …", "의사: …", "환자: …".',
        )
    segments = [(turn.start, _of_turn(text, turn)) for turn in found]
    at = 0
    for line in text.splitlines(keepends=True):
        if SILENCE.fullmatch(line.strip()):
            segments.append((at, Segment(text="", end=_silence(line))))
        at += len(line)
    return [segment for _, segment in sorted(segments, key=lambda each: each[0])]


def _of_turn(text: str, turn: Turn) -> Segment:
    return Segment(
        text=text[turn.start : turn.end],
        speaker=turn.name,
        start=turn.seconds_from,
        end=turn.seconds_to,
        confidence=turn.confidence,
        unclear=turn.marked,
    )


def _silence(line: str) -> float | None:
    seconds = re.search(r"\d+(?:\.\d+)?", line)
    return float(seconds[0]) if seconds else None


# --- JSON


def _is_json(text: str) -> bool:
    """Whether a text that begins with a bracket is a list of objects and not "[doctor] hello"."""
    return re.match(r"\[\s*(?:\{|\])", text) is not None


def _from_json(text: str) -> list[Segment]:
    try:
        value: Any = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise TranscriptError(place, f"This begins as JSON but cannot be read as JSON: {why}.") from error
    base = ""
    if isinstance(value, dict):
        holder = cast("dict[str, Any]", value)
        key = next((each for each in ("segments", "turns", "utterances") if each in holder), None)
        if key is None:
            raise TranscriptError("", 'JSON of a transcript is a list of segments, or an object with "segments".')
        value, base = holder[key], f"/{key}"
    if not isinstance(value, list):
        raise TranscriptError(base, "The segments must be a list.")
    items = cast("list[Any]", value)
    if len(items) > _MOST:
        raise TranscriptError(base, f"A transcript has at most {_MOST:,} segments; this one has {len(items):,}.")
    return [_segment(item, f"{base}/{index}") for index, item in enumerate(items)]


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON number")


def _segment(item: Any, place: str) -> Segment:
    if not isinstance(item, dict):
        raise TranscriptError(
            place, 'A segment is an object with "text", and "start", "end" and "speaker" where known.'
        )
    fields = cast("dict[str, Any]", item)
    text, speaker = fields.get("text"), fields.get("speaker")
    if not isinstance(text, str):
        raise TranscriptError(f"{place}/text", "A segment must have its words as text.")
    if speaker is not None and not isinstance(speaker, (str, int)):
        raise TranscriptError(f"{place}/speaker", "A speaker is a name or a number.")
    start = _number(fields, "start", place, 0, _LONGEST_S)
    end = _number(fields, "end", place, 0, _LONGEST_S)
    if start is not None and end is not None and end < start:
        raise TranscriptError(f"{place}/end", f"A segment cannot end ({end:g} s) before it begins ({start:g} s).")
    return Segment(
        text=text,
        speaker=f"Speaker {speaker}" if isinstance(speaker, int) else (speaker or ""),
        start=start,
        end=end,
        confidence=_confidence(fields, place),
        no_speech=_number(fields, "no_speech_prob", place, 0, 1),
        compression=_number(fields, "compression_ratio", place, 0, math.inf),
        unclear=fields.get("unclear") is True,
    )


def _confidence(fields: dict[str, Any], place: str) -> float | None:
    """What is given as such; else the mean probability of a token (Whisper), else of a word (WhisperX)."""
    given = _number(fields, "confidence", place, 0, 1)
    if given is not None:
        return given
    mean = _number(fields, "avg_logprob", place, -math.inf, 0.001)
    if mean is not None:
        return min(1.0, math.exp(mean))
    words = fields.get("words")
    spoken = cast("list[Any]", words) if isinstance(words, list) else []
    scores = [_word_score(cast("dict[str, Any]", word)) for word in spoken if isinstance(word, dict)]
    sure = [score for score in scores if score is not None]
    return sum(sure) / len(sure) if sure else None


def _word_score(word: dict[str, Any]) -> float | None:
    score = word.get("score", word.get("probability"))
    return float(score) if isinstance(score, (int, float)) and 0 <= score <= 1 else None


def _number(fields: dict[str, Any], name: str, place: str, low: float, high: float) -> float | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise TranscriptError(f"{place}/{name}", f"This must be a number from {low:g} to {high:g}.")
    return float(value)


# --- captions

_STAMP: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d\d)[.,](\d{1,3})"
_CUE: Final = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?:\s.*)?")
_SRT: Final = re.compile(rf"\d{{1,6}}\s*\r?\n\s*{_STAMP}\s*-->")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,80})>")
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_SPOKEN: Final = re.compile(r"\s*(?:-\s*)?(?:\[([^\]\d:]{1,40})\]\s*:?|([^\W\d][^:：\n]{0,39})[:：](?!\d))\s*")
_BLOCK: Final = re.compile(r"(?:NOTE|STYLE|REGION|WEBVTT)\b")


def _from_cues(text: str) -> list[Segment]:
    found: list[Segment] = []
    for number, block in _blocks(text):
        place = next((index for index, line in enumerate(block) if "-->" in line), None)
        if place is None:
            if _BLOCK.match(block[0]) or all(line.strip().isdigit() for line in block):
                continue
            raise TranscriptError(
                f"line {number}", "A caption needs a line with its times, 00:00:01.000 --> 00:00:02.000."
            )
        if len(found) >= _MOST:
            raise TranscriptError(f"line {number}", f"A transcript has at most {_MOST:,} captions.")
        times = _CUE.fullmatch(block[place])
        if times is None:
            raise TranscriptError(f"line {number + place}", f"Not a caption's times: {block[place].strip()[:60]}.")
        parts = times.groups()
        start, end = _stamp(parts[:4]), _stamp(parts[4:8])
        if end < start:
            raise TranscriptError(f"line {number + place}", "A caption cannot end before it begins.")
        found.extend(_voices("\n".join(block[place + 1 :]), start, end))
    return found


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the paragraphs, each with the number of its first line."""
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, block
            block = []


def _stamp(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{thousandths}")


def _voices(body: str, start: float, end: float) -> Iterator[Segment]:
    """Give what each voice of a caption says. A role before a colon is a voice where there are no tags."""
    pieces = _VOICE.split(body)
    if len(pieces) == 1:
        speaker, rest = "", body
        spoken = _SPOKEN.match(body)
        if spoken is not None and (spoken[1] or known(spoken[2])):
            speaker, rest = (spoken[1] or spoken[2]).strip(), body[spoken.end() :]
        yield Segment(text=html.unescape(_TAG.sub("", rest)), speaker=speaker, start=start, end=end)
        return
    before = html.unescape(_TAG.sub("", pieces[0])).strip()
    if before:
        yield Segment(text=before, start=start, end=end)
    for name, said in zip(pieces[1::2], pieces[2::2], strict=True):
        words = html.unescape(_TAG.sub("", said))
        yield Segment(text=words, speaker=html.unescape(name).strip(), start=start, end=end)
