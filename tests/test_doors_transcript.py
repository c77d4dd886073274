"""A dialogue through each door: command line, REST, and the page; and the note that is drafted from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from bogam.access.identity import Actor, Role
from bogam.app import Bogam
from bogam.doors.cli.app import app as cli
from bogam.doors.web.app import create

TALK = """Doctor: What brings you in today?
Patient: I've had a cough for two weeks.
Doctor: Any fever?
Patient: No.
Doctor: Your blood pressure is one forty two over eighty eight today. I'd like a chest x-ray.
"""
PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Ann Lee"}], "birthDate": "1960-01-01"}
PASSWORD = "correct horse battery"
ADMIN = Actor("local", "local", Role.administrator)


@pytest.fixture
def house(tmp_path: Path) -> Bogam:
    bogam = Bogam(tmp_path / "ward")
    bogam.load(json.dumps(PATIENT).encode())
    bogam.users.add("park", "Park", Role.physician, PASSWORD)
    bogam.users.add("cole", "Cole", Role.coder, PASSWORD)
    return bogam


@pytest.fixture
def web(house: Bogam) -> Iterator[TestClient]:
    with TestClient(create(house, hosts=("testserver",)), follow_redirects=True) as client:
        yield client


def sign_in(client: TestClient, user: str) -> None:
    page = client.get("/login").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    client.post("/login", data={"csrf": token[1] if token else "", "user": user, "password": PASSWORD})


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def bogam(house: Bogam, *words: str, user: str = "park") -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*words, "--home", str(house.home), "--as", user])
    return done.exit_code, done.output


def test_the_command_line_adds_and_drafts(house: Bogam, tmp_path: Path) -> None:
    file = tmp_path / "visit.txt"
    file.write_text(TALK)
    code, ref = bogam(house, "transcript", "add", "p1", str(file))
    assert code == 0
    assert ref.startswith("DocumentReference/transcript-")
    assert bogam(house, "transcript", "add", "p1", str(file)) == (0, ref)
    code, out = bogam(house, "visit-note", "p1", str(file), "--form", "soap", "--json")
    assert code == 0
    draft = json.loads(out)["draft"]
    assert draft["skill"] == "visit-note"
    cites = {citation["source"] for claim in draft["claims"] for citation in claim["citations"]}
    assert ref.strip() in cites
    assert {claim["support"]["state"] for claim in draft["claims"]} == {"supported"}


def test_the_command_line_refuses_with_the_reason(house: Bogam, tmp_path: Path) -> None:
    file = tmp_path / "visit.txt"
    file.write_text("no speakers here")
    code, out = bogam(house, "transcript", "add", "p1", str(file))
    assert code != 0
    assert "line 1: No line says who speaks" in out
    assert bogam(house, "transcript", "add", "p1", str(tmp_path / "none.txt"))[0] == 2
    file.write_text(TALK)
    assert bogam(house, "transcript", "add", "p1", str(file), user="cole")[0] == 3


def test_the_page_takes_a_pasted_dialogue_and_opens_the_draft(web: TestClient) -> None:
    sign_in(web, "park")
    page = web.get("/patients/p1/visit-note")
    assert page.status_code == 200
    assert "no transcriber is configured" in page.text or "전사기" in page.text
    sent = {"csrf": csrf(page.text), "text": TALK, "form": "note", "language": "en"}
    draft = web.post("/patients/p1/visit-note", data=sent, files={"file": ("", b"")})
    assert draft.status_code == 200
    assert "/drafts/" in str(draft.url)
    assert "cough" in draft.text
    again = web.get("/patients/p1/visit-note").text
    assert re.search(r'<option value="transcript-[0-9a-f]{32}"', again)


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(web: TestClient) -> None:
    sign_in(web, "park")
    token = csrf(web.get("/patients/p1/visit-note").text)
    refused = web.post(
        "/patients/p1/visit-note", data={"csrf": token, "text": "hello there"}, files={"file": ("", b"")}
    )
    assert refused.status_code == 422
    assert "No line says who speaks" in refused.text
    assert "hello there</textarea>" in refused.text
    wav = web.post(
        "/patients/p1/visit-note", data={"csrf": token}, files={"file": ("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ")}
    )
    assert wav.status_code == 422
    assert "No transcriber is configured" in wav.text


def test_a_coder_is_told_who_may(web: TestClient) -> None:
    sign_in(web, "cole")
    page = web.get("/patients/p1/visit-note").text
    assert "<textarea" not in page


def test_rest_takes_segments(web: TestClient) -> None:
    sign_in(web, "park")
    token = csrf(web.get("/patients/p1/visit-note").text)
    body = json.dumps([{"start": 0, "end": 1, "speaker": "Doctor", "text": "Any fever?"}])
    sent = web.post("/api/patients/p1/transcripts?name=a.json", content=body, headers={"x-csrf-token": token})
    assert sent.status_code == 201
    assert sent.json()["transcript"].startswith("DocumentReference/transcript-")
    wrong = web.post("/api/patients/p1/transcripts", content=b"hello", headers={"x-csrf-token": token})
    assert wrong.status_code in (400, 422)
    assert "who speaks" in wrong.text
