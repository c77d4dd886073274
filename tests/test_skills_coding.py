"""The coding skill: what allows a code, what it rests on, what it leaves open; and the model behind it."""

from __future__ import annotations

import base64
import csv
import io
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from bogam import Bogam
from bogam.access.identity import Actor, Purpose, Role
from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.evidence.verify import verify_draft
from bogam.record.facts import Timeline
from bogam.record.r4.check import check
from bogam.record.store import Resource
from bogam.record.timeline import timeline
from bogam.skills.coding import desk, score, skill
from bogam.skills.coding.align import align, likeness
from bogam.skills.coding.codiesp import Case, Said, cases
from bogam.skills.coding.gather import of_plain
from bogam.skills.coding.model import FILE, FOLDER, Candidate, Trees, model, read
from bogam.skills.coding.phrases import Phrases, sentences, stem, words
from bogam.skills.coding.schema import Request
from bogam.skills.coding.suggest import suggestions
from bogam.skills.coding.words import PHRASES
from bogam.synthetic import ward
from bogam.terms import icd10cm

ICD = icd10cm.default()
KCD = "http://hl7.org/fhir/sid/icd-10"
WHO = Actor("kim", "Kim", Role.coder)
LEE = Actor("lee", "Lee", Role.physician)


def encounter(kind: str = "AMB", id: str = "e1", start: str = "2026-03-01T09:00:00Z") -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "id": id, "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": kind},
        "subject": {"reference": "Patient/p"}, "period": {"start": start},
    }  # fmt: skip


def note(text: str, id: str = "n1", visit: str = "e1") -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference", "id": id, "status": "current", "date": "2026-03-01T10:00:00Z",
        "subject": {"reference": "Patient/p"}, "type": {"text": "Clinic note"},
        "context": {"encounter": [{"reference": f"Encounter/{visit}"}]},
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
    }  # fmt: skip


def condition(code: str, name: str, system: str = icd10cm.URI, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition", "id": f"c{code.replace('.', '')}", "subject": {"reference": "Patient/p"},
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                                       "code": "active"}]},
        "encounter": {"reference": "Encounter/e1"},
        "code": {"coding": [{"system": system, "code": code}], "text": name},
        "recordedDate": "2026-03-01",
    } | more  # fmt: skip


def chart(*bodies: dict[str, Any], gender: str = "female") -> tuple[Timeline, dict[str, Any]]:
    person = {"resourceType": "Patient", "id": "p", "gender": gender, "birthDate": "1960-01-01"}
    stored: list[Resource] = []
    for body in (person, *bodies):
        raw = orjson.dumps(body)
        at = "2026-03-02T00:00:00Z"
        stored.append(Resource(body["resourceType"], body["id"], 1, "p", raw, sha256(raw).hexdigest(), at))
    return timeline(stored), {each.ref: each for each in stored}


def drafted(*bodies: dict[str, Any], gender: str = "female", **request: Any) -> Draft:
    """Draft and verify; every claim must hold."""
    facts, by_ref = chart(*bodies, gender=gender)
    return verified(skill.draft(facts, Request(**request)), by_ref)


def verified(draft: Draft, by_ref: dict[str, Any]) -> Draft:
    def fetch(source: str, version: str) -> Any:
        return icd10cm.cited(source, version) if ":" in source else by_ref.get(source)

    made = verify_draft(draft, fetch)
    for claim in (*made.claims, *made.missing, *made.conflicts):
        assert claim.support.state in ("supported", "absence"), (claim.text, claim.support)
    return made


def codes(draft: Draft, section: str = "suggested") -> list[str]:
    return [desk.code_of(claim) for claim in draft.claims if claim.section == section]


def kinds(claims: tuple[Claim, ...]) -> set[tuple[str, str]]:
    return {(claim.kind, desk.code_of(claim)) for claim in claims}


# --- what allows a code


def test_a_code_is_suggested_with_the_words_and_the_entry_that_it_rests_on():
    made = drafted(encounter(), note("A/P: community acquired pneumonia. Continue antibiotics."))
    claim = next(claim for claim in made.claims if claim.text.startswith("J18.9 "))
    assert claim.text.startswith("J18.9 Pneumonia, unspecified organism; stated in the record: “pneumonia”")
    cited = {(each.source, each.quote) for each in claim.citations}
    assert {("DocumentReference/n1", "pneumonia"), ("icd-10-cm:J18.9", "J18.9")} <= cited


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("Exam: no edema. Lungs clear.", "R60.9", "considered.absent"),
        ("Family history: father had hypertension.", "I10", "considered.other"),
        ("고혈압 없음.", "I10", "considered.absent"),
        ("FHx) 모친 고혈압", "I10", "considered.other"),
    ],
)
def test_what_a_note_denies_or_says_of_others_is_not_suggested(text: str, code: str, kind: str):
    made = drafted(encounter(), note(text))
    assert code not in codes(made)
    assert (kind, code) in kinds(made.claims)


def test_an_uncertain_diagnosis_is_coded_for_an_inpatient_and_not_for_an_outpatient():
    text = "Assessment: possible pneumonia."
    for language in ("en", "ko"):
        drafted(encounter("AMB"), note(text), language=language)
        drafted(encounter("IMP"), note(text), language=language)
    outside, inside = drafted(encounter("AMB"), note(text)), drafted(encounter("IMP"), note(text))
    assert ("considered.uncertain-outpatient", "J18.9") in kinds(outside.claims)
    assert "J18.9" not in codes(outside)
    assert "J18.9" in codes(inside)
    said = next(claim.text for claim in inside.claims if claim.text.startswith("J18.9"))
    assert "II.H" in said
    assert "2026" in said


def test_an_uncertain_infection_that_needs_confirmation_is_not_coded_for_an_inpatient_either():
    made = drafted(encounter("IMP"), note("Plan: possible COVID-19, awaiting test."))
    assert not [code for code in codes(made) if code.startswith("U07")]


def test_a_lasting_condition_given_as_history_is_coded_and_a_past_one_is_not():
    made = drafted(encounter(), note("Past medical history: hypertension. History of appendicitis."))
    assert "I10" in codes(made)
    assert not [code for code in codes(made) if code.startswith("K3")]


def test_a_recorded_code_is_high_and_a_refuted_one_is_not_suggested():
    refuted = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "refuted"}]}
    made = drafted(
        encounter(), condition("I10", "Hypertension"), condition("J45.909", "Asthma", verificationStatus=refuted)
    )
    assert codes(made) == ["I10"]
    assert made.claims[0].kind == "code.high"
    assert ("considered.absent", "J45.909") in kinds(made.claims)


# --- KCD


def test_a_kcd_code_never_gives_more_than_four_characters():
    made = drafted(
        encounter(), condition("S72.00", "대퇴골 경부의 골절", KCD), condition("M17.12", "무릎관절증", "urn:kcd-8")
    )
    assert set(codes(made)) == {"S72.0", "M17.1"}
    assert all("KCD" in claim.text for claim in made.claims)
    assert {("missing.subdivision", "S72.0"), ("missing.subdivision", "M17.1")} <= kinds(made.missing)


def test_kcd_lists_what_the_record_has_coded_and_nothing_else():
    made = drafted(encounter(), condition("I10.9", "고혈압", KCD), note("A/P: pneumonia."), system="kcd")
    assert [claim.text for claim in made.claims] == ["I10.9 고혈압; coded so in the record"]
    assert drafted(encounter(), note("A/P: pneumonia."), system="kcd").missing[0].kind == "missing.evidence"


# --- what is open, and what is against it


def test_the_side_is_taken_from_the_sentence_or_said_to_be_missing():
    sided = drafted(encounter(), note("Assessment: retinal detachment of the left eye."))
    bare = drafted(encounter(), note("Assessment: cataract."), condition("H33.009", "Retinal detachment with break"))
    assert not [each for each in kinds(sided.missing) if each[0] == "missing.laterality"]
    assert ("missing.laterality", "H33.009") in kinds(bare.missing)
    assert "H33.001" in next(claim.text for claim in bare.missing if claim.kind == "missing.laterality")


def test_a_seventh_character_is_asked_for_and_never_guessed():
    made = drafted(encounter(), condition("S72.001", "Fracture of neck of right femur"))
    assert codes(made) == ["S72.001"]
    assert ("missing.seventh", "S72.001") in kinds(made.missing)


def test_codes_that_exclude_each_other_are_a_conflict():
    made = drafted(encounter(), condition("E10.9", "Type 1 diabetes"), condition("E11.9", "Type 2 diabetes"))
    conflict = next(claim for claim in made.conflicts if claim.kind == "conflict.excludes1")
    assert {"E10.9", "E11.9"} <= set(conflict.text.replace(";", " ").split())


def test_a_cause_goes_before_its_manifestation():
    made = drafted(encounter(), condition("F02.80", "Dementia"), condition("G30.9", "Alzheimer's disease"))
    assert codes(made) == ["G30.9", "F02.80"]
    alone = drafted(encounter(), condition("F02.80", "Dementia"))
    assert "conflict.manifestation" in {claim.kind for claim in alone.conflicts}


def test_a_code_of_the_other_sex_is_a_conflict():
    made = drafted(encounter(), condition("N40.0", "Benign prostatic hyperplasia"), gender="female")
    assert "conflict.sex" in {claim.kind for claim in made.conflicts}
    assert not drafted(encounter(), condition("N40.0", "BPH"), gender="male").conflicts


# --- scope


def test_the_latest_encounter_is_looked_at_unless_another_is_named():
    record = (
        encounter(), note("A/P: pneumonia."), encounter("AMB", "e0", "2025-01-01T09:00:00Z"),
        note("A/P: urinary tract infection.", "n0", "e0"),
    )  # fmt: skip
    assert codes(drafted(*record)) == ["J18.9"]
    assert codes(drafted(*record, scope="e0")) == ["N39.0"]
    assert codes(drafted(*record, scope="DocumentReference/n0")) == ["N39.0"]
    assert set(codes(drafted(*record, scope="all"))) == {"J18.9", "N39.0"}


@pytest.mark.parametrize("scope", ["Encounter/none", "none", "DocumentReference/none", "../../etc/passwd", "\x00"])
def test_a_scope_that_is_not_there_is_said_to_be_missing(scope: str):
    made = drafted(encounter(), note("A/P: pneumonia."), scope=scope)
    assert made.missing[0].text == PHRASES["missing-scope"]["en"]
    assert not made.claims


def test_an_empty_chart_gives_an_empty_draft():
    assert drafted().missing[0].kind == "missing.evidence"


# --- whole charts


def test_every_claim_on_the_ward_is_supported_in_both_languages(tmp_path: Path):
    house = Bogam(tmp_path / "home")
    for bundle in ward().bundles[:8]:
        house.load(bundle)
    count = 0
    for row in house.patients(actor=LEE, purpose=Purpose.treatment).rows:
        for language in ("en", "ko"):
            made = house.run("coding", patient=row.card.id, actor=LEE, purpose=Purpose.treatment, language=language)
            for claim in (*made.claims, *made.missing, *made.conflicts):
                assert claim.support.state in ("supported", "absence"), (claim.text, claim.support)
            assert made == replace(
                house.run("coding", patient=row.card.id, actor=LEE, purpose=Purpose.treatment, language=language)
            )
            count += len(made.claims)
    assert count > 60


# --- the coder's desk


def test_a_coder_accepts_rejects_adds_and_finishes():
    facts, by_ref = chart(encounter(), note("A/P: pneumonia. Chronic cough for years. Dysuria."))
    draft = verified(skill.draft(facts, Request()), by_ref)
    sex = facts.person.gender
    rest = codes(draft)
    chosen = verified(desk.accept(draft, 0, sex), by_ref)
    assert desk.accepted(chosen) == (rest[0],)
    assert codes(desk.reject(chosen, 1, sex)) == rest[2:]
    words = desk.found(facts.notes, "Chronic cough")
    added = verified(desk.add(chosen, "r053", words, sex), by_ref)
    assert desk.accepted(added)[-1] == "R05.3"
    assert added.claims[-1].text == "R05.3 Chronic cough; added by the coder: “Chronic cough”"
    done = verified(desk.finish(added, sex), by_ref)
    assert [section.key for section in done.sections] == ["accepted"]
    assert len(done.claims) == 2


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_the_record_refutes_is_chosen_knowingly_and_stays_a_conflict(language: Any):
    facts, by_ref = chart(encounter(), note("A/P: pneumonia. cough(-)"))
    draft = verified(skill.draft(facts, Request(language=language)), by_ref)
    index = next(at for at, claim in enumerate(draft.claims) if claim.section == "considered")
    assert desk.code_of(draft.claims[index]) == "R05"
    for refused in (lambda: desk.accept(draft, index, None), lambda: desk.instead(draft, index, "R05.9", None)):
        with pytest.raises(desk.NotACode) as error:
            refused()
        assert error.value.reason_ko
    chosen = verified(desk.accept(draft, index, None, despite=True), by_ref)
    assert {("conflict.despite", "R05"), ("conflict.incomplete", "R05")} <= kinds(chosen.conflicts)
    done = verified(desk.finish(desk.instead(chosen, index, "R05.9", None), None), by_ref)
    assert kinds(done.conflicts) == {("conflict.despite", "R05.9")}
    assert done.claims[0].text.endswith(PHRASES["despite"][language])
    assert PHRASES["absent"][language] in done.claims[0].text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_code_without_words_of_the_record_is_not_supported_by_it(language: Any):
    facts, by_ref = chart(encounter(), note("A/P: pneumonia."))
    draft = desk.add(skill.draft(facts, Request(language=language)), "J45.909", None, None)
    made = verify_draft(draft, lambda source, version: icd10cm.cited(source, version) or by_ref.get(source))
    assert made.claims[-1].support.state == "unsupported"
    assert PHRASES["own-bare"][language] in made.claims[-1].text
    assert kinds(made.conflicts) == {("conflict.bare", "J45.909")}


def test_a_symptom_stands_after_the_diagnoses_that_may_explain_it():
    text = "A/P: acute pyelonephritis. Fever, chills and flank pain."
    for language in ("en", "ko"):
        made = drafted(encounter(), note(text), language=language)
        signs = [code.startswith("R") for code in codes(made)]
        assert signs == sorted(signs)
        assert any(signs)
        for claim in made.claims:
            assert ("I.B.5" in claim.text) == claim.text.startswith("R")
    assert not any("I.B.5" in claim.text for claim in drafted(encounter(), note("Fever and chills.")).claims)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("대상포진", "B02.9"),
        ("만성 콩팥병 3기", "N18.30"),
        ("만성 신장병 3기로 추적 중", "N18.30"),
        ("CKD stage 3", "N18.30"),
        ("만성 콩팥병 4단계", "N18.4"),
        ("낙상 후 골절", "T14.8"),
    ],
)
def test_a_name_gives_the_code_that_it_means_and_no_guess(text: str, code: str):
    assert [each.code for each in suggestions(of_plain(text, ICD), "outpatient", ICD)] == [code]


@pytest.mark.parametrize("text", ["우측 신장 부종", "swelling of the kidney", "kidney edema"])
def test_the_swelling_of_an_organ_is_no_edema_of_the_person(text: str):
    assert not [each for each in of_plain(text, ICD) if each.code.startswith("R60")]
    assert [each for each in of_plain("generalized edema", ICD) if each.code.startswith("R60")]


@pytest.mark.parametrize("code", ["", "ZZZ", "I10-I1A", "9", "I10.99999", "<b>"])
def test_what_is_no_code_is_refused_in_both_languages(code: str):
    facts, _ = chart(encounter(), note("A/P: pneumonia."))
    with pytest.raises(desk.NotACode) as refused:
        desk.add(skill.draft(facts, Request()), code, None, None)
    assert refused.value.reason
    assert refused.value.reason_ko


def test_a_finer_code_takes_the_place_and_the_evidence_of_a_coarse_one():
    facts, by_ref = chart(encounter(), condition("S72.001", "Fracture of neck of right femur"))
    draft = skill.draft(facts, Request())
    made = verified(desk.instead(draft, 0, "S72.001A", facts.person.gender), by_ref)
    assert desk.accepted(made) == ("S72.001A",)
    assert "Condition/cS72001" in {each.source for each in made.claims[0].citations}
    assert not made.missing


def test_signed_codes_are_exported_as_csv_and_inside_the_fhir_document(tmp_path: Path):
    house = Bogam(tmp_path / "home")
    formula = condition("I10", "=cmd|'/c calc'!A1")
    bodies = [{"resourceType": "Patient", "id": "p", "gender": "female"}, encounter(), formula]
    house.load(
        orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": b} for b in bodies]})
    )
    asks: dict[str, Any] = {"actor": LEE, "purpose": Purpose.treatment}
    made = house.run("coding", patient="p", **asks)
    filed = house.amend(made.id, change=lambda draft: desk.accept(draft, 0, None), **asks)
    filed = house.amend(made.id, change=lambda draft: desk.finish(draft, None), **asks)
    house.sign(made.id, revision=filed.revision, **asks)
    rows = list(csv.DictReader(io.StringIO(house.export(made.id, "csv", **asks).decode("utf-8-sig"))))
    assert [(row["code"], row["system"], row["state"]) for row in rows] == [("I10", icd10cm.URI, "signed")]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    bundle = orjson.loads(house.export(made.id, "fhir", **asks))
    composition = bundle["entry"][0]["resource"]
    held = composition["contained"][0]
    assert held["code"]["coding"][0]["code"] == "I10"
    assert held["verificationStatus"]["coding"][0]["code"] == "confirmed"
    assert {"reference": "#code-1"} in composition["section"][0]["entry"]
    check(orjson.dumps(composition))


def test_amending_cannot_change_whose_draft_it_is(tmp_path: Path):
    house = Bogam(tmp_path / "home")
    bodies = [{"resourceType": "Patient", "id": "p"}, encounter(), condition("I10", "Hypertension")]
    house.load(
        orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": b} for b in bodies]})
    )
    asks: dict[str, Any] = {"actor": LEE, "purpose": Purpose.treatment}
    made = house.run("coding", patient="p", **asks)
    filed = house.amend(made.id, change=lambda draft: replace(draft, patient="q", id="x", evidence_hash=""), **asks)
    assert (filed.draft.id, filed.draft.patient, filed.draft.evidence_hash) == (made.id, "p", made.evidence_hash)


# --- the model


def test_the_model_is_small_and_its_card_names_data_licence_and_split():
    assert (FOLDER / FILE).stat().st_size < 2_000_000
    text = (FOLDER / "CARD.md").read_text(encoding="utf-8")
    for said in ("CodiEsp", "CC BY 4.0", "Miranda-Escalada", "500 training cases", "cross-validation", "not to use"):
        assert said in text


def test_evidence_holds_the_words_of_a_phrase_of_its_code():
    text = "She had abdominal pain and vomiting.\nCT showed a renal mass; metastatic renal carcinoma was diagnosed."
    found = [each for each in model().candidates(text) if each.probability > 0.3]
    assert found
    for each in found:
        for hit in each.hits:
            assert 0 <= hit.start < hit.end <= len(text)
            assert text[hit.start : hit.end].strip() == text[hit.start : hit.end]
    assert [each.probability for each in found] == sorted((each.probability for each in found), reverse=True)


def test_a_model_reads_back_as_it_was_written(tmp_path: Path):
    model().save(tmp_path / "again.npz")
    again = read(tmp_path / "again.npz")
    text = "Patient with hypertension and fever, no diarrhoea."
    assert again.candidates(text) == model().candidates(text)
    assert again.threshold == model().threshold


def test_trees_score_as_scikit_learn_does():
    from sklearn.ensemble import HistGradientBoostingClassifier

    from bogam.skills.coding.train import trees

    rng = np.random.default_rng(0)
    rows = rng.normal(size=(600, 5))
    answers = rows[:, 0] * rows[:, 1] + rng.normal(size=600) > 0
    ours = trees(rows, answers)
    assert isinstance(ours, Trees)
    settings: dict[str, Any] = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 15, "min_samples_leaf": 40}
    theirs: Any = HistGradientBoostingClassifier(
        l2_regularization=5.0, early_stopping=False, random_state=0, **settings
    )
    theirs.fit(rows, answers)
    assert np.allclose(ours.score(rows), theirs.decision_function(rows))


@pytest.mark.parametrize("text", ["", "\x00", "\u202e" * 50, "😀" * 3000, "İ" * 5000, "(" * 5000, "A/P: " * 500])
def test_hostile_text_neither_crashes_nor_hangs(text: str):
    started = time.perf_counter()
    suggestions(of_plain(text, ICD), "outpatient", ICD)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("text", ["pain " * 9000, "a" * 200_000, "no no no " * 9000, "renal chronic failure " * 9000])
def test_the_model_takes_time_in_proportion_to_the_text(text: str):
    started = time.perf_counter()
    model().candidates(text)
    assert time.perf_counter() - started < 5


def test_a_phrase_is_found_in_any_order_and_only_when_close():
    text = "Failure of the chronic renal type.\nRenal function is good, no sign of any failure, which is chronic."
    hits = Phrases([("renal", "chronic", "failure")], slack=3).find(sentences(text))
    assert [text[hit.start : hit.end] for hit in hits[0]] == ["Failure of the chronic renal"]


def test_stems():
    assert [stem(each) for each in ("Biopsies", "masses", "Ménière", "pus", "diabetes")] == [
        "biopsy", "mass", "meniere", "pus", "diabete",
    ]  # fmt: skip


def test_spanish_words_are_found_in_their_translation():
    others = ["cough", "rash", "ulcer", "edema", "nausea", "tremor", "ataxia", "goiter", "angina", "asthma"]
    texts = [
        f"A man of {n}.\nHe had {others[n % 10]}, {others[(n * 3 + 1) % 10]} and fever {others[(n * 7 + 2) % 10]}."
        for n in range(30, 60)
    ]
    known = [Case(str(n), text, frozenset({"R50.9"}), (Said("R50.9", "fiebre", 34),)) for n, text in enumerate(texts)]
    assert {row[0].stems for row in align(known)} == {("fever",)}
    assert likeness("orquiepididimitis", "orchiepididymitis") > 0.5 > likeness("fiebre", "abdomen")


def test_scores():
    row = [Candidate("I10", 0.9, ()), Candidate("E11.9", 0.2, ())]
    case = Case("1", "", frozenset({"I10", "E11.65"}), ())
    assert score.figures([row], [case], 0.5) == {"micro-F1": 2 / 3, "recall at 20": 0.5, "3-character F1": 2 / 3}
    assert score.figures([row], [case], 0.1)["3-character F1"] == 1.0
    assert score.best_threshold([row], [case]) == 0.9


def test_both_languages_say_the_same():
    for key, said in PHRASES.items():
        holes = [{each.partition("}")[0] for each in text.split("{")[1:]} for text in said.values()]
        assert holes[0] == holes[1], key


@pytest.mark.data
def test_codiesp_is_read_whole(data: Path):
    train, dev = cases(data, "train"), cases(data, "dev")
    assert (len(train), len(dev)) == (500, 250)
    assert sum(len(case.codes) for case in dev) == 2677
    assert all(case.text and words(case.text) for case in (*train, *dev))
    assert {said.code for case in train for said in case.said} <= {code for case in train for code in case.codes}
