"""The FHIR door, over HTTP, on a real house."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient

from bogam.access.identity import Actor, Purpose, Role
from bogam.app import Bogam
from bogam.doors.api import fhir
from bogam.record.r4.check import check

PEOPLE = {
    "physician": (Actor("p1", "Dr. Kim", Role.physician), Purpose.treatment),
    "admin": (Actor("a1", "Admin", Role.administrator), Purpose.administration),
    "patient": (Actor("u1", "Lee", Role.patient, patient="lee"), Purpose.patient_request),
}


def person(id: str, family: str, given: str, birth: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": id,
        "name": [{"family": family, "given": [given]}],
        "gender": "female",
        "birthDate": birth,
    }


def weight(id: str, patient: str, at: str, value: str) -> dict[str, Any]:
    quantity = {"value": float(value), "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body weight"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at,
        "valueQuantity": quantity,
    }


def bundle(*resources: dict[str, Any], method: str = "PUT") -> dict[str, Any]:
    entries = [
        {"resource": r, "request": {"method": method, "url": f"{r['resourceType']}/{r['id']}"}} for r in resources
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


class Fhir:
    """A client that is somebody."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def __call__(self, method: str, path: str, who: str = "physician", body: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()} | {"x-who": who}
        if body is not None:
            names.setdefault("content-type", "application/fhir+json")
        content = json.dumps(body) if isinstance(body, dict) else body
        return self.client.request(method, f"/fhir{path}", content=content, headers=names)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fhir]:
    house = Bogam(tmp_path_factory.mktemp("house"))
    weights = [weight(f"w{n}", "lee", f"2024-01-{n + 1:02}T08:00:00+09:00", f"{60 + n}") for n in range(12)]
    house.load(
        json.dumps(
            bundle(
                person("lee", "이", "영희", "1960-05-01"),
                person("doe", "Doe", "Jane", "1980-02-03"),
                *weights,
                weight("x1", "doe", "2024-02-01", "80"),
            )
        ).encode()
    )

    def actor_of(request: Request) -> tuple[Actor, Purpose]:
        who = request.headers.get("x-who", "")
        if who not in PEOPLE:
            raise HTTPException(401, "Sign in.", {"WWW-Authenticate": "Bearer"})
        return PEOPLE[who]

    app = FastAPI()
    app.include_router(fhir.router(house, actor_of))
    with TestClient(app) as client:
        yield Fhir(client)


def refusal(answer: Any, status: int) -> str:
    """The sentence of an OperationOutcome, which must be valid R4 as well."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    assert check(answer.content).type == "OperationOutcome"
    return answer.json()["issue"][0]["diagnostics"]


def test_reads_a_resource_with_its_version(ask: Fhir):
    answer = ask("GET", "/Patient/lee")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.headers["last-modified"].endswith("GMT")
    body = answer.json()
    assert body["meta"]["versionId"] == "1"
    assert body["name"] == [{"family": "이", "given": ["영희"]}]
    assert check(answer.content).id == "lee"
    assert ask("GET", "/Patient/lee", if_none_match='W/"1"').status_code == 304


def test_keeps_the_digits_of_a_decimal(ask: Fhir):
    body = json.dumps(weight("digits", "doe", "2024-03-01", "1")).replace("1.0,", "1.500,").encode()
    assert ask("PUT", "/Observation/digits", "admin", body).status_code == 201
    assert b'"value":1.500' in ask("GET", "/Observation/digits").content.replace(b": ", b":")


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/Patient/nobody", 404, "No Patient/nobody"),
        ("GET", "/Nothing/1", 404, '"Nothing" is no resource type'),
        ("GET", "/Nothing", 404, '"Nothing" is no resource type'),
        ("GET", "/Patient/lee/_history/7", 404, "version 7"),
        ("GET", "/Patient/lee/_history/x", 404, "versions are numbers"),
        ("GET", "/Patient?colour=red", 400, 'no search parameter "colour"'),
        ("GET", "/Patient?birthdate=2019-02-30", 400, "does not exist"),
        ("GET", "/Observation?_count=-1", 400, "_count"),
        ("GET", "/Patient?_format=xml", 406, "only json"),
        ("GET", "/Patient/lee/$everything?start=2020", 400, "start"),
        ("GET", "/Patient/lee/$nonsense", 405, "not supported"),
        ("DELETE", "/Patient/lee", 405, "DELETE"),
        ("PATCH", "/Patient/lee", 405, "PATCH"),
        ("GET", "/Patient/_search", 405, "POST"),
    ],
)
def test_answers_every_error_with_an_outcome(ask: Fhir, method: str, path: str, status: int, words: str):
    assert words in refusal(ask(method, path), status)


def test_says_why_someone_is_refused(ask: Fhir):
    assert refusal(ask("GET", "/Patient/lee", "nobody"), 401) == "Sign in."
    assert refusal(ask("GET", "/Patient/doe", "patient"), 403)
    assert refusal(ask("GET", "/Patient/doe/$everything", "patient"), 403)
    assert ask("GET", "/Patient/lee", "patient").status_code == 200


def test_a_patient_searches_only_the_own_record(ask: Fhir):
    mine = ask("GET", "/Observation?_count=0", "patient").json()
    assert mine["total"] == 12
    assert ask("GET", "/Observation?subject:Patient.family=doe", "patient").json()["total"] == 0
    assert ask("GET", "/Patient?_has:Observation:subject:code=29463-7", "patient").json()["total"] == 1


def test_refuses_what_it_cannot_write(ask: Fhir):
    assert "application/fhir+json" in refusal(ask("GET", "/Patient", accept="application/fhir+xml"), 406)
    new = person("new", "A", "B", "2000-01-01")
    assert "content type" in refusal(ask("POST", "/Patient", "admin", b"<x/>", content_type="text/xml"), 415)
    assert refusal(ask("PUT", "/Patient/other", "admin", new), 400).startswith('The resource has the id "new"')
    assert "is a Patient" in refusal(ask("PUT", "/Observation/new", "admin", new), 400)
    assert refusal(ask("PUT", "/Patient/new", "patient", new), 403)
    assert "If-None-Exist" in refusal(ask("POST", "/Patient", "admin", new, if_none_exist="name=A"), 412)


def test_says_what_is_wrong_with_a_resource(ask: Fhir):
    wrong = person("new", "A", "B", "2000-13-01") | {"gender": "unsure"}
    answer = ask("PUT", "/Patient/new", "admin", wrong)
    assert refusal(answer, 422)
    assert {issue["expression"][0] for issue in answer.json()["issue"]} == {"/gender", "/birthDate"}
    assert ask("GET", "/Patient/new").status_code == 404


def test_searches_in_pages_that_follow_each_other(ask: Fhir):
    address, seen = "/Observation?patient=lee&_count=5&_sort=-date", list[str]()
    while address:
        answer = ask("GET", address)
        assert check(answer.content, entries=True).type == "Bundle"
        page = answer.json()
        assert page["total"] == 12
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        links = {link["relation"]: link["url"] for link in page["link"]}
        assert links["self"].endswith(address)
        address = links.get("next", "").removeprefix("http://testserver/fhir")
    assert seen == [f"w{n}" for n in reversed(range(12))]


def test_searches_by_form_and_includes(ask: Fhir):
    form = "code=http://loinc.org|29463-7&value-quantity=gt79&_include=Observation:subject"
    answer = ask("POST", "/Observation/_search", body=form, content_type="application/x-www-form-urlencoded")
    entries = answer.json()["entry"]
    assert [(e["resource"]["id"], e["search"]["mode"]) for e in entries] == [("x1", "match"), ("doe", "include")]
    assert entries[0]["fullUrl"] == "http://testserver/fhir/Observation/x1"


def test_warns_of_what_it_passed_over(ask: Fhir):
    answer = ask("GET", "/Patient?colour=red&family=doe", prefer="handling=lenient")
    assert check(answer.content, entries=True)
    kinds = [entry["search"]["mode"] for entry in answer.json()["entry"]]
    assert kinds == ["match", "outcome"]


def test_trims_to_the_elements_asked_for(ask: Fhir):
    answer = ask("GET", "/Observation?_id=x1&_elements=value")
    assert check(answer.content, entries=True)
    found = answer.json()["entry"][0]["resource"]
    assert set(found) == {"resourceType", "id", "meta", "status", "code", "valueQuantity"}
    assert found["meta"]["tag"][0]["code"] == "SUBSETTED"


def test_everything_of_a_patient_in_pages(ask: Fhir):
    address, seen = "/Patient/lee/$everything?_count=5", list[str]()
    while address:
        page = ask("GET", address).json()
        assert page["total"] == 13
        seen += [entry["fullUrl"].rsplit("/fhir/", 1)[1] for entry in page["entry"]]
        links = {link["relation"]: link["url"] for link in page["link"]}
        address = links.get("next", "").removeprefix("http://testserver/fhir")
    assert len(seen) == len(set(seen)) == 13
    assert "Patient/lee" in seen
    assert ask("GET", "/Patient/lee/$everything?_type=Patient").json()["total"] == 1


def test_keeps_versions(ask: Fhir):
    first = person("versions", "Old", "Name", "1990-01-01")
    second = first | {"name": [{"family": "New"}]}
    made = ask("PUT", "/Patient/versions", "admin", first)
    assert made.status_code == 201
    assert made.headers["location"] == "http://testserver/fhir/Patient/versions/_history/1"
    assert "If-Match" in refusal(ask("PUT", "/Patient/versions", "admin", second, if_match='W/"3"'), 412)
    changed = ask("PUT", "/Patient/versions", "admin", second, if_match='W/"1"', prefer="return=minimal")
    assert (changed.status_code, changed.headers["etag"], changed.content) == (200, 'W/"2"', b"")
    again = ask("PUT", "/Patient/versions", "admin", second)
    assert again.headers["etag"] == 'W/"2"'
    assert ask("GET", "/Patient/versions/_history/1").json()["name"][0]["family"] == "Old"
    answer = ask("GET", "/Patient/versions/_history")
    assert check(answer.content, entries=True)
    assert [entry["resource"]["meta"]["versionId"] for entry in answer.json()["entry"]] == ["2", "1"]
    second_page = ask("GET", "/Patient/versions/_history?_count=1&_offset=1").json()
    assert [entry["resource"]["meta"]["versionId"] for entry in second_page["entry"]] == ["1"]


def test_creates_under_an_id_of_its_own(ask: Fhir):
    made = ask("POST", "/Patient", "admin", person("mine", "Own", "Id", "1999-09-09"))
    assert made.status_code == 201
    assert made.json()["id"] != "mine"
    assert ask("GET", f"/Patient/{made.json()['id']}").json()["name"][0]["family"] == "Own"
    assert ask("GET", "/Patient/mine").status_code == 404


def test_stores_a_transaction_whole_or_not_at_all(ask: Fhir):
    good = bundle(person("t1", "Trans", "One", "2001-01-01"), weight("t2", "t1", "2024-05-05", "50"))
    answer = ask("POST", "", "admin", good)
    assert answer.status_code == 200, answer.text
    assert check(answer.content).type == "Bundle"
    assert answer.json()["type"] == "transaction-response"
    assert [e["response"]["status"] for e in answer.json()["entry"]] == ["201 Created", "201 Created"]
    assert answer.json()["entry"][1]["response"]["location"] == "Observation/t2/_history/1"
    assert [e["response"]["status"] for e in ask("POST", "", "admin", good).json()["entry"]] == ["200 OK", "200 OK"]

    bad = bundle(person("t3", "Trans", "Three", "2001-01-01"), weight("t4", "t3", "2024-05-32", "50"))
    refused = ask("POST", "", "admin", bad)
    assert "2024-05-32" in refusal(refused, 422)
    assert refused.json()["issue"][0]["expression"] == ["/entry/1/effectiveDateTime"]
    assert ask("GET", "/Patient/t3").status_code == 404

    other = bundle(person("t5", "Trans", "Five", "2001-01-01"))
    other["entry"][0]["request"]["method"] = "DELETE"
    assert "DELETE" in refusal(ask("POST", "", "admin", other), 422)
    assert "collection" in refusal(ask("POST", "", "admin", good | {"type": "collection"}), 400)


def test_a_transaction_resolves_its_own_references(ask: Fhir):
    urn = "urn:uuid:5b7a2f0e-3c1d-4f7e-9a51-0d7c2f6a1b11"
    mother = person("x", "Urn", "Mother", "1970-07-07")
    mother.pop("id")
    heavy = weight("x", "x", "2024-06-06", "70") | {"subject": {"reference": urn}}
    heavy.pop("id")
    entries = [
        {"fullUrl": urn, "resource": mother, "request": {"method": "POST", "url": "Patient"}},
        {"resource": heavy, "request": {"method": "POST", "url": "Observation"}},
    ]
    answer = ask("POST", "", "admin", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text
    patient, observation = (e["response"]["location"].split("/_history")[0] for e in answer.json()["entry"])
    assert ask("GET", f"/{observation}").json()["subject"]["reference"] == patient
    assert ask("GET", f"/Observation?subject={patient}").json()["total"] == 1


def test_says_what_it_can(ask: Fhir):
    answer = ask("GET", "/metadata", "nobody")
    assert check(answer.content).type == "CapabilityStatement"
    resources = {each["type"]: each for each in answer.json()["rest"][0]["resource"]}
    assert len(resources) == 146
    assert {"name": "code", "type": "token"} in resources["Observation"]["searchParam"]
    assert resources["Patient"]["operation"][0]["name"] == "everything"


def test_every_access_is_in_the_audit_log(ask: Fhir, tmp_path: Path):
    house = Bogam(tmp_path)
    house.load(json.dumps(person("a", "A", "B", "2000-01-01")).encode())
    app = FastAPI()
    app.include_router(fhir.router(house, lambda request: PEOPLE[request.headers["x-who"]]))
    before = len(house.audit.entries())
    with TestClient(app) as client:
        client.get("/fhir/Patient/a", headers={"x-who": "physician"})
        client.get("/fhir/Patient/a", headers={"x-who": "patient"})
        client.get("/fhir/Patient?family=a", headers={"x-who": "physician"})
    entries = house.audit.entries()
    assert len(entries) == before + 3
    assert sorted(entry.outcome for entry in entries[:3]) == ["allow", "allow", "refuse"]
