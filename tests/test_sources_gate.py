"""The gate: one configured scheme, host and port; nothing else, whatever redirects or the environment say."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from atlas import Atlas, Server
from bogam.sources import settings
from bogam.sources.answer import Closed
from bogam.sources.outside.async_gate import gated
from bogam.sources.outside.gate import client
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.server import Reply, Upstream


def _desk(home: Path, base: str) -> ReferenceDesk:
    settings.write(home, "atlas", enabled=True, base=base)
    return ReferenceDesk(home, {"atlas": Atlas()}, sleep=lambda _: None)


def test_what_was_not_configured_is_refused_before_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    with client("https://api.atlas.example/v1") as door:
        for other in (
            "https://elsewhere.example/v1",
            "http://api.atlas.example/v1",
            "https://api.atlas.example:8443/v1",
            "https://api.atlas.example.evil.example/",
            "https://api.atlas.example@evil.example/",
            "https://127.0.0.1/",
        ):
            with pytest.raises(Closed, match=r"only https://api\.atlas\.example:443 was configured"):
                door.get(other)


def test_a_redirect_to_another_host_is_refused(tmp_path: Path) -> None:
    with Upstream(Server()) as other:
        server = Server(say=lambda asked: Reply(b"", 302, headers={"Location": f"{other.base}/islands"}))
        with Upstream(server) as upstream:
            found = _desk(tmp_path, upstream.base).search("atlas", text="jeju")
        assert found.status == "upstream_error"
        assert "elsewhere" in found.reason
        assert other.requests == []


def test_a_redirect_within_the_host_is_followed(tmp_path: Path) -> None:
    server = Server()
    server.say = lambda asked: (
        Reply(b"", 301, headers={"Location": asked.path.removeprefix("/old") + "?q=jeju"})
        if asked.path.startswith("/old")
        else None
    )
    with Upstream(server) as upstream:
        assert _desk(tmp_path, f"{upstream.base}/old").search("atlas", text="jeju").status == "found"


@pytest.mark.parametrize(
    "location", ["//", "http://[", "file:///etc/passwd", "javascript:1", "\x00", "http://a b/", ""]
)
def test_a_senseless_redirect_is_an_error_of_the_source(tmp_path: Path, location: str) -> None:
    server = Server(say=lambda asked: Reply(b"", 302, headers={"Location": location}))
    with Upstream(server) as upstream:
        assert _desk(tmp_path, upstream.base).search("atlas", text="jeju").status == "upstream_error"


def test_redirects_in_a_circle_end(tmp_path: Path) -> None:
    server = Server(say=lambda asked: Reply(b"", 302, headers={"Location": "/islands"}))
    with Upstream(server) as upstream:
        assert _desk(tmp_path, upstream.base).search("atlas", text="jeju").status == "upstream_error"


def test_proxies_of_the_environment_are_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream(Server()) as proxy, Upstream(Server()) as upstream:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert _desk(tmp_path, upstream.base).search("atlas", text="jeju").status == "found"
        assert proxy.requests == []
        assert len(upstream.requests) == 1


def test_the_proxy_of_the_configuration_is_used(tmp_path: Path) -> None:
    with Upstream(Server()) as proxy:
        (tmp_path / "config.toml").write_text(f'[sources]\nproxy = "{proxy.base}"\n', "utf-8")
        found = _desk(tmp_path, "http://api.atlas.example").search("atlas", text="jeju")
        assert [each.headers["host"] for each in proxy.requests] == ["api.atlas.example"]
        assert found.source == "atlas"


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("ftp://a.example", "no address"),
        ("api.atlas.example", "no address"),
        ("", "no address"),
        ("https://", "no address"),
        ("https://me:secret@a.example", "key file"),
        ("https://a.example/?key=secret", "key file"),
        ("https://a.example/#x", "key file"),
    ],
)
def test_what_is_no_address_is_refused(base: str, says: str) -> None:
    with pytest.raises(Closed, match=says) as refused:
        client(base)
    assert "secret" not in str(refused.value)


def test_a_proxy_that_is_none_is_refused() -> None:
    with pytest.raises(Closed, match="no proxy"):
        client("https://a.example", proxy="gopher://x")


@pytest.mark.parametrize("base", ["http://u:p@tools.example/mcp", "https://tools.example/mcp?key=s", "https://h/mcp#x"])
def test_an_address_of_tools_holds_no_key(base: str) -> None:
    with pytest.raises(Closed, match="must end with its path"):
        gated([base], "", 1)
