"""REST, as a program calls it: with a bearer token over the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bogam import Bogam
from bogam.access.identity import Purpose, Role
from bogam.doors.web.app import create
from bogam.synthetic import ward


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    opened = Bogam(tmp_path_factory.mktemp("rest"))
    for bundle in ward(patients=4).bundles:
        opened.load(bundle)
    for name, role in (
        ("lee", Role.physician),
        ("park", Role.nurse),
        ("audit", Role.auditor),
        ("root", Role.administrator),
    ):
        opened.users.add(name, name.title(), role, "a long passphrase")
    return opened


@pytest.fixture(scope="module")
def client(bogam: Bogam) -> Iterator[TestClient]:
    with TestClient(create(bogam), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module")
def bearer(bogam: Bogam) -> dict[str, dict[str, str]]:
    purposes = {
        "lee": Purpose.treatment,
        "park": Purpose.treatment,
        "audit": Purpose.oversight,
        "root": Purpose.administration,
    }
    actors = {user.actor.id: user.actor for user in bogam.users.list()}
    make = bogam.users.tokens.create
    tokens = {user: make(actors[user], name="test", purpose=purpose) for user, purpose in purposes.items()}
    return {user: {"Authorization": f"Bearer {token}"} for user, token in tokens.items()}


def test_a_draft_lives_its_life(client: TestClient, bearer: dict[str, dict[str, str]]) -> None:
    me = bearer["lee"]
    made = client.post("/api/skills/record-summary", headers=me, json={"patient": "p01", "request": {"language": "ko"}})
    assert made.status_code == 201
    id = made.json()["id"]
    assert id in [each["draft"]["id"] for each in client.get("/api/drafts", headers=me).json()]
    edited = client.patch(f"/api/drafts/{id}", headers=me, json={"texts": {"0": "남성, 12세."}, "revision": 1}).json()
    assert edited["draft"]["claims"][0]["support"]["state"] == "unsupported"
    stale = client.post(f"/api/drafts/{id}/sign", headers=me, json={"revision": 1})
    assert stale.status_code == 409
    assert client.post(f"/api/drafts/{id}/undo", headers=me, json={"revision": 2}).json()["revision"] == 1
    signed = client.post(f"/api/drafts/{id}/sign", headers=me, json={"revision": 1}).json()
    assert signed["state"] == "signed"
    assert client.get(f"/fhir/{signed['composition']}", headers=me).json()["status"] == "final"
    pdf = client.get(f"/api/drafts/{id}/export", headers=me, params={"format": "pdf"})
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"


def test_who_may_not_is_told_why(client: TestClient, bearer: dict[str, dict[str, str]]) -> None:
    assert client.get("/api/patients").status_code == 401
    assert client.get("/api/patients", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    refused = client.get("/api/patients", headers=bearer["audit"])
    assert refused.status_code == 403
    assert refused.json()["detail"]
    draft = client.post("/api/skills/record-summary", headers=bearer["park"], json={"patient": "p02"}).json()
    sign = f"/api/drafts/{draft['id']}/sign"
    assert client.post(sign, headers=bearer["park"], json={"revision": 1}).status_code == 403


def test_what_does_not_exist_is_named(client: TestClient, bearer: dict[str, dict[str, str]]) -> None:
    unknown = client.post("/api/skills/record-summary", headers=bearer["lee"], json={"patient": "nobody"})
    assert (unknown.status_code, "nobody" in unknown.json()["detail"]) == (404, True)
    bad = client.post("/api/skills/record-summary", headers=bearer["lee"], json={"patient": "p01", "request": {"x": 1}})
    assert bad.status_code in (400, 422)
    reserved = {"patient": "p01", "request": {"actor": "someone", "purpose": "oversight"}}
    assert client.post("/api/skills/record-summary", headers=bearer["lee"], json=reserved).status_code in (400, 422)


def test_loading_and_the_quarantine(client: TestClient, bearer: dict[str, dict[str, str]]) -> None:
    lines = b'{"resourceType":"Patient","id":"new1"}\n{"resourceType":"Patient","id":"new2","gender":"x"}\n'
    report = client.post("/api/load", headers=bearer["root"], params={"name": "p.ndjson"}, content=lines).json()
    assert (report["new"], report["quarantined"]) == (1, 1)
    held = client.get("/api/quarantine", headers=bearer["root"]).json()
    assert held[0]["pointer"] == "/gender"
    assert client.post("/api/load", headers=bearer["lee"], content=lines).status_code == 403


def test_the_timeline_and_the_log(client: TestClient, bearer: dict[str, dict[str, str]]) -> None:
    timeline = client.get("/api/patients/p01/timeline", headers=bearer["lee"]).json()
    assert timeline["person"]["birth_date"]["text"]
    entries = client.get("/api/audit", headers=bearer["audit"], params={"patient": "p01"}).json()
    assert "p01" in {entry["patient"] for entry in entries}
    assert client.get("/api/audit/verify", headers=bearer["audit"]).json()["ok"] is True


def test_the_description_covers_every_route(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/skills/{name}", "/api/drafts/{id}/sign", "/api/audit", "/api/load"} <= set(paths)


@pytest.mark.parametrize(
    "path", ["/api/drafts/../../etc/passwd", "/api/drafts/%00", "/api/patients/%F0%9F%98%80/timeline"]
)
def test_odd_ids_are_unknown(path: str, client: TestClient, bearer: dict[str, dict[str, str]]) -> None:
    assert client.get(path, headers=bearer["lee"]).status_code == 404


def test_the_example_bundle_is_the_wards(bogam: Bogam, tmp_path: Path) -> None:
    again = bogam.load(ward(patients=4).bundles[1])
    assert (again.new, again.changed) == (0, 0)
