"""The page De-identify over HTTP."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bogam import Bogam
from bogam.access.identity import Role
from bogam.doors.web.app import create
from bogam.text.deid import names_en


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
    assert "after a label" in shown
    assert "korean-label" not in shown
    assert "&lt;b&gt;" in shown
    assert client.post("/deidentify", data=form | {"do": "file"}).status_code == 422
    client.post("/deidentify", data=form | {"do": "confirm"})
    taken = client.post("/deidentify", data=form | {"do": "file"})
    assert "attachment" in taken.headers["content-disposition"]
    assert taken.text == "환자명: [이름] <b>MRN: [등록번호]"


def test_every_rule_of_names_has_words() -> None:
    rooms = Path(names_en.__file__).parent
    source = (rooms / "names_en.py").read_text("utf-8") + (rooms / "names_ko.py").read_text("utf-8")
    rules = set(re.findall(r'"(?:korean|english)-([a-z-]+)"', source)) | {cue.name for cue in names_en.CUES}
    for language in ("en", "ko"):
        words = tomllib.loads(
            (Path(create.__code__.co_filename).parent / "words" / f"{language}.toml").read_text("utf-8")
        )
        assert rules <= words["deid"]["rules"].keys()
