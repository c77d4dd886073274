"""bioRxiv and medRxiv beyond their contract: paging to the end, failures told with status 200, saved answers."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from bogam.measure.contracts.biorxiv import contract
from bogam.sources import settings
from bogam.sources.answer import Answer, BadQuery
from bogam.sources.mirrors import BadFile
from bogam.sources.preprints.mirror import PreprintMirror
from bogam.sources.preprints.preprint import BIORXIV, MEDRXIV
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.preprints import bulk, rows_of, simulator
from bogam.synthetic.upstream.server import Asked, Reply, Upstream

DAYS = {"date_from": "2023-06-01", "date_to": "2023-08-31"}
DOI = "10.1101/2024.01.10.900001"


def page(**wrong: Any) -> Reply:
    """Return an answer with one row, and what is wrong with it."""
    message = {"status": "ok", "interval": "2023-06-01:2023-08-31", "cursor": 0, "count": 1, "total": "1"}
    row = {**rows_of("biorxiv")[0], **{name: value for name, value in wrong.items() if name in rows_of("biorxiv")[0]}}
    message |= {name: value for name, value in wrong.items() if name in message}
    return Reply({"messages": [message], "collection": wrong.get("collection", [row])})


def told(home: Path, act: str, given: dict[str, Any], reply: Reply, path: str = "/details/") -> Answer:
    good = simulator("biorxiv")

    def broken(asked: Asked) -> Reply:
        return reply if asked.path.startswith(path) else good(asked)

    with Upstream(broken) as upstream:
        settings.write(home, "biorxiv", enabled=True, base=upstream.base)
        return ReferenceDesk(home, sleep=lambda _: None).ask("biorxiv", act, given)  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["simulator", "mirror"])
@pytest.mark.parametrize("given", [{}, {"text": "bees"}])
def test_pages_follow_each_other_without_gap_or_double(where: Any, given: dict[str, Any]) -> None:
    with contract.desk(where) as (desk, _):
        seen: list[str] = []
        answer = desk.search("biorxiv", **DAYS, **given, limit=37)
        while answer.next:
            seen += [item.id for item in answer.items]
            answer = desk.search("biorxiv", **DAYS, **given, limit=37, next=answer.next)
        seen += [item.id for item in answer.items]
    assert answer.status == "found"
    assert len(seen) == len(set(seen)) == 80


def test_pages_are_read_no_oftener_than_they_must_be() -> None:
    with contract.desk("simulator") as (desk, upstream):
        assert upstream is not None
        desk.search("biorxiv", **DAYS, text="bees", limit=100)
        cursors = [asked.path.split("/")[-2] for asked in upstream.requests]
        assert cursors == ["0", "50", "20"]
        assert desk.search("biorxiv", **DAYS, text="bees", limit=100).backend == "cache"
        assert len(upstream.requests) == 3


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply({"messages": [{"status": "Both dates must be in yyyy-mm-dd format"}], "collection": []}), "Both dates"),
        (Reply({"messages": [], "collection": []}), "no message"),
        (Reply({"collection": []}), "messages"),
        (Reply([]), "no object"),
        (page(collection=[]), "no rows"),
        (page(cursor="30"), "from 30 on"),
        (page(count=30), "30 rows"),
        (page(total=None), "total"),
        (page(total="many"), "many"),
        (page(interval="2020-01-01:2020-01-31"), "not asked for"),
        (page(doi="not a DOI"), "DOI"),
        (page(version="two"), "version"),
        (page(version="0"), "version"),
        (page(date="yesterday"), "date"),
        (page(server="medRxiv"), "medRxiv, not of bioRxiv"),
        (page(title=7), None),
        (page(title=["a"]), "title"),
    ],
)
def test_a_failure_told_with_status_200_is_one(tmp_path: Path, reply: Reply, said: str | None) -> None:
    answer = told(tmp_path, "search", dict(DAYS), reply)
    if said is None:
        assert answer.items[0].title == "7"
    else:
        assert (answer.status, answer.items) == ("upstream_error", ())
        assert said in answer.reason


def test_a_row_that_cannot_be_read_is_told_and_does_not_hide_the_others(tmp_path: Path) -> None:
    rows = [{**rows_of("biorxiv")[0], "version": "?"}, rows_of("biorxiv")[1]]
    answer = told(tmp_path, "search", dict(DAYS), page(collection=rows, count=2, total="2"))
    assert (answer.status, len(answer.items)) == ("found", 1)
    assert "could not be read: 1" in answer.reason


def test_the_versions_of_another_preprint_are_an_error(tmp_path: Path) -> None:
    other = Reply({"messages": [{"status": "ok"}], "collection": rows_of("biorxiv")[:1]})
    assert told(tmp_path, "get", {"id": DOI}, other).status == "upstream_error"
    journal = Reply(
        {"messages": [{"status": "ok"}], "collection": [{"preprint_doi": "10.1101/1", "published_doi": "x"}]}
    )
    answer = told(tmp_path, "get", {"id": DOI}, journal, "/pubs/")
    assert (answer.status, "another preprint" in answer.reason) == ("upstream_error", True)


def test_a_journal_that_is_not_known_leaves_the_preprint(tmp_path: Path) -> None:
    none = Reply({"messages": [{"status": "no posts found"}], "collection": []})
    answer = told(tmp_path, "get", {"id": DOI}, none, "/pubs/")
    assert (answer.status, answer.items[0].fields["published_doi"]) == ("found", "10.5555/journal.77")


@pytest.mark.parametrize(
    "given",
    [
        {"date_from": "2024-02-30"},
        {"date_from": "24/01/01"},
        {"date_from": "2024-02-01", "date_to": "2024-01-01"},
        {"text": "..."},
        {"category": "a/../b"},
        {"next": "7"},
        {"next": "2023-06-01/2023-08-31/5", "date_from": "2024-01-01"},
        {"next": "2023-06-01/2023-08-31/５"},
    ],
)
def test_what_cannot_be_asked_is_not_sent(given: dict[str, Any]) -> None:
    with contract.desk("simulator") as (desk, upstream):
        with pytest.raises(BadQuery):
            desk.ask("biorxiv", "search", given)
        assert upstream is not None
        assert upstream.requests == []


@pytest.mark.parametrize("id", ["38000001", "10.1101/", "10.1101/../secret", "10.1101/1/2", "10.1101/a b"])
def test_what_is_no_doi_is_not_asked(id: str) -> None:
    with contract.desk("simulator") as (desk, _), pytest.raises(BadQuery):
        desk.get("biorxiv", id)


def test_a_row_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path) -> None:
    mirror = PreprintMirror(BIORXIV, tmp_path)
    done = mirror.load(bulk(tmp_path, "biorxiv"))
    assert (done.stored, done.refused) == (727, 4)
    reasons = {refusal.place: refusal.reason for refusal in mirror.refusals()}
    assert "DOI" in reasons["line 2, row 1"]
    assert "not of bioRxiv" in reasons["line 3, row 1"]
    assert "without rows" in reasons["line 4"]
    assert "damaged JSON" in reasons["line 5"]
    assert done.version == "2024-04-02"
    again = mirror.load(sorted(tmp_path.glob("biorxiv-*.json*")))
    assert (again.stored, again.resumed) == (0, 731)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "neither whole nor line by line"),
        (b"\x1f\x8b\x08nonsense", "damaged"),
        (gzip.compress(b"{" * 3, mtime=0)[:-4], "damaged"),
        (b"[" * 100_000, "neither whole nor line by line"),
        (gzip.compress(b" " * (65 << 20), 1, mtime=0), "more than 64 MB"),
        (gzip.compress(b"{\n" + b" " * (65 << 20), 1, mtime=0), "more than 64 MB"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_by_name(tmp_path: Path, body: bytes, said: str) -> None:
    place = tmp_path / "page.json"
    place.write_bytes(body)
    with pytest.raises(BadFile, match=f"page.json.*{said}"):
        PreprintMirror(MEDRXIV, tmp_path).load([place])


def test_a_citation_of_one_version_stays(tmp_path: Path) -> None:
    """A draft that cites version 1 resolves to version 1, whatever was posted since."""
    desk = ReferenceDesk(tmp_path)
    files = tmp_path / "files"
    files.mkdir()
    desk.load("medrxiv", bulk(files, "medrxiv"))
    first = desk.get("medrxiv", f"{DOI}v1").items[0]
    cited = desk.cited(first.ref, first.document.version)
    assert cited is not None
    assert orjson.loads(cited.body)["fields"]["version"] == 1
