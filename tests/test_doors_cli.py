"""The command line: every command, what it prints for machines, and what its exit codes say."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bogam import __version__
from bogam.access.identity import Role
from bogam.doors.cli.app import app
from bogam.doors.cli.exits import EPILOG, Exit
from bogam.doors.cli.printing import plain

DOCS = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
PASSWORD = "correct horse"
Bogam = Callable[..., Result]


def entry(resource: dict[str, Any]) -> dict[str, Any]:
    return {"resource": resource}


def coded(system: str, code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


SUBJECT = {"reference": "Patient/p1"}
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"text": "김서연", "family": "김", "given": ["서연"]}],
    "gender": "female",
    "birthDate": "1959-03-02",
    "identifier": [{"type": coded("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "MR"), "value": "10023417"}],
}
CONDITION = {
    "resourceType": "Condition",
    "id": "c1",
    "subject": SUBJECT,
    "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "active"),
    "code": coded("http://snomed.info/sct", "44054006", "Type 2 diabetes mellitus"),
    "onsetDateTime": "2019-05-01",
}
LACTATE = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "category": [coded("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "laboratory")],
    "code": coded("http://loinc.org", "2524-7", "Lactate"),
    "subject": SUBJECT,
    "effectiveDateTime": "2026-11-20T06:10:00+09:00",
    "valueQuantity": {"value": 4.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    "referenceRange": [{"low": {"value": 0.5, "unit": "mmol/L"}, "high": {"value": 1.6, "unit": "mmol/L"}}],
}
BROKEN = {"resourceType": "Observation", "id": "o2", "status": "final", "subject": SUBJECT, "effectiveDateTime": "soon"}
CONSENT = {
    "resourceType": "Consent",
    "id": "k1",
    "status": "active",
    "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy"),
    "category": [coded("http://loinc.org", "59284-0", "Consent Document")],
    "patient": SUBJECT,
    "policyRule": coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTOUT", "opt-out"),
    "provision": {
        "type": "deny",
        "purpose": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}],
    },
}
OTHER = {"resourceType": "Patient", "id": "p2", "name": [{"text": "Dana Smith"}], "gender": "male"}


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [entry(each) for each in resources]})


GOOD = bundle(PATIENT, CONDITION, LACTATE, OTHER)


def runner(home: Path) -> Bogam:
    """Give a function that runs a command in ``home``, as ``user`` where one is named."""
    shell = CliRunner()

    def run(*args: object, user: str = "", input: str | bytes | None = None, exit: Exit = Exit.ok) -> Result:
        variables = {"BOGAM_HOME": str(home), "BOGAM_USER": user, "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
        result = shell.invoke(app, [str(arg) for arg in args], input=input, env=variables)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exit, (args, result.exit_code, result.stdout, result.stderr)
        return result

    return run


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one person of every role and two patients; tests only read it."""
    home = tmp_path_factory.mktemp("filled") / "ward"
    run = runner(home)
    run("init", "--password-stdin", input=PASSWORD)
    for role in Role:
        own = ("--patient", "p1") if role is Role.patient else ()
        run("user", "add", role.value, "--role", role.value, *own, "--password-stdin", input=PASSWORD)
    run("load", "-", input=GOOD)
    return home


@pytest.fixture
def read(filled: Path) -> Bogam:
    return runner(filled)


@pytest.fixture
def bogam(tmp_path: Path) -> Bogam:
    """A home of the test's own."""
    run = runner(tmp_path / "ward")
    run("init", "--password-stdin", input=PASSWORD)
    for name, role in (("lee", "physician"), ("park", "nurse"), ("watch", "auditor")):
        run("user", "add", name, "--role", role, "--name", name.title(), "--password-stdin", input=PASSWORD)
    run("load", "-", input=GOOD)
    return run


def data(result: Result) -> Any:
    return json.loads(result.stdout)


# --- help


def commands() -> list[tuple[str, ...]]:
    names: list[tuple[str, ...]] = []
    for line in _listed(()):
        groups = {each.name for each in app.registered_groups}
        group = _listed((line,)) if line in groups else []
        names += [(line, each) for each in group] or [(line,)]
    return names


def _listed(path: Sequence[str]) -> list[str]:
    text = CliRunner().invoke(app, [*path, "--help"]).stdout
    return re.findall(r"^  ([a-z-]+) +\S", text.split("Commands:")[1].split("Exit codes:")[0], re.MULTILINE)


def test_every_command_of_the_house_is_there() -> None:
    names = {path[0] for path in commands()}
    wanted = "init load patients show skills run drafts edit undo sign reject export quarantine user audit deidentify"
    wanted += " serve mcp measure train demo version terms map code transcript visit-note source ask consider library"
    assert names == set(wanted.split())


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_explains_itself_and_its_exit_codes(path: tuple[str, ...]) -> None:
    text = " ".join(CliRunner().invoke(app, [*path, "--help"]).stdout.split())
    assert EPILOG in text
    assert path == ("demo",) or "--json" in text


def test_the_page_names_every_command_and_exit_code() -> None:
    page = DOCS.read_text("utf-8")
    for path in commands():
        assert f"`{path[0]}" in page
        assert path[-1] in page
    assert re.findall(r"^\| (\d) \|", page, re.MULTILINE) == [str(code.value) for code in Exit]


def test_help_is_instant() -> None:
    for path in ((), ("load",)):
        best = min(_seconds(*path, "--help") for _ in range(3))
        assert best < 1.5, f"{best:.2f} s (under 0.4 s on an idle machine)"


def test_help_imports_nothing_heavy() -> None:
    script = "import sys; import bogam.doors.cli.app; print(*sorted(sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"sqlalchemy", "fastapi", "numpy", "pydantic", "rich", "bogam.app", "argon2", "orjson"}


def _seconds(*args: str) -> float:
    start = time.perf_counter()
    _shell(*args, check=True)
    return time.perf_counter() - start


def _shell(*args: str, **more: Any) -> subprocess.CompletedProcess[str]:
    code = "from bogam.doors.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, **more)


def test_completion_is_offered() -> None:
    result = CliRunner().invoke(app, [], env={"_BOGAM_COMPLETE": "complete_bash", "COMP_WORDS": "bogam qu", "COMP_CWORD": "1"}, prog_name="bogam")  # fmt: skip  # noqa: E501
    assert "quarantine" in result.stdout


def test_version(read: Bogam) -> None:
    assert read("--version").stdout.strip() == __version__
    assert data(read("version", "--json")) == {"version": __version__}


# --- setting up


def test_init_makes_up_a_password_where_nobody_can_type_one(tmp_path: Path) -> None:
    run = runner(tmp_path / "ward")
    made = data(run("init", "--admin", "root", "--json"))
    assert made["administrator"] == "root"
    assert len(made["password"]) >= 16
    again = data(run("init", "--json"))
    assert (again["made"], again["password"]) == (False, None)
    assert "Nothing was changed" in run("init").stdout


def test_without_a_home_nothing_is_made(tmp_path: Path) -> None:
    result = runner(tmp_path / "none")("patients", user="lee", exit=Exit.usage)
    assert "bogam init" in result.stderr
    assert not (tmp_path / "none").exists()


def test_users(bogam: Bogam) -> None:
    listed = {each["actor"]["id"]: each for each in data(bogam("user", "list", "--json"))["users"]}
    assert set(listed) == {"admin", "lee", "park", "watch"}
    assert listed["lee"]["actor"]["role"] == "physician"
    assert "password" not in listed["lee"]
    bogam("user", "disable", "lee")
    assert "disabled" in bogam("patients", user="lee", exit=Exit.unknown).stderr
    bogam("user", "enable", "lee")
    bogam("patients", user="lee")
    assert "at least 10" in bogam("user", "password", "lee", "--password-stdin", input="short", exit=Exit.usage).stderr
    bogam("user", "password", "lee", "--password-stdin", input="another horse")
    bogam("user", "password", "nobody", "--password-stdin", input=PASSWORD, exit=Exit.unknown)
    assert "--password-stdin" in bogam("user", "add", "x", "--role", "nurse", exit=Exit.usage).stderr
    assert "exists" in bogam("user", "add", "lee", "--role", "nurse", "--password-stdin", input=PASSWORD, exit=Exit.usage).stderr  # fmt: skip  # noqa: E501


def test_users_are_managed_by_administrators(bogam: Bogam) -> None:
    assert "administrator" not in bogam("user", "list", user="admin").stderr
    bogam("user", "list", user="lee", exit=Exit.refused)


def test_tokens(bogam: Bogam) -> None:
    secret = data(bogam("user", "token", "lee", "--name", "lab", "--days", "7", "--json"))["token"]
    assert secret.startswith("bogam_")
    listed = bogam("user", "token", "lee", "--json").stdout
    assert '"lab"' in listed
    assert secret not in listed
    bogam("user", "token", "lee", "--name", "lab", exit=Exit.usage)
    bogam("user", "token", "lee", "--revoke", "lab")
    bogam("user", "token", "lee", "--revoke", "lab", exit=Exit.unknown)
    bogam("user", "token", "nobody", exit=Exit.unknown)


# --- loading


def test_load_counts_and_loading_again_changes_nothing(bogam: Bogam, tmp_path: Path) -> None:
    source = tmp_path / "bundle.json"
    source.write_text(GOOD, "utf-8")
    again = data(bogam("load", source, "--json"))
    assert (again["read"], again["new"], again["same"]) == (4, 0, 4)
    assert "8 the same" in bogam("load", source, source).stdout
    bogam("load", tmp_path / "missing.json", exit=Exit.usage)


def test_what_fails_is_quarantined_and_can_be_mended(bogam: Bogam, tmp_path: Path) -> None:
    report = data(bogam("load", "-", "--name", "lab", "--json", input=bundle(LACTATE, BROKEN), exit=Exit.quarantined))
    assert (report["read"], report["quarantined"]) == (2, 1)
    (kept,) = data(bogam("quarantine", "list", "--json"))["quarantined"]
    assert kept["origin"] == "lab"
    assert kept["reason"]
    assert str(kept["id"]) in bogam("quarantine", "list").stdout
    shown = data(bogam("quarantine", "show", kept["id"], "--json"))
    assert "soon" in shown["raw"]
    raw = bogam("quarantine", "show", kept["id"], "--raw").stdout
    assert json.loads(raw)["effectiveDateTime"] == "soon"
    bogam("quarantine", "retry", "--all", exit=Exit.quarantined)
    bogam("quarantine", "retry", 999, exit=Exit.unknown)
    bogam("quarantine", "retry", exit=Exit.usage)
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(BROKEN | {"effectiveDateTime": "2026-11-20", "code": LACTATE["code"]}), "utf-8")
    assert data(bogam("quarantine", "retry", kept["id"], "--with", mended, "--json"))["new"] == 1
    assert "empty" in bogam("quarantine", "list").stdout
    bogam("show", "Observation/o2", user="lee")
    bogam("quarantine", "list", user="lee", exit=Exit.refused)


# --- reading


def test_who_asks_must_be_said(read: Bogam) -> None:
    assert "physician (physician)" in read("patients", exit=Exit.usage).stderr
    assert "nobody" in read("patients", user="nobody", exit=Exit.unknown).stderr


def test_patients(read: Bogam) -> None:
    page = data(read("patients", "--json", user="physician"))
    assert page["total"] == 2
    assert {row["card"]["id"] for row in page["patients"]} == {"p1", "p2"}
    assert "김서연" in read("patients", "서연", user="nurse").stdout
    assert "2 of 2" in read("patients", "--limit", 1, "--offset", 1, user="nurse").stdout
    assert data(read("patients", "--json", user="patient"))["total"] == 1


def test_a_patient_is_shown_with_values_units_and_flags(read: Bogam) -> None:
    text = read("show", "p1", user="physician").stdout
    line = next(line for line in text.splitlines() if "Lactate" in line)
    assert "4.1 mmol/L ▲" in line
    assert "0.5–1.6" in line
    assert "2026-11-20" in line
    assert "nothing recorded" in text
    assert "\x1b" not in text
    timeline = data(read("show", "p1", "--json", user="physician"))
    assert timeline["results"][0]["value"]["text"] == "4.1"
    assert data(read("show", "Condition/c1", user="physician"))["id"] == "c1"
    read("show", "Condition/none", user="physician", exit=Exit.unknown)
    assert "No patient and no draft" in read("show", "none", user="physician", exit=Exit.unknown).stderr


def test_korean_locale(filled: Path) -> None:
    variables = {"BOGAM_HOME": str(filled), "BOGAM_USER": "physician", "LC_ALL": "ko_KR.UTF-8"}
    assert "검사 결과" in CliRunner().invoke(app, ["show", "p1"], env=variables).stdout
    refused = CliRunner().invoke(app, ["show", "p1", "--purpose", "treatment"], env=variables | {"BOGAM_USER": "coder"})
    assert refused.exit_code == Exit.refused
    assert "목적" in refused.stderr


@pytest.mark.parametrize(
    ("role", "exit"),
    [
        *[(role, Exit.ok) for role in ("physician", "nurse", "coder", "reviewer", "patient")],
        *[(role, Exit.refused) for role in ("researcher", "auditor", "administrator")],
    ],
)
def test_each_role_reads_what_it_may(read: Bogam, role: str, exit: Exit) -> None:
    result = read("show", "p1", "--json", user=role, exit=exit)
    if exit:
        assert not result.stdout
        assert json.loads(result.stderr)["error"]["exit"] == exit
    if role == "patient":
        read("show", "p2", user=role, exit=Exit.refused)


def test_text_from_a_record_cannot_move_the_cursor() -> None:
    assert plain("a\x1b[31mb\x07\u202ec\r\nd\te") == "a\ufffd[31mb\ufffd\ufffdc\nd\te"


# --- drafts


def test_the_life_of_a_draft(bogam: Bogam, tmp_path: Path) -> None:
    filed = data(bogam("run", "record-summary", "p1", "--language", "ko", "--json", user="lee"))
    id = filed["draft"]["id"]
    assert (filed["state"], filed["draft"]["language"]) == ("waiting", "ko")
    assert data(bogam("drafts", "--json", user="lee"))["drafts"][0]["id"] == id
    text = bogam("show", id, "--sources", user="lee").stdout
    assert "✓" in text
    assert re.search(r"\[\d+\] Observation/o1 \(v1\)\n +/", text)

    index = next(n for n, claim in enumerate(filed["draft"]["claims"]) if "4.1" in claim["text"])
    wrong = bogam("edit", id, "--set", f"{index}=젖산 9.9 mmol/L.", user="park").stdout
    assert "✕ 젖산 9.9 mmol/L." in wrong
    assert "9.9 mmol/L" not in bogam("undo", id, user="park").stdout
    bogam("edit", id, "--set", "x=y", user="park", exit=Exit.usage)
    bogam("edit", id, "--set", "999=y", user="park", exit=Exit.usage)
    bogam("edit", id, user="park", exit=Exit.usage)
    bogam("undo", id, user="park", exit=Exit.failure)

    for format, start in (("text", b""), ("markdown", b"#"), ("html", b"<!"), ("pdf", b"%PDF"), ("fhir", b"{")):
        output = tmp_path / f"out.{format}"
        said = data(bogam("export", id, "--format", format, "-o", output, "--json", user="lee"))
        content = output.read_bytes()
        assert content.lstrip().startswith(start)
        assert said["bytes"] == len(content)
    assert "p1" in bogam("export", id, "--format", "fhir", user="lee").stdout

    assert "physician" in bogam("sign", id, user="park", exit=Exit.refused).stderr
    bogam("sign", id, "--revision", 7, user="lee", exit=Exit.failure)
    signed = data(bogam("sign", id, "--json", user="lee"))
    assert signed["signature"]["actor"] == "lee"
    assert data(bogam("show", signed["composition"], user="lee"))["resourceType"] == "Composition"
    bogam("sign", id, user="lee", exit=Exit.failure)
    assert data(bogam("drafts", "--state", "signed", "--json", user="lee"))["drafts"][0]["id"] == id
    bogam("sign", "none", user="lee", exit=Exit.unknown)


def test_a_draft_is_rejected_with_a_reason(bogam: Bogam) -> None:
    id = data(bogam("run", "record-summary", "p1", "--json", user="lee"))["draft"]["id"]
    bogam("reject", id, user="lee", exit=Exit.usage)
    bogam("reject", id, "--reason", " ", user="lee", exit=Exit.usage)
    rejected = data(bogam("reject", id, "--reason", "wrong patient", "--json", user="lee"))
    assert rejected["signature"]["reason"] == "wrong patient"
    assert "wrong patient" in bogam("show", id, user="lee").stdout


def test_a_wrong_request_says_what_is_right(read: Bogam) -> None:
    assert "record-summary" in read("run", "poetry", "p1", user="physician", exit=Exit.unknown).stderr
    read("run", "record-summary", "none", user="physician", exit=Exit.unknown)
    assert (
        "language" in read("run", "record-summary", "p1", "--language", "fr", user="physician", exit=Exit.usage).stderr
    )
    assert "NAME=VALUE" in read("run", "record-summary", "p1", "-o", "length", user="physician", exit=Exit.usage).stderr


# --- audit


def test_the_audit_log_is_read_by_auditors_and_verified_by_anyone_who_sets_up(bogam: Bogam, tmp_path: Path) -> None:
    bogam("show", "p1", user="lee")
    bogam("show", "p1", "--purpose", "payment", user="lee", exit=Exit.refused)
    bogam("audit", "list", exit=Exit.refused)
    bogam("audit", "list", user="lee", exit=Exit.refused)
    found = data(bogam("audit", "list", "--patient", "p1", "--actor", "lee", "--json", user="watch"))
    assert [each["outcome"] for each in found["entries"]][:2] == ["refuse", "allow"]
    assert found["entries"][0]["purpose"] == "payment"
    assert "purpose-not-for-role" in found["entries"][0]["detail"]["code"]
    assert "lee" in bogam("audit", "list", "--outcome", "refuse", user="watch").stdout
    lines = bogam("audit", "export", user="watch").stdout.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))
    bogam("audit", "export", "-o", tmp_path / "log.ndjson", user="watch")
    assert (tmp_path / "log.ndjson").read_text("utf-8").startswith('{"action"')

    whole = data(bogam("audit", "verify", "--json"))
    assert whole["ok"]
    bogam("audit", "verify", "--head", whole["head"])
    bogam("audit", "verify", "--head", "nonsense", exit=Exit.usage)
    home = tmp_path / "ward"
    copy = ("--copy", home / "records.sqlite", "--key", home / "audit.key", "--head-file", home / "audit.head")
    assert data(bogam("audit", "verify", *copy, "--json"))["ok"]
    bogam("audit", "verify", "--copy", home / "records.sqlite", exit=Exit.usage)

    db = sqlite3.connect(home / "records.sqlite")
    db.executescript("DROP TRIGGER audit_no_update; UPDATE audit SET patient = 'p2' WHERE seq = 3;")
    db.close()
    broken = data(bogam("audit", "verify", "--json", exit=Exit.unverified))
    assert (broken["ok"], broken["first_bad"]) == (False, 3)
    assert "entry 3" in bogam("audit", "verify", exit=Exit.unverified).stdout


def test_an_emergency_opens_what_consent_denies_and_its_reason_is_logged(
    bogam: Bogam, monkeypatch: pytest.MonkeyPatch
) -> None:
    bogam("load", "-", input=bundle(CONSENT))
    assert "Consent/k1" in bogam("show", "p1", user="lee", exit=Exit.refused).stderr
    assert "reason" in bogam("show", "p1", "--purpose", "emergency", user="lee", exit=Exit.usage).stderr
    monkeypatch.setenv("BOGAM_EMERGENCY_REASON", "unconscious on arrival")
    assert "Lactate" in bogam("show", "p1", "--purpose", "emergency", user="lee").stdout
    entries = data(bogam("audit", "list", "--actor", "lee", "--json", user="watch"))["entries"]
    assert entries[0]["detail"]["obligations"] == ["log-emergency-reason"]
    assert entries[1]["detail"]["reason"] == "unconscious on arrival"


# --- measuring


def test_measurements_are_listed_and_unknown_ones_named(read: Bogam) -> None:
    assert "record" in read("measure").stdout.split()
    assert "record" in read("measure", "beauty", exit=Exit.unknown).stderr
    read("measure", "record", "--data", "/nowhere", exit=Exit.usage)


# --- as a real process


def test_pipes_exit_codes_and_standard_output_of_a_real_process(tmp_path: Path) -> None:
    env = os.environ | {"BOGAM_HOME": str(tmp_path / "ward"), "BOGAM_USER": ""}
    loaded = _shell("load", "-", "--json", input=bundle(PATIENT, BROKEN), env=env)
    assert (loaded.returncode, json.loads(loaded.stdout)["quarantined"]) == (Exit.quarantined, 1)
    assert "\x1b" not in loaded.stdout + loaded.stderr
    refused = _shell("quarantine", "list", "--as", "nobody", "--json", env=env)
    assert (refused.returncode, refused.stdout) == (Exit.unknown, "")
    assert json.loads(refused.stderr)["error"]["code"] == "unknown"
    not_a_database = tmp_path / "odd"
    not_a_database.mkdir()
    (not_a_database / "records.sqlite").write_text("this is no database, but long enough to be looked at as one" * 99)
    broken = _shell("audit", "verify", "--home", str(not_a_database), env=env)
    assert broken.returncode == Exit.failure
    assert "Traceback" not in broken.stderr


def test_serve_answers_and_a_taken_port_is_told_in_one_sentence(filled: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = _shell("serve", "--home", str(filled), "--port", str(port))
    assert refused.returncode == Exit.failure
    assert re.fullmatch(rf"bogam: .*{port}.*--port.*\n", refused.stderr)

    code = "from bogam.doors.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--home", str(filled), "--port", str(port), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            assert _status(url, server) in (200, 401)
        finally:
            server.send_signal(2)
        assert server.wait(15) in (0, 1, 130, -2)


def _status(url: str, server: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise
            time.sleep(0.1)
