"""Conditions to consider: qualifiers must be the passage's, values are compared, what is not used is told."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

import orjson
import pytest

from bogam.access.identity import Actor, Role
from bogam.app import Bogam
from bogam.evidence.draft import Draft
from bogam.evidence.retrieval.retriever import Retriever

ME = Actor("lee", "이지은", Role.physician)
SUBJECT = {"reference": "Patient/p1"}


def result(id: str, name: str, value: float, unit: str, flag: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": id, "status": "final", "subject": SUBJECT, "code": {"text": name},
        "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2026-11-18",
        "valueQuantity": {"value": value, "unit": unit}, "interpretation": [{"coding": [{"code": flag}]}],
    }  # fmt: skip


RECORD: tuple[Mapping[str, Any], ...] = (
    {"resourceType": "Patient", "id": "p1", "name": [{"text": "Dana Smith"}], "birthDate": "1950-01-01"},
    result("g1", "Glucose", 210, "mg/dL", "H"),
    result("h1", "Hemoglobin", 8, "g/dL", "L"),
)


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    made = Bogam(tmp_path_factory.mktemp("ward"))
    made.retriever = Retriever(made.sources, vectors=False)
    entries = [{"resource": each} for each in RECORD]
    made.load(orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    with as_file(files("bogam.synthetic") / "library") as folder:
        made.library_add([folder])
    return made


def consider(bogam: Bogam, typed: str, **more: str) -> Draft:
    return bogam.answer("consider", {"findings": typed} | more, actor=ME, purpose="treatment")


def bearings(draft: Draft) -> dict[str, list[str]]:
    """What is said for, against and to ask, by the name of the condition."""
    named = {section.key: section.title.split(". ", 1)[-1] for section in draft.sections}
    found: dict[str, list[str]] = {name: [] for key, name in named.items() if key.startswith("condition")}
    for claim in draft.claims:
        if claim.kind.startswith("statement."):
            found[named[claim.section]].append(claim.text)
    return found


def test_a_qualifier_must_be_the_passages(bogam: Bogam) -> None:
    draft = consider(bogam, "tearing chest pain radiating to back, blurgh")
    found = bearings(draft)
    assert next(iter(found)) == "aortic dissection"
    assert found["aortic dissection"] == ["For: 찢어지는 듯한 흉통"]
    assert not {"pulmonary embolism", "asthma", "myocardial infarction"} & set(found)
    assert [claim.text for claim in draft.missing] == [
        "Not used (not understood, or named by no passage listed): blurgh"
    ]
    vague = bearings(consider(bogam, "chest pain"))
    assert vague["pulmonary embolism"] == ["To ask: pleuritic chest pain"]
    assert vague["asthma"] == ["To ask: chest tightness"]
    korean = bearings(consider(bogam, "찢어지는 듯한 흉통이 등으로 뻗침", language="ko"))
    assert next(iter(korean)) == "대동맥박리"
    assert "폐색전증" not in korean


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("vomiting, glucose 210", ["For: vomiting", "Against: glucose above 250 mg/dL"]),
        ("vomiting, glucose 310", ["For: vomiting, glucose above 250 mg/dL"]),
        ("vomiting, glucose 17 mmol/L", ["For: vomiting, glucose above 250 mg/dL"]),
        ("vomiting, glucose 9 mmol/L", ["For: vomiting", "Against: glucose above 250 mg/dL"]),
        ("vomiting, check glucose", ["For: vomiting"]),
    ],
)
def test_values_are_compared(bogam: Bogam, typed: str, told: list[str]) -> None:
    assert bearings(consider(bogam, typed))["diabetic ketoacidosis"] == told


def test_a_value_of_the_record_is_compared(bogam: Bogam) -> None:
    draft = bogam.run_request("consider", {"findings": "vomiting, pallor"}, patient="p1", actor=ME, purpose="treatment")
    found = bearings(draft)
    assert found["diabetic ketoacidosis"] == ["For: vomiting", "Against: “Glucose” (210)"]
    assert found["anemia"] == ["For: pallor"]
    assert {claim.support.state for claim in draft.claims} == {"supported"}


@pytest.mark.parametrize("typed", ["no chest pain, no dyspnea", "흉통 없음, 호흡곤란 없음"])
def test_without_a_positive_finding_that_is_said(bogam: Bogam, typed: str) -> None:
    draft = consider(bogam, typed)
    assert draft.claims == ()
    assert [claim.text for claim in draft.missing] == [
        "No positive finding was given: what is absent alone points to no condition."
    ]
