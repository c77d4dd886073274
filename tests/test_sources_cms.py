"""The Medicare Coverage Database: its licence, its paging, its files."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import thread_time
from typing import Any

import pytest

from bogam.measure.contracts.cms import contract
from bogam.sources import settings
from bogam.sources.answer import Answer, BadQuery
from bogam.sources.cms.document import contractors, day, named
from bogam.sources.cms.states import state_named
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.cms import bulk, simulator
from bogam.synthetic.upstream.server import Asked, Reply, Simulator, Upstream


@contextmanager
def live(home: Path, behaves: Simulator, *, licensed: bool = True) -> Generator[tuple[ReferenceDesk, Upstream]]:
    with Upstream(behaves) as upstream:
        settings.write(home, "cms", enabled=True, base=upstream.base, accept_license=licensed)
        yield ReferenceDesk(home, sleep=lambda _: None, timeout_s=2), upstream


@pytest.fixture
def mirrored(tmp_path: Path) -> ReferenceDesk:
    desk = ReferenceDesk(tmp_path)
    desk.load("cms", bulk(tmp_path))
    return desk


def index(folder: Path, *rows: dict[str, str], name: str = "index-2025-08.csv") -> Path:
    columns = [
        "contractor_name_type,document_display_id,document_id,document_type,document_version,effective_date,note",
        "retirement_date,title,updated_on,updated_on_sort,url",
    ]
    place = folder / name
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ",".join(columns).split(","), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return place


LISTED = {
    "contractor_name_type": "Prairie Medicare Services, LLC\n(MAC - Part A, MAC - Part B)",
    "document_display_id": "L90301",
    "document_id": "90301",
    "document_type": "LCD",
    "document_version": "4",
    "effective_date": "08/14/2025",
    "retirement_date": "N/A",
    "title": "Only\nListed",
    "updated_on": "08/06/2025",
}


# --- the licence


def test_without_the_licence_documents_are_refused_and_reports_work(tmp_path: Path) -> None:
    with live(tmp_path, simulator(), licensed=False) as (desk, upstream):
        with pytest.raises(BadQuery, match="accept_license = true"):
            desk.get("cms", "L90101")
        assert desk.search("cms", text="oxygen").status == "found"
        assert desk.get("cms", "NCD 900.1").status == "found"
        assert not [each for each in upstream.requests if "license" in each.path]


@pytest.mark.parametrize("uses", [1, 2, 3])
def test_a_token_that_ran_out_is_renewed(tmp_path: Path, uses: int) -> None:
    with live(tmp_path, simulator(uses=uses)) as (desk, upstream):
        answer = desk.get("cms", "A90201")
        tokens = sum(each.path.endswith("license-agreement") for each in upstream.requests)
    assert answer.status == "found"
    assert len(answer.items[0].fields["icd10_covered"]) == 2
    assert tokens > 1


def test_a_new_token_that_is_refused_is_a_failure(tmp_path: Path) -> None:
    with live(tmp_path, simulator(uses=0)) as (desk, upstream):
        answer = desk.get("cms", "L90101")
        tokens = sum(each.path.endswith("license-agreement") for each in upstream.requests)
    assert answer.status == "upstream_error"
    assert "refused a new licence token" in answer.reason
    assert tokens == 2


def test_a_token_is_asked_for_once_and_stands_in_no_address_and_no_cache(tmp_path: Path) -> None:
    with live(tmp_path, simulator()) as (desk, upstream):
        desk.get("cms", "L90101")
        desk.get("cms", "A90202")
        asked = list(upstream.requests)
        again = desk.get("cms", "L90101")
    tokens = {
        each.headers["authorization"].removeprefix("Bearer ") for each in asked if "authorization" in each.headers
    }
    assert len(tokens) == 1
    assert sum(each.path.endswith("license-agreement") for each in asked) == 1
    assert again.backend == "cache"
    kept = (desk.folder / "kept.sqlite").read_bytes()
    assert tokens.pop().encode() not in kept


def test_each_reference_desk_is_let_in_by_its_own_token(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    with live(tmp_path, simulator()) as (desk, upstream):
        settings.write(tmp_path / "two", "cms", enabled=True, base=upstream.base, accept_license=True)
        for each in (desk, ReferenceDesk(tmp_path / "two", sleep=lambda _: None, timeout_s=2)):
            assert each.get("cms", "L90101").status == "found"
        asked = [each.path for each in upstream.requests if each.path.endswith("license-agreement")]
    assert len(asked) == 2


# --- what it may send wrongly


def test_paging_that_does_not_end_is_a_failure(tmp_path: Path) -> None:
    with live(tmp_path, simulator(endless=True)) as (desk, _):
        assert desk.search("cms", kind="lcd").status == "upstream_error"


def test_a_state_that_is_not_applied_is_a_failure_not_an_answer(tmp_path: Path) -> None:
    with live(tmp_path, simulator(ignore_state=True)) as (desk, _):
        answer = desk.search("cms", kind="lcd", state="TX")
    assert answer.status == "upstream_error"
    assert "did not apply the state" in answer.reason


def _bent(change: Callable[[Any], Any], path: str) -> Simulator:
    """The interface with the answers for one path changed."""
    straight = simulator()

    def answer(asked: Asked) -> Reply:
        reply = straight(asked)
        return Reply(change(reply.body)) if asked.path == path else reply

    return answer


def _without(name: str) -> Callable[[Any], Any]:
    return lambda body: {
        **body,
        "data": [{key: value for key, value in row.items() if key != name} for row in body["data"]],
    }


def _with(**values: Any) -> Callable[[Any], Any]:
    return lambda body: {**body, "data": [{**row, **values} for row in body["data"]]}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda body: [], "/v1/reports/local-coverage-final-lcds"),
        (lambda body: {**body, "data": []}, "/v1/reports/local-coverage-final-lcds"),
        (lambda body: {"data": body["data"]}, "/v1/reports/local-coverage-final-lcds"),
        (lambda body: {**body, "data": None}, "/v1/reports/local-coverage-final-lcds"),
        (lambda body: {**body, "data": ["L1"]}, "/v1/reports/local-coverage-final-lcds"),
        (lambda body: {**body, "meta": {"status": {"id": 503, "message": "busy"}}}, "/v1/data/lcd"),
        (lambda body: {**body, "meta": {"status": "OK"}}, "/v1/data/lcd"),
        (lambda body: {**body, "meta": {**body["meta"], "next_token": 7}}, "/v1/data/lcd/hcpc-code"),
        (_without("document_id"), "/v1/reports/local-coverage-final-lcds"),
        (_with(title=None), "/v1/reports/local-coverage-final-lcds"),
        (_with(document_version="latest"), "/v1/reports/local-coverage-final-lcds"),
        (_with(lcd_id=90102), "/v1/data/lcd"),
        (_with(lcd_version=35), "/v1/data/lcd"),
        (_with(title=["a"]), "/v1/data/lcd"),
        (_without("Token"), "/v1/metadata/license-agreement"),
        (lambda body: {**body, "data": []}, "/v1/metadata/license-agreement"),
        (_with(Token="line\r\nInjected: header"), "/v1/metadata/license-agreement"),
    ],
)
def test_a_shape_that_is_not_the_documented_one_is_a_failure(
    tmp_path: Path, change: Callable[[Any], Any], path: str
) -> None:
    with live(tmp_path, _bent(change, path)) as (desk, _):
        assert desk.get("cms", "L90101").status == "upstream_error"


def test_a_national_determination_need_not_repeat_its_section(tmp_path: Path) -> None:
    with live(tmp_path, _bent(_without("document_display_id"), "/v1/data/ncd")) as (desk, _):
        assert desk.get("cms", "NCD 900.1").items[0].version == "2 (2021-09-27)"


# --- what cannot be asked


@pytest.mark.parametrize(
    "id", ["", "33822", "X33822", "L33822; DROP", "lcd/", "L99999999999", "ncd/240", "통역", "L1/2/3"]
)
def test_what_is_no_id_is_not_asked(mirrored: ReferenceDesk, id: str) -> None:
    with pytest.raises(BadQuery):
        mirrored.get("cms", id)


@pytest.mark.parametrize(
    "request_",
    [
        {"kind": "ncd", "state": "TX"},
        {"state": "Atlantis"},
        {"text": "—!—"},
        {"kind": "nca"},
        {"effective_from": "yesterday"},
        {"next": "page-2"},
        {"next": "5000"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_asked_is_refused_live_and_mirrored(tmp_path: Path, request_: dict[str, Any]) -> None:
    with live(tmp_path, simulator()) as (desk, _):
        desk.load("cms", bulk(tmp_path))
        for way in ("live", "mirror"):
            with pytest.raises(BadQuery):
                desk.ask("cms", "search", request_, way=way)  # type: ignore[arg-type]


def test_two_versions_in_one_question(mirrored: ReferenceDesk) -> None:
    with pytest.raises(BadQuery, match="version 7"):
        mirrored.get("cms", "lcd/90102/7", version=8)


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("L33822", "lcd/33822"),
        ("lcd/33822", "lcd/33822"),
        ("LCD 033822", "lcd/33822"),
        ("a52399", "article/52399"),
        ("article/52399/12", "article/52399/12"),
        ("NCD 240.2", "ncd/240.2"),
        ("240.4.1", "ncd/240.4.1"),
        ("ncd-20.9/2", "ncd/20.9/2"),
    ],
)
def test_ids_as_people_write_them(written: str, id: str) -> None:
    assert named(written).id == id


def test_states_in_parts() -> None:
    known = ["California - Entire State", "California - Northern", "New York - Queens", "New York - Downstate", "Ohio"]
    assert state_named("ca", known) == "California - Entire State"
    assert state_named("Ohio", known) == "Ohio"
    assert state_named("New York - Queens", known) == "New York - Queens"
    with pytest.raises(BadQuery, match="in parts"):
        state_named("NY", known)


def test_contractors_and_dates_as_the_reports_write_them() -> None:
    told = "CGS Administrators, LLC\n(DME MAC)\n\nNoridian Healthcare Solutions, LLC\n(DME MAC)"
    assert contractors(told) == (
        ("CGS Administrators, LLC", "DME MAC"),
        ("Noridian Healthcare Solutions, LLC", "DME MAC"),
    )
    assert contractors("Palmetto GBA") == (("Palmetto GBA", ""),)
    assert [day(each) for each in ("08/14/2025", "2025-08-14 00:00:00", "N/A", "", "13/40/2025")] == [
        *("2025-08-14", "2025-08-14", "", "", ""),
    ]


# --- files


def test_an_index_says_that_it_is_no_more(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path)
    made = desk.load("cms", [index(tmp_path, LISTED)])
    answer = desk.get("cms", "L90301")
    assert (made.stored, made.version) == (1, "2025-08")
    assert (answer.status, answer.version) == ("found", "2025-08")
    assert answer.items[0].title == "Only Listed"
    assert "text and codes are not mirrored" in answer.reason
    assert answer.items[0].fields["extent"].startswith("an index entry only")
    with pytest.raises(BadQuery, match="does not say which states"):
        desk.search("cms", state="TX")
    by_code = desk.search("cms", code="E1390")
    assert by_code.status == "truncated"
    assert by_code.reason == (
        "1 documents are held as index entries, without code: import the downloads to search them too."
    )


def test_documents_that_a_search_by_state_could_not_look_into_are_told(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path)
    desk.load("cms", [index(tmp_path, LISTED), *bulk(tmp_path)])
    for kind, status in (("lcd", "truncated"), ("article", "found")):
        answer = desk.search("cms", state="TX", kind=kind)
        assert (answer.status, "index entries, without state" in answer.reason) == (status, status == "truncated")


def test_a_retired_document_says_so_too_when_the_live_source_fails(tmp_path: Path) -> None:
    with live(tmp_path, simulator()) as (desk, upstream):
        desk.load("cms", bulk(tmp_path))
        upstream.break_at(0, "500")
        answer = desk.get("cms", "L90103")
    assert answer.status == "stale"
    assert "L90103 is retired since 2025-06-05" in answer.reason


def test_rows_that_cannot_be_read_are_refused_with_their_place(tmp_path: Path) -> None:
    broken = [{**LISTED, "document_id": "x"}, {**LISTED, "document_type": "Memo"}, {**LISTED, "title": ""}]
    desk = ReferenceDesk(tmp_path)
    made = desk.load("cms", [index(tmp_path, LISTED, *broken)])
    mirror = desk.mirror("cms")
    assert mirror is not None
    assert (made.stored, made.refused) == (1, 3)
    assert [each.place for each in mirror.refusals()] == ["row 3", "row 4", "row 5"]
    assert "document_type" in mirror.refusals()[1].reason


def test_a_document_of_the_downloads_replaces_its_listing_in_any_order(tmp_path: Path) -> None:
    listing = index(tmp_path, {**LISTED, "document_id": "90101", "document_display_id": "L90101"}, LISTED)
    downloads = bulk(tmp_path)
    for at, order in enumerate(([listing, *downloads], [*downloads, listing])):
        desk = ReferenceDesk(tmp_path / str(at))
        desk.load("cms", order)
        assert "sections" in desk.get("cms", "L90101").items[0].fields
        assert "extent" in desk.get("cms", "L90301").items[0].fields


def test_tables_that_lie_open_in_a_folder(tmp_path: Path, mirrored: ReferenceDesk) -> None:
    def unpack(place: Path, into: Path) -> None:
        with zipfile.ZipFile(place) as packed:
            packed.extractall(into)

    unpack(tmp_path / "all_data.zip", tmp_path / "one")
    unpack(tmp_path / "one" / "all_article.zip", tmp_path / "two")
    unpack(tmp_path / "two" / "all_article_csv.zip", tmp_path / "three")
    desk = ReferenceDesk(tmp_path / "open")
    made = desk.load("cms", sorted((tmp_path / "three").glob("*.csv")))
    assert made.stored == 3
    assert desk.get("cms", "A90201").items == mirrored.get("cms", "A90201").items


def test_a_row_of_the_downloads_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "lcd.csv").write_text(
        'lcd_id,lcd_version,title,status,rev_eff_date,indication\n1,2,"Good",A,2025-01-01 00:00:00,"<p>Yes</p>"\n'
        "1,2\nx,1,Bad,A,,\n3,1,,A,,\n",
        "utf-8",
    )
    desk = ReferenceDesk(tmp_path / "home")
    made = desk.load("cms", [tmp_path / "lcd.csv"])
    mirror = desk.mirror("cms")
    assert mirror is not None
    assert (made.stored, made.refused) == (1, 3)
    assert [each.place for each in mirror.refusals()] == ["lcd.csv row 3", "lcd.csv row 4", "lcd.csv row 5"]
    assert desk.get("cms", "L1").items[0].fields["sections"][0]["paragraphs"] == ["Yes"]


def test_a_code_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "article.csv").write_text("article_id,article_version,title\n1,2,Good\n", "utf-8")
    (tmp_path / "article_x_icd10_covered.csv").write_text(
        "article_id,article_version,icd10_code_id,icd10_covered_group\n1,2,J44.9,1\n1,2,J96\n1,2,R09.02,1\n", "utf-8"
    )
    desk = ReferenceDesk(tmp_path / "home")
    made = desk.load("cms", [tmp_path / "article.csv"])
    mirror = desk.mirror("cms")
    assert mirror is not None
    assert (made.stored, made.refused) == (1, 1)
    assert mirror.refusals()[0].place == "article_x_icd10_covered.csv row 3"
    codes = desk.get("cms", "A1").items[0].fields["icd10_covered"][0]["codes"]
    assert [each["code"] for each in codes] == ["J44.9", "R09.02"]


@pytest.mark.parametrize("name", ["notes.csv", "lcd.csv", "empty.csv", "other.zip", "broken.csv.gz"])
def test_files_that_are_not_the_publishers_are_refused_whole(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(place, "w") as packed:
            packed.writestr("readme.txt", "nothing here")
    else:
        place.write_bytes(
            b"\x1f\x8bnot really" if name.endswith(".gz") else b"" if name == "empty.csv" else b"a,b\n1,2\n"
        )
    desk = ReferenceDesk(tmp_path / "home")
    with pytest.raises(BadFile):
        desk.load("cms", [place])
    assert desk.state("cms").mirror is None


def test_another_version_than_those_held_says_which_is(mirrored: ReferenceDesk) -> None:
    answer = mirrored.get("cms", "L90101", version=3)
    assert answer.status == "unknown_id"
    assert "holds version 36" in answer.reason


def test_live_and_mirror_give_the_same_document(tmp_path: Path, mirrored: ReferenceDesk) -> None:
    def told(answer: Answer) -> dict[str, Any]:
        fields = dict(answer.items[0].fields)
        fields.pop("notice")
        return fields

    with contract.desk("simulator") as (desk, _):
        for id in ("L90101", "A90201", "NCD 900.1", "L90103", "L90102"):
            one, other = told(desk.get("cms", id)), told(mirrored.get("cms", id))
            assert one.keys() == other.keys()
            assert one["sections"] == other["sections"]
            assert {k: v for k, v in one.items() if k != "keywords"} == {
                k: v for k, v in other.items() if k != "keywords"
            }


# --- the public index


def _seconds(do: Callable[[], object]) -> float:
    started = thread_time()
    do()
    return thread_time() - started


@pytest.mark.data
def test_the_index_of_august_2025(tmp_path: Path, data: Path) -> None:
    desk = ReferenceDesk(tmp_path)
    made = desk.load("cms", [data / "cms" / "lcd-and-article-index-2025-08.csv.gz"])
    assert (made.stored, made.refused, made.version) == (3133, 0, "2025-08")
    assert desk.search("cms", kind="lcd").total == 972
    assert desk.search("cms", kind="article").total == 2161
    assert desk.search("cms", status="retired").total == 94
    assert desk.search("cms", status="future").total == 35
    assert desk.search("cms", contractor="noridian", kind="lcd").status == "truncated"

    glucose = desk.search("cms", text="glucose monitors", kind="lcd")
    assert "lcd/33822" in [each.id for each in glucose.items]
    retired = desk.search("cms", status="retired", limit=1).items[0]
    answer = desk.get("cms", retired.id)
    assert "is retired since" in answer.reason
    assert answer.url.startswith("https://www.cms.gov/medicare-coverage-database/view/")

    mirror = desk.mirror("cms")
    assert mirror is not None
    words = ["urine drug testing", "moldx", "billing and coding", "vitamin d", "oxygen", "transcranial magnetic"]
    for text in words:
        request = desk.request("cms", "search", {"text": text})
        assert min(_seconds(lambda asked=request: mirror.search(asked)) for _ in range(5)) < 0.02
