"""Facts read from the notes of a chart: their place, their date, which notes count, and the bound."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from time import perf_counter
from typing import Any

import orjson
import pytest

from bogam.evidence.resolve import parse, words
from bogam.record.facts import Mention, Timeline
from bogam.record.store import Resource
from bogam.record.timeline import timeline
from bogam.text import chart
from bogam.text.chart import with_mentions

PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1950-05-02"}
KOREAN = (
    "P/I) 3일전부터 fever 있었고 cough(-)\nAllergy) 페니실린 (두드러기)\n"
    "Medication) metformin 500 mg PO bid\nLab) Cr 2.40 mg/dL\n"
)


def note(id_: str, text: str, date: str = "2026-11-19T10:00:00Z", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": id_,
        "status": "current",
        "type": {"text": "Progress note"},
        "subject": {"reference": "Patient/p"},
        "date": date,
        "content": [{"attachment": {"contentType": "text/plain", "data": b64encode(text.encode()).decode()}}],
        "context": {"encounter": [{"reference": "Encounter/e"}]},
    } | more


def stored(*bodies: dict[str, Any]) -> list[Resource]:
    raws = [orjson.dumps(body) for body in (PATIENT, *bodies)]
    return [
        Resource(body["resourceType"], body["id"], 1, "p", raw, sha256(raw).hexdigest(), "2026-11-20T12:00:00Z")
        for body, raw in zip((PATIENT, *bodies), raws, strict=True)
    ]


def read(*bodies: dict[str, Any]) -> Timeline:
    return with_mentions(timeline(stored(*bodies)))


def one(held: Timeline, key: str) -> Mention:
    (found,) = [mention for mention in held.mentions if mention.key == key]
    return found


def test_a_fact_knows_its_note_and_its_words() -> None:
    drug = one(read(note("n", KOREAN)), "d:metformin")
    assert (drug.kind, drug.assertion, drug.section) == ("drug", "present", "medications")
    assert (drug.name.text, drug.note.text, drug.encounter) == ("metformin", "Progress note", "Encounter/e")
    assert drug.start is not None
    assert drug.start.text == "2026-11-19T10:00:00Z"
    assert [field.text for field in (drug.dose, drug.route, drug.frequency) if field] == ["500 mg", "PO", "bid"]
    lab = one(read(note("n", KOREAN)), "creatinine")
    assert lab.number == 2.4
    assert lab.value is not None
    assert lab.value.text == "2.40"
    assert one(read(note("n", KOREAN)), "cough").assertion == "absent"


def test_every_word_is_where_its_citation_says() -> None:
    resources = stored(note("n", KOREAN))
    document = parse(next(each for each in resources if each.type == "DocumentReference"))
    held = with_mentions(timeline(resources))
    fields = [
        field
        for mention in held.mentions
        for field in (mention.name, mention.sentence, mention.value, mention.unit, mention.dose, mention.frequency)
        if field is not None
    ]
    assert len(fields) > 12
    for field in fields:
        citation = field.cite()
        words(citation, document)  # raises where the words are others
        assert (citation.source, citation.quote) == ("DocumentReference/n", field.text)


@pytest.mark.parametrize(
    ("status", "counts"), [({}, True), ({"status": "superseded"}, False), ({"status": "entered-in-error"}, False)]
)
def test_only_notes_that_stand_are_read(status: dict[str, str], counts: bool) -> None:
    assert bool(read(note("n", KOREAN, **status)).mentions) is counts


def test_newest_note_first() -> None:
    held = read(note("a", "Cr 1.1 mg/dL", "2026-11-01"), note("b", "Cr 1.9 mg/dL", "2026-11-18"))
    assert [mention.number for mention in held.mentions if mention.kind == "lab"] == [1.9, 1.1]


def test_what_is_left_out_of_a_long_chart_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [note(f"n{day}", f"Cr 1.{day} mg/dL", f"2026-11-0{day}") for day in range(1, 6)]
    assert read(*notes).notes_not_read == 0
    monkeypatch.setattr(chart, "MOST", 40)
    held = read(*notes)
    assert held.notes_not_read == 2
    assert [mention.number for mention in held.mentions if mention.kind == "lab"] == [1.5, 1.4, 1.3]


def test_reading_again_is_cheap() -> None:
    text = KOREAN * 20
    held = timeline(stored(*(note(f"n{n}", f"{text}{n}") for n in range(50))))
    with_mentions(held)
    start = perf_counter()
    again = with_mentions(held)
    assert perf_counter() - start < 0.05
    assert len(again.mentions) > 5000
