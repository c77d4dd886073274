"""The pages of sources: in both languages, escaped, without script; enabling and importing by administrators alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from atlas import ISLANDS, Atlas, Server, write
from bogam import Bogam
from bogam.access.identity import Role
from bogam.doors.web.app import create
from bogam.doors.web.view import answer, query
from bogam.doors.web.words import words
from bogam.measure.contracts.remote_mcp import allowed
from bogam.sources import catalogue, settings
from bogam.sources.icd10cm import source as icd10cm
from bogam.synthetic.upstream import remote_mcp
from bogam.synthetic.upstream.server import Upstream

PASSWORD = "맑은 하늘 아래 걷는 사람"
HOSTILE = {
    "id": "x<y",
    "name": "<script>alert(1)</script> & ‮evil",
    "area": "<img src=x onerror=alert(2)>",
    "sea": "East Sea",
    "seen": "2026-01-04",
}


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its people; each test has a copy, because making passwords takes a while."""
    place = tmp_path_factory.mktemp("peopled") / "ward"
    opened = Bogam(place)
    for user, role in (("park", Role.nurse), ("root", Role.administrator), ("watch", Role.auditor)):
        opened.users.add(user, user, role, PASSWORD)
    opened.store.engine.dispose()
    return place


@pytest.fixture
def bogam(peopled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bogam:
    monkeypatch.setattr(catalogue, "sources", lambda: {"atlas": Atlas(), "icd-10-cm": icd10cm})
    monkeypatch.setattr("bogam.sources.outside.http.random.uniform", lambda *_: 0.001)
    return Bogam(shutil.copytree(peopled, tmp_path / "ward"))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream(Server()) as opened:
        yield opened


def client(bogam: Bogam, user: str, language: str = "en") -> TestClient:
    made = TestClient(create(bogam, hosts=("testserver",)), follow_redirects=True)
    made.get(f"/language/{language}")
    sent = {"user": user, "password": PASSWORD, "csrf": csrf(made.get("/login").text)}
    assert made.post("/login", data=sent).status_code == 200
    return made


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def mirrored(bogam: Bogam, tmp_path: Path) -> None:
    bogam.import_source("atlas", [write(tmp_path / "islands.jsonl", [*ISLANDS, HOSTILE])])


@pytest.mark.parametrize(
    ("language", "said"),
    [("ko", ("지식원", "꺼짐", "내장", "섬과 바다")), ("en", ("Sources", "Off", "Built in", "Islands and their seas"))],
)
def test_the_list_says_where_each_source_stands(bogam: Bogam, language: str, said: tuple[str, ...]) -> None:
    page = client(bogam, "park", language).get("/sources").text
    assert all(each in page for each in said)
    assert 'href="/sources/atlas"' in page


def test_a_source_that_is_off_says_so_and_asks_nothing(bogam: Bogam) -> None:
    door = client(bogam, "park")
    page = door.get("/sources/atlas", params={"go": 1, "text": "jeju"})
    assert page.status_code == 200
    assert "neither allowed nor mirrored" in page.text
    assert "An administrator" in page.text
    assert 'id="found"' not in page.text
    assert door.get("/sources/nowhere").status_code == 404
    assert door.get("/sources/atlas/items/jeju").status_code == 422


@pytest.mark.parametrize(
    ("language", "found", "where"), [("ko", "찾음", "병원 안의 미러"), ("en", "Found", "from the mirror")]
)
def test_what_is_found_says_where_it_came_from(
    bogam: Bogam, tmp_path: Path, language: str, found: str, where: str
) -> None:
    mirrored(bogam, tmp_path)
    door = client(bogam, "park", language)
    page = door.get("/sources/atlas", params={"go": 1, "text": "jeju"}).text
    assert found in page
    assert where in page
    assert "2026-01-04" in page
    assert 'href="/sources/atlas/items/jeju"' in page
    assert 'href="https://atlas.example/jeju" rel="noopener noreferrer"' in page
    item = door.get("/sources/atlas/items/jeju").text
    assert "atlas:jeju" in item
    assert "1849" in item
    assert "2026-01-03 · sha256 " in item


def test_fields_paging_and_what_does_not_match(bogam: Bogam, tmp_path: Path) -> None:
    many = [{**ISLANDS[0], "id": f"i{n}", "name": f"Island {n}"} for n in range(45)]
    bogam.import_source("atlas", [write(tmp_path / "islands.jsonl", [*ISLANDS, *many])])
    door = client(bogam, "park")
    page = door.get("/sources/atlas", params={"go": 1, "sea": "Korea Strait"}).text
    seen = re.findall(r'href="/sources/atlas/items/(\w+)"', page)
    while (more := re.search(r'rel="next" href="([^"]+)"', page)) is not None:
        page = door.get(more[1].replace("&amp;", "&")).text
        seen += re.findall(r'href="/sources/atlas/items/(\w+)"', page)
    assert len(seen) == len(set(seen)) == 47
    assert 'name="sea"' in page
    assert '<option value="Korea Strait" selected>' in page
    assert "Nothing matches" in door.get("/sources/atlas", params={"go": 1, "text": "atlantis"}).text
    unknown = door.get("/sources/atlas/items/dokdo")
    assert (unknown.status_code, "has no such item" in unknown.text) == (404, True)
    wrong = door.get("/sources/atlas", params={"go": 1, "sea": "Baltic"})
    assert (wrong.status_code, "East Sea" in wrong.text) == (422, True)


def test_everything_from_outside_is_escaped(bogam: Bogam, tmp_path: Path) -> None:
    mirrored(bogam, tmp_path)
    door = client(bogam, "park")
    for path in (
        "/sources/atlas?go=1&text=script",
        "/sources/atlas/items/x%3Cy",
        "/sources/atlas?go=1&text=%3Cscript%3E",
    ):
        page = door.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert "&lt;script&gt;alert" in door.get("/sources/atlas?go=1&text=script").text


def test_a_failure_is_told_as_one(bogam: Bogam, upstream: Upstream) -> None:
    bogam.enable_source("atlas", base=upstream.base)
    door = client(bogam, "park")
    live = door.get("/sources/atlas", params={"go": 1, "text": "jeju"}).text
    assert "asked live" in live
    assert f"sent to {upstream.base}" in live
    upstream.break_at(0, "500")
    failed = door.get("/sources/atlas", params={"go": 1, "text": "geoje"}).text
    assert "nothing is known about this question" in failed
    assert "status 500" in failed
    assert "Nothing matches" not in failed
    assert "kept answer" in door.get("/sources/atlas", params={"go": 1, "text": "jeju"}).text


@pytest.mark.parametrize(("language", "said"), [("ko", "보내지 않았습니다"), ("en", "was not sent")])
def test_a_patient_is_not_asked_about(bogam: Bogam, upstream: Upstream, language: str, said: str) -> None:
    bogam.enable_source("atlas", base=upstream.base)
    page = client(bogam, "park", language).get("/sources/atlas", params={"go": 1, "text": "010-1234-5678"})
    assert (page.status_code, said in page.text) == (422, True)
    assert upstream.requests == []


def test_an_administrator_allows_after_a_look_and_takes_it_back(bogam: Bogam, upstream: Upstream) -> None:
    door = client(bogam, "root")
    assert 'href="/sources/atlas/enable"' in door.get("/sources/atlas").text
    sure = door.get("/sources/atlas/enable")
    assert "will connect to api.atlas.example" in sure.text
    assert "leaves this building" in sure.text
    assert not bogam.sources.state("atlas").enabled
    token = csrf(sure.text)
    wrong = door.post("/sources/atlas/enable", data={"csrf": token, "base": "nonsense"})
    assert (wrong.status_code, "no address" in wrong.text) == (422, True)
    done = door.post("/sources/atlas/enable", data={"csrf": token, "base": upstream.base})
    assert "The connection is allowed" in done.text
    assert bogam.sources.state("atlas").base == upstream.base
    door.get("/sources/atlas", params={"go": 1, "text": "jeju"})
    assert "forgotten" in door.post("/sources/atlas/forget", data={"csrf": token}).text
    door.post("/sources/atlas/disable", data={"csrf": token})
    assert not bogam.sources.state("atlas").enabled
    assert door.post("/sources/atlas/enable", data={"base": upstream.base}).status_code == 403


def test_an_administrator_imports_by_upload_and_from_the_folder(bogam: Bogam, tmp_path: Path) -> None:
    door = client(bogam, "root")
    token = csrf(door.get("/sources/atlas").text)
    body = "\n".join(json.dumps(row) for row in ISLANDS[:2]) + "\n{bad\n"
    page = door.post("/sources/atlas/import", data={"csrf": token}, files={"file": ("islands.jsonl", body.encode())})
    assert page.status_code == 200
    assert "1 rows were not taken" in page.text
    assert "line 3" in page.text
    assert bogam.sources.state("atlas").mirror.items == 2  # type: ignore[union-attr]
    (bogam.home / "import").mkdir()
    write(bogam.home / "import" / "all.jsonl", ISLANDS)
    write(tmp_path / "elsewhere.jsonl", ISLANDS)
    assert 'name="file:all.jsonl"' in door.get("/sources/atlas").text
    form = {"csrf": token, "version": "2026"}
    outside = door.post("/sources/atlas/import", data={**form, f"file:../../{tmp_path.name}/elsewhere.jsonl": "1"}, files={"file": ("", b"")})  # fmt: skip  # noqa: E501
    assert (outside.status_code, "Choose a file" in outside.text) == (422, True)
    page = door.post("/sources/atlas/import", data={**form, "file:all.jsonl": "1"}, files={"file": ("", b"")})
    assert "All rows were taken" in page.text
    assert bogam.sources.state("atlas").mirror.version == "2026"  # type: ignore[union-attr]
    wrong = door.post("/sources/atlas/import", data={"csrf": token}, files={"file": ("x.jsonl", b"<html>")})
    assert (wrong.status_code, "no list of islands" in wrong.text) == (422, True)


def test_who_may_not_is_refused_and_sees_no_button(bogam: Bogam, tmp_path: Path) -> None:
    mirrored(bogam, tmp_path)
    door = client(bogam, "park")
    page = door.get("/sources/atlas").text
    assert "/sources/atlas/enable" not in page
    assert "/sources/atlas/import" not in page
    assert door.get("/sources/atlas/enable").status_code == 403
    token = csrf(page)
    for verb in ("enable", "disable", "forget"):
        assert door.post(f"/sources/atlas/{verb}", data={"csrf": token}).status_code == 403, verb
    sent = door.post("/sources/atlas/import", data={"csrf": token}, files={"file": ("x.jsonl", b"{}")})
    assert sent.status_code == 403
    assert not bogam.sources.state("atlas").enabled
    auditor = client(bogam, "watch")
    assert auditor.get("/sources").status_code == 403
    assert 'href="/sources"' not in auditor.get("/audit").text


# --- how values are laid out


def test_values_are_laid_out_as_what_they_are() -> None:
    say = words("en")
    assert answer.laid(None, say) is answer.laid("", say) is answer.laid([], say) is answer.laid({}, say) is None
    assert answer.laid(False, say) == answer.Node("text", "no")
    assert answer.laid("https://a.example/x", say) == answer.Node("link", "https://a.example/x")
    assert answer.laid("javascript:alert(1)", say) == answer.Node("text", "javascript:alert(1)")
    assert answer.laid(["a", "b"], say) == answer.Node(
        "words", parts=(answer.Node("text", "a"), answer.Node("text", "b"))
    )
    long = answer.laid("x" * 900, say)
    assert long is not None
    assert (long.kind, len(long.text), len(long.lead)) == ("long", 900, 162)
    table = answer.laid([{"city": "Seoul", "n": 1}, {"city": "Busan"}], say)
    assert table is not None
    assert (table.kind, table.columns, table.rows[1][1]) == ("table", ("city", "n"), answer.Node("text"))
    wide = answer.laid([{f"k{n}": 1 for n in range(12)}] * 2, say)
    assert wide is not None
    assert wide.kind == "list"
    many = answer.laid([f"word {n}" for n in range(500)], say)
    assert many is not None
    assert (len(many.parts), many.left) == (60, 440)
    deep: object = "end"
    for _ in range(50):
        deep = {"in": [deep]}
    assert answer.laid(deep, say) is not None


def test_a_form_is_made_of_what_a_source_can_be_asked() -> None:
    made = query.blanks(Atlas.Search, words("ko"), {"sea": "East Sea"})
    kinds = {each.name: each.kind for each in made}
    assert made[0].name == "text"
    assert kinds == {"text": "text", "sea": "select", "larger": "number", "also": "several", "inhabited": "select"}
    sea = next(each for each in made if each.name == "sea")
    assert sea.choices == (("", "모두"), ("Korea Strait", "Korea Strait"), ("East Sea", "East Sea"))
    asked = query.asked(Atlas.Search, {"text": " jeju ", "also": "a; b;", "sea": "", "colour": "red"})
    assert asked == {"text": "jeju", "also": ["a", "b"]}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", ("도구 호출", "허용한 사람이 없습니다", "입력값")),
        ("en", ("Call this tool", "Nobody has allowed", "Arguments")),
    ],
)
def test_a_tool_of_a_remote_server_is_called_when_it_was_allowed(
    bogam: Bogam, language: str, said: tuple[str, ...]
) -> None:
    with Upstream(remote_mcp.simulator()) as upstream:
        trials, hidden = remote_mcp.TOOLS[0], remote_mcp.TOOLS[5]
        settings.write(bogam.home, "tools", enabled=True, base=upstream.base, **allowed(trials, hidden))
        web = client(bogam, "park", language)
        page = web.get("/sources/tools/items/search_trials").text
        assert said[0] in page
        assert said[2] in page
        closed = web.get("/sources/tools/items/picture").text
        assert said[1] in closed
        assert "<textarea" not in closed
        call = {"csrf": csrf(page), "arguments": '{"query": "시험 2"}'}
        assert "MADE-2" in web.post("/sources/tools/call/search_trials", data=call).text
        wrong = web.post("/sources/tools/call/search_trials", data={**call, "arguments": '{"q": "<b>"}'})
        assert wrong.status_code == 422
        assert 'role="alert"' in wrong.text
        assert "&lt;b&gt;" in wrong.text
        assert web.post("/sources/tools/call/picture", data=call).status_code == 422
        assert web.post("/sources/tools/call/search_trials", data={"arguments": "{}"}).status_code == 403
        shown = web.post("/sources/tools/call/hidden", data={**call, "arguments": ""}).text
        assert "\u202e" not in shown
        assert "safe text" in shown


def test_a_field_given_in_the_address_is_searched_and_logged_once(bogam: Bogam, tmp_path: Path) -> None:
    mirrored(bogam, tmp_path)
    page = client(bogam, "park")
    before = bogam.audit.count(action="look-up")
    assert "/sources/atlas/items/jeju" in page.get("/sources/atlas?text=jeju").text
    assert bogam.audit.count(action="look-up") == before + 1
    page.get("/sources/atlas")
    page.get("/sources")
    assert bogam.audit.count(action="look-up") == before + 1
    page.get("/sources/atlas/items/jeju")
    assert bogam.audit.count(action="look-up") == before + 2
    watch = client(bogam, "watch")
    assert watch.get("/sources/atlas").status_code == 403
    assert bogam.audit.count(action="look-up", outcome="refuse") == 1
    filters = watch.get("/audit").text
    assert all(f'<option value="{each}"' in filters for each in ("look-up", "configure", "sign-in"))


def test_an_older_release_is_imported_on_the_page_only_when_it_is_ticked(bogam: Bogam) -> None:
    root = client(bogam, "root")
    token = csrf(root.get("/sources/atlas").text)
    row = json.dumps({"id": "a", "name": "A", "area": 1, "sea": "East Sea", "seen": "2026-01-01"}).encode()
    send = lambda **form: root.post(  # noqa: E731
        "/sources/atlas/import", data={"csrf": token, **form}, files={"file": ("a.jsonl", row)}
    )
    assert send(version="2026-02").status_code == 200
    refused = send(version="2026-01")
    assert (refused.status_code, "2026-01" in refused.text, "2026-02" in refused.text) == (422, True, True)
    assert send(version="2026-01", older="1").status_code == 200
