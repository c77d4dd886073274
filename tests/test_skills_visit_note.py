"""The visit note: its cases, its rules one by one, and what hostile dialogues do to it."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from bogam.evidence.draft import Draft
from bogam.evidence.verify import verify_draft
from bogam.measure.rouge import rouge1
from bogam.record.store import Resource
from bogam.record.timeline import timeline
from bogam.record.transcript.resource import document_reference, transcribed
from bogam.skills.visit_note import english, korean, skill
from bogam.skills.visit_note.check import Dialogue as Checked
from bogam.skills.visit_note.compose import section, whole_note
from bogam.skills.visit_note.model import header_model
from bogam.skills.visit_note.numbers import written, written_korean
from bogam.skills.visit_note.schema import Request
from bogam.skills.visit_note.sets import mts, parts
from bogam.skills.visit_note.statements import candidates
from bogam.skills.visit_note.words import SECTIONS, WORDS

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "src" / "bogam" / "skills" / "visit_note" / "cases"
NAMES = sorted(path.name for path in CASES.iterdir())
DATA = ROOT.parent / "shared" / "data"
AT = "2026-11-20T10:00:00Z"
PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Test"}], "birthDate": "1960-01-01"}


def stored(body: bytes) -> Resource:
    found = orjson.loads(body)
    return Resource(found["resourceType"], found["id"], 1, "p1", body, sha256(body).hexdigest(), AT)


def draft(*dialogues: str, chart: tuple[dict[str, Any], ...] = (), **request: Any) -> Draft:
    """Draft and verify a note; every claim must hold, and every citation must be exact words of a dialogue."""
    held = [stored(orjson.dumps(body)) for body in (PATIENT, *chart)]
    for hour, text in enumerate(dialogues):
        at = f"2026-11-20T{hour + 10}:00:00Z"
        written_ = transcribed(text.encode())
        held.append(
            stored(
                document_reference(
                    written_, id=f"t{hour}", patient="p1", encounter="", author="Dr", at=at, recorded=at
                ).body
            )
        )
    by_ref = {each.ref: each for each in held}
    made = verify_draft(skill.draft(timeline(held), Request(**request)), lambda source, _: by_ref.get(source))
    for claim in made.claims:
        assert claim.support.state == "supported", (claim.text, claim.support)
        assert claim.citations, claim.text
    for claim in (*made.missing, *made.conflicts):
        assert claim.support.state in ("supported", "absence"), (claim.text, claim.support)
    return made


def shown(made: Draft) -> str:
    """Write a draft as the cases do: each sentence with the words that it cites."""
    lines = [f"# {made.title}"]
    for part in made.sections:
        lines += ["", f"## {part.title}"]
        for claim in made.claims:
            if claim.section == part.key:
                lines.append(f"- {claim.text}")
                lines += [f"  > {citation.quote}" for citation in claim.citations]
    lines += ["", "## missing", *(f"- {claim.kind}: {claim.text}" for claim in made.missing)]
    if made.conflicts:
        lines += ["", "## conflicts", *(f"- {claim.kind}: {claim.text}" for claim in made.conflicts)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    text = (CASES / name / "dialogue.txt").read_text(encoding="utf-8")
    assert shown(draft(text)) == (CASES / name / "draft.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_soap_has_the_same_sentences(name: str) -> None:
    text = (CASES / name / "dialogue.txt").read_text(encoding="utf-8")
    note, soap = draft(text), draft(text, form="soap")
    assert {claim.text for claim in note.claims} == {claim.text for claim in soap.claims}
    assert {part.key for part in soap.sections} <= {"subjective", "objective", "assessment", "plan"}


def test_same_dialogue_same_bytes() -> None:
    text = (CASES / "chest-en" / "dialogue.txt").read_text(encoding="utf-8")
    assert draft(text) == draft(text)


def test_what_is_denied_is_not_stated() -> None:
    made = draft("Doctor: Any chest pain?\nPatient: No.\nDoctor: Do you have diabetes?\nPatient: No, never.\n")
    text = " ".join(claim.text for claim in made.claims).lower()
    assert not re.search(r"(?:reports|has) (?:chest pain|diabetes)", text)


def test_doubtful_turns_state_nothing() -> None:
    made = draft((CASES / "unclear-en" / "dialogue.txt").read_text(encoding="utf-8"))
    assert not any("prednisone" in claim.text for claim in made.claims)
    assert [claim.text for claim in made.missing if claim.kind == "missing.unclear"] == [
        "Heard badly and not used in the note: turns 3 (listen again)"
    ]


def test_a_condition_keeps_its_if() -> None:
    texts = [each.text for each in candidates("Doctor: If the pain gets worse, you should go to the hospital.\n")]
    assert texts
    assert all("if" in text.lower().split() for text in texts)


def test_denied_allergy_against_the_chart() -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": "Penicillin"},
    }
    for dialogue in (
        "Doctor: Any allergies?\nPatient: No.\nDoctor: I'm going to prescribe amoxicillin.\n",
        "의사: 약물 알레르기 있으세요?\n환자: 없어요.\n의사: 아목시실린 처방하겠습니다.\n",
    ):
        made = draft(dialogue, chart=(allergy,))
        assert {claim.kind for claim in made.conflicts} == {"conflict.drug-allergy", "conflict.allergy-denied"}
        assert not draft(dialogue).conflicts


def test_two_doses_of_one_drug() -> None:
    said = "Patient: I take lisinopril 10 mg.\nDoctor: {}\n"
    assert [each.kind for each in draft(said.format("You are on lisinopril 20 mg.")).conflicts] == [
        "conflict.two-values"
    ]
    assert not draft(said.format("Let's increase lisinopril to 20 mg.")).conflicts


def test_newest_transcript_or_the_one_asked_for() -> None:
    old, new = "Patient: I have a cough.\n", "Patient: I have a fever.\n"
    made = draft(old, new)
    assert "fever" in made.claims[0].text
    held = draft(old)
    ref = held.claims[0].citations[0].source
    assert "cough" in draft(old, new, transcript=ref).claims[0].text


def test_without_a_transcript_it_says_so() -> None:
    made = draft()
    assert not made.claims
    assert [claim.kind for claim in made.missing] == ["missing.transcript"]


@pytest.mark.parametrize(
    "text",
    [
        "Doctor: \u202eevil\u202c ok?\nPatient: no\n",
        "Patient: " + "a" * 50_000 + "\n",
        "Patient: " + "no, " * 5_000 + "\n",
        "Patient: " + "I have pain, and " * 1_000 + "\n",
        "Doctor: " + "any " * 5_000 + "?\nPatient: No.\n",
        "Doctor: 혈압" + "은 " * 5_000 + "있으세요?\n환자: 아니요.\n",
        "Patient: one " + "hundred " * 2_000 + "\n",
    ],
)
def test_hostile_dialogues(text: str) -> None:
    draft(text)


def test_unknown_request_is_refused() -> None:
    with pytest.raises(TypeError, match="visit-note takes its own Request"):
        skill.draft(timeline([stored(orjson.dumps(PATIENT))]), None)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("seventy six years", "76 years"),
        ("one twenty over eighty", "120/80"),
        ("nineteen ninety eight", "1998"),
        ("two point five milligrams", "2.5 milligrams"),
        ("one of them", "one of them"),
        ("two hundred and fifty", "250"),
    ],
)
def test_spoken_numbers(said: str, noted: str) -> None:
    assert written(said) == noted


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("체온은 삼십팔 점 오 도예요", "체온은 38.5도예요"),
        ("혈압은 백이십에 팔십입니다", "혈압은 120/80입니다"),
        ("암로디핀 오 밀리그램 처방", "암로디핀 5 밀리그램 처방"),
        ("삼 일 전부터 하루 한 번 두통", "3일 전부터 하루 한 번 두통"),
        ("이 환자는 일을 하고 이상 없음", "이 환자는 일을 하고 이상 없음"),
    ],
)
def test_spoken_korean_numbers(said: str, noted: str) -> None:
    assert written_korean(said) == noted


def test_a_korean_note_has_figures_that_its_turns_bear_out() -> None:
    talk = "의사: 체온은 삼십팔 점 오 도입니다.\n환자: 네.\n의사: 혈압은 백이십에 팔십입니다.\n"
    held = Checked(talk)
    borne = [each.text for each in candidates(talk) if held.supports(each.text, each.spans)]
    assert any("38.5도" in text for text in borne)
    assert any("120/80" in text for text in borne)
    wrong = [each for each in candidates(talk) if "120/80" in each.text]
    assert not any(held.supports(each.text.replace("120", "130"), each.spans) for each in wrong)


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("I've had pain in my knee", "the patient has had pain in their knee"),
        ("I don't smoke", "the patient does not smoke"),
        ("I take aspirin and I feel fine", "the patient takes aspirin and the patient feels fine"),
    ],
)
def test_third_person(said: str, noted: str) -> None:
    assert english.of_patient(said) == noted


def test_gender_is_used_where_known() -> None:
    assert english.of_patient("I hurt my knee", "female") == "the patient hurt her knee"
    assert english.gender_in("Good morning ma'am.") == "female"
    assert english.gender_in("The man and the woman") == ""


@pytest.mark.parametrize("question", ["You don't have pain?", "No fever?", "Is it sharp or does it come and go?"])
def test_a_question_of_two_meanings_is_not_affirmed(question: str) -> None:
    assert english.affirmed(question) == []


@pytest.mark.parametrize(
    ("question", "answer", "noted"),
    [
        ("열은 있으세요?", "아니요.", "열 없음."),
        ("가래가 있나요?", "네.", "가래 있음."),
        ("담배 피우세요?", "아니요.", "담배 안 피움."),
        ("가슴 통증은요?", "없어요.", "가슴 통증 없음."),
        ("열은 있었나요?", "아니요, 열은 없었어요.", "열은 없었음."),
        ("숨은 차세요?", "네.", "숨은 참."),
        ("목소리가 쉬지는 않으세요?", "아니요.", ""),
        ("열은 없으세요?", "네.", ""),
        ("열은 없으세요?", "네, 없어요.", "열 없음."),
        ("목소리가 쉬지는 않으세요?", "네.", ""),
        ("언제부터 아프셨어요?", "네.", ""),
    ],
)
def test_korean_answers(question: str, answer: str, noted: str) -> None:
    assert korean.answered(question, answer) == noted


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("목이 아파요.", "목이 아픔."),
        ("약은 안 먹었어요.", "약은 안 먹었음."),
        ("기침이랑 열이 나요.", "기침이랑 열이 남."),
        ("다리가 저려요.", "다리가 저림."),
        ("숨이 가빠요.", "숨이 가쁨."),
        ("힘들어요.", "힘듦."),
        ("어지러워요.", "어지러움."),
        ("통증이 있고요.", "통증이 있음."),
        ("고혈압이에요.", "고혈압임."),
        ("하루에 네 번 써요.", "하루에 네 번 씀."),
        ("안녕하세요.", ""),
        ("어디가 아프세요?", ""),
        ("계속 먹어야 하나요", ""),
    ],
)
def test_korean_endings(said: str, noted: str) -> None:
    assert korean.noted(said) == noted


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("수포음이 들립니다.", "수포음이 들림."),
        ("고막이 빨갛습니다.", "고막이 빨감."),
        ("눌러도 아파하지 않으십니다.", "눌러도 아파하지 않음."),
        ("엑스레이 찍겠습니다.", "엑스레이 찍을 예정."),
        ("소염제 처방해 드릴게요.", "소염제 처방할 예정."),
        ("용량을 늘립시다.", "용량을 늘릴 예정."),
        ("이틀 뒤에 다시 오세요.", "이틀 뒤에 다시 오도록 함."),
        ("술은 드시지 마세요.", "술은 먹지 않도록 함."),
        ("어깨를 들어 보세요.", ""),
    ],
)
def test_korean_of_the_doctor(said: str, noted: str) -> None:
    assert korean.noted(said, doctor=True) == noted


def under(made: Draft, section: str) -> list[str]:
    return [claim.text for claim in made.claims if claim.section == section]


def test_each_korean_sentence_stands_in_its_section() -> None:
    made = draft(
        "의사: 어디가 불편하세요?\n환자: 이틀 전부터 기침이랑 열이 나요.\n의사: 가슴 통증은요?\n환자: 없어요.\n"
        "의사: 약 드시는 거 있으세요?\n환자: 암로디핀 5mg 하루 한 번 먹어요.\n"
        "의사: 오른쪽 폐 아래에서 수포음이 들립니다. 폐렴이 의심되니"
        " 흉부 엑스레이 찍고 항생제 드릴게요. 사흘 뒤에 다시 오세요.\n"
    )
    assert under(made, "complaint") == ["이틀 전부터 기침이랑 열이 남."]
    assert under(made, "history") == ["가슴 통증 없음."]
    assert under(made, "medications") == ["암로디핀 5mg 하루 한 번 먹음."]
    assert under(made, "exam") == ["오른쪽 폐 아래에서 수포음이 들림."]
    assert under(made, "assessment-plan")[0] == "폐렴이 의심됨."
    kinds = {claim.kind for claim in made.missing}
    assert kinds == {"missing.allergies", "missing.history", "missing.social", "missing.vitals"}


@pytest.mark.parametrize(
    ("dialogue", "said"),
    [
        (
            "Doctor: How are you?\nPatient: I'm okay.\nDoctor: So you're here for your back pain?\nPatient: Yes.\n",
            "back pain",
        ),
        ("Doctor: What brings you in?\nPatient: Well, hello. I have had a cough for a week.\n", "cough"),
        ("의사: 담배 피우세요?\n환자: 아니요.\n의사: 어디가 아프세요?\n환자: 배가 아파요.\n", "배가 아픔"),
    ],
)
def test_chief_complaint(dialogue: str, said: str) -> None:
    (complaint,) = under(draft(dialogue), "complaint")
    assert said in complaint


def test_what_is_left_out_is_listed() -> None:
    text = (CASES / "urology-en" / "dialogue.txt").read_text(encoding="utf-8")
    made = draft(text)
    listed = " ".join(claim.text for claim in made.missing if claim.kind == "missing.left-out")
    noted = " ".join(claim.text for claim in made.claims)
    for word in ("blood thinners", "losartan", "Sulfa", "tamsulosin", "nitrites", "groin", "come back right away"):
        assert word.lower() in f"{listed} {noted}".lower()


@pytest.mark.parametrize(
    ("dialogue", "whole"),
    [
        ("Doctor: Any chest pain?\nPatient: No. Actually yes, when I climb stairs.\n", "Actually yes, when I climb"),
        ("Doctor: Any discharge?\nPatient: No. Well, a little yesterday.\n", "No. Well, a little yesterday."),
        ("Doctor: Do you smoke?\nPatient: No. Sometimes at parties.\n", "No. Sometimes at parties."),
        ("의사: 가슴 통증 있으세요?\n환자: 아니요. 아니 그게, 계단 오를 때 아파요.\n", "계단 오를 때 아파요."),
        ("의사: 열은 있으세요?\n환자: 없어요. 근데 밤에는 조금 나요.\n", "없어요. 근데 밤에는 조금 나요."),
        ("의사: 기침은요?\n환자: 아니요, 가끔요.\n", "아니요, 가끔요."),
        ("의사: 피가 나나요?\n환자: 아니요. 아 네, 어제 났어요.\n", "아니요. 아 네, 어제 났어요."),
    ],
)
def test_an_answer_that_takes_itself_back_is_quoted_whole(dialogue: str, whole: str) -> None:
    made = draft(dialogue)
    assert any(whole in claim.text and '?"' in claim.text for claim in made.claims)
    assert not any(re.search(r"denies|does not|없음\.|않음\.", claim.text) for claim in made.claims)


@pytest.mark.parametrize(
    "finding",
    ["The left eardrum is red and bulging. The right one is fine.",
     "The left lower leg is swollen and tender. The right leg is normal.",
     "Your throat is normal. The tonsils are enlarged with pus."],
)  # fmt: skip
def test_what_is_not_normal_is_never_lost(finding: str) -> None:
    texts = " ".join(claim.text for claim in draft(f"Patient: I feel ill.\nDoctor: {finding}\n").claims)
    for word in ("red and bulging", "swollen and tender", "enlarged with pus"):
        assert (word in texts) == (word in finding)


def test_what_a_doctor_bids_is_of_the_plan() -> None:
    made = draft(
        "Patient: My leg hurts.\nDoctor: No, it is not cancer. Stop the warfarin. Take ibuprofen 400 every 6 hours.\n"
    )
    assert under(made, "assessment-plan") == [
        "No, it is not cancer.",
        "Stop the warfarin.",
        "Take ibuprofen 400 every 6 hours.",
    ]
    assert under(draft("환자: 배가 아파요.\n의사: 2주 뒤에 봅시다.\n"), "assessment-plan") == ["2주 뒤에 볼 예정."]


def test_what_refers_back_keeps_what_it_refers_to() -> None:
    made = draft("의사: 어떠세요?\n환자: 무릎이 아파요. 근데 왼쪽은 작년에 수술했어요.\n")
    assert '"무릎이 아파요. 근데 왼쪽은 작년에 수술했어요."' in [claim.text for claim in made.claims]


@pytest.mark.parametrize(
    ("dialogue", "talked"),
    [
        ("환자: 배가 아파요.\n의사: 2주 뒤에 봅시다.\n", {"complaint", "follow-up", "plan"}),
        ("환자: 배가 아파요.\n의사: 다음 달에 뵙겠습니다.\n", {"complaint", "follow-up"}),
        ("Patient: My leg hurts.\nDoctor: The left leg is swollen. See you in two weeks.\n", {"exam", "follow-up"}),
        ("Patient: I feel ill.\nDoctor: Stop the warfarin. Take ibuprofen.\n", {"medications", "plan", "complaint"}),
        ("Patient: Sulfa gives me a rash.\nDoctor: I see.\n", {"allergies", "medications"}),
    ],
)
def test_what_was_talked_about_is_not_said_to_lack(dialogue: str, talked: set[str]) -> None:
    lacks = {claim.kind.removeprefix("missing.") for claim in draft(dialogue).missing}
    assert not lacks & talked
    assert "vitals" in lacks


@pytest.mark.parametrize(
    "said",
    [
        "Patient: Sulfa gives me a rash.\n",
        "환자: 아스피린 먹고 두드러기가 났어요.\n",
        "환자: 페니실린 맞고 두드러기가 났어요.\n",
    ],
)
def test_an_allergy_that_the_chart_does_not_have(said: str) -> None:
    def allergy(text: str, code: str = "") -> tuple[dict[str, Any], ...]:
        coding = [{"system": "http://snomed.info/sct", "code": code}] if code else []
        return (
            {
                "resourceType": "AllergyIntolerance",
                "id": "a1",
                "patient": {"reference": "Patient/p1"},
                "clinicalStatus": {"coding": [{"code": "active"}]},
                "code": {"text": text, "coding": coding},
            },
        )

    for chart in (allergy("No known allergies", "716186003"), allergy("Latex")):
        for language in ("en", "ko"):
            (told,) = draft(said, chart=chart, language=language).conflicts
            assert told.kind == "conflict.new-allergy"
            assert {each.source.split("/")[0] for each in told.citations} == {
                "DocumentReference",
                "AllergyIntolerance",
            }
    same = allergy("Penicillin" if "페니실린" in said else "Aspirin" if "아스피린" in said else "Sulfa")
    assert not [each for each in draft(said, chart=same).conflicts if each.kind == "conflict.new-allergy"]


def test_a_very_long_turn_is_bounded_and_says_so() -> None:
    made = draft("환자: " + "배가 아파요. " * 40_000 + "\n")
    assert made.claims
    assert any("39,800" in claim.text for claim in made.missing)


@pytest.mark.parametrize("gender", ["male", "female", ""])
def test_the_diagnosis_is_always_in_the_note(gender: str) -> None:
    text = (CASES / "urology-en" / "dialogue.txt").read_text(encoding="utf-8")
    assert any("ureteral stone" in sentence.text for sentence in whole_note(text, gender))


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(("-ko", "-mixed"))])
def test_no_clinical_korean_is_lost(name: str) -> None:
    text = (CASES / name / "dialogue.txt").read_text(encoding="utf-8")
    assert not [claim.text for claim in draft(text).missing if claim.kind == "missing.left-out"]


def test_words_in_both_languages() -> None:
    for said in (WORDS.title, *SECTIONS.values(), *WORDS.phrases.values()):
        assert set(said) == {"en", "ko"}


def test_models_are_small_and_finite() -> None:
    folder = ROOT / "src" / "bogam" / "skills" / "visit_note" / "model"
    for path in folder.glob("*.npz"):
        assert path.stat().st_size < 5_000_000
        with np.load(path, allow_pickle=False) as held:
            assert all(np.isfinite(held[name]).all() for name in held.files if held[name].dtype.kind == "f")
    card = (folder / "CARD.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in card


def test_header_of_a_short_dialogue() -> None:
    dialogue = "Doctor: Do you have any drug allergies?\nPatient: Penicillin gives me a rash.\n"
    assert header_model().header(dialogue) == "ALLERGY"
    assert "penicillin" in " ".join(each.text for each in section(dialogue)).lower()


def test_rouge() -> None:
    assert rouge1("the cat sat", "The cat, sat.") == 1
    assert rouge1("the the the", "the cat") == pytest.approx(0.4)
    assert rouge1("", "the cat") == 0


def test_parts_of_a_note() -> None:
    found = parts(
        "CHIEF COMPLAINT\n\nPain.\n\nPHYSICAL EXAM\n\nFine.\n\nRESULTS\n\nNone.\n\nASSESSMENT AND PLAN\n\nRest."
    )
    assert {name: text.strip() for name, text in found.items()} == {
        "subjective": "Pain.",
        "exam": "Fine.",
        "results": "None.",
        "plan": "Rest.",
    }


@pytest.mark.data
@pytest.mark.skipif(not (DATA / "mts-dialog").is_dir(), reason="needs the public data sets")
def test_sections_beat_the_first_sentence_on_validation() -> None:
    asked = mts(DATA, "validation")
    ours = np.mean([rouge1(" ".join(s.text for s in section(each.dialogue, each.header)), each.note) for each in asked])
    assert ours > 0.27
