"""The NPI registry: what its mirror refuses, resumes, replaces and adds; check digits; what the live one says."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bogam.measure.npi import npi_figures
from bogam.sources.answer import BadQuery, UnknownId
from bogam.sources.mirrors import BadFile
from bogam.sources.npi import source, tables
from bogam.sources.npi.layout import COLUMNS
from bogam.sources.npi.mirror import NpiMirror
from bogam.sources.npi.number import check_digit, checked
from bogam.sources.npi.question import Get, Search
from bogam.sources.reference_desk import ReferenceDesk
from bogam.sources.settings import write
from bogam.synthetic.upstream.npi import MADE
from bogam.synthetic.upstream.npi import _row as row_of  # pyright: ignore[reportPrivateUsage]
from bogam.synthetic.upstream.nppes import COLUMNS as PUBLISHED
from bogam.synthetic.upstream.nppes import big, npi, quoted, specialties
from bogam.synthetic.upstream.server import Reply
from bogam.synthetic.upstream.server import Upstream as Server

FULL = "npidata_pfile_20050523-20260111.csv"


def person(nine: int, last: str, first: str = "ANN", **more: str) -> list[str]:
    made = dict(zip(COLUMNS, row_of({**MADE[1], "nine": nine, "last": last, "first": first}), strict=True))
    return list({**made, **more}.values())


def data(folder: Path, *rows: list[str] | str, name: str = FULL) -> Path:
    path = folder / name
    path.write_text(quoted(COLUMNS) + "".join(row if isinstance(row, str) else quoted(row) for row in rows), "utf-8")
    return path


def found(mirror: NpiMirror, **asked: Any) -> list[str]:
    return [item.id for item in mirror.search(Search.model_validate(asked)).items]


def test_a_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("123456789") == "3"  # the example of the publisher
    assert checked("1234567893") == "1234567893"
    with pytest.raises(BadQuery, match="must be 3"):
        checked("1234567890")
    for text in ("", "123456789", "12345678930", "12345 7893", "١٢٣٤٥٦٧٨٩٣"):
        with pytest.raises(BadQuery, match="ten digits"):
            checked(text)


def test_the_columns_are_those_that_the_publisher_lists() -> None:
    assert COLUMNS == PUBLISHED
    assert len(PUBLISHED) == 330


def test_wrong_rows_are_kept_apart_with_the_reason(tmp_path: Path) -> None:
    good = person(120000001, "RIGHT")
    digit = ["1200000011", *good[1:]]
    path = data(
        tmp_path,
        good,
        digit,
        quoted(good[:-1]),
        person(120000002, "DAY", **{"Last Update Date": "02/30/2024"}),
        person(120000003, "KIND", **{"Entity Type Code": "3"}),
        '"' + "x" * 200_000 + '"\n',
        "\n",
        person(120000004, "LAST"),
    )
    mirror = NpiMirror(tmp_path)
    done = mirror.load([path])
    assert (done.stored, done.refused, done.version) == (2, 5, "2026-01-11")
    told = {each.place: each.reason for each in mirror.refusals()}
    assert "check digit" in told["line 3"]
    assert "329 columns instead of 330" in told["line 4"]
    assert "last update date" in told["line 5"]
    assert "entity type" in told["line 6"]
    assert "longer than 128 kB" in told["line 7"]
    assert found(mirror, last_name="LAST") == [npi(120000004)]


def test_rows_in_other_csv_are_read(tmp_path: Path) -> None:
    plain = person(120000001, "PLAIN", Provider="", **{"Provider Credential Text": 'M.D. "Ph.D", R.N.'})[:330]
    line = ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if "," in cell or '"' in cell else cell for cell in plain)
    mirror = NpiMirror(tmp_path)
    assert mirror.load([data(tmp_path, line + "\r\n")]).stored == 1
    assert mirror.get(Get(id=npi(120000001))).items[0].fields["credential"] == "M.D. 'Ph.D', R.N."


def test_an_import_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FULL
    wrong = big(path, 9_000)
    whole = NpiMirror(tmp_path / "whole")
    whole.load([path])
    written, stopped = 0, NpiMirror(tmp_path / "stopped")
    write_as_before = tables.write

    def stop(db: sqlite3.Connection, parsed: Any) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise KeyboardInterrupt
        write_as_before(db, parsed)

    monkeypatch.setattr("bogam.sources.npi.release._PIECE", 2 << 20)
    monkeypatch.setattr(tables, "write", stop)
    with pytest.raises(KeyboardInterrupt):
        stopped.load([path])
    assert stopped.state() is None  # nothing is answered from half of a file
    monkeypatch.setattr(tables, "write", write_as_before)
    done = stopped.load([path])
    assert done.resumed > 3_000
    assert done.resumed + done.stored == 9_000 - wrong
    held = [
        sorted(sqlite3.connect(each.path).execute("SELECT key, npi, purpose, place, zip FROM names").fetchall())
        for each in (whole, stopped)
    ]
    assert held[0] == held[1]


def test_what_another_file_left_is_not_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = NpiMirror(tmp_path)
    old = data(tmp_path, person(120000001, "OLD"))

    def stop(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(tables, "index", stop)
        with pytest.raises(KeyboardInterrupt):
            mirror.load([old])
    mirror.load([data(tmp_path, person(120000002, "NEW"), name="npidata_pfile_20050523-20260208.csv")])
    assert found(mirror, last_name="OLD") == []
    assert found(mirror, last_name="NEW") == [npi(120000002)]


def test_a_weekly_file_replaces_its_providers(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    weekly = data(
        tmp_path,
        person(120000002, "MARRIED", **{"Provider Other Last Name": "MAIDEN"}),
        person(120000003, "FRESH"),
        name="npidata_pfile_20260112-20260118.csv",
    )
    with pytest.raises(BadFile, match="import that first"):
        mirror.load([weekly])
    mirror.load([data(tmp_path, person(120000001, "KEPT"), person(120000002, "MAIDEN"))])
    mirror.load([weekly])
    assert found(mirror, last_name="KEPT") == [npi(120000001)]
    assert found(mirror, last_name="FRESH") == [npi(120000003)]
    assert mirror.get(Get(id=npi(120000002))).items[0].fields["last_name"] == "MARRIED"
    assert found(mirror, last_name="MAIDEN") == [npi(120000002)]  # by the other name now
    state = mirror.state()
    assert state is not None
    assert (state.version, state.items) == ("2026-01-18", 3)


def test_of_several_rows_of_a_number_the_last_stands(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    done = mirror.load([data(tmp_path, person(120000001, "FIRST"), person(120000001, "SECOND"))])
    assert done.refused == 1
    assert found(mirror, last_name="FIRST") == []
    assert found(mirror, last_name="SECOND") == [npi(120000001)]
    assert "several rows" in mirror.refusals()[0].reason


def test_names_places_and_deactivations_of_the_other_files(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    clinic = row_of({**MADE[7], "nine": 120000010})
    mirror.load([data(tmp_path, person(120000001, "DOE"), clinic)])
    names = tmp_path / "othername_pfile_20050523-20260111.csv"
    names.write_text(
        quoted(["NPI", "Provider Other Organization Name", "Provider Other Organization Name Type Code"])
        + quoted([npi(120000010), "BLUE DOOR CLINIC", "3"])
        + quoted([npi(129999999), "NOBODY", "3"])
    )
    places = tmp_path / "pl_pfile_20050523-20260111.csv"
    part = "Provider Secondary Practice Location Address"
    columns = ["Address Line 1", " Address Line 2", " City Name", " State Name", " Postal Code",
               " Country Code (If outside U.S.)", " Telephone Number", " Telephone Extension"]  # fmt: skip
    places.write_text(
        quoted(["NPI", *(f"{part}-{each}" for each in columns), "Provider Practice Location Address - Fax Number"])
        + quoted([npi(120000001), "2 SECOND ST", "", "FARAWAY", "AK", "995010001", "US", "555-010-0102", "", ""])
    )
    gone = tmp_path / "NPPES Deactivated NPI Report 20260112.csv"
    gone.write_text(f"NPPES Deactivated Records,\nNPI,NPPES Deactivation Date\n{npi(120000001)},12/15/2025\n"
                    f"{npi(120000099)},01/02/2019\n123,01/02/2019\n")  # fmt: skip
    done = mirror.load([names, places, gone])
    assert done.refused == 2
    assert found(mirror, organization_name="Blue Door*") == [npi(120000010)]
    assert found(mirror, city="Faraway", address_purpose="SECONDARY") == [npi(120000001)]
    told = mirror.get(Get(id=npi(120000001)))
    assert told.items[0].fields["practiceLocations"][0]["city"] == "FARAWAY"
    assert "deactivated since 2025-12-15" in told.note
    assert mirror.get(Get(id=npi(120000099))).items[0].fields["status"] == "deactivated"
    mirror.load([data(tmp_path, person(120000001, "DOE"), name="npidata_pfile_20050523-20260208.csv")])
    assert mirror.get(Get(id=npi(120000099))).items[0].fields["status"] == "deactivated"


def test_a_damaged_mirror_is_told_and_can_be_made_again(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path, {"npi": source})
    path = data(tmp_path, person(120000001, "DOE"))
    desk.load("npi", [path])
    place = desk.folder / "npi.sqlite"
    with sqlite3.connect(place) as db:
        db.execute("UPDATE blocks SET lines = x'00'")
    answer = desk.ask("npi", "get", {"id": npi(120000001)})
    assert answer.status == "upstream_error"
    assert "Import it again" in answer.reason
    place.write_bytes(b"no database at all, but long enough to be read as one" * 100)
    assert desk.state("npi").mirror is None
    desk.load("npi", [path])
    assert desk.ask("npi", "get", {"id": npi(120000001)}).status == "found"


def test_specialties_have_names_when_their_table_is_imported(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    mirror.load([data(tmp_path, person(120000001, "DOE"))])
    told = mirror.get(Get(id=npi(120000001)))
    assert "desc" not in told.items[0].fields["taxonomies"][0]
    assert "nucc" in told.note
    with pytest.raises(BadQuery, match="nucc"):
        found(mirror, taxonomy_description="Family", city="Ashbrook")
    assert found(mirror, taxonomy_description="207Q00000X", city="Ashbrook") == [npi(120000001)]
    mirror.load([specialties(tmp_path)])
    assert found(mirror, taxonomy_description="family medicine", city="Ashbrook") == [npi(120000001)]
    assert found(mirror, taxonomy_description="family_medicine", city="Ashbrook") == []


def test_pages_hold_everybody_once(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    rows = [person(120000000 + at, "DOE", f"A{at:03d}") for at in range(37)]
    rows += [person(120000500 + at, "ROE", **{"Provider Other Last Name": "DOE"}) for at in range(5)]
    mirror.load([data(tmp_path, *rows)])
    asked, seen = {"last_name": "Doe", "limit": 10}, list[str]()
    while True:
        page = mirror.search(Search.model_validate(asked))
        seen += [item.id for item in page.items]
        if not page.next:
            break
        asked["next"] = page.next
    assert len(seen) == len(set(seen)) == 42
    assert seen[-5:] == [npi(120000500 + at) for at in range(5)]  # other names come last


def test_files_that_are_not_nppes_are_refused(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    for name, content, why in (
        ("notes.csv", "a,b\n1,2\n", "2 columns instead of 330"),
        ("empty.csv", "", "columns instead of 330"),
        ("broken.zip", "PK\x03\x04 no zip", "columns instead"),
        (FULL, quoted(["NPI", *("x" for _ in range(329))]), 'column 2 is "x"'),
    ):
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(BadFile, match=why):
            mirror.load([path])
    with pytest.raises(BadFile, match="No such file"):
        mirror.load([tmp_path / "nowhere.csv"])
    assert mirror.state() is None


def answered(tmp_path: Path, body: Any, act: str = "get", **asked: Any) -> Any:
    with Server(lambda _: Reply(body)) as server:
        write(tmp_path, "npi", enabled=True, base=server.base)
        desk = ReferenceDesk(tmp_path, {"npi": source}, sleep=lambda _: None)
        return desk.ask("npi", act, asked or {"id": npi(120000001)})  # type: ignore[arg-type]


def one(number: str, **more: str) -> dict[str, Any]:
    return {"result_count": 1, "results": [{"number": number, "enumeration_type": "NPI-1", "basic": {}, **more}]}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"Errors": [{"description": "Unsupported Version", "field": "version", "number": "17"}]}, "Unsupported"),
        ({"Errors": []}, "error"),
        ({"Errors": "down"}, "error"),
        ({}, "neither results nor an error"),
        ({"result_count": 2, "results": []}, "announced 2"),
        (one(npi(120000002)), "asked"),
        (one("1234567890"), "cannot be"),
        (one(npi(120000001), enumeration_type="NPI-9"), "type"),
        ({"result_count": 1, "results": ["x"]}, "no object"),
        (one(npi(120000001), addresses="x"), "addresses"),
        ([], "no object"),
    ],
)  # fmt: skip
def test_a_200_that_makes_no_sense_is_an_error_of_the_registry(tmp_path: Path, body: Any, why: str) -> None:
    answer = answered(tmp_path, body)
    assert answer.status == "upstream_error"
    assert why in answer.reason


def test_an_errors_list_about_a_criterion_is_a_bad_query(tmp_path: Path) -> None:
    error = {"description": "Field contains special character(s)", "field": "city", "number": "05"}
    with pytest.raises(BadQuery, match="special character"):
        answered(tmp_path, {"Errors": [error]}, "search", city="A/B")


def test_nothing_is_known_of_a_number_without_results(tmp_path: Path) -> None:
    answer = answered(tmp_path, {"result_count": 0, "results": []})
    assert answer.status == "unknown_id"
    assert "deactivated" in answer.reason


def test_the_figures_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    figures = npi_figures(print, rows=300)
    assert set(figures) == {"npi.import_s", "npi.lookup_p95_ms", "npi.search_p95_ms"}
    assert all(figure.value > 0 and figure.beside for figure in figures.values())


def test_errors_of_the_room_are_not_swallowed(tmp_path: Path) -> None:
    mirror = NpiMirror(tmp_path)
    with pytest.raises(BadQuery, match="no mirror here"):
        mirror.get(Get(id=npi(120000001)))
    mirror.load([data(tmp_path, person(120000001, "DOE"))])
    with pytest.raises(UnknownId):
        mirror.get(Get(id=npi(120000002)))
