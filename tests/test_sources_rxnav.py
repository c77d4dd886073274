"""RxNorm: names read from Korean, package codes in their forms, a release's files, and answers that make no sense."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from bogam.sources.answer import BadQuery, UnknownId
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.sources.rxnav import source
from bogam.sources.rxnav.mirror import RxNormMirror
from bogam.sources.rxnav.question import Get, Search, english, ndc11
from bogam.sources.settings import write
from bogam.synthetic.upstream.rxnav import bulk, simulator
from bogam.synthetic.upstream.server import Asked, Reply, Upstream


@pytest.mark.parametrize(
    ("written", "eleven"),
    [("00990100101", "00990100101"), ("0990-1001-01", "00990100101"), ("00990-100-01", "00990010001"),
     ("00990-1001-1", "00990100101"), ("00990-1001-01", "00990100101")],
)  # fmt: skip
def test_a_package_code_has_eleven_digits(written: str, eleven: str) -> None:
    assert ndc11(written) == eleven


@pytest.mark.parametrize("written", ["0990100101", "990-1001-01", "x", "0099-01001-01", "００９９０１００１０１"])
def test_what_may_be_several_package_codes_is_refused(written: str) -> None:
    with pytest.raises(BadQuery, match="National Drug Code"):
        ndc11(written)


def test_korean_is_asked_in_english() -> None:
    assert english("acetaminophen")[0] == "acetaminophen"
    assert english("아세트아미노펜")[0] == "acetaminophen"
    name, note = english("메트포르민 서방정 500mg")
    assert name == "metformin"
    assert "메트포르민" in note
    with pytest.raises(BadQuery, match="Ask in English"):
        english("감사합니다")


def unzipped(folder: Path) -> Path:
    (made,) = bulk(folder)
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder)
    return folder / "rrf"


def test_a_release_may_be_unpacked(tmp_path: Path) -> None:
    folder = unzipped(tmp_path)
    mirror = RxNormMirror(tmp_path)
    done = mirror.load(sorted(folder.glob("*.RRF")), version="2026-01-05")
    assert (done.stored, done.refused) == (146, 0)
    assert mirror.get(Get(id="161")).items[0].title == "acetaminophen"
    lone = tmp_path / "lone" / "RXNREL.RRF"
    lone.parent.mkdir()
    lone.write_bytes((folder / "RXNREL.RRF").read_bytes())
    with pytest.raises(BadFile, match=r"RXNCONSO\.RRF"):
        mirror.load([lone])


def test_wrong_rows_of_a_release_are_kept_apart(tmp_path: Path) -> None:
    folder = unzipped(tmp_path)
    conso, sat = folder / "RXNCONSO.RRF", folder / "RXNSAT.RRF"
    conso.write_bytes(
        conso.read_bytes()
        + b"abc|ENG||||||1|||1|RXNORM|IN|1|nobody||N|4096|\n"
        + b"161|too|few\n"
        + b"\xff\xfe|ENG||||||1|||1|RXNORM|IN|1|x||N|4096|\n"
    )
    sat.write_bytes(sat.read_bytes() + b"161|||1||CODE|||NDC|RXNORM|123|N||\n")
    mirror = RxNormMirror(tmp_path)
    done = mirror.load([conso])
    assert (done.stored, done.refused) == (146, 4)
    told = {each.place: each.reason for each in mirror.refusals()}
    assert "eleven digits" in told["RXNSAT.RRF line 3"]
    assert sorted(told.values()) == sorted(
        [
            "no RXCUI or no name",
            "3 columns, expected 18",
            "not UTF-8",
            '"123" is no National Drug Code of eleven digits',
        ]
    )


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    mirror = RxNormMirror(tmp_path)
    for name, content in (("notes.txt", b"x"), ("RxNorm.zip", b"PK no zip")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadFile):
            mirror.load([path])
    assert mirror.state() is None


def test_a_mirror_pages_without_gap(tmp_path: Path) -> None:
    mirror = RxNormMirror(tmp_path)
    mirror.load(bulk(tmp_path))
    seen: list[str] = []
    asked: dict[str, Any] = {"related_to": "9900001", "tty": "SCD", "limit": 50}
    while True:
        page = mirror.search(Search.model_validate(asked))
        seen += [item.id for item in page.items]
        if not page.next:
            break
        asked["next"] = page.next
    assert len(seen) == len(set(seen)) == 131
    with pytest.raises(BadQuery, match="no place to go on"):
        mirror.search(Search.model_validate({**asked, "next": "x"}))
    with pytest.raises(UnknownId):
        mirror.get(Get(id="77777777"))


def told(tmp_path: Path, path: str, body: Any, act: str = "get", **asked: str) -> Any:
    """Ask with one path answering ``body`` and all others as they should."""
    rest = simulator()

    def serve(request: Asked) -> Reply:
        return Reply(body) if request.path.endswith(path) else rest(request)

    with Upstream(serve) as server:
        write(tmp_path, "rxnav", enabled=True, base=server.base)
        desk = ReferenceDesk(tmp_path, {"rxnav": source}, sleep=lambda _: None)
        return desk.ask("rxnav", act, asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [{}, {"rxcuiStatusHistory": None}, {"rxcuiStatusHistory": {"metaData": None}},
                                  {"rxcuiStatusHistory": {"metaData": {"status": "UNKNOWN"}}}])  # fmt: skip
def test_an_empty_history_is_an_unknown_id(tmp_path: Path, body: Any) -> None:
    assert told(tmp_path, "historystatus.json", body, id="161").status == "unknown_id"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "historystatus.json",
            {"rxcuiStatusHistory": {"metaData": {"status": "Active"}, "attributes": {"rxcui": "7"}}},
        ),
        ("historystatus.json", {"rxcuiStatusHistory": {"metaData": {"status": "Active"}, "attributes": None}}),
        ("historystatus.json", {"rxcuiStatusHistory": []}),
        ("allProperties.json", {"propConceptGroup": None}),
        ("allProperties.json", []),
        ("allrelated.json", {"allRelatedGroup": {"rxcui": "7", "conceptGroup": []}}),
        ("allrelated.json", {"allRelatedGroup": {"rxcui": "161", "conceptGroup": [{"conceptProperties": [{}]}]}}),
        ("byRxcui.json", {"rxclassDrugInfoList": {"rxclassDrugInfo": [{}]}}),
        ("version.json", {}),
    ],
)
def test_a_200_that_makes_no_sense_is_an_error_of_the_source(tmp_path: Path, path: str, body: Any) -> None:
    answer = told(tmp_path, path, body, id="161")
    assert answer.status == "upstream_error"
    assert answer.reason


def test_a_search_answered_without_its_group_is_an_error_not_nothing(tmp_path: Path) -> None:
    for path, asked in (
        ("rxcui.json", {"text": "acetaminophen"}),
        ("drugs.json", {"text": "acetaminophen", "match": "products"}),
        ("approximateTerm.json", {"text": "acetaminophen", "match": "approximate"}),
        ("ndcstatus.json", {"ndc": "00990100101"}),
        ("properties.json", {"text": "acetaminophen"}),
    ):
        assert told(tmp_path, path, {}, "search", **asked).status == "upstream_error", path


def test_interactions_are_not_offered() -> None:
    assert "interaction" not in {*Search.model_fields, *Get.model_fields}
    assert "January 2024" in (type(source).__doc__ or "")
