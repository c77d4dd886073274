"""A conversation with a live source: retries, waits, pace, cache, age, bounds, and damaged bodies."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from atlas import Atlas, Server
from bogam.sources import settings
from bogam.sources.answer import Answer, BadQuery, Upstream
from bogam.sources.outside import http
from bogam.sources.outside.http import Pace
from bogam.sources.outside.http import Reply as Body
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.server import Reply
from bogam.synthetic.upstream.server import Upstream as Upstreams


class World:
    """A desk whose one source is served here, whose clock is set by hand and whose waits are written down."""

    def __init__(self, home: Path, upstream: Upstreams, server: Server) -> None:
        self.upstream, self.server = upstream, server
        self.now = time.time()
        self.waits: list[float] = []
        settings.write(home, "atlas", enabled=True, base=upstream.base)
        self.home = home
        self.desk = ReferenceDesk(
            home, {"atlas": Atlas()}, clock=lambda: self.now, sleep=self.waits.append, timeout_s=0.4, patience_s=60
        )

    def search(self, text: str = "") -> Answer:
        return self.desk.search("atlas", text=text)

    @property
    def backoff(self) -> list[float]:
        """Waits that are no spacing of requests."""
        return [each for each in self.waits if each > 0.01]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with _world(tmp_path) as made:
        yield made


@contextmanager
def _world(home: Path) -> Iterator[World]:
    server = Server()
    with Upstreams(server, hang_s=0.8) as upstream:
        yield World(home, upstream, server)


# --- retries and waits


@pytest.mark.parametrize("fault", ["timeout", "reset", "429", "500", "half"])
def test_what_fails_for_a_moment_is_asked_again(world: World, fault: str) -> None:
    world.upstream.break_at(0, fault, times=1)  # type: ignore[arg-type]
    found = world.search("jeju")
    assert (found.status, found.backend, len(found.items)) == ("found", "live", 1)
    assert len(world.backoff) == 1
    assert len(world.upstream.requests) == 2


def test_waits_grow_and_end(world: World) -> None:
    world.upstream.break_at(0, "500")
    found = world.search("jeju")
    assert found.status == "upstream_error"
    assert "4 times" in found.reason
    assert len(world.upstream.requests) == 4
    first, second, third = world.backoff
    assert first < second < third


def _after(world: World, value: str, date: str = "") -> None:
    world.server.say = lambda asked: (
        Reply({}, 429, headers={"Retry-After": value} | ({"Date": date} if date else {}))
        if len(world.upstream.requests) == 1
        else None
    )


def test_retry_after_in_seconds_is_waited(world: World) -> None:
    _after(world, "7")
    assert world.search("jeju").status == "found"
    assert world.backoff == [7.0]


def test_retry_after_as_a_date_is_read_by_the_clock_of_the_server(world: World) -> None:
    """Its clock is three days behind: what counts is how far its date lies after its own now."""
    theirs = time.time() - 3 * 86_400
    waits = [
        http._asked_to_wait(  # pyright: ignore[reportPrivateUsage]
            httpx.Headers({"retry-after": formatdate(theirs + 9, usegmt=True), "date": formatdate(theirs, usegmt=True)})
        )
    ]
    assert waits == [9.0]
    _after(world, formatdate(time.time() + 5, usegmt=True))
    assert world.search("jeju").status == "found"
    assert world.backoff[0] == pytest.approx(5, abs=1.5)


@pytest.mark.parametrize("value", ["soon", "-4", "²", "9" * 400, "", "Mon, 99 Foo 99999 00:00:00 GMT"])
def test_a_senseless_retry_after_is_no_wait(world: World, value: str) -> None:
    headers = httpx.Headers([(b"retry-after", value.encode("latin-1"))])
    assert http._asked_to_wait(headers) == 0.0  # pyright: ignore[reportPrivateUsage]


def test_patience_ends(world: World) -> None:
    world.server.say = lambda asked: Reply({}, 429, headers={"Retry-After": "3600"})
    found = world.search("jeju")
    assert found.status == "upstream_error"
    assert "3600 seconds" in found.reason
    assert world.backoff == []
    assert len(world.upstream.requests) == 1


def test_a_source_that_hangs_is_given_up_within_the_patience(tmp_path: Path) -> None:
    with _world(tmp_path) as world:
        world.desk = ReferenceDesk(
            tmp_path, {"atlas": Atlas()}, sleep=world.waits.append, timeout_s=0.3, patience_s=1.0
        )
        world.upstream.break_at(0, "timeout")
        began = time.monotonic()
        assert world.search("jeju").status == "upstream_error"
        assert time.monotonic() - began < 2


def test_a_status_that_means_no_is_told_at_once_and_never_shows_the_key(world: World) -> None:
    key = world.home.parent / f"{world.home.name}.key"
    key.write_text("s3cret-key\n")
    world.desk.enable("atlas", key_file=key)
    world.server.say = lambda asked: Reply({"error": f"key {asked.one('key')} is not valid"}, 403)
    found = world.search("jeju")
    assert found.status == "upstream_error"
    assert len(world.upstream.requests) == 1
    assert world.upstream.requests[0].one("key") == "s3cret-key"
    assert "Check the key" in found.reason
    assert "s3cret" not in str(found.json())


def test_a_key_that_the_source_repeats_is_not_shown(world: World) -> None:
    key = world.home.parent / f"{world.home.name}.key"
    key.write_text("ab/cd+ef==GH12\n")
    world.desk.enable("atlas", key_file=key)
    for told in ("ab/cd+ef==GH12", "ab%2Fcd%2Bef%3D%3DGH12", "ab/cd%2Bef%3D%3DGH12"):
        world.server.say = lambda asked, told=told: Reply({"error": f"api_key={told} over limit"}, 200)
        found = world.search("jeju")
        assert found.status == "upstream_error"
        assert "GH12" not in str(found.json())


def test_what_is_nested_without_end_is_the_failure_of_the_source(world: World) -> None:
    for body in (b'{"islands":' + b"[" * 900 + b"]" * 900 + b"}", b"[" * 100_000):
        world.server.say = lambda asked, body=body: Reply(body, 200)
        assert world.search("jeju").status == "upstream_error"


def test_the_key_is_in_no_address_and_nothing_kept(world: World) -> None:
    key = world.home.parent / f"{world.home.name}.key"
    key.write_text("s3cret-key\n")
    world.desk.enable("atlas", key_file=key)
    found = world.search("jeju")
    assert found.status == "found"
    assert "s3cret" not in str(found.json())
    kept = b"".join(path.read_bytes() for path in (world.home / "sources").iterdir())
    assert b"s3cret" not in kept
    assert "s3cret" not in (world.home / "config.toml").read_text("utf-8")
    assert "s3cret" not in repr(settings.setting(world.home, "atlas"))


# --- pace


def test_requests_are_spaced_whoever_asks() -> None:
    now, waits = [100.0], list[float]()
    pace = Pace(4, lambda: now[0], waits.append)
    for _ in range(3):
        pace.wait()
    assert waits == [0.25, 0.5]
    now[0] += 10
    pace.wait()
    assert len(waits) == 2


def test_requests_of_several_threads_are_spaced() -> None:
    waits: list[float] = []
    pace = Pace(100, lambda: 0.0, waits.append)
    threads = [threading.Thread(target=pace.wait) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(waits) == [pytest.approx(n / 100) for n in range(1, 20)]


def test_a_source_waits_its_turn(tmp_path: Path) -> None:
    with _world(tmp_path) as world:
        slow = Atlas()
        type(slow).per_second = 2.0
        try:
            world.desk = ReferenceDesk(tmp_path, {"atlas": slow}, sleep=world.waits.append)
            for text in ("jeju", "geoje"):
                assert world.search(text).status == "found"
        finally:
            type(slow).per_second = 1000.0
        assert world.waits == [pytest.approx(0.5, abs=0.2)]


# --- cache


def test_an_answer_is_asked_once_and_says_its_age(world: World) -> None:
    first = world.search("jeju")
    world.now += 3600
    second = world.search("jeju")
    assert (first.backend, first.age_s) == ("live", 0)
    assert (second.status, second.backend, second.age_s) == ("found", "cache", 3600)
    assert second.retrieved_at == first.retrieved_at
    assert [each.document.version for each in second.items] == [each.document.version for each in first.items]
    assert len(world.upstream.requests) == 1
    assert world.desk.forget("atlas") == 1
    assert world.search("jeju").backend == "live"


def test_an_old_answer_is_asked_anew(world: World) -> None:
    world.search("jeju")
    world.now += Atlas.fresh_s + 1
    world.search("jeju")
    assert len(world.upstream.requests) == 2


def test_an_old_answer_is_shown_as_stale_when_the_source_fails(world: World) -> None:
    world.search("jeju")
    world.now += 2 * Atlas.fresh_s
    world.upstream.break_at(0, "500")
    found = world.search("jeju")
    assert (found.status, found.backend, found.age_s, len(found.items)) == ("stale", "cache", 2 * Atlas.fresh_s, 1)
    assert "status 500" in found.reason
    assert "fetched earlier" in found.reason
    assert world.search("geoje").status == "upstream_error"


def test_a_failure_told_as_success_is_never_kept(world: World) -> None:
    world.server.say = lambda asked: Reply({"error": "index is down"})
    for _ in range(2):
        found = world.search("jeju")
        assert (found.status, "index is down" in found.reason) == ("upstream_error", True)
    assert len(world.upstream.requests) == 2
    world.server.say = lambda asked: None
    assert world.search("jeju").status == "found"


def test_an_id_that_is_unknown_is_kept_as_such(world: World) -> None:
    assert [world.desk.get("atlas", "dokdo").status for _ in range(2)] == ["unknown_id", "unknown_id"]
    assert len(world.upstream.requests) == 1


def test_a_clock_that_goes_backwards_makes_nothing_younger(world: World) -> None:
    world.search("jeju")
    world.now -= 30 * 86_400
    found = world.search("jeju")
    assert len(world.upstream.requests) == 2
    assert (found.status, found.age_s) == ("stale", 0)
    assert "clock" in found.reason
    world.upstream.break_at(0, "500")
    world.now -= 86_400
    assert world.search("jeju").status == "upstream_error"


def test_a_skewed_clock_is_told_for_what_was_not_found_too(world: World) -> None:
    world.now += 3 * 86_400
    none = world.search("atlantis")
    assert (none.status, none.usable, none.items) == ("stale", False, ())
    assert "Nothing matched" in none.reason
    unknown = world.desk.get("atlas", "dokdo")
    assert (unknown.status, "no island" in unknown.reason) == ("stale", True)


# --- bodies


def _served(world: World, body: bytes, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    world.server.say = lambda asked: Reply(body, headers=named)
    return world.search("jeju")


def test_a_packed_body_is_unpacked(world: World) -> None:
    plain = b'{"total": 0, "islands": []}'
    for packed, name in ((gzip.compress(plain), "gzip"), (zlib.compress(plain), "deflate"), (plain, "identity")):
        world.desk.forget("atlas")
        assert _served(world, packed, content_encoding=name).status == "none"


def test_a_bomb_is_not_unpacked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_LARGEST", 1 << 20)
    bomb = gzip.compress(b" " * (64 << 20))
    assert len(bomb) < 100_000
    found = _served(world, bomb, content_encoding="gzip")
    assert (found.status, "more than 1 MB" in found.reason) == ("upstream_error", True)
    twice = _served(world, gzip.compress(bomb), content_encoding="gzip, gzip")
    assert (twice.status, "packed as" in twice.reason) == ("upstream_error", True)


def test_a_body_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_LARGEST", 1000)
    assert _served(world, b" " * 999 + b"{}").status == "upstream_error"
    assert "more than" in world.search("jeju").reason


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00", b"nonsense", b"[]", b"null", b'{"total": 1}', b'{"islands": [', b"\xff\xfe{}", b"<html></html>"],
)
def test_a_body_that_makes_no_sense_is_no_answer(world: World, body: bytes) -> None:
    found = _served(world, body)
    assert (found.status, bool(found.reason)) == ("upstream_error", True)


def test_a_cut_off_or_damaged_packing_is_no_answer(world: World) -> None:
    packed = gzip.compress(b'{"total": 0, "islands": []}')
    assert _served(world, packed[:-10], content_encoding="gzip").status == "upstream_error"
    assert _served(world, b"\x1f\x8b" + b"x" * 40, content_encoding="gzip").status == "upstream_error"


@pytest.mark.parametrize(
    "xml",
    [
        b"<a><b></a>",
        b"",
        b"<!DOCTYPE html><html></html>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
        b"<a>\x00</a>",
        b"\xff\xfe<a/>",
    ],
)
def test_damaged_or_hostile_xml_is_refused(xml: bytes) -> None:
    with pytest.raises(Upstream):
        Body("http://atlas.example/x", 200, xml).xml()


def test_xml_with_a_harmless_doctype_is_read() -> None:
    xml = b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.example/p.dtd"><a><b>\xea\xb0\x80</b></a>'
    assert Body("http://atlas.example/x", 200, xml).xml().findtext("b") == "가"


def test_an_id_that_makes_no_address_is_refused(world: World) -> None:
    with pytest.raises(BadQuery, match="no address"):
        world.desk.get("atlas", "a\x00b")
    assert world.upstream.requests == []
    assert world.desk.get("atlas", "가/../x?y#z").status == "unknown_id"


def test_many_ask_at_once(world: World) -> None:
    answers: list[str] = []
    asked = [threading.Thread(target=lambda n=n: answers.append(world.search("jeju" if n % 2 else "geoje").status)) for n in range(12)]  # fmt: skip  # noqa: E501
    for each in asked:
        each.start()
    for each in asked:
        each.join()
    assert answers == ["found"] * 12
