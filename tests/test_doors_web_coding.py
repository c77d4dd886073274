"""The coder's page over HTTP: as plain forms, and the fragments that a script asks for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from bogam import Bogam
from bogam.access.identity import Role
from bogam.doors.web.app import create
from bogam.synthetic import ward

PASSWORD = "correct horse battery"
PAGE = "/patients/p02/coding"


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    house = Bogam(tmp_path_factory.mktemp("coding") / "home")
    for bundle in ward().bundles[:3]:
        house.load(bundle)
    for user, role in (("lee", Role.physician), ("coder", Role.coder), ("root", Role.administrator)):
        house.users.add(user, user.title(), role, PASSWORD)
    return house


def _browser(bogam: Bogam, user: str, language: str) -> Iterator[TestClient]:
    with TestClient(create(bogam), base_url="http://localhost", headers={"Accept-Language": language}) as client:
        csrf = _hidden(client.get("/login").text, "csrf")
        client.post("/login", data={"user": user, "password": PASSWORD, "csrf": csrf, "next": "/"})
        yield client


@pytest.fixture
def coder(bogam: Bogam) -> Iterator[TestClient]:
    yield from _browser(bogam, "coder", "en")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def _codes(page: str, heading: str) -> list[str]:
    part = re.search(rf'<section aria-labelledby="{heading}">(.*?)</section>', page, re.S)
    return re.findall(r'<span class="said" tabindex="-1"><b class="code">([^<]+)</b>', part[1]) if part else []


def _post(client: TestClient, page: str, do: str, index: int = 0, way: str = PAGE, **more: str) -> str:
    form = {name: _hidden(page, name) for name in ("csrf", "draft", "revision", "scope")}
    answer = client.post(way, data=form | {"do": do, "index": str(index)} | more)
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


def _index(page: str, code: str) -> int:
    found = re.search(rf'id="c(\d+)">(?:(?!</li>).)*?<b class="code">{re.escape(code)}</b>', page, re.S)
    assert found, code
    return int(found[1])


def test_a_coder_works_through_an_encounter_without_a_script(coder: TestClient):
    page = coder.get(PAGE).text
    suggested = _codes(page, "h-open")
    assert len(suggested) > 3
    assert re.search(r'<mark id="at\d+" data-code="[A-Z0-9., ]+">', page)
    page = _post(coder, page, "accept", _index(page, suggested[0]))
    assert _codes(page, "h-chosen") == suggested[:1]
    page = _post(coder, page, "reject", _index(page, suggested[1]))
    assert suggested[1] not in _codes(page, "h-open")
    page = _post(coder, page, "undo")
    assert suggested[1] in _codes(page, "h-open")
    page = _post(coder, page, "add", code="R05.9", words="dyspnea")
    assert _codes(page, "h-chosen") == [suggested[0], "R05.9"]
    assert "added by the coder: “dyspnea”" in page
    page = _post(coder, page, "finish")
    assert "R05.9 Cough, unspecified" in page
    assert suggested[1] not in page


def test_a_refuted_code_is_taken_only_when_that_is_confirmed_and_then_stands_against(coder: TestClient):
    way = "/patients/p01/coding"
    page = coder.get(way).text
    code = _codes(page, "h-considered")[0]
    asked = _post(coder, page, "accept", _index(page, code), way)
    assert 'role="alert"' in asked
    assert code in _codes(asked, "h-considered")
    taken = _post(coder, page, "accept", _index(page, code), way, despite="1")
    assert code in _codes(taken, "h-chosen")
    assert re.search(rf'id="h-conflicts".*?<li>{re.escape(code)} [^<]*chosen by the coder all the same', taken, re.S)
    row = re.search(rf'<li class="([^"]*)" id="c{_index(taken, code)}"', taken)
    assert row
    assert "unsupported" in row[1]
    _post(coder, taken, "undo", 0, way)


def test_words_that_no_note_has_and_codes_that_do_not_exist_are_refused_with_the_reason(coder: TestClient):
    page = coder.get(PAGE, params={"scope": "all"}).text
    assert "No note here has the words" in _post(coder, page, "add", code="R05.9", words="no such words at all")
    assert "ZZZ" in _post(coder, page, "add", code="ZZZ")


def test_the_search_answers_as_it_is_typed_in_both_languages(coder: TestClient):
    for asked in ("essential hyper", "고혈압", "I10"):
        assert 'value="I10"' in coder.get(f"{PAGE}/search", params={"q": asked}, headers={"HX-Request": "true"}).text
    hostile = coder.get(f"{PAGE}/search", params={"q": "<script>alert(1)</script>"}, headers={"HX-Request": "true"})
    assert "<script>" not in hostile.text


def test_an_entry_shows_what_stands_above_and_below_and_takes_the_place_of_a_coarser_code(coder: TestClient):
    page = coder.get(PAGE).text
    page = _post(coder, page, "add", code="I50.2")
    index = _index(page, "I50.2")
    query = parse_qs(urlsplit(html.unescape(re.findall(r'href="([^"]*code=I50\.2[^"]*)"', page)[0])).query)
    entry = coder.get(f"{PAGE}/entry", params=query).text
    assert "Diseases of the circulatory system" in entry
    assert 'value="I50.23"' in entry
    page = _post(coder, page, "instead", index, code="I50.23")
    assert "I50.23" in _codes(page, "h-chosen")
    assert "I50.2" not in _codes(page, "h-chosen")


@pytest.mark.parametrize("form", [{"do": "burn"}, {"do": "accept", "index": "999"}, {"do": "reject", "index": "-1"}])
def test_what_is_not_there_cannot_be_done(coder: TestClient, form: dict[str, str]):
    page = coder.get(PAGE).text
    known = {name: _hidden(page, name) for name in ("csrf", "draft", "revision", "scope")}
    assert coder.post(PAGE, data=known | form).status_code == 404


def test_a_stale_revision_another_patient_and_a_missing_token_are_refused(coder: TestClient):
    page = coder.get(PAGE).text
    form = {name: _hidden(page, name) for name in ("csrf", "draft", "scope")} | {"do": "accept", "index": "0"}
    assert coder.post(PAGE, data=form | {"revision": "999"}).status_code == 409
    assert coder.post("/patients/p01/coding", data=form | {"revision": "1"}).status_code == 404
    assert coder.post(PAGE, data=form | {"csrf": "", "revision": "1"}).status_code == 403


def test_a_role_that_may_not_code_sees_no_chart(bogam: Bogam):
    client = next(_browser(bogam, "root", "ko"))
    assert client.get(PAGE).status_code == 403


def test_the_codes_are_exported_from_the_page(coder: TestClient):
    page = coder.get(PAGE).text
    way = re.search(r'href="(/drafts/[^"]+format=csv)"', page)
    assert way
    answer = coder.get(html.unescape(way[1]))
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbfdraft,")


def test_a_physician_who_finishes_is_asked_to_sign(bogam: Bogam, tmp_path: Path):
    client = next(_browser(bogam, "lee", "ko"))
    page = client.get(PAGE).text
    assert "상병코드 제안" in page
    page = _post(client, page, "accept")
    assert "/sign" in _post(client, page, "finish")
