"""Outside sources from the command line and over REST: what is asked, what is answered, what never is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from atlas import ISLANDS, Atlas, Server, write
from bogam import Bogam
from bogam.access.identity import Actor, Purpose, Role
from bogam.doors.cli.app import app
from bogam.doors.cli.exits import Exit
from bogam.doors.web.app import create
from bogam.sources import catalogue, source
from bogam.sources.icd10cm import source as icd10cm
from bogam.synthetic.upstream.server import Upstream

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which the atlas and ICD-10-CM are the installed sources."""
    known = {"atlas": Atlas(), "icd-10-cm": icd10cm}
    for module in (catalogue, source):
        monkeypatch.setattr(module, "sources", lambda: known)
    monkeypatch.setattr("bogam.doors.api.sources.sources", lambda: known)
    monkeypatch.setattr("bogam.sources.outside.http.random.uniform", lambda *_: 0.001)
    Bogam(tmp_path / "ward").users.add("lee", "Lee", Role.physician, "a long passphrase")
    return tmp_path / "ward"


@pytest.fixture
def run(home: Path) -> Run:
    shell = CliRunner()

    def command(*args: object, exit: Exit = Exit.ok, locale: str = "C.UTF-8") -> Result:
        variables = {"BOGAM_HOME": str(home), "BOGAM_USER": "", "LC_ALL": locale, "COLUMNS": "200"}
        result = shell.invoke(app, ["source", *map(str, args)], env=variables)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exit, (args, result.exit_code, result.stdout, result.stderr)
        return result

    return command


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream(Server()) as opened:
        yield opened


def data(result: Result) -> Any:
    return json.loads(result.stdout)


# --- the command line


def test_the_list_says_where_each_source_stands(run: Run, tmp_path: Path) -> None:
    text = run("list").stdout
    assert "built in" in text
    assert "off" in text
    run("import", "atlas", write(tmp_path / "islands.jsonl", ISLANDS))
    row = next(each for each in data(run("list", "--json"))["sources"] if each["name"] == "atlas")
    assert (row["state"], row["mirror"]["version"], row["mirror"]["items"]) == (["mirrored"], "2026-01-03", 3)
    assert "미러 있음" in run("list", locale="ko_KR.UTF-8").stdout


def test_help_lists_what_a_source_can_be_asked(run: Run) -> None:
    text = " ".join(run("atlas", "search", "--help").stdout.split())
    for said in ("Korea Strait|East Sea", "The sea it lies in", "--larger", "--also", "--inhabited / --no-inhabited"):
        assert said in text, said
    assert "--next" in text
    assert "jeju" in run("atlas", "get", "--help").stdout
    assert "Sources: atlas, icd-10-cm" in run("nowhere", "search", "x", exit=Exit.usage).stderr


def test_a_source_that_is_off_says_what_to_do(run: Run) -> None:
    said = run("atlas", "search", "jeju", exit=Exit.usage).stderr
    assert "bogam source enable atlas" in said
    assert "bogam source import atlas" in said


def test_asking_live_and_how_each_answer_is_told(run: Run, upstream: Upstream) -> None:
    assert upstream.base in run("enable", "atlas", "--base", upstream.base).stdout
    text = run("atlas", "search", "jeju").stdout
    assert "found · 1 · Atlas of Islands · live" in text
    assert "제주" in text
    part = run("atlas", "search", "--limit", 2)
    assert "truncated · 2 / 3" in part.stdout
    assert "--next 2" in part.stdout
    assert "ulleung" in run("atlas", "search", "--limit", 2, "--next", 2).stdout
    assert "none" in run("atlas", "search", "atlantis", exit=Exit.nothing).stdout
    unknown = run("atlas", "get", "dokdo", exit=Exit.unknown)
    assert 'unknown id: The atlas has no island "dokdo"' in unknown.stderr
    assert "area                 1849" in run("atlas", "get", "jeju").stdout
    assert "East Sea" in run("atlas", "search", "--sea", "Baltic", exit=Exit.usage).stderr
    upstream.break_at(0, "html")
    failed = run("atlas", "search", "geoje", exit=Exit.upstream)
    assert "upstream error" in failed.stderr
    assert "web page" in failed.stderr
    stale = data(run("atlas", "search", "jeju", "--json"))
    assert (stale["status"], stale["backend"]) == ("found", "cache")
    assert stale["items"][0]["citation"]["source"] == "atlas:jeju"
    assert "kept responses forgotten" in run("forget", "atlas").stdout
    assert "disabled" in run("disable", "atlas").stdout
    run("atlas", "search", "jeju", exit=Exit.usage)


def test_several_values_and_switches_reach_the_source(run: Run, upstream: Upstream) -> None:
    run("enable", "atlas", "--base", upstream.base)
    run("atlas", "search", "jeju", "--also", "a", "--also", "b", "--larger", "2.5", "--no-inhabited")
    wrong = run("atlas", "search", "--larger", "-1", exit=Exit.usage)
    assert "larger" in wrong.stderr


def test_an_import_tells_what_it_refused(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "islands.jsonl", [*ISLANDS, "{bad", {"id": "x"}])
    report = data(run("import", "atlas", file, "--json", exit=Exit.quarantined))
    assert (report["stored"], report["refused"]) == (3, 2)
    text = run("refused", "atlas").stdout
    assert "line 4" in text
    assert "has no name" in text
    assert "mirror" in run("atlas", "search", "jeju", "--way", "mirror").stdout
    run("atlas", "search", "jeju", "--way", "live", exit=Exit.usage)
    assert "no mirror form" in run("import", "icd-10-cm", file, exit=Exit.usage).stderr
    run("import", "nowhere", file, exit=Exit.unknown)
    wrong = run("import", "atlas", write(tmp_path / "x.jsonl", ["<html>"]), exit=Exit.usage)
    assert "no list of islands" in wrong.stderr


def test_a_patient_is_not_asked_about(run: Run, upstream: Upstream) -> None:
    run("enable", "atlas", "--base", upstream.base)
    assert "was not sent" in run("atlas", "search", "010-1234-5678", exit=Exit.usage).stderr
    assert "보내지 않았습니다" in run("atlas", "search", "010-1234-5678", exit=Exit.usage, locale="ko_KR.UTF-8").stderr
    assert upstream.requests == []


def test_a_key_is_taken_from_a_file(run: Run, upstream: Upstream, tmp_path: Path, home: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    state = data(run("enable", "atlas", "--base", upstream.base, "--key-file", tmp_path / "key", "--json"))
    assert state["keyed"] is True
    run("atlas", "search", "jeju")
    assert upstream.requests[0].one("key") == "s3cret"
    assert "s3cret" not in (home / "config.toml").read_text("utf-8")
    audit = b"".join(Bogam(home).audit.export()).decode()
    assert "s3cret" not in audit
    assert "atlas enable" in audit


# --- REST


@pytest.fixture
def door(home: Path) -> TestClient:
    bogam = Bogam(home)
    lee = Actor("lee", "Lee", Role.physician)
    token = bogam.users.tokens.create(lee, name="t", purpose=Purpose.treatment)
    return TestClient(create(bogam), base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {token}"})


def test_rest_never_says_success_for_what_failed(door: TestClient, run: Run, upstream: Upstream) -> None:
    assert door.get("/api/sources/atlas/search", params={"text": "jeju"}).status_code == 409
    run("enable", "atlas", "--base", upstream.base)
    ask = lambda **params: door.get("/api/sources/atlas/search", params=params)  # noqa: E731
    assert (ask(text="jeju").status_code, ask(text="jeju").json()["status"]) == (200, "found")
    assert (ask(text="atlantis").status_code, ask(text="atlantis").json()["status"]) == (200, "none")
    assert ask(limit=2).json()["next"] == "2"
    unknown = door.get("/api/sources/atlas/items/dokdo")
    assert (unknown.status_code, unknown.json()["status"]) == (404, "unknown_id")
    tool = door.get("/api/sources/atlas/items/jeju", params={"arguments": "{}"})
    assert (tool.status_code, "POST" in tool.text) == (400, True)
    assert door.get("/api/sources/atlas/items/jeju").json()["items"][0]["fields"]["area"] == 1849
    assert door.get("/api/sources/nowhere/search").status_code == 404
    assert door.get("/api/sources/nowhere").status_code == 404
    assert ask(colour="red").status_code == 422
    assert ask(limit=1000).status_code == 422
    refused = ask(text="900101-1234567")
    assert (refused.status_code, "was not sent" in refused.json()["detail"]) == (400, True)
    upstream.break_at(0, "reset")
    failed = ask(text="geoje")
    assert (failed.status_code, failed.json()["status"], failed.json()["items"]) == (502, "upstream_error", [])
    assert door.get("/api/sources/atlas/search", headers={"Authorization": ""}).status_code == 401


def test_the_log_keeps_no_words_of_a_question(home: Path, door: TestClient, run: Run, upstream: Upstream) -> None:
    run("enable", "atlas", "--base", upstream.base)
    for text in ("jeju of Kim", "jeju of Kim", "900101-1234567"):
        door.get("/api/sources/atlas/search", params={"text": text})
    door.post("/api/ask", json={"question": "when may warfarin be stopped"})
    bogam = Bogam(home)
    log = b"".join(bogam.audit.export()).decode()
    assert not [each for each in ("jeju", "900101", "warfarin") if each in log]
    ask, refused, second, first = bogam.audit.entries(action="look-up", limit=4)
    assert (ask.target, refused.target, refused.outcome) == ("ask", "atlas search", "refuse")
    assert "identifies-patient" in refused.detail
    assert len(bogam.audit.entries(action="look-up", outcome="refuse")) == 1
    assert (first.outcome, first.detail) == ("allow", second.detail)
    asked = first.json()["detail"]["asked"]
    assert (asked["fields"], asked["length"], len(asked["digest"])) == (["text"], 11, 32)
    assert asked["digest"] != refused.json()["detail"]["asked"]["digest"]


def test_errors_of_the_framework_are_problems_too(door: TestClient) -> None:
    for code, got in (
        (401, door.get("/api/patients", headers={"Authorization": ""})),
        (404, door.get("/api/nowhere")),
        (405, door.delete("/api/patients")),
        (422, door.get("/api/sources/atlas/search", params={"limit": "many"})),
    ):
        body = got.json()
        assert (got.status_code, body["status"], body["type"]) == (code, code, "about:blank")
        assert got.headers["content-type"] == "application/problem+json"
        assert body["title"]
        assert body["detail"]


def test_rest_describes_each_source(door: TestClient) -> None:
    listed = {each["name"]: each for each in door.get("/api/sources").json()}
    assert (listed["atlas"]["state"], listed["icd-10-cm"]["state"]) == (["off"], ["built in"])
    assert listed["atlas"]["holds_ko"]
    shape = door.get("/api/sources/atlas").json()
    assert "sea" in shape["search"]["properties"]
    assert "id" in shape["get"]["properties"]
    paths = door.get("/api/openapi.json").json()["paths"]
    named = {each["name"] for each in paths["/api/sources/atlas/search"]["get"]["parameters"]}
    assert {"text", "sea", "larger", "also", "inhabited", "limit", "next", "way"} <= named
    assert "502" in paths["/api/sources/icd-10-cm/items/{id}"]["get"]["responses"]


def test_what_a_built_in_source_answers_has_no_age(door: TestClient) -> None:
    found = door.get("/api/sources/icd-10-cm/items/I10").json()
    assert (found["status"], found["backend"], found["items"][0]["citation"]["source"]) == (
        "found",
        "built-in",
        "icd-10-cm:I10",
    )
