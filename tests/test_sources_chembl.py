"""ChEMBL: what its answers must not hide, and a release read where it lies."""

from __future__ import annotations

import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bogam.sources import settings
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream import chembl
from bogam.synthetic.upstream.server import Asked, Reply, Upstream


def _asked(tmp_path: Path, change: Callable[[Asked, Reply], Reply], act: str, request: dict[str, Any]) -> Any:
    """Ask the simulator, whose replies are changed on the way."""
    made = chembl.simulator()
    with Upstream(lambda asked: change(asked, made(asked))) as upstream:
        settings.write(tmp_path, "chembl", enabled=True, base=upstream.base)
        return ReferenceDesk(tmp_path, sleep=lambda _: None).ask("chembl", act, request)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"error_message": "Sorry, this request could not be processed."},
        {"molecules": [], "page_meta": {"total_count": 2, "next": None}},
        {"molecules": [], "page_meta": {"total_count": "many", "next": None}},
        {"molecules": [{"pref_name": "X"}], "page_meta": {"total_count": 1, "next": None}},
        {"molecules": None, "page_meta": {"total_count": 0, "next": None}},
        {"page_meta": {"total_count": 0, "next": None}},
        {"molecules": [["x"]], "page_meta": {"total_count": 1, "next": None}},
        {"molecules": [], "page_meta": None},
        [],
    ],
)
def test_a_success_that_is_none_is_told(tmp_path: Path, wrong: Any) -> None:
    answer = _asked(
        tmp_path, lambda asked, r: Reply(wrong) if "molecule" in asked.path else r, "search", {"text": "veldorinib"}
    )
    assert answer.status == "upstream_error"
    assert answer.reason
    assert not answer.items


def test_another_record_than_the_one_asked_for_is_told(tmp_path: Path) -> None:
    def swap(asked: Asked, reply: Reply) -> Reply:
        return Reply(chembl.MOLECULES[1]) if asked.path.endswith("molecule/CHEMBL9001.json") else reply

    answer = _asked(tmp_path, swap, "get", {"id": "CHEMBL9001"})
    assert answer.status == "upstream_error"
    assert "CHEMBL9002" in answer.reason


def test_pages_lead_to_the_end_without_gap_or_double(tmp_path: Path) -> None:
    with Upstream(chembl.simulator()) as upstream:
        settings.write(tmp_path, "chembl", enabled=True, base=upstream.base)
        live = ReferenceDesk(tmp_path, sleep=lambda _: None)
        mirror = ReferenceDesk(tmp_path / "mirror")
        mirror.load("chembl", chembl.bulk(tmp_path))
        for desk in (live, mirror):
            for request in ({"text": "serialin"}, {"kind": "activity", "target": "CHEMBL8001"}):
                seen: list[str] = []
                page = desk.search("chembl", **request, limit=3)
                while True:
                    seen += [item.id for item in page.items]
                    if not page.next:
                        break
                    page = desk.search("chembl", **request, limit=3, next=page.next)
                assert len(seen) == len(set(seen)) == page.total


def test_live_and_mirror_give_the_same_documents(tmp_path: Path) -> None:
    mirror = ReferenceDesk(tmp_path / "mirror")
    mirror.load("chembl", chembl.bulk(tmp_path))
    with Upstream(chembl.simulator()) as upstream:
        settings.write(tmp_path, "chembl", enabled=True, base=upstream.base)
        live = ReferenceDesk(tmp_path, sleep=lambda _: None)
        ids = ["CHEMBL9001", "CHEMBL8003", "CHEMBL6002", "CHEMBL7001", "activity/502", "mechanism/41", "indication/31"]
        for id in ids:
            one, other = live.get("chembl", id).items[0], mirror.get("chembl", id).items[0]
            assert one.document.body == other.document.body


def test_a_release_in_its_archive_is_unpacked_once_and_read(tmp_path: Path) -> None:
    (place,) = chembl.bulk(tmp_path)
    archive = tmp_path / "chembl_99_sqlite.tar.gz"
    with tarfile.open(archive, "w:gz") as out:
        out.addfile(tarfile.TarInfo("chembl_99/INSTALL_sqlite"))
        out.add(place, "../../chembl_99/chembl_99_sqlite/chembl_99.db")
    place.unlink()
    desk = ReferenceDesk(tmp_path)
    done = desk.load("chembl", [archive])
    assert (done.version, done.refused) == ("ChEMBL_99", 0)
    assert (desk.folder / "chembl_99.db").exists()
    assert desk.get("chembl", "CHEMBL9001").version == "ChEMBL_99"


def test_an_import_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bogam.sources.chembl.release._BATCH", 4)
    paths = chembl.bulk(tmp_path)
    desk = ReferenceDesk(tmp_path)

    def stop(progress: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.load("chembl", paths, say=stop)
    assert not desk.state("chembl").mirror
    done = desk.load("chembl", paths)
    assert done.resumed == 4
    assert done.stored + done.resumed == len(chembl.MOLECULES) + len(chembl.TARGETS)
    assert desk.search("chembl", text="veldorinib").total == 2


def test_a_record_without_id_is_refused_with_its_place(tmp_path: Path) -> None:
    (place,) = chembl.bulk(tmp_path)
    with sqlite3.connect(place) as db:
        db.execute("UPDATE molecule_dictionary SET chembl_id = '' WHERE chembl_id = 'CHEMBL9003'")
    desk = ReferenceDesk(tmp_path)
    assert desk.load("chembl", [place]).refused == 1
    mirror = desk.mirror("chembl")
    assert mirror
    assert [(each.place, each.raw) for each in mirror.refusals()] == [("molecule 9003", "KORMELIDE")]


@pytest.mark.parametrize("kind", ["text", "other", "view", "cut"])
def test_what_is_no_release_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "chembl_99.db"
    if kind == "text":
        place.write_text("not a database, " * 500)
    elif kind == "other":
        with sqlite3.connect(place) as db:
            db.execute("CREATE TABLE version (name TEXT)")
    elif kind == "view":
        chembl.bulk(tmp_path)
        with sqlite3.connect(place) as db:
            db.execute("DROP TABLE docs")
            db.execute(
                "CREATE VIEW docs AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT * FROM n"
            )
    else:
        chembl.bulk(tmp_path)
        place.write_bytes(place.read_bytes()[:30_000])
    with pytest.raises(BadFile):
        ReferenceDesk(tmp_path).load("chembl", [place])


def test_a_newer_release_takes_the_place_of_the_older(tmp_path: Path) -> None:
    (place,) = chembl.bulk(tmp_path)
    desk = ReferenceDesk(tmp_path)
    desk.load("chembl", [place])
    newer = place.rename(tmp_path / "chembl_100.db")
    with sqlite3.connect(newer) as db:
        db.execute("UPDATE version SET name = 'ChEMBL_100'")
    assert desk.load("chembl", [newer]).version == "ChEMBL_100"
    assert [each.name for each in desk.folder.glob("chembl_*.db")] == ["chembl_100.db"]
    assert desk.get("chembl", "CHEMBL9001").version == "ChEMBL_100"


def test_a_release_that_was_removed_is_told(tmp_path: Path) -> None:
    (place,) = chembl.bulk(tmp_path)
    desk = ReferenceDesk(tmp_path)
    desk.load("chembl", [place])
    place.unlink()
    assert desk.get("chembl", "CHEMBL9001").status == "found"
    (desk.folder / place.name).unlink()
    answer = desk.get("chembl", "CHEMBL9001")
    assert answer.status == "upstream_error"
    assert "import it again" in answer.reason
