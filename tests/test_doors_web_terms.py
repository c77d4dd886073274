"""The pages of code systems and maps: in both languages, with and without htmx, by those who may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bogam import Bogam
from bogam.access.identity import Role
from bogam.doors.web.app import create

LIST = "코드,명칭,단위,검체\nD1,급성충수염,,\nD2,HTN,,\nD3,xqzzt wvvk,,\nD4,<script>alert(1)</script> 폐렴,,\nD5\n"
PASSWORD = "맑은 하늘 아래 걷는 사람"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> object:
    bogam = Bogam(tmp_path_factory.mktemp("ward"))
    bogam.users.add("cho", "조코더", Role.coder, PASSWORD)
    bogam.users.add("park", "박간호", Role.nurse, PASSWORD)
    return create(bogam, hosts=("testserver",))


def client(app: object, user: str, language: str = "ko") -> TestClient:
    made = TestClient(app, follow_redirects=True)  # pyright: ignore[reportArgumentType]
    made.get(f"/language/{language}")
    token = re.search(r'name="csrf" value="([^"]+)"', made.get("/login").text)
    sent = {"user": user, "password": PASSWORD, "csrf": token[1] if token else ""}
    assert made.post("/login", data=sent).status_code == 200
    return made


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(("language", "said"), [("ko", "코드 체계"), ("en", "Code systems")])
def test_search_and_entry(app: object, language: str, said: str) -> None:
    door = client(app, "park", language)
    page = door.get("/terms", params={"q": "폐렴"})
    assert said in page.text
    assert "/terms/icd-10-cm/J18.9" in page.text
    part = door.get("/terms", params={"q": "I10.9"}, headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert ("I10 has no subdivisions" in part) is (language == "en")
    entry = door.get("/terms/icd-10-cm/E11.9").text
    assert "type 1 diabetes mellitus (E10.-)" in entry
    assert "/terms/icd-10-cm/E11" in entry
    assert door.get("/terms/icd-10-cm/S72.001").text.count("/terms/icd-10-cm/S72.001") > 10
    assert door.get("/terms/icd-10-cm/X99X").status_code == 404
    assert "bogam terms import loinc" in door.get("/terms", params={"system": "loinc", "q": "glucose"}).text
    assert door.get("/terms", params={"system": "nonsense", "q": "x"}).status_code == 404


def test_a_map_from_upload_to_concept_map(app: object, tmp_path: Path) -> None:
    door = client(app, "cho")
    page = door.get("/maps")
    sent = {"csrf": csrf(page.text), "system": "icd-10-cm", "name": "진단명"}
    page = door.post("/maps", data=sent, files={"file": ("진단.csv", LIST.encode("cp949"), "text/csv")})
    assert page.url.path == "/maps/1"
    assert "급성충수염" in page.text
    assert "K35.80" in page.text
    assert "<script>alert" not in page.text
    item = int(re.findall(r'id="i(\d+)"', page.text)[0])
    token = csrf(page.text)
    after = door.post(f"/maps/1/items/{item}", data={"csrf": token, "do": "1", "state": "open"})
    assert f'id="i{item}"' not in after.text
    assert 'class="claim here"' in after.text
    wrong = door.post(f"/maps/1/items/{item}", data={"csrf": token, "do": "", "code": "I10.9", "state": "all"})
    assert "I10 has no subdivisions" in wrong.text
    undone = door.post(f"/maps/1/items/{item}", data={"csrf": token, "do": "undo", "state": "open"})
    assert f'id="i{item}"' in undone.text
    bulk = door.get("/maps/1/bulk", params={"above": 0.95})
    shown = re.search(r'name="shown" value="([\d,]+)"', bulk.text)
    assert shown
    ids = shown[1].split(",")
    door.post("/maps/1/bulk", data={"csrf": token, "shown": shown[1], f"x{ids[0]}": "1"})
    approved = door.get("/maps/1", params={"state": "approved"}).text
    assert f'id="i{ids[0]}"' not in approved
    assert all(f'id="i{each}"' in approved for each in ids[1:])
    assert door.get("/maps/1/export", params={"format": "fhir"}).json()["resourceType"] == "ConceptMap"
    assert "D1" in door.get("/maps/1/export", params={"format": "csv"}).text
    assert door.get("/maps/9").status_code == 404


def test_a_wrong_file_is_said_beside_the_form(app: object) -> None:
    door = client(app, "cho", "en")
    sent = {"csrf": csrf(door.get("/maps").text), "system": "icd-10-cm"}
    page = door.post("/maps", data=sent, files={"file": ("x.csv", b"a,b\n1,2\n", "text/csv")})
    assert page.status_code == 422
    assert "has no headings" in page.text
    page = door.post("/maps", data=sent, files={"file": ("x.csv", b"", "text/csv")})
    assert page.status_code == 422


def test_who_may_not_map_is_refused_and_sees_no_link(app: object) -> None:
    door = client(app, "park")
    assert door.get("/maps").status_code == 403
    assert 'href="/maps"' not in door.get("/terms").text
    assert 'href="/terms"' in door.get("/terms").text
