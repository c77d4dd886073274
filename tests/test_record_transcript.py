"""Dialogues of a visit: every format into turns with exact places, what is doubtful marked, bad input refused."""

from __future__ import annotations

import base64
import csv
import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bogam import Bogam
from bogam.access.decide import Refused
from bogam.access.identity import Actor, Role
from bogam.app import BadRequest, Unknown
from bogam.record.transcript import Turn, is_transcript, turns
from bogam.record.transcript.formats import TranscriptError
from bogam.record.transcript.resource import transcribed

DATA = Path(__file__).parents[2] / "shared" / "data"
NURSE = Actor("kim", "Kim Jiwoo", Role.nurse)


def said(text: str) -> list[tuple[str, str, str]]:
    return [(turn.speaker, turn.name, text[turn.start : turn.end]) for turn in turns(text)]


def of(content: str | bytes) -> tuple[str, tuple[Turn, ...]]:
    text = transcribed(content.encode() if isinstance(content, str) else content).text
    return text, turns(text)


# --- turns


def test_turns_name_roles_in_english_and_korean() -> None:
    text = "Doctor: Any pain?\nGuest_family: He fell.\n[patient] no .\n간호사: 혈압이요\n의사 선생님: 네\n"
    text += "보호자 : 왜요\nD: ok"
    assert said(text) == [
        ("doctor", "Doctor", "Any pain?"),
        ("family", "Guest_family", "He fell."),
        ("patient", "patient", "no ."),
        ("nurse", "간호사", "혈압이요"),
        ("doctor", "의사 선생님", "네"),
        ("family", "보호자", "왜요"),
        ("doctor", "D", "ok"),
    ]


def test_a_word_before_a_colon_is_no_speaker_unless_it_recurs() -> None:
    text = "Doctor: So the plan\nPlan: rest\nMartha: yes\nDoctor: Good\nMartha: thanks"
    assert [name for _, name, _ in said(text)] == ["Doctor", "Martha", "Doctor", "Martha"]
    assert said(text)[0][2] == "So the plan\nPlan: rest"


def test_times_stand_before_or_behind_the_name() -> None:
    text = "[00:01:12] Doctor: a\n01:15 Patient: b\n[00:01:20-00:01:22.5] Doctor: c\nPatient (01:30): d\n12:30 I left"
    found = turns(text)
    assert [(t.seconds_from, t.seconds_to) for t in found] == [(72, None), (75, None), (80, 82.5), (90, None)]
    assert text[found[3].start : found[3].end] == "d\n12:30 I left"


def test_marked_turns_and_silence() -> None:
    text = "Doctor: dose?\nPatient: [unclear 0.41] forty\n[silence 12 s]\nI mean four\n의사: [불분명] 네"
    found = turns(text)
    assert [(t.speaker, text[t.start : t.end], t.marked, t.confidence) for t in found] == [
        ("doctor", "dose?", False, None),
        ("patient", "forty", True, 0.41),
        ("patient", "I mean four", True, 0.41),
        ("doctor", "네", True, None),
    ]


@pytest.mark.parametrize(
    "evil", ["a " * 100_000, "[" * 200_000, "00:00" * 50_000, " " * 200_000, "\r" * 200_000, "-" * 200_000]
)
def test_hostile_text_is_read_quickly(evil: str) -> None:
    began = time.perf_counter()
    turns(evil)
    assert time.perf_counter() - began < 2


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_published_dialogues_are_read_as_they_are() -> None:
    files = {
        "mts-dialog/MTS-Dialog-ValidationSet.csv": ("Doctor", "Patient", "Guest_family", "Guest_clinician"),
        "aci-bench/valid.csv": ("doctor", "patient", "patient_guest"),
    }
    for name, speakers in files.items():
        with (DATA / name).open(newline="", encoding="utf-8-sig") as file:
            dialogues = [row["dialogue"] for row in csv.DictReader(file)]
        for text in dialogues:
            found = turns(text)
            assert {turn.name for turn in found} <= set(speakers)
            labels = sum(text.count(f"{each}:") + text.count(f"[{each}]") for each in speakers)
            assert labels - 2 <= len(found) <= labels
            assert all(text[t.start : t.end].strip() == text[t.start : t.end] != "" for t in found)
            assert all(a.end < b.start for a, b in pairwise(found))


# --- formats


def test_whisper_segments_are_marked_by_its_own_measures() -> None:
    segments = [
        {"start": 0, "end": 2.5, "text": " Any chest\npain?", "speaker": "SPEAKER_00", "avg_logprob": -0.1},
        {"start": 2.5, "end": 3, "text": "Doctor: yes", "speaker": "SPEAKER_01", "avg_logprob": -1.5},
        {"start": 3, "end": 30, "text": "Thanks for watching", "avg_logprob": -1.4, "no_speech_prob": 0.9},
        {"start": 31, "end": 33, "text": "so so so so", "compression_ratio": 3.1, "speaker": "Martha"},
        {"start": 33, "end": 34, "text": "ok", "speaker": 2, "words": [{"word": "ok", "score": 0.2}]},
    ]
    text, found = of(json.dumps({"segments": segments, "language": "en"}))
    assert [(t.name, text[t.start : t.end], t.marked) for t in found] == [
        ("SPEAKER_00", "Any chest pain?", False),
        ("SPEAKER_01", "Doctor: yes", True),
        ("Martha", "so so so so", True),
        ("Speaker 2", "ok", True),
    ]
    assert "[silence 28 s]" in text
    assert "watching" not in text
    assert found[1].confidence == pytest.approx(0.22)
    assert (found[0].seconds_from, found[0].seconds_to) == (0, 2.5)


def test_captions_keep_voices_and_times() -> None:
    vtt = (
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Dr. Kim>Hi <b>you</b> &amp; me<v Ann>Hello\n\n"
        "NOTE made by hand\n\n00:00:02.000 --> 00:00:03.500\n환자: 배가 아파요\n"
    )
    text, found = of(vtt)
    assert [(t.speaker, t.name, text[t.start : t.end], t.seconds_to) for t in found] == [
        ("doctor", "Dr. Kim", "Hi you & me", 2),
        ("other", "Ann", "Hello", 2),
        ("patient", "환자", "배가 아파요", 3.5),
    ]
    text, found = of(
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nDoctor: hi\r\n\r\n2\r\n00:00:10,000 --> 00:00:12,000\r\nthere\r\n"
    )
    assert [(t.speaker, text[t.start : t.end], t.seconds_from) for t in found] == [
        ("doctor", "hi", 1),
        ("other", "there", 10),
    ]
    assert "[silence 8 s]" in text


def test_what_is_written_reads_back_the_same() -> None:
    names = ["Doctor", "Martha", "환자", "3", "", "a:b]c", "Speaker 1", "laughing", "Dr. A B C D E F G", "‮rotcod"]
    texts = ["Plan: rest", "[unclear] no", "00:12 Patient: x", "a\x00b\u202ec", "\ud800 x", "[silence 5 s]"]
    for name in names:
        for words in texts:
            text, found = of(json.dumps([{"text": words, "speaker": name, "start": 1.25, "end": 3}]))
            assert len(found) == 1, (name, words, text)
            assert (found[0].seconds_from, found[0].seconds_to) == (1.25, 3)
            again, same = of(text)
            assert (again, same) == (text, found)


def test_korean_in_cp949_is_read() -> None:
    assert said(transcribed("의사: 어디가 아프세요?\n환자: 배요".encode("cp949")).text)[1] == (
        "patient",
        "환자",
        "배요",
    )


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"just some words", "line 1", "who speaks"),
        (b"", "", "who speaks"),
        (b'{"segments": [', "line 1", "cannot be read as JSON"),
        (b'{"text": "x"}', "", "segments"),
        (b'[{"text": 1}]', "/0/text", "as text"),
        (b'{"segments": [{"text": "a", "start": 5, "end": 1}]}', "/segments/0/end", "before it begins"),
        (b'[{"text": "a", "avg_logprob": NaN}]', "", "NaN"),
        (b'[{"text": "a", "start": -1}]', "/0/start", "number"),
        (b'[{"text": "a", "speaker": {}}]', "/0/speaker", "name or a number"),
        (b"WEBVTT\n\nno times here\n", "line 3", "caption needs"),
        (b"1\n00:00:05,000 --> 00:00:01,000\nx\n", "line 2", "before it begins"),
        (b"\x00\x01\x02RIFF", "", "no text"),
        (b"[" * 100_000, "line 1", "who speaks"),
        (b'[{"a":' * 100_000, "", "cannot be read as JSON"),
    ],
)
def test_bad_input_is_refused_with_place_and_reason(content: bytes, place: str, reason: str) -> None:
    with pytest.raises(TranscriptError, match=reason) as refused:
        transcribed(content)
    assert not place or refused.value.place == place


# --- in the record


PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Ann Lee"}]}
VISIT: dict[str, Any] = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"code": "AMB"},
    "subject": {"reference": "Patient/p1"},
}
DIALOGUE = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Doctor>Any fever?\n\n00:02.000 --> 00:03.000\n<v Patient>No.\n"


@pytest.fixture
def ward(tmp_path: Path) -> Bogam:
    house = Bogam(tmp_path / "ward")
    other = PATIENT | {"id": "p2"}
    for each in (PATIENT, other, VISIT):
        house.load(json.dumps(each).encode())
    return house


def test_a_transcript_is_stored_once_bound_to_patient_and_visit(ward: Bogam) -> None:
    given: dict[str, Any] = {"actor": NURSE, "purpose": "treatment", "name": "visit.vtt", "encounter": "e1"}
    ref = ward.add_transcript("p1", DIALOGUE, at="2026-03-01T09:00:00+09:00", **given)
    assert ward.add_transcript("p1", DIALOGUE, **given) == ref
    assert ward.add_transcript("p1", DIALOGUE, actor=NURSE, purpose="treatment") != ref
    stored = ward.read(*ref.split("/"), actor=NURSE, purpose="treatment")
    body = stored.json()
    assert stored.version == 1
    assert body["type"]["coding"][0]["code"] == "transcript"
    assert body["author"] == [{"display": "Kim Jiwoo"}]
    assert body["context"]["encounter"] == [{"reference": "Encounter/e1"}]
    assert base64.b64decode(body["content"][1]["attachment"]["data"]) == DIALOGUE
    note = next(n for n in ward.timeline("p1", actor=NURSE, purpose="treatment").notes if n.origin.source == ref)
    assert is_transcript(note)
    assert (note.encounter, note.unread) == ("Encounter/e1", None)
    text = note.parts[0].text
    assert [p.pointer for p in note.parts] == ["/content/0/attachment/data"]
    assert said(text) == [("doctor", "Doctor", "Any fever?"), ("patient", "Patient", "No.")]
    entry = ward.audit.entries(patient="p1")[-1]
    assert entry.patient == "p1"


def test_who_may_not_and_what_is_not_there_is_refused(ward: Bogam) -> None:
    coder = Actor("c", "C", Role.coder)
    own = Actor("a", "A", Role.patient, patient="p1")
    with pytest.raises(Refused):
        ward.add_transcript("p1", DIALOGUE, actor=coder, purpose="payment")
    with pytest.raises(Refused):
        ward.add_transcript("p1", DIALOGUE, actor=own, purpose="patient-request")
    with pytest.raises(Unknown, match="Encounter/e1"):
        ward.add_transcript("p2", DIALOGUE, actor=NURSE, purpose="treatment", encounter="e1")
    with pytest.raises(Unknown):
        ward.add_transcript("nobody", DIALOGUE, actor=NURSE, purpose="treatment")
    with pytest.raises(BadRequest, match=r"x\.txt: line 1: No line says who speaks"):
        ward.add_transcript("p1", b"hello", actor=NURSE, purpose="treatment", name="x.txt")
    with pytest.raises(BadRequest, match="/date"):
        ward.add_transcript("p1", DIALOGUE, actor=NURSE, purpose="treatment", at="yesterday")


def test_the_summary_does_not_take_a_transcript_for_a_note(ward: Bogam) -> None:
    before = ward.run("record-summary", patient="p1", actor=NURSE, purpose="treatment")
    ref = ward.add_transcript("p1", DIALOGUE, actor=NURSE, purpose="treatment")
    after = ward.run("record-summary", patient="p1", actor=NURSE, purpose="treatment")
    assert [c.text for c in after.claims] == [c.text for c in before.claims]
    assert not any(c.source == ref for claim in after.claims for c in claim.citations)
    assert ward.timeline("p1", actor=NURSE, purpose="treatment").mentions == ()
