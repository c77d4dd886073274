"""Audio of a visit to segments of a transcript, on this machine.

A `Transcriber` is what does it; `FasterWhisper` does with a model that lies in a local folder. Nothing is downloaded.
Which model is in ``config.toml`` of the home folder::

    [speech]
    model = "/srv/models/faster-whisper-medium"    # a folder with model.bin
    language = "ko"                                # optional: else it is told from the first half minute
    channels = ["Doctor", "Patient"]               # optional: who speaks on which channel of a stereo recording
"""

from __future__ import annotations

import importlib
import io
import json
import tomllib
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bogam.record.transcript.formats import Segment

LARGEST: Final = 512 << 20
"""Bytes of the largest recording that is taken: an hour of uncompressed stereo is some 350 MB at most."""
_FRAME_S: Final = 0.03
_ABOVE: Final = 4.0
"""A frame is speech when its energy is so many times the recording's floor (about 6 dB in amplitude)."""
_FAINT: Final = 0.003
"""Root mean square, of full scale, below which nothing is speech."""
_JOIN_S: Final = 0.4
_SPOKEN: Final = 0.1
"""Share of a segment that must carry energy; with less, the words were made up over silence."""
_MAGIC: Final = (
    b"RIFF",
    b"ID3",
    b"OggS",
    b"fLaC",
    b"\x1aE\xdf\xa3",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf1",
    b"\xff\xf9",
)


class NoTranscriber(ValueError):
    """Audio was given and nothing here can transcribe it; the message says what to do."""


class Transcriber(Protocol):
    """Writes down what is said in a recording."""

    def transcribe(self, audio: bytes) -> tuple[Segment, ...]:
        """Return the segments in the order they were said, with what tells how sure each is."""
        ...


def is_audio(content: bytes) -> bool:
    """Whether a file is a recording: WAV, MP3, AAC, Ogg, FLAC, Matroska/WebM or MP4, by its first bytes."""
    return content.startswith(_MAGIC) or content[4:8] == b"ftyp"


def configured(home: Path) -> Transcriber:
    """Return the transcriber that the home folder's ``config.toml`` names.

    Raises
    ------
    NoTranscriber
        When none is named, its model is no local folder, or faster-whisper is not installed.
    """
    place = home / "config.toml"
    if not place.is_file():
        raise NoTranscriber(_none(place))
    try:
        settings = tomllib.loads(place.read_text(encoding="utf-8")).get("speech")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NoTranscriber(f"{place} cannot be read as TOML: {error}.") from error
    speech = cast("dict[str, Any]", settings) if isinstance(settings, dict) else {}
    model = speech.get("model")
    if not isinstance(model, str) or not model:
        raise NoTranscriber(_none(place))
    folder = Path(model).expanduser()
    if not (folder / "model.bin").is_file():
        raise NoTranscriber(
            f'The speech model "{model}" is no local folder with a model.bin; models are never downloaded. '
            f"Copy a faster-whisper model to this machine and name its folder in {place}."
        )
    if find_spec("faster_whisper") is None:
        raise NoTranscriber('Audio needs faster-whisper, which is not installed: pip install "bogam[audio]".')
    language, channels = speech.get("language"), speech.get("channels")
    names = tuple(str(each) for each in cast("list[Any]", channels)) if isinstance(channels, list) else ()
    return FasterWhisper(folder, language if isinstance(language, str) else None, names)


def _none(place: Path) -> str:
    return (
        "No transcriber is configured, so audio cannot be taken. Give a transcript instead (text, JSON, VTT, SRT), or "
        f'install "bogam[audio]" and name a local faster-whisper model in {place}: [speech] model = "/path/to/model".'
    )


@dataclass(frozen=True, slots=True)
class FasterWhisper:
    """faster-whisper (CTranslate2) on the processor, with its voice activity detection.

    Parameters
    ----------
    model
        The folder of a converted model.
    language
        What is spoken; None: told from the recording.
    channels
        Who speaks on each channel of a stereo recording. Who speaks in a mono recording stays unknown.
    """

    model: Path
    language: str | None = None
    channels: tuple[str, ...] = ()

    def transcribe(self, audio: bytes) -> tuple[Segment, ...]:
        """Transcribe, each channel of a stereo recording on its own when ``channels`` names two."""
        library: Any = importlib.import_module("faster_whisper")
        whisper: Any = library.WhisperModel(str(self.model), device="cpu", compute_type="int8", local_files_only=True)
        tracks: list[tuple[str, Any]] = [("", io.BytesIO(audio))]
        if len(self.channels) > 1:
            parts = library.decode_audio(io.BytesIO(audio), split_stereo=True)
            tracks = list(zip(self.channels, parts, strict=False))
        found: list[Segment] = []
        for name, track in tracks:
            segments, _ = whisper.transcribe(track, language=self.language, vad_filter=True)
            found.extend(_segment(each, name) for each in segments)
        return gated(tuple(sorted(found, key=lambda each: each.start or 0.0)), audio)


def _segment(heard: Any, speaker: str) -> Segment:
    return Segment(
        text=str(heard.text),
        speaker=speaker,
        start=float(heard.start),
        end=float(heard.end),
        confidence=min(1.0, float(np.exp(heard.avg_logprob))),
        no_speech=float(heard.no_speech_prob),
        compression=float(heard.compression_ratio),
    )


def gated(segments: Sequence[Segment], audio: bytes) -> tuple[Segment, ...]:
    """Take what was heard where a WAV recording carries no energy for silence: a recogniser makes words up there."""
    spans = speech(audio)
    if spans is None:
        return tuple(segments)
    return tuple(each if _carried(each, spans) else replace(each, no_speech=1.0, confidence=0.0) for each in segments)


def _carried(segment: Segment, spans: Sequence[tuple[float, float]]) -> bool:
    if segment.start is None or segment.end is None or segment.end <= segment.start:
        return True
    over = sum(max(0.0, min(segment.end, end) - max(segment.start, start)) for start, end in spans)
    return over >= _SPOKEN * (segment.end - segment.start)


def speech(audio: bytes) -> list[tuple[float, float]] | None:
    """Return where a PCM WAV recording carries energy, (from, to) in seconds; None for any other recording."""
    try:
        with wave.open(io.BytesIO(audio)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, ValueError):
        return None
    if width != 2 or not rate or not channels:
        return None
    samples: NDArray[np.float64] = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.float64) / 32768
    samples = samples[: len(samples) // channels * channels].reshape(-1, channels).max(axis=1)
    size = max(1, int(rate * _FRAME_S))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(frames):
        return []
    energy: NDArray[np.float64] = (frames**2).mean(axis=1)
    floor = max(float(np.percentile(energy, 10)) * _ABOVE, _FAINT**2)
    return _spans([at for at, value in enumerate(energy) if value > floor], size / rate)


def _spans(frames: Sequence[int], length: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for at in frames:
        start, end = at * length, (at + 1) * length
        if found and start - found[-1][1] <= _JOIN_S:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def as_json(segments: Sequence[Segment]) -> bytes:
    """Return segments as the JSON that `bogam.record.transcript.formats` reads."""
    names = {"confidence": "confidence", "no_speech": "no_speech_prob", "compression": "compression_ratio"}
    rows = [
        {names.get(name, name): value for name, value in asdict(each).items() if value not in (None, False)}
        for each in segments
    ]
    return json.dumps({"segments": rows}, ensure_ascii=False).encode()
