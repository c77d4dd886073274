"""Whether a dialogue bears out a sentence: numbers as spoken, answers, sides, drugs, and what was heard badly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bogam.access.identity import Actor, Role
from bogam.app import Bogam
from bogam.evidence.claim import Claim, Support
from bogam.evidence.grounding import Dialogue, ground, score
from bogam.evidence.grounding.aci import sentences
from bogam.evidence.grounding.number import numbers
from bogam.evidence.grounding.said import said
from bogam.evidence.grounding.signs import side_mentions
from bogam.evidence.verify import verify
from bogam.record.citation import Field
from bogam.record.transcript import turns
from bogam.record.transcript.resource import document_reference, transcribed

DATA = Path(__file__).parents[2] / "shared" / "data"
TALK = """Doctor: What brings you in today?
Patient: My left knee has been hurting for about three weeks.
Doctor: Any fever?
Patient: No.
Doctor: Any chest pain?
Patient: Yeah, a little when I climb stairs.
Doctor: Your blood pressure is one twenty over eighty today.
Doctor: Keep taking the lisinopril, twenty milligrams daily, and come back in two and a half weeks.
Patient: [unclear 0.32] I also take forty of metformin
"""


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("one twenty over eighty", {120, 80}),
        ("in twenty twenty one", {2021}),
        ("two and a half weeks", {2.5}),
        ("a year and a half ago", {1.5}),
        ("july third", {7, 3}),
        ("a hundred and five pounds", {105}),
        ("ninety eight point four", {98.4}),
        ("an a1c of seven . three", {7.3}),
        ("zero . zero five percent", {0.05}),
        ("fifteen hundred", {1500}),
        ("two thousand eighteen", {2018}),
        ("three to four hundreds", {300, 400}),
        ("a couple of days, twice", {2}),
        ("baby aspirin", {81}),
        ("point five centimeters", {0.5}),
        ("1,500 and .7", {1500, 0.7}),
        ("백이십에 팔십", {120, 80}),
        ("서른다섯 살", {35}),
        ("삼점오", {3.5}),
    ],
)
def test_numbers_as_spoken_are_numbers(words: str, values: set[float]) -> None:
    assert values <= {each.value for each in said(words)}


def test_a_long_number_is_not_all_its_parts() -> None:
    assert {each.value for each in said("two hundred fifty five")} == {255}


def test_numbers_of_a_sentence_leave_names_out() -> None:
    text = "COVID-19 negative, A1c 7.3, C5-6 normal, 1,000 mg on 11/24/2021, 120/80."
    assert [each.value for each in numbers(text)] == [7.3, 1000, 11, 24, 2021, 120, 80]


def test_sides_are_not_directions() -> None:
    assert [each.name for each in side_mentions("He left the clinic right away; right knee, left hip, 왼쪽 무릎")] == [
        "right",
        "left",
        "left",
    ]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The patient reports left knee pain for 3 weeks.", None),
        ("Blood pressure is 120/80.", None),
        ("She denies fever.", None),
        ("Continue lisinopril 20 mg daily.", None),
        ("The patient reports right knee pain for 3 weeks.", "side"),
        ("Continue lisinopril 200 mg daily.", "number"),
        ("The patient reports fever.", "negation"),
        ("She denies chest pain.", "negation"),
        ("Continue warfarin 20 mg daily.", "drug"),
        ("The patient takes 40 mg of metformin.", "drug"),
    ],
)
def test_a_sentence_is_judged_by_what_was_said(sentence: str, kind: str | None) -> None:
    found = ground(sentence, Dialogue(TALK))
    assert ({failure.kind for failure in found.failures} & {kind}) == ({kind} if kind else set())
    assert kind is not None or found.failures == ()


def test_the_age_of_the_record_bears_out_an_age() -> None:
    sentence = "This is a 58-year-old with left knee pain."
    assert ground(sentence, Dialogue(TALK)).failures
    assert ground(sentence, Dialogue(TALK), age=58).failures == ()


def test_the_score_is_higher_for_the_own_dialogue() -> None:
    other = "Doctor: How is the cough?\nPatient: Better since I stopped smoking.\nDoctor: Lungs are clear."
    sentence = "The patient reports left knee pain for 3 weeks and chest pain when climbing stairs."
    assert score(sentence, Dialogue(TALK)) > 0.5 > score(sentence, Dialogue(other))


def cited(sentence: str, *quotes: str) -> Support:
    written = transcribed(TALK.encode())
    stored = document_reference(
        written,
        id="t1",
        patient="p1",
        encounter="",
        author="a",
        at="2026-01-01T00:00:00Z",
        recorded="2026-01-01",
    )
    home = _House.open()
    home.store.put([stored], "2026-01-01T00:00:00Z")
    resource = home.store.get(stored.type, stored.id)
    assert resource is not None
    field = Field(resource.origin, "/content/0/attachment/data", written.text)
    places = [(written.text.index(quote), len(quote)) for quote in quotes]
    citations = tuple(field.cite(start, start + length) for start, length in places)
    return verify([Claim(sentence, citations)], lambda source, version: resource)[0].support


class _House:
    """One home folder for all claims of this file."""

    folder: Path
    kept: Bogam | None = None

    @classmethod
    def open(cls) -> Bogam:
        if cls.kept is None:
            cls.kept = Bogam(cls.folder)
            patient = {"resourceType": "Patient", "id": "p1"}
            cls.kept.load(json.dumps(patient).encode(), actor=Actor("op", "Op", Role.administrator))
        return cls.kept


@pytest.fixture(autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    if _House.kept is None:
        _House.folder = tmp_path_factory.mktemp("house") / "ward"


def test_a_claim_that_cites_turns_is_judged_by_them() -> None:
    pressure = "Your blood pressure is one twenty over eighty today."
    assert cited("Blood pressure is 120/80.", pressure).state == "supported"
    wrong = cited("Blood pressure is 140/80.", pressure)
    assert [(failure.kind, failure.text) for failure in wrong.failed] == [("number", "140")]
    assert cited("Denies fever.", "Any fever?", "No.").state == "supported"
    assert cited("Denies fever.", "No.").state == "supported", "the question before a short answer counts"
    assert cited("Denies chest pain.", "Any chest pain?", "Yeah, a little when I climb stairs.").state == "unsupported"


def test_what_was_heard_badly_bears_out_nothing() -> None:
    support = cited("Takes metformin 40 mg.", "I also take forty of metformin")
    assert support.state == "unsupported"
    assert "heard badly" in support.failed[0].found
    with_more = cited(
        "Takes metformin 40 mg.",
        "I also take forty of metformin",
        "Your blood pressure is one twenty over eighty today.",
    )
    assert "drug" in {failure.kind for failure in with_more.failed}


def test_korean_turns_bear_out_a_korean_sentence() -> None:
    text = "의사: 열이 나세요?\n환자: 아니요.\n의사: 혈압은 백이십에 팔십입니다.\n환자: 왼쪽 무릎이 아파요."
    assert len(turns(text)) == 4
    dialogue = Dialogue(text)
    assert "negation" in {failure.kind for failure in ground("발열 있음.", dialogue).failures}
    assert "negation" not in {failure.kind for failure in ground("발열 없음.", dialogue).failures}


def test_headings_and_bullets_are_no_sentences() -> None:
    note = "CHIEF COMPLAINT\n\nAnnual exam today.\n\n• Neck: JVD 8 cm noted. Supple and soft.\nVITALS REVIEWED"
    assert sentences(note) == ["Annual exam today.", "Neck: JVD 8 cm noted.", "Supple and soft."]


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_validation_figures_stay() -> None:
    from bogam.measure.grounding import grounding

    figures = grounding(DATA, lambda _: None, split="valid")
    assert figures["grounding.auroc"].value > 0.94 > figures["grounding.auroc"].beside["word coverage"]
    assert figures["grounding.sides_caught"].value > 0.9
    assert figures["grounding.numbers_caught"].value > 0.95
    assert figures["grounding.numbers_false"].value < 0.12


def test_a_slip_of_ten_is_seen_though_the_number_was_said_of_something_else() -> None:
    talk = "Doctor: Take lisinopril twenty milligrams daily.\nPatient: I walk two miles with my dog.\n"
    assert ground("Continue lisinopril 20 mg daily.", Dialogue(talk)).failures == ()
    assert {each.text for each in ground("Continue lisinopril 2 mg daily.", Dialogue(talk)).failures} == {"2"}


def test_words_that_seldom_count_are_not_sure() -> None:
    sure = {
        text: {each.value for each in said(text) if each.sure} for text in ("this one hurts", "one tablet", "in a week")
    }
    assert sure == {"this one hurts": set(), "one tablet": {1}, "in a week": {1}}
    assert {each.value for each in said("it is one twenty over sixty") if each.sure} == {120, 60}
    assert {each.value for each in said("it shows a . five centimeter stone") if each.sure} == {0.5}


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("The patient is a 62-year-old with left knee pain for 3 weeks.", "supported"),
        ("The patient is a 72-year-old with left knee pain for 3 weeks.", "unsupported"),
        ("The patient is a 62-year-old with left knee pain for 30 weeks.", "unsupported"),
        ("The patient is a 62-year-old with right knee pain for 3 weeks.", "unsupported"),
    ],
)
def test_a_claim_may_rest_on_turns_and_the_record(sentence: str, state: str) -> None:
    home = _House.open()
    patient = {"resourceType": "Patient", "id": "p2", "birthDate": "1963-05-01"}
    home.load(json.dumps(patient).encode(), actor=Actor("op", "Op", Role.administrator))
    written = transcribed(TALK.encode())
    stored = document_reference(
        written, id="t2", patient="p2", encounter="", author="a", at="2026-01-01T00:00:00Z", recorded="2026-01-01"
    )
    home.store.put([stored], "2026-01-01T00:00:00Z")
    talk, person = home.store.get("DocumentReference", "t2"), home.store.get("Patient", "p2")
    assert talk is not None
    assert person is not None
    quote = "My left knee has been hurting for about three weeks."
    start = written.text.index(quote)
    turn = Field(talk.origin, "/content/0/attachment/data", written.text).cite(start, start + len(quote))
    birth = Field(person.origin, "/birthDate", "1963-05-01").cite()
    by_type = {"Patient": person, "DocumentReference": talk}
    claim = Claim(sentence, (turn, birth))
    assert verify([claim], lambda ref, _: by_type[ref.split("/")[0]], as_of="2026-01-01")[0].support.state == state


@pytest.mark.parametrize(
    "answered",
    [
        "Any chest pain?\nPatient: No. Actually yes, when I climb stairs.",
        "Any chest pain?\nPatient: No, only sometimes.",
    ],
)
def test_an_answer_that_is_taken_back_denies_nothing(answered: str) -> None:
    dialogue = Dialogue(f"Doctor: {answered}\n")
    assert [each.kind for each in ground("The patient denies chest pain.", dialogue).failures] == ["negation"]
    assert not ground("The patient denies chest pain.", Dialogue("Doctor: Any chest pain?\nPatient: No.\n")).failures


def test_a_side_that_is_repeated_just_so_is_borne_out() -> None:
    dialogue = Dialogue("Doctor: The left lower leg is swollen and tender. The right leg is normal.\n")
    for words in ("The left lower leg is swollen and tender.", 'Said: "The left lower leg is swollen and tender."'):
        assert not ground(words, dialogue).failures
    assert ground("The left leg is normal.", dialogue).failures
