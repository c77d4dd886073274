"""A draft that cites a code system: verified, shown, signed, filed and exported like any other."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

import bogam.app.drafting
from bogam import Actor, Bogam
from bogam.access.identity import Role
from bogam.app import Unknown
from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft, Section
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.record.r4.check import check
from bogam.terms import icd10cm

ME = Actor("kim", "김의사", Role.physician)
PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"text": "김서연"}]}


class Nothing(BaseModel):
    """A request without options."""


def coded(evidence: Timeline, request: BaseModel) -> Draft:
    index = icd10cm.default()
    cited = (index.field("I10", "/code").cite(), index.field("I10").cite(), index.field("I10", "/includes/0").cite())
    claim = Claim("I10 Essential (primary) hypertension (high blood pressure)", cited, section="codes")
    return Draft(
        "coded-1", "coded", "p1", "en", "Codes", "김서연", (Section("codes", "Codes"),), (claim,), (), (), "test 1",
        evidence.sha, "2026-11-20",
    )  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bogam:
    skill = SimpleNamespace(name="coded", folder=tmp_path, request=Nothing, draft=coded)
    monkeypatch.setattr(bogam.app.drafting, "skills", lambda: {"coded": skill})
    made = Bogam(tmp_path / "ward")
    made.load(json.dumps(PATIENT).encode())
    return made


def test_a_citation_of_icd_10_cm_goes_the_whole_way(house: Bogam) -> None:
    draft = house.run("coded", patient="p1", actor=ME, purpose="treatment")
    assert draft.claims[0].support.state == "supported"
    shown = house.show(draft.claims[0].citations[1], actor=ME, purpose="treatment")
    assert shown.marked == "Essential (primary) hypertension"
    assert shown.current
    assert "/excludes1/0" in [line.pointer for line in shown.lines]
    filed = house.sign(draft.id, actor=ME)
    assert filed.state == "signed"
    for format in ("text", "markdown", "html", "pdf", "fhir"):
        assert house.export(draft.id, format, actor=ME, purpose="treatment")
    bundle = json.loads(house.export(draft.id, "fhir", actor=ME, purpose="treatment"))
    check(json.dumps(bundle).encode(), entries=True)
    composition, provenance = (entry["resource"] for entry in bundle["entry"])
    assert all("entry" not in section for section in composition["section"])
    assert provenance["entity"][0]["what"]["identifier"] == {"system": icd10cm.URI, "value": "I10"}


def test_another_release_is_said_to_be_absent(house: Bogam) -> None:
    other = Citation("icd-10-cm:I10", "19990101", "0" * 64, "/title", 0, 9, "Essential")
    with pytest.raises(Unknown, match="19990101"):
        house.show(other, actor=ME, purpose="treatment")
