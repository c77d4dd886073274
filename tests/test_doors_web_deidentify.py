"""The page De-identify over HTTP."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from bogam import Bogam
from bogam.access.identity import Role
from bogam.doors.web.app import create


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    house = Bogam(tmp_path_factory.mktemp("web") / "home")
    house.users.add("root", "관리자", Role.administrator, "correct horse battery")
    made = TestClient(create(house, hosts=("testserver",)), follow_redirects=True)
    form = made.get("/login").text
    token = re.search(r'name="csrf" value="([^"]+)"', form)
    made.post("/login", data={"user": "root", "password": "correct horse battery", "csrf": token[1] if token else ""})
    return made


def test_a_pasted_text_is_reviewed_confirmed_and_taken(client: TestClient) -> None:
    page = client.get("/deidentify")
    assert page.status_code == 200
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    form = {"csrf": csrf, "mode": "tag", "text": "환자명: 김영희 <b>MRN: 1234567"}
    shown = client.post("/deidentify", data=form).text
    assert "[이름]" in shown
    assert "&lt;b&gt;" in shown
    assert client.post("/deidentify", data=form | {"do": "file"}).status_code == 422
    client.post("/deidentify", data=form | {"do": "confirm"})
    taken = client.post("/deidentify", data=form | {"do": "file"})
    assert "attachment" in taken.headers["content-disposition"]
    assert taken.text == "환자명: [이름] <b>MRN: [등록번호]"
