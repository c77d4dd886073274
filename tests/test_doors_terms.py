"""Code systems and maps over REST and FHIR."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bogam import Actor, Bogam
from bogam.access.identity import Purpose, Role
from bogam.doors.web.app import create
from bogam.record.r4.check import check
from bogam.terms import icd10cm

URI = icd10cm.URI


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    opened = Bogam(tmp_path_factory.mktemp("terms"))
    opened.users.add("cho", "Cho", Role.coder, "a long passphrase")
    path: Path = opened.home / "dx.csv"
    path.write_text("code,name\nD1,HTN\nD2,폐렴\n", "utf-8")
    with opened.mapping("make", actor=Actor("cho", "Cho", Role.coder), purpose="payment") as desk:
        desk.make(path, system="icd-10-cm", by="cho")
    return opened


@pytest.fixture(scope="module")
def client(bogam: Bogam) -> Iterator[TestClient]:
    actor = next(user.actor for user in bogam.users.list() if user.actor.id == "cho")
    token = bogam.users.tokens.create(actor, name="test", purpose=Purpose.payment)
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(create(bogam), base_url="http://127.0.0.1", headers=headers) as opened:
        yield opened


def test_a_stranger_is_asked_to_sign_in(client: TestClient) -> None:
    for path in ("/api/terms/icd-10-cm/I10", f"/fhir/CodeSystem/$lookup?system={URI}&code=I10"):
        assert client.get(path, headers={"Authorization": ""}).status_code == 401


def test_look_up_search_and_validate(client: TestClient) -> None:
    assert client.get("/api/terms").json()[0]["system"] == "icd-10-cm"
    assert client.get("/api/terms/icd-10-cm/e119").json()["code"] == "E11.9"
    assert client.get("/api/terms/icd-10-cm/X99X").status_code == 404
    assert client.get("/api/terms/icd-10-cm", params={"q": "폐렴"}).json()[0]["code"] == "J18"
    missing = client.get("/api/terms/loinc/2345-7")
    assert missing.status_code == 404
    assert "bogam terms import loinc" in missing.text
    told = client.post("/api/terms/icd-10-cm/validate", json={"codes": ["E11.9", "E10.9", "I10.9"]}).json()
    assert [each["valid"] for each in told["codes"]] == [True, True, False]
    assert told["together"][0]["kind"] == "excludes1"
    sent = {"value": 100, "unit": "mg/dL", "to": "mmol/L"}
    assert client.get("/api/terms/convert", params=sent | {"of": "glucose"}).json()["value"] == pytest.approx(
        5.55, 0.01
    )
    assert client.get("/api/terms/convert", params=sent).status_code == 400


def test_maps(client: TestClient) -> None:
    assert client.get("/api/maps").json()[0]["counts"] == {"open": 2}
    items = client.get("/api/maps/1").json()["items"]
    assert items[0]["candidates"][0]["code"] == "I10"
    id = items[0]["id"]
    assert client.post(f"/api/maps/items/{id}", json={"code": "I10"}).json()["state"] == "approved"
    assert client.post(f"/api/maps/items/{id}", json={"undo": True}).json()["state"] == "open"
    assert client.post(f"/api/maps/items/{id}", json={"none": True}).json()["state"] == "none"
    assert client.post(f"/api/maps/items/{id}", json={}).status_code == 400
    assert client.post(f"/api/maps/items/{id}", json={"code": "I10.9"}).status_code == 400
    assert client.get("/api/maps/9").status_code == 404
    check(client.get("/api/maps/1/export").content)


def test_fhir_operations_and_the_statement_that_names_them(client: TestClient) -> None:
    found = client.get("/fhir/CodeSystem/$lookup", params={"system": URI, "code": "E11"})
    check(found.content)
    told = {each["name"]: each for each in found.json()["parameter"]}
    assert told["display"]["valueString"] == "Type 2 diabetes mellitus"
    wrong = client.get("/fhir/CodeSystem/$validate-code", params={"url": URI, "code": "I10.9"})
    check(wrong.content)
    told = {each["name"]: each for each in wrong.json()["parameter"]}
    assert told["result"]["valueBoolean"] is False
    assert "no subdivisions" in told["message"]["valueString"]
    assert client.get("/fhir/CodeSystem/$lookup", params={"system": URI, "code": "X99X"}).status_code == 404
    assert client.get("/fhir/CodeSystem/$lookup", params={"system": "urn:x", "code": "1"}).status_code == 404
    resources = client.get("/fhir/metadata").json()["rest"][0]["resource"]
    operations = next(each for each in resources if each["type"] == "CodeSystem")["operation"]
    assert {each["name"] for each in operations} == {"lookup", "validate-code"}
