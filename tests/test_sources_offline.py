"""Nothing goes out unless configured: every door is asked with the network watched, and enabling one opens one host."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from starlette.testclient import TestClient
from typer.testing import CliRunner

from atlas import Atlas, Server
from bogam import Bogam
from bogam.access.identity import Actor, Purpose, Role
from bogam.app import BadRequest
from bogam.doors.cli.app import app
from bogam.doors.mcp.asker import Asker
from bogam.doors.mcp.server import Door
from bogam.doors.web.app import create
from bogam.sources import catalogue, reference_desk
from bogam.sources.source import sources
from bogam.synthetic.upstream.server import Reply, Upstream

PASSWORD = "a long passphrase"
LEE = Actor("lee", "Lee", Role.physician)


class Watch:
    """Notes every attempt to resolve a name or to connect, and lets loopback alone through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tried: list[str] = []
        self.loopback: set[int] = set()
        resolve, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex
        sendto = socket.socket.sendto

        def resolving(host: Any, *args: Any, **named: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name not in ("127.0.0.1", "localhost", "::1", None):
                self.tried.append(str(name))
                raise OSError("the network is watched")
            return resolve(host, *args, **named)

        def guarded(original: Any) -> Any:
            def call(this: socket.socket, address: Any, *args: Any) -> Any:
                if isinstance(address, tuple):
                    if address[0] not in ("127.0.0.1", "::1", "localhost"):
                        self.tried.append(f"{address[0]}:{address[1]}")
                        raise OSError("the network is watched")
                    self.loopback.add(address[1])
                return original(this, address, *args)

            return call

        monkeypatch.setattr(socket, "getaddrinfo", resolving)
        monkeypatch.setattr(socket.socket, "connect", guarded(connect))
        monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        monkeypatch.setattr(socket.socket, "sendto", lambda this, data, *to: guarded(lambda s, a: sendto(s, data, *to))(this, to[-1]))  # fmt: skip  # noqa: E501


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    return Watch(monkeypatch)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("offline") / "ward"
    bogam = Bogam(place)
    bogam.users.add("lee", "Lee", Role.physician, PASSWORD)
    bogam.users.add("root", "Root", Role.administrator, PASSWORD)
    bogam.load(b'{"resourceType": "Patient", "id": "p1", "name": [{"text": "\xea\xb9\x80\xec\x84\x9c\xec\x97\xb0"}]}')
    return place


def questions() -> Iterator[tuple[str, str, str]]:
    for name, source in sorted(sources().items()):
        words, id = source.example
        yield name, words or "heparin", id or "1"


def test_the_watch_sees_what_is_tried(watch: Watch) -> None:
    with pytest.raises(OSError, match="watched"):
        socket.create_connection(("example.com", 443), timeout=1)
    with pytest.raises(OSError, match="watched"):
        socket.socket().connect(("192.0.2.1", 80))
    assert watch.tried == ["example.com", "192.0.2.1:80"]


def test_python_asks_every_source_and_nothing_goes_out(home: Path, watch: Watch) -> None:
    bogam = Bogam(home)
    asked = 0
    for name, words, id in questions():
        search, get = {"text": words}, {"id": id}
        for act, request, way in (("search", search, "auto"), ("search", search, "live"), ("get", get, "auto")):
            try:
                answer = bogam.look_up(name, act, request, actor=LEE, purpose="treatment", way=way)  # type: ignore[arg-type]
            except BadRequest:
                pass  # it is off, and says so
            else:
                assert answer.backend == "built-in", name
            asked += 1
    assert asked >= 3 * 14
    assert watch.tried == []
    assert watch.loopback == set()


def test_the_command_line_asks_every_source_and_nothing_goes_out(home: Path, watch: Watch) -> None:
    shell = CliRunner()
    variables = {"BOGAM_HOME": str(home), "BOGAM_USER": "lee"}
    for at, (name, words, id) in enumerate(questions()):  # opening the home takes a while: one question each
        args = (("search", words), ("get", id), ("search", "--way", "live", words))[at % 3]
        result = shell.invoke(app, ["source", name, *args], env=variables)
        assert result.exception is None or isinstance(result.exception, SystemExit), (name, args, result.exception)
    assert shell.invoke(app, ["source", "list"], env=variables).exit_code == 0
    assert watch.tried == []


def test_rest_and_fhir_ask_every_source_and_nothing_goes_out(home: Path, watch: Watch) -> None:
    bogam = Bogam(home)
    token = bogam.users.tokens.create(LEE, name="offline", purpose=Purpose.treatment)
    door = TestClient(create(bogam), base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    for name, words, id in questions():
        for path in (f"{name}/search?text={words}", f"{name}/items/{id}", f"{name}/search?text={words}&way=live", name):
            assert door.get(f"/api/sources/{path}").status_code in (200, 400, 404, 409, 422), path
    assert door.get("/api/sources").status_code == 200
    bogam.users.tokens.revoke("lee", "offline")
    assert watch.tried == []


def test_pages_ask_every_source_and_nothing_goes_out(home: Path, watch: Watch) -> None:
    door = TestClient(create(Bogam(home), hosts=("testserver",)), follow_redirects=True)
    token = re.search(r'name="csrf" value="([^"]+)"', door.get("/login").text)
    assert token is not None
    assert door.post("/login", data={"user": "lee", "password": PASSWORD, "csrf": token[1]}).status_code == 200
    for name, words, id in questions():
        for path in (f"{name}?go=1&text={words}", f"{name}?go=1&way=live&text={words}", f"{name}/items/{id}", name):
            assert door.get(f"/sources/{path}").status_code in (200, 404, 409, 422), path
    assert door.get("/sources").status_code == 200
    assert watch.tried == []


def test_mcp_asks_every_source_and_nothing_goes_out(home: Path, watch: Watch) -> None:
    bogam = Bogam(home)

    async def run() -> None:
        async with Client(Door(bogam, lambda: Asker(LEE, Purpose.treatment))) as client:
            for name, words, id in questions():
                for act, asked in (("search", {"text": words}), ("get", {"id": id})):
                    await client.call_tool(f"{name.replace('-', '_')}_{act}", asked)

    anyio.run(run)
    assert watch.tried == []


def test_a_question_to_everything_goes_nowhere(home: Path, watch: Watch) -> None:
    bogam = Bogam(home)
    for question in ("헤파린 유발 혈소판 감소증의 치료는?", "What is the first-line treatment of heart failure?"):
        asked = {"question": question}
        assert bogam.run("ask", patient="p1", actor=LEE, purpose="treatment", **asked).missing
    assert watch.tried == []


def test_enabling_one_source_opens_its_host_alone(home: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream(Server()) as elsewhere, Upstream(Server()) as upstream:
        known = {"atlas": Atlas(), **sources()}
        monkeypatch.setattr(catalogue, "sources", lambda: known)
        bogam = Bogam(home)
        bogam.enable_source("atlas", base=upstream.base)
        ask = {"actor": LEE, "purpose": "treatment"}
        assert bogam.look_up("atlas", "search", {"text": "jeju"}, **ask).status == "found"  # type: ignore[arg-type]
        assert watch.loopback == {int(upstream.base.rpartition(":")[2])}
        for name, words, _ in questions():
            if sources()[name].built_in() is None:
                with pytest.raises(BadRequest):
                    bogam.look_up(name, "search", {"text": words}, way="live", **ask)  # type: ignore[arg-type]
        server = upstream._simulator  # pyright: ignore[reportPrivateUsage]
        assert isinstance(server, Server)
        for target in (elsewhere.base, "https://elsewhere.example"):
            server.say = lambda asked, target=target: Reply(b"", 302, headers={"Location": f"{target}/islands"})
            assert bogam.look_up("atlas", "search", {"text": target[-4:]}, **ask).status == "upstream_error"  # type: ignore[arg-type]
        bogam.disable_source("atlas")
    assert watch.tried == []
    assert elsewhere.requests == []
    assert len(watch.loopback) == 1


def test_the_publishers_host_is_what_is_tried_once_enabled(home: Path, watch: Watch) -> None:
    """The default addresses are reached only after `enable`, and then that host and no other."""
    bogam = Bogam(home)
    desk = reference_desk.ReferenceDesk(bogam.home, sleep=lambda _: None)
    for name, source in sorted(sources().items()):
        if not source.base:
            continue
        watch.tried.clear()
        desk.enable(name)
        try:
            answer = desk.get(name, source.example[1] or "1")
        except reference_desk.BadQuery:
            answer = None  # it needs to be told more before it may be asked
        desk.disable(name)
        host = re.sub(r"^https?://|[:/].*$", "", source.base)
        assert set(watch.tried) <= {host}, name
        assert answer is None or answer.status == "upstream_error", name
