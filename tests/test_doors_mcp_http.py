"""/mcp on the server: who gets in, with which tokens and scopes, by which names, in both revisions of the protocol."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import httpx2
import jwt
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi.testclient import TestClient
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from typer.testing import CliRunner

from bogam import Bogam
from bogam.access.identity import Purpose, Role
from bogam.access.sessions import TokenError
from bogam.doors.cli.app import app
from bogam.doors.mcp import issuer
from bogam.doors.mcp import own as own_tokens
from bogam.doors.mcp.http import COMPACT, PATH
from bogam.doors.web.app import create
from bogam.synthetic import ward
from bogam.synthetic.upstream.server import Asked, Reply, Upstream

ISSUER = "https://login.hospital.example/realms/care"
AUDIENCE = "https://bogam.hospital.example/mcp"
OLDER, NEWER = "2025-11-25", "2026-07-28"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = ec.generate_private_key(ec.SECP256R1())


def key_set() -> dict[str, Any]:
    return {
        "keys": [jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one", "alg": "RS256"}]
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp-http")
    (folder / "jwks.json").write_text(json.dumps(key_set()))
    table = f'[mcp]\nissuer = "{ISSUER}"\naudience = "{AUDIENCE}"\njwks_file = "{folder / "jwks.json"}"\n'
    (folder / "config.toml").write_text(table)
    return folder


@pytest.fixture(scope="module")
def bogam(home: Path) -> Bogam:
    opened = Bogam(home)
    for bundle in ward(patients=3).bundles:
        opened.load(bundle)
    opened.users.add("lee", "Lee", Role.physician, "a long passphrase", practitioner="pr-lee")
    opened.users.add("audit", "Audit", Role.auditor, "a long passphrase")
    opened.users.add("gone", "Gone", Role.physician, "a long passphrase")
    opened.users.disable("gone")
    return opened


@pytest.fixture(scope="module")
def client(bogam: Bogam) -> Iterator[TestClient]:
    with TestClient(create(bogam), base_url="http://127.0.0.1:8337") as opened:
        yield opened


def token(scope: Any = "user/*.rs bogam/sources.r bogam/skills.run", **claims: Any) -> str:
    now = int(time.time())
    told = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "lee",
        "iat": now,
        "exp": now + 300,
        "scope": scope,
        "client_id": "c",
    }
    return jwt.encode(told | claims, KEY, "RS256", {"kid": "one"})


def own(bogam: Bogam, user: str, purpose: Purpose) -> str:
    account = bogam.users.get(user)
    assert account is not None
    return bogam.users.tokens.create(account.actor, name=f"t{time.time_ns()}", purpose=purpose)


def message(method: str, **params: Any) -> dict[str, Any]:
    meta = {
        "io.modelcontextprotocol/protocolVersion": NEWER,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | {"_meta": meta}}


def post(client: TestClient, bearer: str, method: str, path: str = PATH, **params: Any) -> httpx2.Response:
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": NEWER, "Mcp-Method": method}
    if "name" in params or "uri" in params:
        headers["Mcp-Name"] = params.get("name", params.get("uri"))
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    return client.post(path, headers=headers, json=message(method, **params))


def called(client: TestClient, bearer: str, tool: str, **arguments: Any) -> httpx2.Response:
    return post(client, bearer, "tools/call", name=tool, arguments=arguments)


def passed_on(client: TestClient, bearer: str, tool: str) -> httpx2.Response:
    return post(client, bearer, "tools/call", COMPACT, name="call", arguments={"name": tool})


# --- who gets in


def test_without_a_token_the_way_to_one_is_told(client: TestClient) -> None:
    answer = post(client, "", "tools/list")
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    about = "/.well-known/oauth-protected-resource/mcp"
    assert f'resource_metadata="https://bogam.hospital.example{about}"' in challenge
    told = client.get(about).json()
    assert told["resource"] == AUDIENCE
    assert told["authorization_servers"] == [ISSUER]
    assert "user/*.rs" in told["scopes_supported"]
    assert told["bearer_methods_supported"] == ["header"]
    assert client.get("/.well-known/oauth-protected-resource").json() == told


def test_a_token_of_the_issuer_calls_as_its_user(client: TestClient, bogam: Bogam) -> None:
    answer = called(client, token(), "find_patients", limit=1)
    assert answer.status_code == 200
    assert answer.json()["result"]["structuredContent"]["total"] == 3
    entry = bogam.audit.entries(limit=1)[0]
    assert (entry.actor, entry.purpose) == ("lee", "treatment")


def test_fhir_user_names_the_account(client: TestClient) -> None:
    named = token(sub="8f2c", fhirUser="https://fhir.hospital.example/Practitioner/pr-lee")
    assert called(client, named, "find_patients").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "lee", "fhirUser": "https://fhir.hospital.example/Practitioner/nobody"},
        {"sub": "lee", "fhirUser": "https://fhir.hospital.example/RelatedPerson/pr-lee"},
        {"sub": "lee", "fhirUser": {"a": 1}},
        {"sub": "8f2c", "preferred_username": "lee"},
        {"sub": "8f2c", "fhirUser": "", "preferred_username": "lee"},
    ],
)
def test_no_other_claim_stands_in_for_the_one_that_names_the_account(
    client: TestClient, claims: dict[str, Any]
) -> None:
    answer = called(client, token(**claims), "find_patients")
    assert answer.status_code == 403
    assert answer.json()["error"] == "access_denied"


def test_the_claim_and_the_base_are_those_that_are_configured(bogam: Bogam, home: Path) -> None:
    base = "https://fhir.hospital.example/r4"
    setting = issuer.Setting(
        ISSUER, AUDIENCE, jwks_file=str(home / "jwks.json"), user_claim="preferred_username", fhir_base=base
    )
    checks = issuer.Issuer(setting, bogam.users)
    assert checks.verify(token(sub="8f2c", preferred_username="lee")).actor.id == "lee"
    for named in (f"{base}/Practitioner/pr-lee", "Practitioner/pr-lee"):
        assert checks.verify(token(sub="8f2c", fhirUser=named)).actor.id == "lee"
    for wrong in (
        {"sub": "lee"},
        {"preferred_username": ["lee"]},
        {"fhirUser": "https://evil.example/r4/Practitioner/pr-lee"},
        {"fhirUser": f"{base}.evil.example/Practitioner/pr-lee"},
    ):
        with pytest.raises(issuer.NoAccount):
            checks.verify(token(**wrong))


@pytest.mark.parametrize("scope", [5, None, {"a": 1}, ["user/*.rs", 5]])
def test_a_scope_that_is_no_text_makes_a_token_invalid(client: TestClient, scope: Any) -> None:
    answer = called(client, token(scope), "find_patients")
    assert answer.status_code == 401
    assert "scope is not text" in answer.json()["error_description"]


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elsewhere.example/mcp"},
        {"aud": []},
        {"iss": "https://evil.example"},
        {"exp": NOW - 3600},
        {"nbf": NOW + 3600},
        {"exp": None},
        {"sub": None},
    ],
    ids=["audience", "no-audience", "issuer", "expired", "not-yet", "no-expiry", "no-subject"],
)
def test_a_token_for_others_or_another_time_is_invalid(client: TestClient, claims: dict[str, Any]) -> None:
    now = int(time.time())
    told = {"iss": ISSUER, "aud": AUDIENCE, "sub": "lee", "exp": now + 300, "scope": "user/*.rs"} | claims
    made = jwt.encode({key: value for key, value in told.items() if value is not None}, KEY, "RS256", {"kid": "one"})
    answer = called(client, made, "find_patients")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def forged() -> dict[str, str]:
    now = int(time.time())
    told = {"iss": ISSUER, "aud": AUDIENCE, "sub": "lee", "exp": now + 300, "scope": "user/*.rs"}
    head, body, sign = token().split(".")
    public = json.dumps(key_set()["keys"][0])
    return {
        "unsigned": jwt.encode(told, None, "none", {"kid": "one"}),
        "shared-secret": jwt.encode(told, public + "x" * 32, "HS256", {"kid": "one"}),
        "another-key": jwt.encode(told, OTHER, "ES256", {"kid": "one"}),
        "unknown-key": jwt.encode(told, KEY, "RS256", {"kid": "two"}),
        "cut": f"{head}.{body}.{sign[:-8]}",
        "no-parts": "..",
        "noise": "a.b.c",
        "unicode": "é.ü.ß",
    }


@pytest.mark.parametrize("kind", list(forged()))
def test_a_forged_token_is_invalid(client: TestClient, kind: str) -> None:
    headers = {"Authorization": b"Bearer " + forged()[kind].encode()}
    answer = client.post(PATH, headers=headers, json=message("tools/list"))
    assert answer.status_code == 401


@pytest.mark.parametrize("user", ["nobody", "gone", "admin'--"])
def test_a_valid_token_without_an_open_account_is_denied(client: TestClient, user: str) -> None:
    answer = called(client, token(sub=user), "find_patients")
    assert answer.status_code == 403
    assert answer.json()["error"] == "access_denied"


def test_a_token_of_bogams_own_is_taken_as_for_rest(client: TestClient, bogam: Bogam) -> None:
    assert called(client, own(bogam, "lee", Purpose.treatment), "find_patients").status_code == 200
    refused = called(client, own(bogam, "audit", Purpose.oversight), "find_patients").json()["result"]
    assert refused["isError"]
    assert "action-not-for-purpose" in refused["content"][0]["text"]
    assert called(client, "bogam_nonsense", "find_patients").status_code == 401


def test_an_emergency_needs_a_reason(client: TestClient, bogam: Bogam) -> None:
    urgent = own(bogam, "lee", Purpose.emergency)
    assert called(client, urgent, "find_patients").status_code == 403
    headers = {"Authorization": f"Bearer {urgent}", "X-Emergency-Reason": "cardiac arrest", "Mcp-Method": "tools/list"}
    headers |= {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": NEWER}
    assert client.post(PATH, headers=headers, json=message("tools/list")).status_code == 200


# --- tokens that this home makes


def test_a_token_of_this_home_does_what_its_scopes_name(client: TestClient, bogam: Bogam) -> None:
    lee = bogam.users.get("lee")
    assert lee is not None
    made = own_tokens.make(bogam.home, lee.actor, Purpose.treatment, ["user/Patient.rs"])
    assert called(client, made, "find_patients").status_code == 200
    assert called(client, made, "search_resources", type="Condition").status_code == 403
    one = own_tokens.make(bogam.home, lee.actor, Purpose.treatment, ["patient/*.rs"], patient="p02")
    found = called(client, one, "search_resources", type="Patient", select=["id"]).json()["result"]["structuredContent"]
    assert [each["ref"] for each in found["resources"]] == ["Patient/p02"]


def test_a_token_of_this_home_expires_and_closes_with_the_account(client: TestClient, bogam: Bogam) -> None:
    lee, gone = bogam.users.get("lee"), bogam.users.get("gone")
    assert lee is not None
    assert gone is not None
    old = own_tokens.make(bogam.home, lee.actor, Purpose.treatment, ["user/*.rs"], clock=lambda: time.time() - 9 * 3600)
    assert called(client, old, "find_patients").status_code == 401
    closed = own_tokens.make(bogam.home, gone.actor, Purpose.treatment, ["user/*.rs"])
    assert called(client, closed, "find_patients").status_code == 403
    claims = {"iss": "bogam", "aud": "bogam-mcp", "sub": "lee", "exp": int(time.time()) + 60, "scope": "user/*.rs"}
    for forged in (
        jwt.encode(claims, KEY, "RS256"),
        jwt.encode(claims, "x" * 32, "HS256"),
        jwt.encode(claims, None, "none"),
    ):
        assert called(client, forged, "find_patients").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "more", "why"),
    [
        ([], {}, "No scope"),
        (["admin"], {}, "No scope"),
        (["user/*.rs", "user/Observation.rs?x=y"], {}, "No scope"),
        (["user/*.rs"], {"hours": 169.0}, "at most 168"),
        (["user/*.rs"], {"hours": 0.0}, "at most 168"),
        (["patient/*.rs"], {}, "--patient"),
    ],
)
def test_a_token_that_cannot_be_made_says_why(bogam: Bogam, scopes: list[str], more: dict[str, Any], why: str) -> None:
    lee = bogam.users.get("lee")
    assert lee is not None
    with pytest.raises(TokenError, match=why):
        own_tokens.make(bogam.home, lee.actor, Purpose.treatment, scopes, **more)
    with pytest.raises(TokenError, match="Emergency"):
        own_tokens.make(bogam.home, lee.actor, Purpose.emergency, ["user/*.rs"])


def test_the_command_makes_a_token(client: TestClient, bogam: Bogam) -> None:
    asked = ["mcp", "token", "lee", "--scope", "user/Patient.rs bogam/sources.r", "--home", str(bogam.home), "--json"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert called(client, json.loads(done.stdout)["token"], "find_patients").status_code == 200
    wrong = CliRunner().invoke(app, ["mcp", "token", "lee", "--scope", "everything", "--home", str(bogam.home)])
    assert wrong.exit_code == 2
    assert "everything" in wrong.output


# --- scopes


@pytest.mark.parametrize(
    ("scope", "tool", "arguments", "needed"),
    [
        ("user/Condition.rs", "search_resources", {"type": "Observation"}, "user/Observation.s"),
        ("user/*.rs", "icd_10_cm_get", {"id": "I10"}, "bogam/sources.r"),
        ("user/*.r bogam/sources.r", "draft_record_summary", {"patient": "p01"}, "bogam/skills.run"),
        ("", "find_patients", {}, "user/Patient.s"),
        ("openid profile", "find_patients", {}, "user/Patient.s"),
    ],
)
def test_what_the_scopes_do_not_cover_is_403_with_what_would(
    client: TestClient, bogam: Bogam, scope: str, tool: str, arguments: dict[str, Any], needed: str
) -> None:
    answer = called(client, token(scope), tool, **arguments)
    assert answer.status_code == 403
    challenge = answer.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert f'scope="{needed}"' in challenge
    assert "resource_metadata=" in challenge
    entry = bogam.audit.entries(limit=1)[0]
    assert entry.outcome == "refuse"
    assert "insufficient-scope" in entry.detail


def test_scopes_hold_in_compact_mode_and_for_documents(client: TestClient) -> None:
    narrow = token("user/Condition.rs")
    assert passed_on(client, narrow, "find_patients").status_code == 403
    assert post(client, narrow, "resources/read", uri="bogam://drafts/x/text").status_code == 403
    assert passed_on(client, token(), "find_patients").status_code == 200


def test_a_token_about_one_patient_sees_that_patient(client: TestClient) -> None:
    one = token("patient/*.rs", patient="p01")
    found = called(client, one, "search_resources", type="Patient", select=["id"]).json()["result"]["structuredContent"]
    assert [each["ref"] for each in found["resources"]] == ["Patient/p01"]
    nobody = called(client, token("patient/*.rs"), "search_resources", type="Patient")
    assert nobody.status_code == 403
    everyone = called(client, one, "find_patients")
    assert everyone.status_code == 403
    assert 'scope="user/Patient.s"' in everyone.headers["www-authenticate"]


# --- by which names


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example:8337"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8337"}, 200),
        ({"Host": "localhost:9999"}, 200),
    ],
)
def test_only_the_names_it_was_started_for_are_answered(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    sent = {"Authorization": f"Bearer {token()}", "Accept": "application/json, text/event-stream"}
    sent |= {"MCP-Protocol-Version": NEWER, "Mcp-Method": "tools/list"} | headers
    assert client.post(PATH, headers=sent, json=message("tools/list")).status_code == status


# --- both revisions over HTTP


@pytest.mark.parametrize(("mode", "revision"), [("legacy", OLDER), ("auto", NEWER)])
def test_both_revisions_answer(bogam: Bogam, mode: str, revision: str) -> None:
    async def run() -> None:
        served = create(bogam)
        transport = httpx2.ASGITransport(served)
        headers = {"Authorization": f"Bearer {token()}"}
        async with (
            served.router.lifespan_context(served),
            httpx2.AsyncClient(transport=transport, headers=headers, base_url="http://127.0.0.1") as through,
            Client(streamable_http_client("http://127.0.0.1/mcp", http_client=through), mode=mode) as client,
        ):
            assert client.protocol_version == revision
            assert len((await client.list_tools()).tools) > 15
            found = await client.call_tool("find_patients", {})
            assert found.structured_content["total"] == 3

    anyio.run(run)


def test_a_session_is_open_to_its_own_credential_alone(client: TestClient, bogam: Bogam) -> None:
    begin = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": OLDER, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
    accept = {"Accept": "application/json, text/event-stream"}
    mine = accept | {"Authorization": f"Bearer {token()}"}
    opened = client.post(PATH, headers=mine, json=begin)
    assert opened.status_code == 200
    session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    other = accept | {"Authorization": f"Bearer {own(bogam, 'audit', Purpose.oversight)}"}
    assert client.post(PATH, headers=other | session, json=ping).status_code == 404
    narrower = accept | {"Authorization": f"Bearer {token('user/Condition.rs')}"}
    assert client.post(PATH, headers=narrower | session, json=ping).status_code == 404
    assert client.post(PATH, headers=mine | session, json=ping).status_code == 200
    assert client.post(PATH, headers=accept | session, json=ping).status_code == 401
    assert client.delete(PATH, headers=mine | session).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"method":"tools/call","params":[]}', b"\xff\xfe"])
def test_what_is_no_message_is_refused(client: TestClient, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {token('user/Condition.rs')}", "Content-Type": "application/json"}
    headers |= {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": NEWER}
    assert client.post(PATH, headers=headers, content=body).status_code == 400


def test_a_body_without_end_is_refused(client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {token()}", "Content-Type": "application/json"}
    assert client.post(PATH, headers=headers, content=b" " * (5 << 20)).status_code == 413


# --- the issuer's keys


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ('issuer = "https://a.example"', "audience"),
        ('audience = "https://a.example"', "issuer"),
        ('issuer = "https://a"\naudience = "https://b"', "jwks_file"),
        ('issuer = "https://a"\naudience = "https://b"\njwks_url = "http://a.example/keys"', "https"),
        ('issuer = "https://a"\naudience = "https://b"\njwks_url = "http://127.0.0.1.evil.example/k"', "https"),
        ('issuer = "https://a"\naudience = "https://b"\njwks_url = "http://localhost@evil.example/k"', "https"),
        ('issuer = "https://a"\naudience = "https://b"\njwks_url = "https://"', "https"),
        ('issuer = "https://a"\naudience = "https://b"\njwks_file = "x"\nuser_claim = ""', "user_claim"),
        ('issuer = "https://a"\naudience = "https://b"\njwks_file = "x"\njwks_url = "https://a"', "not both"),
        ('issuer = "https://a"\nscope = "x"', "mcp.scope"),
        ("issuer = 3", "mcp.issuer"),
    ],
)
def test_a_table_that_cannot_be_used_names_the_field(tmp_path: Path, table: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(f"[mcp]\n{table}\n")
    with pytest.raises(issuer.IssuerError, match=named):
        issuer.configured(tmp_path)


def test_keys_are_fetched_through_the_gate_read_again_when_new_and_stand_while_away(bogam: Bogam) -> None:
    published = key_set()
    clock = [1_000_000.0]

    def keys(_: Asked) -> Reply:
        return Reply(published)

    def made(key: Any, alg: str, kid: str) -> str:
        told = {"iss": ISSUER, "aud": AUDIENCE, "sub": "lee", "exp": int(time.time()) + 300}
        return jwt.encode(told, key, alg, {"kid": kid})

    with Upstream(keys) as upstream:
        setting = issuer.Setting(ISSUER, AUDIENCE, jwks_url=f"{upstream.base}/keys")
        checks = issuer.Issuer(setting, bogam.users, clock=lambda: clock[0])
        assert checks.verify(made(KEY, "RS256", "one")).actor.id == "lee"
        assert len(upstream.requests) == 1
        newer = jwt.algorithms.ECAlgorithm.to_jwk(OTHER.public_key(), as_dict=True) | {"kid": "two", "alg": "ES256"}
        published = {"keys": [*published["keys"], newer]}
        with pytest.raises(issuer.TokenInvalid):
            checks.verify(made(OTHER, "ES256", "two"))
        clock[0] += 61
        assert checks.verify(made(OTHER, "ES256", "two")).actor.id == "lee"
        for _ in range(5):
            with pytest.raises(issuer.TokenInvalid):
                checks.verify(made(KEY, "RS256", "three"))
        assert len(upstream.requests) == 2
    clock[0] += 7200
    assert checks.verify(made(KEY, "RS256", "one")).actor.id == "lee"
    clock[0] += 100_000
    with pytest.raises(issuer.KeysAway):
        checks.verify(made(KEY, "RS256", "one"))


def test_keys_stand_a_day_while_the_issuer_is_away_however_often_it_is_asked(bogam: Bogam, tmp_path: Path) -> None:
    keys, clock = tmp_path / "keys.json", [1_000_000.0]
    keys.write_text(json.dumps(key_set()))
    checks = issuer.Issuer(issuer.Setting(ISSUER, AUDIENCE, jwks_file=str(keys)), bogam.users, clock=lambda: clock[0])
    assert checks.verify(token()).actor.id == "lee"
    keys.unlink()
    for _ in range(12):
        clock[0] += 7200
        assert checks.verify(token()).actor.id == "lee"
    for _ in range(3):
        clock[0] += 30
        with pytest.raises(issuer.KeysAway):
            checks.verify(token())
    keys.write_text(json.dumps(key_set()))
    clock[0] += 61
    assert checks.verify(token()).actor.id == "lee"


def test_keys_that_cannot_be_had_are_503(tmp_path: Path) -> None:
    table = f'[mcp]\nissuer = "{ISSUER}"\naudience = "{AUDIENCE}"\njwks_file = "{tmp_path / "none.json"}"\n'
    (tmp_path / "config.toml").write_text(table)
    with TestClient(create(Bogam(tmp_path)), base_url="http://127.0.0.1") as client:
        assert called(client, token(), "find_patients").status_code == 503


def test_a_server_with_a_wrong_table_says_so_in_a_sentence(tmp_path: Path) -> None:
    Bogam(tmp_path)
    (tmp_path / "config.toml").write_text('[mcp]\nissuer = "https://a.example"\n')
    done = CliRunner().invoke(app, ["serve", "--home", str(tmp_path), "--port", "18337"])
    assert done.exit_code == 2
    assert "mcp.audience" in done.output


# --- the page


def blocks(language: str) -> list[str]:
    page = (Path(__file__).parents[1] / "docs" / "mcp.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_agent_of_the_page_runs(bogam: Bogam, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create(bogam), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        (code,) = blocks("python")
        made = own(bogam, "lee", Purpose.treatment)
        exec(code.replace("127.0.0.1:8337", f"127.0.0.1:{port}").replace('"bogam_..."', f'"{made}"'), {})  # noqa: S102
    finally:
        server.should_exit = True
        thread.join(20)
    assert "'total':" in capsys.readouterr().out


def test_the_settings_of_the_page_are_read(tmp_path: Path) -> None:
    (table,) = blocks("toml")
    (tmp_path / "config.toml").write_text(table)
    setting = issuer.configured(tmp_path)
    assert setting is not None
    assert setting.audience == "https://bogam.hospital.example/mcp"
    for block in blocks("json"):
        assert "bogam" in str(json.loads(block))
