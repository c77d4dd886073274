"""Audio: what can be tested without a model. Refusals, where a recording carries energy, and what is marked."""

from __future__ import annotations

import io
import json
import math
import struct
import wave
from pathlib import Path

import pytest

from bogam.access.identity import Actor, Role
from bogam.app import BadRequest, Bogam
from bogam.record.transcript import turns
from bogam.record.transcript.formats import Segment
from bogam.record.transcript.resource import transcribed
from bogam.text.transcriber import NoTranscriber, as_json, configured, gated, is_audio, speech


def recording(*stretches: tuple[float, float], rate: int = 8000, channels: int = 1) -> bytes:
    """A WAV of (seconds, amplitude) stretches: a tone with a faint hiss."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        at = 0
        for seconds, loud in stretches:
            for _ in range(int(seconds * rate)):
                value = loud * math.sin(2 * math.pi * 220 * at / rate) + 0.0005 * math.sin(7.3 * at * at)
                file.writeframesraw(struct.pack("<h", int(32000 * value)) * channels)
                at += 1
    return out.getvalue()


def test_energy_is_found_where_someone_speaks() -> None:
    audio = recording((2, 0), (1.5, 0.3), (3, 0), (1, 0.2))
    found = speech(audio)
    assert found is not None
    assert [(pytest.approx(a, abs=0.1), pytest.approx(b, abs=0.1)) for a, b in found] == [(2, 3.5), (6.5, 7.5)]
    assert speech(recording((2, 0))) == []
    assert speech(recording((1, 0), (1, 0.3), channels=2)) is not None
    assert speech(b"ID3 not a wav") is None
    assert speech(audio[:30]) is None


def test_words_over_silence_become_silence() -> None:
    audio = recording((2, 0), (1.5, 0.3), (8, 0))
    heard = (
        Segment(text="Hello", start=2.0, end=3.5, confidence=0.9, speaker="Doctor"),
        Segment(text="Thank you for watching", start=4.0, end=11.0, confidence=0.8, speaker="Doctor"),
    )
    written = transcribed(as_json(gated(heard, audio)))
    assert "watching" not in written.text
    assert "[silence 7 s]" in written.text
    assert [written.text[t.start : t.end] for t in turns(written.text)] == ["Hello"]
    assert json.loads(written.original)["segments"][1]["text"] == "Thank you for watching"


def test_recordings_are_told_by_their_first_bytes() -> None:
    assert is_audio(recording((0.1, 0)))
    assert is_audio(b"\x00\x00\x00\x18ftypM4A ")
    assert not is_audio(b"Doctor: hi")
    assert not is_audio(b"")


def test_without_a_transcriber_audio_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoTranscriber, match="No transcriber is configured"):
        configured(tmp_path)
    place = tmp_path / "config.toml"
    place.write_text('[speech]\nmodel = "large-v3"\n')
    with pytest.raises(NoTranscriber, match="never downloaded"):
        configured(tmp_path)
    place.write_text("[speech\n")
    with pytest.raises(NoTranscriber, match="TOML"):
        configured(tmp_path)
    place.write_text('[speech]\nlanguage = "ko"\n')
    with pytest.raises(NoTranscriber, match="No transcriber"):
        configured(tmp_path)


def test_the_house_refuses_audio_with_the_reason(tmp_path: Path) -> None:
    house = Bogam(tmp_path / "ward")
    house.load(json.dumps({"resourceType": "Patient", "id": "p1"}).encode())
    nurse = Actor("kim", "Kim", Role.nurse)
    with pytest.raises(BadRequest, match=r"visit\.wav: No transcriber is configured"):
        house.add_transcript("p1", recording((0.1, 0.1)), actor=nurse, purpose="treatment", name="visit.wav")
