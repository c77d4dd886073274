"""The reference desk: which backend answers, what it calls the answer, and that citations stay whole."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from atlas import ISLANDS, Atlas, Server, write
from bogam.evidence.show import show
from bogam.record.json import PointerError
from bogam.sources.answer import BadQuery, Closed, Document, Item, Result, SourceOff
from bogam.sources.catalogue import NoSource
from bogam.sources.outside.kept import Kept, KeptError
from bogam.sources.reference_desk import ReferenceDesk
from bogam.sources.source import Query, Source
from bogam.synthetic.upstream.server import Reply, Upstream


class Almanac(Source):
    """Part of the house: neither live nor mirrored."""

    name = "almanac"
    title = "Almanac"
    holds = ("Days.", "날.")
    publisher = licence = home = "-"

    def built_in(self) -> Any:
        return self

    def search(self, request: Query) -> Result:
        items = tuple(Item("almanac", f"d{n}", f"Day {n}") for n in range(request.limit if request.text else 0))
        return Result(items, cut="There are more; name a month." if len(items) > 5 else "", version="2026")

    def get(self, request: Any) -> Result:
        return Result((Item("almanac", request.id, "Day"),))


KNOWN = {"atlas": Atlas(), "almanac": Almanac()}


@pytest.fixture
def desk(tmp_path: Path) -> ReferenceDesk:
    return ReferenceDesk(tmp_path, KNOWN, sleep=lambda _: None, timeout_s=0.5)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream(Server()) as opened:
        yield opened


@pytest.fixture
def mirrored(desk: ReferenceDesk, tmp_path: Path) -> ReferenceDesk:
    desk.load("atlas", [write(tmp_path / "islands.jsonl", ISLANDS[:2])])
    return desk


def test_by_default_everything_is_off(desk: ReferenceDesk) -> None:
    with pytest.raises(SourceOff, match=r"bogam source enable atlas.*bogam source import atlas FILE"):
        desk.search("atlas", text="jeju")
    state = desk.state("atlas")
    assert (state.words, state.ready) == (("off",), False)
    assert desk.state("almanac").words == ("built in",)
    assert not (desk.folder / "kept.sqlite").exists()


def test_what_is_enabled_is_asked_live_and_what_is_mirrored_here(mirrored: ReferenceDesk, upstream: Upstream) -> None:
    here = mirrored.search("atlas", text="jeju")
    assert (here.backend, here.version, here.status) == ("mirror", "2026-01-03", "found")
    with pytest.raises(SourceOff):
        mirrored.search("atlas", text="jeju", way="live")
    assert mirrored.enable("atlas", base=upstream.base).words == ("enabled", "mirrored")
    assert mirrored.search("atlas", text="jeju").backend == "live"
    assert mirrored.search("atlas", text="jeju", way="mirror").backend == "mirror"
    assert mirrored.disable("atlas").words == ("mirrored",)
    assert mirrored.search("atlas", text="jeju").backend == "mirror"


def test_a_mirror_answers_as_stale_when_the_live_source_fails(mirrored: ReferenceDesk, upstream: Upstream) -> None:
    mirrored.enable("atlas", base=upstream.base)
    upstream.break_at(0, "500")
    found = mirrored.search("atlas", text="jeju")
    assert (found.status, found.backend) == ("stale", "mirror")
    assert "status 500" in found.reason
    assert "mirror of 2026-01-03" in found.reason
    assert mirrored.search("atlas", text="jeju", way="live").status == "upstream_error"
    # What the mirror lacks, the live source may have: a failure is not turned into "none" or "unknown".
    assert mirrored.search("atlas", text="ulleung").status == "upstream_error"
    assert mirrored.get("atlas", "ulleung").status == "upstream_error"


def test_statuses(desk: ReferenceDesk, upstream: Upstream) -> None:
    desk.enable("atlas", base=upstream.base)
    assert desk.search("atlas", text="atlantis").status == "none"
    assert desk.get("atlas", "atlantis").status == "unknown_id"
    part = desk.search("atlas", limit=2)
    assert (part.status, part.total, part.next, len(part.items)) == ("truncated", 3, "2", 2)
    rest = desk.search("atlas", limit=2, next=part.next)
    assert (rest.status, rest.next, [each.id for each in rest.items]) == ("found", "", ["ulleung"])
    assert desk.search("almanac", text="x", limit=9).reason == "There are more; name a month."
    assert desk.search("almanac", text="x", limit=2).status == "found"


@pytest.mark.parametrize(
    "reply",
    [
        {"total": 1, "islands": [{"id": "x"}]},
        {"total": 1, "islands": ["x"]},
        {"total": 1, "islands": 5},
        {"total": 1, "islands": None},
        {"total": 1},
    ],
)
def test_a_shape_that_is_not_the_documented_one_is_an_error(desk: ReferenceDesk, reply: Any) -> None:
    with Upstream(Server(say=lambda asked: Reply(reply))) as upstream:
        desk.enable("atlas", base=upstream.base)
        found = desk.search("atlas", text="jeju")
        assert (found.status, bool(found.reason), found.items) == ("upstream_error", True, ())
        assert not (desk.folder / "kept.sqlite").exists() or desk.forget("atlas") == 0


@pytest.mark.parametrize(
    ("act", "request_", "says"),
    [
        ("search", {"limit": 0}, "limit"),
        ("search", {"limit": 101}, "limit"),
        ("search", {"sea": "Baltic"}, "sea"),
        ("search", {"colour": "red"}, "colour"),
        ("search", {"text": "x" * 401}, "text"),
        ("get", {}, "id"),
        ("get", {"id": "  "}, "id"),
        ("get", {"id": "x" * 201}, "id"),
    ],
)
def test_a_wrong_question_names_its_field(desk: ReferenceDesk, act: Any, request_: dict[str, Any], says: str) -> None:
    with pytest.raises(BadQuery, match=rf"atlas {act}: {says}: .*Fields: "):
        desk.ask("atlas", act, request_)


def test_unknown_sources_and_what_cannot_be_enabled(desk: ReferenceDesk, tmp_path: Path) -> None:
    with pytest.raises(NoSource, match=r'No source "nope"\. Known: almanac, atlas'):
        desk.search("nope")
    with pytest.raises(BadQuery, match="no live form"):
        desk.enable("almanac")
    with pytest.raises(BadQuery, match="no mirror form"):
        desk.load("almanac", [tmp_path])
    with pytest.raises(Closed):
        desk.enable("atlas", base="nonsense")
    assert not desk.state("atlas").enabled
    for body in (b"", b"two words", b"two\nlines", b"\xff", b"x" * 5000):
        beside = tmp_path.parent / f"{tmp_path.name}.key"
        beside.write_bytes(body)
        with pytest.raises(BadQuery, match="key"):
            desk.enable("atlas", key_file=beside)
    with pytest.raises(BadQuery, match="cannot be read"):
        desk.enable("atlas", key_file=tmp_path.parent / "gone")


def test_a_key_goes_to_the_host_that_it_was_set_for_alone(desk: ReferenceDesk, tmp_path: Path) -> None:
    key = tmp_path.parent / f"{tmp_path.name}.key"
    key.write_text("s3cret\n")
    desk.enable("atlas", base="http://127.0.0.1:9", key_file=key)
    assert desk.enable("atlas", base="http://127.0.0.1:9").keyed
    assert not desk.enable("atlas", base="http://127.0.0.1:10").keyed
    (tmp_path / "audit.key").write_text("ab" * 32)
    with pytest.raises(BadQuery, match="home folder"):
        desk.enable("atlas", key_file=tmp_path / "audit.key")


def test_what_was_shown_stays_citable_when_the_source_moves_on(desk: ReferenceDesk) -> None:
    server = Server()
    with Upstream(server) as upstream:
        desk.enable("atlas", base=upstream.base)
        (shown,) = desk.get("atlas", "jeju").items
        cited = shown.cite("/title", 0, 4)
        assert desk.cited(cited.source, cited.version) is not None
        desk.keep([shown])
        server.islands = [{**ISLANDS[0], "name": "Renamed", "seen": "2026-02-01"}]
        desk.forget("atlas")
        (now,) = desk.get("atlas", "jeju").items
    assert now.cite().version != cited.version
    document = desk.cited(cited.source, cited.version)
    assert document is not None
    assert (document.sha, document.json()["title"][0:4]) == (cited.sha, "Jeju")
    assert desk.cited("atlas:jeju", "2026-01-03~00000000") is None
    assert desk.cited("nowhere:jeju", cited.version) is None


def test_what_was_only_shown_is_forgotten(desk: ReferenceDesk) -> None:
    with Upstream(Server()) as upstream:
        desk.enable("atlas", base=upstream.base)
        (shown,) = desk.get("atlas", "jeju").items
    desk.forget("atlas")
    assert desk.cited(shown.ref, shown.document.version) is None


def test_the_oldest_of_what_was_only_shown_makes_room(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept.sqlite", most_shown=40_000)
    items = [Item("atlas", str(n), "Island", fields={"map": random.Random(n).randbytes(8_000).hex()}) for n in range(9)]
    kept.keep(items[:1])
    for each in items:
        kept.keep_shown([each])
    held = [kept.document(each.ref, each.document.version) is not None for each in items]
    assert (held[0], held[1], held[-1]) == (True, False, True)
    assert 2 < sum(held) < 7


def test_a_version_stands_for_one_text(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept.sqlite")
    item = Item("atlas", "jeju", "5 mg", version="2026-01-03")
    assert len(item.document.version) == len("2026-01-03~") + 32
    other = replace(item, title="500 mg")
    other.__dict__["document"] = Document(item.ref, "", other.document.body, item.document.version)
    kept.keep([item, item])
    with pytest.raises(KeptError, match="another text"):
        kept.keep([other])
    with pytest.raises(PointerError, match="another text"):
        show(item.cite(), other.document)
    assert show(item.cite(), item.document).marked == "5 mg"


def test_an_item_of_the_mirror_is_citable_until_the_mirror_moves_on(mirrored: ReferenceDesk, tmp_path: Path) -> None:
    (shown, _) = mirrored.search("atlas").items
    assert mirrored.cited(shown.ref, shown.document.version) is not None
    mirrored.keep([shown])
    mirrored.load("atlas", [write(tmp_path / "next.jsonl", ISLANDS[2:])], older=True)
    assert mirrored.cited(shown.ref, shown.document.version) is not None
    assert mirrored.get("atlas", "jeju").status == "unknown_id"


def test_a_mirrored_source_that_is_not_enabled_is_said_to_be_mirrored(mirrored: ReferenceDesk) -> None:
    with pytest.raises(SourceOff, match=r"is not enabled here: .*its mirror can be asked .*--way mirror") as told:
        mirrored.search("atlas", way="live")
    assert "nor mirrored" not in str(told.value)
    assert "미러에는 물을 수 있습니다" in told.value.ko


def test_a_mirror_from_the_future_is_told(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path, KNOWN, clock=lambda: 1_500_000_000.0)
    desk.load("atlas", [write(tmp_path / "islands.jsonl", ISLANDS)])
    found = desk.search("atlas", text="jeju")
    assert (found.status, found.age_s, "clock" in found.reason) == ("stale", 0, True)


def test_a_damaged_store_of_what_is_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept.sqlite").write_bytes(b"nonsense" * 500)
    with pytest.raises(KeptError, match=r"kept\.sqlite cannot be used"):
        Kept(tmp_path / "kept.sqlite").response("x")


@pytest.mark.parametrize("damage", ["DROP TABLE items", "DROP TABLE about"])
def test_a_mirror_that_cannot_be_read_is_an_error_and_not_an_empty_answer(mirrored: ReferenceDesk, damage: str) -> None:
    (shown, _) = mirrored.search("atlas").items
    with sqlite3.connect(mirrored.folder / "atlas.sqlite") as db:
        db.execute("DROP TABLE words")
        db.execute(damage)
    mirrored.state("atlas")
    assert mirrored.cited(shown.ref, shown.document.version) is None
    for act, request in (("search", {"text": "jeju"}), ("get", {"id": "jeju"})):
        try:
            found = mirrored.ask("atlas", act, request)  # type: ignore[arg-type]
        except SourceOff:
            assert "about" in damage
        else:
            assert (found.status, "Import it again" in found.reason) == ("upstream_error", True)


# --- Korean questions to English records


class English(Atlas):
    english = True


def test_a_korean_question_to_english_records_is_asked_in_english_and_says_so(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path, {"atlas": English()})
    made = [{**ISLANDS[0], "id": f"d{n}", "name": f"Diabetes mellitus {n}"} for n in range(7)]
    desk.load("atlas", [write(tmp_path / "islands.jsonl", [*ISLANDS, *made])])
    seen: list[str] = []
    answer = desk.search("atlas", text="당뇨병", limit=3)
    while True:
        assert 'Asked in English: "diabetes mellitus".' in answer.reason
        seen += [each.id for each in answer.items]
        if not answer.next:
            break
        answer = desk.search("atlas", text="당뇨병", limit=3, next=answer.next)
    assert sorted(seen) == [f"d{n}" for n in range(7)]
    assert desk.search("atlas", text="제주").reason == ""
    nothing = desk.search("atlas", text="가나다라마바")
    assert (nothing.status, nothing.reason) == ("none", "Atlas of Islands holds English records: ask in English.")
    with pytest.raises(BadQuery, match="no place to go on from"):
        desk.search("atlas", text="당뇨병", next="en99~3")
