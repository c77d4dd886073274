"""A mirror: streaming import that survives being killed, releases that are never mixed, rows that are refused aloud."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from atlas import ISLANDS, Atlas, AtlasMirror, Search, write
from bogam.sources.answer import BadQuery, UnknownId, Upstream
from bogam.sources.mirrors import BadFile, OlderRelease, Progress
from bogam.sources.mirrors import importing as mirrors
from bogam.sources.mirrors import sqlite as mirrors_sqlite
from bogam.sources.mirrors.releases import older
from bogam.sources.reference_desk import ReferenceDesk

TESTS = Path(__file__).parent


def rows(count: int, release: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "id": f"i{n}",
            "name": f"Island {n} release {release}",
            "area": n,
            "sea": "East Sea",
            "seen": f"2026-01-{release:02}",
        }
        for n in range(count)
    ]


def content(mirror: AtlasMirror) -> list[tuple[Any, ...]]:
    """Everything that a mirror holds, and what full-text search and filters see of it."""
    with sqlite3.connect(mirror.path) as db:
        held = db.execute("SELECT id, title, text, url, version, sort, fields FROM items ORDER BY id").fetchall()
        keys = db.execute("SELECT name, value, id FROM keys JOIN items USING (row) ORDER BY 1, 2, 3").fetchall()
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        refused = db.execute("SELECT place, reason FROM refused ORDER BY 1, 2").fetchall()
    return [*held, *keys, *refused]


@pytest.fixture
def mirror(tmp_path: Path) -> AtlasMirror:
    return AtlasMirror(tmp_path / "sources")


# --- what is imported


def test_a_file_is_read_and_asked(mirror: AtlasMirror, tmp_path: Path) -> None:
    assert mirror.state() is None
    with pytest.raises(BadQuery, match="has no mirror here"):
        mirror.search(Search(text="jeju"))
    said: list[Progress] = []
    done = mirror.load([write(tmp_path / "islands.jsonl", ISLANDS)], say=said.append)
    assert (done.stored, done.refused, done.deleted, done.resumed, done.version) == (3, 0, 0, 0, "2026-01-03")
    assert said[-1].done == said[-1].size > 0
    state = mirror.state()
    assert state is not None
    assert (state.items, state.version, state.unfinished) == (3, "2026-01-03", False)
    assert [each.id for each in mirror.search(Search()).items] == ["jeju", "geoje", "ulleung"]
    assert [each.id for each in mirror.search(Search(text="제주 jeju")).items] == ["jeju"]
    assert [each.id for each in mirror.search(Search(sea="East Sea")).items] == ["ulleung"]
    assert mirror.search(Search(text="jeju", sea="East Sea")).items == ()
    assert mirror.get(Atlas.Get(id="geoje")).items[0].fields == {"area": 378, "sea": "Korea Strait"}
    with pytest.raises(UnknownId):
        mirror.get(Atlas.Get(id="dokdo"))


def test_pages_have_no_gap_and_nothing_twice(mirror: AtlasMirror, tmp_path: Path) -> None:
    mirror.load([write(tmp_path / "islands.jsonl", rows(25))])
    seen: list[str] = []
    page = mirror.search(Search(limit=4))
    while True:
        seen += [each.id for each in page.items]
        if not page.next:
            break
        page = mirror.search(Search(limit=4, next=page.next))
    assert len(seen) == len(set(seen)) == page.total == 25
    for wrong in ("-1", "x", "1e9", "９", "9" * 12):
        with pytest.raises(BadQuery, match="no place to go on from"):
            mirror.search(Search(next=wrong))


@pytest.mark.parametrize("text", ['" OR 1 --', "NEAR(a b)", "a*", "title:x", "x" * 400, "‮evil", "제주 AND", "^a"])
def test_hostile_words_are_only_words(mirror: AtlasMirror, tmp_path: Path, text: str) -> None:
    mirror.load([write(tmp_path / "islands.jsonl", ISLANDS)])
    assert mirror.search(Search(text=text)).items == ()
    assert len(mirror.search(Search()).items) == 3


@pytest.mark.parametrize("text", ['"', "'", "(", "\\", "%", "\x00", "{}", "*", "💊"])
def test_a_search_without_a_word_is_refused(mirror: AtlasMirror, tmp_path: Path, text: str) -> None:
    mirror.load([write(tmp_path / "islands.jsonl", ISLANDS)])
    with pytest.raises(BadQuery):
        mirror.search(Search(text=text))


def test_bad_rows_are_refused_with_reason_and_place(mirror: AtlasMirror, tmp_path: Path) -> None:
    done = mirror.load([write(tmp_path / "islands.jsonl", [ISLANDS[0], "{nonsense", {"id": "x"}, ISLANDS[1]])])
    assert (done.stored, done.refused) == (2, 2)
    refused = mirror.refusals()
    assert [(each.file, each.place) for each in refused] == [("islands.jsonl", "line 2"), ("islands.jsonl", "line 3")]
    assert refused[1].reason == "has no name"
    assert refused[0].raw.startswith("{nonsense")
    assert mirror.state().refused == 2  # type: ignore[union-attr]


def test_what_is_no_file_of_the_publisher_changes_nothing(mirror: AtlasMirror, tmp_path: Path) -> None:
    mirror.load([write(tmp_path / "islands.jsonl", ISLANDS)])
    before = content(mirror)
    for wrong in (write(tmp_path / "wrong.jsonl", ["<html>"]), tmp_path / "missing", tmp_path):
        with pytest.raises(BadFile):
            mirror.load([wrong])
    with pytest.raises(BadFile, match="at least one file"):
        mirror.load([])
    assert content(mirror) == before


@pytest.mark.parametrize("error", [EOFError("cut"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), OSError("disk")])
def test_a_file_that_breaks_off_is_told_and_shows_nothing_of_it(
    mirror: AtlasMirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    first = write(tmp_path / "one.jsonl", ISLANDS)
    mirror.load([first])
    before, read = content(mirror), AtlasMirror.read

    def broken(self: AtlasMirror, path: Path) -> Any:
        yield from read(self, path)
        raise error

    monkeypatch.setattr(AtlasMirror, "read", broken)
    with pytest.raises(BadFile, match="damaged after row 30"):
        mirror.load([write(tmp_path / "two.jsonl", rows(30, 2))])
    assert content(mirror) == before


# --- a full release and updates


def test_a_full_release_replaces_the_last_one(mirror: AtlasMirror, tmp_path: Path) -> None:
    mirror.load([write(tmp_path / "one.jsonl", rows(30))])
    mirror.load([write(tmp_path / "two.jsonl", rows(10, 2))])
    found = mirror.search(Search(limit=100))
    assert (len(found.items), found.items[0].title) == (10, "Island 0 release 2")
    assert sorted(path.name for path in mirror.path.parent.iterdir()) == ["atlas.sqlite"]


def test_updates_add_change_and_delete(tmp_path: Path) -> None:
    mirror = AtlasMirror(tmp_path / "sources", incremental=True)
    mirror.load([write(tmp_path / "base.jsonl", rows(5))])
    changed = {**rows(1)[0], "name": "Renamed"}
    done = mirror.load([write(tmp_path / "update.jsonl", [changed, {"id": "i1", "gone": True}, {"id": "i99", "gone": True}])])  # fmt: skip  # noqa: E501
    assert (done.stored, done.deleted) == (1, 1)
    assert sorted(each.id for each in mirror.search(Search(limit=100)).items) == ["i0", "i2", "i3", "i4"]
    assert mirror.search(Search(text="renamed")).items[0].id == "i0"
    assert mirror.search(Search(text="0 release")).items == ()
    content(mirror)


def test_the_same_update_twice_changes_nothing(tmp_path: Path) -> None:
    mirror = AtlasMirror(tmp_path / "sources", incremental=True)
    file = write(tmp_path / "base.jsonl", [*rows(5), "{bad"])
    mirror.load([file])
    before = content(mirror)
    again = mirror.load([file])
    assert (again.stored, again.resumed) == (0, 6)
    assert content(mirror) == before


# --- killed, and at once


SLOW = """
import sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path
from atlas import AtlasMirror
from bogam.sources.mirrors import importing as mirrors
from bogam.sources.mirrors.releases import older
mirrors._BATCH = 20
class Slow(AtlasMirror):
    def read(self, path):
        for entry in super().read(path):
            time.sleep(0.002)
            yield entry
Slow(Path({folder!r}), incremental={incremental}).load([Path({file!r})], say=lambda at: print(at.stored, flush=True))
"""


def _killed(folder: Path, file: Path, *, incremental: bool) -> None:
    """Begin an import in a process of its own, and kill it in the middle."""
    script = SLOW.format(tests=str(TESTS), folder=str(folder), file=str(file), incremental=incremental)
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 60:
            os.kill(child.pid, signal.SIGKILL)
            break
    child.wait(timeout=20)
    child.stdout.close()
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize("incremental", [False, True])
def test_an_import_that_was_killed_goes_on_to_the_same_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, incremental: bool
) -> None:
    monkeypatch.setattr(mirrors, "_BATCH", 20)
    file = write(tmp_path / "islands.jsonl", [*rows(70), "{bad", *rows(240)[70:], {"id": "i3", "gone": True}])
    whole = AtlasMirror(tmp_path / "whole", incremental=incremental)
    whole.load([file])
    _killed(tmp_path / "killed", file, incremental=incremental)
    mirror = AtlasMirror(tmp_path / "killed", incremental=incremental)
    assert mirror.state() is None
    done = mirror.load([file])
    assert 60 <= done.resumed < 240
    assert done.resumed + done.stored + done.refused + done.deleted == 242
    assert content(mirror) == content(whole)
    assert mirror.state().items == 239  # type: ignore[union-attr]


def test_what_was_left_of_another_release_is_not_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "_BATCH", 20)
    _killed(tmp_path / "killed", write(tmp_path / "one.jsonl", rows(200)), incremental=False)
    mirror = AtlasMirror(tmp_path / "killed")
    done = mirror.load([write(tmp_path / "two.jsonl", rows(5, 2))])
    assert (done.stored, done.resumed) == (5, 0)
    assert [each.title for each in mirror.search(Search(limit=100)).items] == [
        f"Island {n} release 2" for n in range(5)
    ]


def test_the_last_release_answers_while_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "_BATCH", 20)
    mirror = AtlasMirror(tmp_path / "sources")
    mirror.load([write(tmp_path / "one.jsonl", rows(50))])
    titles: set[str] = set()

    def ask(_: Progress) -> None:
        assert mirror.state().unfinished  # type: ignore[union-attr]
        titles.update(each.title.partition("release ")[2] for each in mirror.search(Search(limit=100)).items)

    mirror.load([write(tmp_path / "two.jsonl", rows(100, 2))], say=ask)
    assert titles == {"1"}
    assert mirror.search(Search()).items[0].title.endswith("release 2")


def test_searching_while_importing_never_fails(tmp_path: Path) -> None:
    mirror = AtlasMirror(tmp_path / "sources", incremental=True)
    mirror.load([write(tmp_path / "base.jsonl", rows(200))])
    wrong: list[str] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            found = mirror.search(Search(text="island", limit=50))
            if len(found.items) != 50 or mirror.get(Atlas.Get(id="i7")).items[0].id != "i7":
                wrong.append(str(found.total))
            time.sleep(0.001)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for each in asking:
        each.start()
    for release in (2, 3):
        mirror.load([write(tmp_path / f"update{release}.jsonl", rows(400, release))])
    ended.set()
    for each in asking:
        each.join()
    assert wrong == []


def test_what_is_imported_between_two_questions_of_one_answer_is_not_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = AtlasMirror(tmp_path / "sources", incremental=True)
    mirror.load([write(tmp_path / "base.jsonl", rows(20))])
    update = write(tmp_path / "update.jsonl", rows(20, 2))  # gives every item a new row
    nearest = mirrors_sqlite.nearest_rows

    def then_import(*asked: Any) -> Any:
        found = list(nearest(*asked))
        mirror.load([update])
        return found

    monkeypatch.setattr(mirrors_sqlite, "nearest_rows", then_import)
    assert {each.title[-9:] for each in mirror.nearest(["island"], 5)} == {"release 1"}
    monkeypatch.undo()
    assert {each.title[-9:] for each in mirror.nearest(["island"], 5)} == {"release 2"}


def test_a_second_import_at_once_is_refused(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path, {"atlas": Atlas()})
    file = write(tmp_path / "islands.jsonl", ISLANDS)
    refused: list[str] = []

    def again(_: Progress) -> None:
        with pytest.raises(BadQuery, match="Another import of atlas is running") as error:
            ReferenceDesk(tmp_path, {"atlas": Atlas()}).load("atlas", [file])
        refused.append(str(error.value))

    desk.load("atlas", [file], say=again)
    assert refused
    assert desk.load("atlas", [file]).stored == 3


# --- a damaged file


def test_a_mirror_that_is_damaged_is_an_error_and_can_be_made_again(mirror: AtlasMirror, tmp_path: Path) -> None:
    file = write(tmp_path / "islands.jsonl", rows(300))
    mirror.load([file])
    body = bytearray(mirror.path.read_bytes())
    body[3000:] = b"\xff" * (len(body) - 3000)
    mirror.path.write_bytes(body)
    with pytest.raises(Upstream, match="Import it again"):
        mirror.search(Search(text="island"))
    mirror.path.write_bytes(b"no database at all" * 1000)
    assert mirror.state() is None
    mirror.load([file])
    assert mirror.search(Search(text="island")).total == 300


# --- the order of releases


def test_an_older_release_replaces_a_newer_one_only_when_that_is_meant(mirror: AtlasMirror, tmp_path: Path) -> None:
    new, old = (write(tmp_path / f"r{release}.jsonl", rows(3, release)) for release in (10, 8))
    mirror.load([new])
    before = content(mirror)
    for version in ("", "2026-01-08"):
        with pytest.raises(OlderRelease, match="of 2026-01-08, and the mirror holds 2026-01-10") as refused:
            mirror.load([old], version=version)
        assert "--older" in refused.value.ko
        assert "2026-01-08" in refused.value.ko
    state = mirror.state()
    assert content(mirror) == before
    assert state is not None
    assert (state.version, state.unfinished) == ("2026-01-10", False)
    done = mirror.load([old], older=True)
    assert "older release replaced a newer one" in done.note
    assert (done.version, done.held) == ("2026-01-08", 3)
    assert mirror.load([new]).note == ""
    assert "not known" in mirror.load([new], version="the good one").note


@pytest.mark.parametrize(
    ("offered", "held", "is_older"),
    [
        ("2025-08", "2025-10", True),
        ("2025-10", "2025-08", False),
        ("2025-10", "2025-10-05", False),
        ("2025-09-30", "2025-10", True),
        ("chembl_34", "chembl_35", True),
        ("25.06", "24.09", False),
        ("chembl_34", "35", None),
        ("20250801", "2025-10", None),
        ("", "2025-10", None),
        ("spring", "autumn", None),
    ],
)
def test_releases_are_compared_where_their_names_tell(offered: str, held: str, is_older: bool | None) -> None:
    assert older(offered, held) is is_older


def test_the_report_says_what_is_held_and_what_was_replaced(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path, {"atlas": Atlas()})
    files = [write(tmp_path / f"copy{n}.jsonl", rows(5)) for n in range(4)]
    done = desk.load("atlas", files)
    assert (done.stored, done.replaced, done.held) == (20, 15, 5)
