"""Answers out of sources and conditions to consider: cited, verified, refused when nothing answers."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import orjson
import pytest

from bogam import Actor, Bogam
from bogam.access.decide import Refused
from bogam.access.identity import Role
from bogam.app import BadRequest, SourceClosed, Unknown
from bogam.evidence.draft import Draft, Filed
from bogam.evidence.export.document import document
from bogam.evidence.retrieval.retriever import Retriever
from bogam.measure.ask import questions
from bogam.skills.answering.disagree import differ
from bogam.skills.consider.findings import findings
from bogam.skills.skill import Informed, skills

ME = Actor("lee", "이지은", Role.physician)
SUBJECT = {"reference": "Patient/p1"}
SETS = Path(__file__).parents[1] / "src/bogam/measure/sets/ask"
CASES = sorted((Path(__file__).parents[1] / "src/bogam/skills").glob("*/cases/*.json"))


def coded(text: str) -> dict[str, Any]:
    return {"text": text}


RECORD: list[dict[str, Any]] = [
    {"resourceType": "Patient", "id": "p1", "name": [{"text": "Dana Smith"}], "birthDate": "1950-01-01"},
    {"resourceType": "AllergyIntolerance", "id": "a1", "patient": SUBJECT, "code": coded("Penicillin"),
     "criticality": "high", "reaction": [{"manifestation": [coded("Anaphylaxis")]}]},
    {"resourceType": "AllergyIntolerance", "id": "a2", "patient": SUBJECT, "code": coded("Peanut")},
    {
        "resourceType": "Observation", "id": "o1", "status": "final", "subject": SUBJECT, "code": coded("eGFR"),
        "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2026-11-18",
        "valueQuantity": {"value": 24, "unit": "mL/min/1.73m2"},
    },
    {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": SUBJECT,
        "medicationCodeableConcept": coded("Enoxaparin 60 mg"), "authoredOn": "2026-11-18",
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    made = Bogam(tmp_path_factory.mktemp("ward"))
    made.retriever = Retriever(made.sources, vectors=False)
    entries = [{"resource": each} for each in RECORD]
    made.load(orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    with as_file(files("bogam.synthetic") / "library") as folder:
        outcomes = {each.outcome for each in made.library_add([folder])}
    assert outcomes == {"new", "version"}
    return made


def ask(bogam: Bogam, question: str, **more: str) -> Draft:
    return bogam.answer("ask", {"question": question} | more, actor=ME, purpose="treatment")


def states(draft: Draft) -> set[str]:
    return {claim.support.state for claim in (*draft.claims, *draft.conflicts)}


def test_an_answer_is_quoted_and_every_sentence_is_cited(bogam: Bogam) -> None:
    draft = ask(bogam, "헤파린 주입 중 aPTT 목표는 얼마인가요?", language="ko")
    assert "the target is 60 to 85 seconds" in draft.claims[0].text
    (citation,) = draft.claims[0].citations
    assert (citation.source, citation.pointer) == ("library:anticoagulation", "/fields/pages/0/paragraphs/2")
    assert citation.version.startswith("2026-05-10~")
    assert draft.sections[0].title == (
        "Anticoagulation protocol › 1. Unfractionated heparin · library:anticoagulation · 시행 2026-05-10 · 1쪽"
    )
    assert states(draft) == {"supported"}
    shown = bogam.show(citation, actor=ME, purpose="treatment")
    assert shown.marked == draft.claims[0].text
    assert len(shown.lines) > 5
    assert shown.current


def test_sources_that_differ_stand_side_by_side(bogam: Bogam) -> None:
    draft = ask(bogam, "What is the enoxaparin dose in renal impairment?")
    (conflict,) = draft.conflicts
    assert "below 30 mL/min" in conflict.text
    assert "below 20 mL/min" in conflict.text
    assert {each.source for each in conflict.citations} == {"library:anticoagulation", "library:formulary"}
    assert states(draft) == {"supported"}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Give enoxaparin 40 mg daily.", "Give enoxaparin 60 mg daily.", True),
        ("Give enoxaparin 40 mg daily.", "Give enoxaparin 40 mg daily.", False),
        ("Give enoxaparin 40 mg daily.", "Give apixaban 5 mg daily.", False),
        ("Warfarin is used in pregnancy.", "Warfarin is not used in pregnancy.", True),
    ],
)
def test_what_differs(one: str, other: str, apart: bool) -> None:
    assert differ(one, other) is apart


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Rivaroxaban is avoided when creatinine clearance is below 15 mL/min.",
         "Dabigatran is not used when creatinine clearance is below 30 mL/min.", False),
        ("Dabigatran is not used when creatinine clearance is below 15 mL/min.",
         "Dabigatran is not used when creatinine clearance is below 30 mL/min.", True),
        ("Give enoxaparin 1 mg/kg every 12 hours.",
         "When creatinine clearance is below 30 mL/min give enoxaparin 1 mg/kg every 24 hours.", False),
        ("Give apixaban 5 mg when creatinine clearance is below 50 mL/min.",
         "Give apixaban 2 mg when creatinine clearance is below 15 mL/min.", False),
        ("Warfarin is used in atrial fibrillation.", "Warfarin is not used in pregnancy.", False),
        ("Vitamin K 10 mg is given intravenously.", "Vitamin K 2.5 mg is given by mouth.", False),
    ],
)  # fmt: skip
def test_only_the_same_drug_and_subject_can_differ(one: str, other: str, apart: bool) -> None:
    assert differ(one, other) is apart
    assert differ(other, one) is apart


def test_one_document_can_contradict_itself() -> None:
    one, other = "Vancomycin is given intravenously.", "Vancomycin is not given intravenously."
    assert differ(one, other, within=True)
    assert not differ("Vancomycin is given by mouth.", other, within=True)
    assert not differ("Give enoxaparin 40 mg daily.", "Give enoxaparin 60 mg daily.", within=True)


@pytest.mark.parametrize("question", ["enoxaparin dose", "에녹사파린 용량은?"])
def test_limits_stand_with_the_answer_and_the_kidney_value_of_the_patient(bogam: Bogam, question: str) -> None:
    draft = bogam.run_request("ask", {"question": question}, patient="p1", actor=ME, purpose="treatment")
    limits = {claim.text for claim in draft.claims if claim.section.startswith(("limits", "source"))}
    assert "When creatinine clearance is below 30 mL/min give enoxaparin 1 mg/kg once daily." in limits
    assert "When creatinine clearance is below 20 mL/min give enoxaparin 1 mg/kg once daily." in limits
    assert (
        "Warfarin and direct oral anticoagulants are avoided in pregnancy; low molecular weight heparin is used."
        in limits
    )
    assert not any("Dabigatran" in text or "Rivaroxaban" in text for text in limits)
    assert "eGFR 24 mL/min/1.73m2 (2026-11-18)" in [claim.text for claim in draft.claims]
    assert any("Limits and exceptions" in section.title for section in draft.sections)


def test_criteria_of_trials_and_entries_of_an_index_are_not_quoted() -> None:
    from bogam.evidence.retrieval.passage import passages
    from bogam.skills.answering.quote import quotable
    from bogam.sources.answer import Item

    words = {"summary": "Enoxaparin once daily was studied."}
    trial = Item(
        "clinicaltrials", "NCT1", "T", "", "1", words | {"eligibility": {"inclusion": ["Aged 18 years or more."]}}
    )
    assert [quotable(each) for each in passages(trial)] == [True, False]
    entry = Item("cms", "L1", "L", "", "1", words | {"extent": "in the index alone"})
    assert not any(quotable(each) for each in passages(entry))


def test_a_condition_that_follows_a_quoted_paragraph_is_a_limit(bogam: Bogam, tmp_path: Path) -> None:
    (tmp_path / "abx.md").write_text(
        "# Ward rules\n\n## Fosfomycin\nFosfomycin 3 g by mouth once is given for cystitis.\n\n"
        "If it lasts, call the pharmacy within 72 hours.\n\n## Other\nIf it rains, close the window.\n", "utf-8"
    )  # fmt: skip
    bogam.library_add([tmp_path])
    try:
        draft = ask(bogam, "How is fosfomycin given for cystitis?")
        shown = [claim.text for claim in draft.claims]
        assert "If it lasts, call the pharmacy within 72 hours." in shown
        assert "If it rains, close the window." not in shown
        assert "Ward rules › Fosfomycin" in draft.sections[0].title
    finally:
        bogam.library_remove("abx")


def test_what_no_source_answers_is_refused(bogam: Bogam) -> None:
    draft = ask(bogam, "Which vaccine is given after splenectomy?")
    assert draft.claims == ()
    absence, *near = draft.missing
    assert {each.kind for each in near} <= {"missing.near"}
    assert absence.text == "Not found in your sources."
    assert absence.searched.startswith("Hospital library: 6 documents")
    assert absence.support.state == "absence"


def test_a_version_to_come_is_told(bogam: Bogam) -> None:
    for language in ("ko", "en"):
        draft = ask(bogam, "입원 환자의 낙상 위험은 언제까지 평가하나요?", language=language)
        assert "입원 24시간 이내" in draft.claims[0].text
        coming = draft.claims[-1]
        assert draft.missing == ()
        assert coming.section == draft.sections[-1].key
        assert "2027-01-01" in coming.text
        assert coming.support.state == "supported"


def test_the_patients_own_facts_stand_beside(bogam: Bogam) -> None:
    request = {"question": "What is the enoxaparin dose in renal impairment?"}
    draft = bogam.run_request("ask", request, patient="p1", actor=ME, purpose="treatment")
    own = [claim.text for claim in draft.claims if claim.section == "patient"]
    assert own == ["Takes: Enoxaparin 60 mg", "eGFR 24 mL/min/1.73m2 (2026-11-18)"]
    request = {"question": "What is used for pneumonia after penicillin anaphylaxis?"}
    draft = bogam.run_request("ask", request, patient="p1", actor=ME, purpose="treatment")
    (warned,) = draft.conflicts
    assert warned.kind == "conflict.allergy"
    assert warned.text.startswith("Allergy: Penicillin (Anaphylaxis, high).")
    assert states(draft) == {"supported"}


def test_a_signed_answer_names_its_sources_in_every_export(bogam: Bogam) -> None:
    request = {"question": "How is heparin reversed?"}
    draft = bogam.run_request("ask", request, patient="p1", actor=ME, purpose="treatment")
    bogam.sign(draft.id, actor=ME)
    for format in ("text", "markdown", "html", "pdf", "csv", "fhir"):
        written = bogam.export(draft.id, format, actor=ME, purpose="treatment")
        if format not in ("pdf", "csv"):
            assert b"library:anticoagulation" in written
            assert b"2026" in written
    resource = bogam.store.get("Provenance", f"bogam-{draft.id}-p")
    assert resource is not None
    entity = resource.json()["entity"][0]["what"]
    assert entity["identifier"] == {"system": "urn:bogam:source:library", "value": "anticoagulation"}
    assert entity["display"] == "library anticoagulation, version 2026-05-10"
    bogam.library_remove("anticoagulation")
    try:
        assert bogam.show(draft.claims[0].citations[0], actor=ME, purpose="treatment").marked == draft.claims[0].text
    finally:
        with as_file(files("bogam.synthetic") / "library") as folder:
            bogam.library_add([folder / "anticoagulation.md"])


def test_an_answer_about_nobody_is_logged_and_not_kept(bogam: Bogam) -> None:
    before = bogam.drafts(actor=ME, purpose="treatment", state=None)
    ask(bogam, "How is heparin reversed?")
    newest = bogam.audit.entries(limit=1)[0]
    assert bogam.drafts(actor=ME, purpose="treatment", state=None) == before
    assert (newest.action, newest.target, newest.outcome) == ("look-up", "ask", "allow")
    coder = Actor("c", "C", Role.auditor)
    with pytest.raises(Refused):
        bogam.answer("ask", {"question": "x"}, actor=coder, purpose="oversight")
    with pytest.raises(BadRequest, match="needs a patient"):
        bogam.answer("record-summary", {}, actor=ME, purpose="treatment")
    with pytest.raises(BadRequest, match="question"):
        ask(bogam, "x" * 1001)
    with pytest.raises(Unknown):
        bogam.answer("nothing", {}, actor=ME, purpose="treatment")


def test_a_source_that_is_unknown_or_off_is_told(bogam: Bogam) -> None:
    with pytest.raises(Unknown, match='No source "nosuch"'):
        ask(bogam, "How is heparin reversed?", sources="library, nosuch")
    with pytest.raises(SourceClosed, match="pubmed cannot be looked through"):
        ask(bogam, "How is heparin reversed?", sources="pubmed")


def test_a_patients_name_is_left_out_of_a_question_about_nobody(bogam: Bogam) -> None:
    draft = ask(bogam, "How is heparin reversed for Dana Smith?")
    assert "Dana" not in draft.title
    assert draft.claims
    assert [each.kind for each in draft.missing] == ["missing.person"]
    assert "Dana" not in str(bogam.audit.entries(limit=1)[0])


def test_a_patients_account_is_refused_as_it_is_every_professional_skill(bogam: Bogam) -> None:
    smith = Actor("smith", "Dana Smith", Role.patient, patient="p1")
    with pytest.raises(Refused) as refusal:
        bogam.answer("ask", {"question": "How is heparin reversed?"}, actor=smith, purpose="patient-request")
    assert refusal.value.decision.code == "skill-not-for-role"
    with pytest.raises(Refused):
        bogam.require_asking("ask", actor=smith, purpose="patient-request")


@pytest.mark.parametrize(
    ("language", "said", "status"),
    [("en", "Not found", "Draft, not a decision"), ("ko", "찾지 못한 것", "판단을 돕는 초안")],
)
def test_an_answer_about_nobody_has_its_own_headings(bogam: Bogam, language: str, said: str, status: str) -> None:
    laid = document(Filed(ask(bogam, "Which vaccine after splenectomy?", language=language), 1, "shown", "", "lee"))
    assert [each.title for each in laid.blocks] == [said]
    assert laid.status == status


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    empty = Bogam(tmp_path)
    draft = ask(empty, "How is heparin reversed?")
    assert "bogam library add DIR" in draft.missing[0].text
    assert ask(empty, "").missing[0].text == "No question was asked."


def test_only_an_administrator_fills_the_library(bogam: Bogam, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# X\n\nWords.\n", "utf-8")
    with pytest.raises(Refused):
        bogam.library_add([tmp_path / "x.md"], actor=ME)
    with pytest.raises(Refused):
        bogam.library_remove("formulary", actor=ME)


def consider(bogam: Bogam, typed: str, **more: str) -> Draft:
    return bogam.answer("consider", {"findings": typed} | more, actor=ME, purpose="treatment")


def test_conditions_rest_on_passages_with_what_speaks_against_them(bogam: Bogam) -> None:
    draft = consider(bogam, "sudden dyspnea, pleuritic chest pain, tachycardia, no fever")
    titles = [section.title for section in draft.sections]
    assert titles[0].startswith("Red flags named by your sources")
    first = next(section for section in draft.sections if section.title == "1. pulmonary embolism")
    said = [claim.text for claim in draft.claims if claim.section == first.key]
    assert said[-1] == "For: sudden dyspnea, pleuritic chest pain, tachycardia"
    assert any("D-dimer" in text for text in said)
    pericarditis = next(section.key for section in draft.sections if "pericarditis" in section.title)
    assert "Against: 발열" in [claim.text for claim in draft.claims if claim.section == pericarditis]
    assert all(claim.citations for claim in draft.claims)
    assert states(draft) == {"supported"}
    assert not any("%" in claim.text and "saturation" not in claim.text for claim in draft.claims)


def test_conditions_in_korean(bogam: Bogam) -> None:
    draft = consider(bogam, "찢어지는 듯한 흉통, 고혈압, 발열 없음", language="ko")
    assert any(section.title == "1. 대동맥박리" for section in draft.sections)
    assert states(draft) == {"supported"}


def test_findings_are_read_apart() -> None:
    found = {each.key: each.present for each in findings("no fever, leg edema; 기침 없음\n호흡곤란", None)}
    assert found == {"fever": False, "leg-edema": True, "cough": False, "dyspnea": True}


def test_without_findings_nothing_is_listed(bogam: Bogam) -> None:
    draft = consider(bogam, "")
    assert draft.claims == ()
    assert draft.missing[0].text.startswith("No finding was given")


def test_informed_skills_are_skills() -> None:
    for name in ("ask", "consider"):
        assert isinstance(skills()[name], Informed)
        assert (skills()[name].folder / "README.md").is_file()


@pytest.mark.parametrize("path", [each for each in CASES if each.parent.parent.name in ("ask", "consider")], ids=str)
def test_cases(bogam: Bogam, path: Path) -> None:
    case = orjson.loads(path.read_bytes())
    draft = bogam.answer(path.parent.parent.name, case["request"], actor=ME, purpose="treatment")
    assert [section.title for section in draft.sections] == case["sections"]
    assert [claim.text for claim in draft.claims] == case["claims"]
    assert [claim.text for claim in draft.conflicts] == case["conflicts"]
    assert [claim.text for claim in draft.missing] == case["missing"]


@pytest.mark.parametrize(
    "name", sorted(each.parent for each in SETS.glob("*/*/questions.tsv")), ids=lambda each: each.name
)
def test_the_measured_questions_fit_their_library(name: Path) -> None:
    asked = questions(f"sets/ask/{name.parent.name}/{name.name}")
    for each in asked:
        if each.document:
            lines = (name / "library" / f"{each.document}.md").read_text("utf-8").splitlines()
            assert sum(each.words in line for line in lines) == 1, each.id
    assert (len(asked), sum(not each.document for each in asked)) == (100, 30)
