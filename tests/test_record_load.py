"""Loading: every arrangement of FHIR R4 goes in, references are rewritten, and the report adds up."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bogam.record.load import LoadError, LoadReport, Progress, load, quarantine, retry
from bogam.record.quarantine import get
from bogam.record.store import Store

NOWHERE = "urn:uuid:0c2a34a4-d948-4917-98b8-f44a77e459d8"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite")


def basic(id: str | None = "1", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Basic"} | ({"id": id} if id else {}) | {"code": {"text": "x"}} | more


def bundle(*entries: dict[str, Any], kind: str = "collection") -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": list(entries)}).encode()


def lines(*resources: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in resources)


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    assert report.read == report.new + report.changed + report.same + report.quarantined
    return report.read, report.new, report.changed, report.same, report.quarantined


def reasons(store: Store) -> list[tuple[str, str, str]]:
    return [(each.origin, each.place, each.reason) for each in quarantine(store)]


@pytest.mark.parametrize(
    "raw",
    [
        bundle({"resource": basic("1")}, {"resource": basic("2")}),
        bundle({"resource": basic("1")}, {"resource": basic("2")}, kind="searchset"),
        bundle(
            {"resource": basic("1"), "request": {"method": "PUT", "url": "Basic/1"}},
            {"resource": basic("2")},
            kind="batch",
        ),
        lines(basic("1"), basic("2")),
        lines(basic("1"), basic("2")).replace(b"\n", b"\r\n\r\n"),
        json.dumps([basic("1"), basic("2")]).encode(),
        json.dumps(basic("1"), indent=2).encode() + json.dumps(basic("2"), indent=2).encode(),
        b"\xef\xbb\xbf" + bundle({"resource": basic("1")}, {"resource": basic("2")}),
        bundle({"resource": json.loads(bundle({"resource": basic("1")}, {"resource": basic("2")}))}),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_every_arrangement_is_taken_and_the_same_again_changes_nothing(store: Store, raw: bytes, pack: Any) -> None:
    assert counts(load(store, pack(raw))) == (2, 2, 0, 0, 0)
    assert counts(load(store, io.BytesIO(pack(raw)))) == (2, 0, 0, 2, 0)
    assert [each.id for each in store.of_type("Basic")] == ["1", "2"]


def test_folders_and_archives_are_read_in_order_and_what_is_not_fhir_is_told(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "inner").mkdir(parents=True)
    (folder / "b.ndjson").write_bytes(lines(basic("2"), basic("3")))
    (folder / "README.txt").write_text("Hello")
    (folder / "empty.json").write_bytes(b"")
    with tarfile.open(folder / "inner" / "a.tar.gz", "w:gz") as tar:
        for name, content in (("x/1.json", json.dumps(basic("1")).encode()), ("x/photo.png", b"\x89PNG")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    with zipfile.ZipFile(folder / "c.zip", "w", zipfile.ZIP_DEFLATED) as zip:
        zip.writestr("4.json.gz", gzip.compress(json.dumps(basic("4")).encode()))
        zip.write(folder / "inner" / "a.tar.gz", "again.tar.gz")
    assert counts(load(store, folder)) == (9, 4, 0, 1, 4)
    assert reasons(store) == [
        ("README.txt", "byte 0", "not JSON: it begins with neither { nor ["),
        ("c.zip!again.tar.gz!x/photo.png", "byte 0", "not JSON: it begins with neither { nor ["),
        ("empty.json", "byte 0", "the input is empty"),
        ("inner/a.tar.gz!x/photo.png", "byte 0", "not JSON: it begins with neither { nor ["),
    ]
    assert counts(load(store, folder)) == (9, 0, 0, 5, 4)
    assert len(reasons(store)) == 4, "the same is kept once"


def test_references_within_a_bundle_are_rewritten_and_the_original_is_kept(store: Store) -> None:
    note = 'see "reference":"urn:uuid:p" and urn:uuid:p'
    raw = bundle(
        {
            "fullUrl": "urn:uuid:o",
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "code": {"text": note},
                "subject": {"reference": "urn:uuid:p"},
                "performer": [{"reference": "http://a.example/fhir/Practitioner/7"}, {"reference": "#in"}],
                "encounter": {"reference": NOWHERE},
                "specimen": {"reference": "Specimen?identifier=s|1"},
                "contained": [{"resourceType": "Practitioner", "id": "in"}],
                "valueQuantity": {"value": 4.10},
            },
        },
        {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "id": "other"}},
        {"fullUrl": "http://a.example/fhir/Practitioner/7", "resource": {"resourceType": "Practitioner", "id": "7"}},
        kind="transaction",
    ).replace(b"4.1", b"4.10")
    report = load(store, raw, name="one.json")
    assert counts(report) == (3, 3, 0, 0, 0)
    assert report.unresolved == 1
    assert report.warnings == (f"one.json, entry 0, byte 60: refers to {NOWHERE}, which its Bundle does not have.",)
    found = store.get("Observation", "o")
    assert found is not None
    value = found.json()
    assert found.patient == "other"
    assert value["subject"] == {"reference": "Patient/other"}
    assert value["performer"] == [{"reference": "Practitioner/7"}, {"reference": "#in"}]
    assert value["encounter"] == {"reference": NOWHERE}
    assert value["specimen"] == {"reference": "Specimen?identifier=s|1"}
    assert value["code"]["text"] == note
    assert value["valueQuantity"]["value"] == "4.10"
    original = store.original("Observation", "o", 1)
    assert original in raw
    assert b'"id"' not in original.split(b'"contained"')[0]
    patient = store.get("Patient", "other")
    assert patient is not None
    assert store.original("Patient", "other", 1) == patient.body


def test_a_reference_forwards_across_a_large_bundle_is_rewritten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bogam.record.spool._IN_MEMORY", 2000)
    monkeypatch.setattr("bogam.record.references._IN_MEMORY", 10)
    monkeypatch.setattr("bogam.record.intake._BATCH", 17)
    count = 100
    raw = bundle(
        *(
            {"fullUrl": f"urn:uuid:{n}", "resource": basic(None, subject={"reference": f"urn:uuid:{count - 1 - n}"})}
            for n in range(count)
        )
    )
    assert counts(load(store, raw)) == (count, count, 0, 0, 0)
    assert {each.id: each.json()["subject"]["reference"] for each in store.of_type("Basic")} == {
        str(n): f"Basic/{count - 1 - n}" for n in range(count)
    }


def test_an_id_is_made_where_there_is_none_the_same_each_time(store: Store) -> None:
    raw = bundle(
        {"fullUrl": "urn:uuid:0c2a34a4-d948-4917-98b8-f44a77e459d8", "resource": basic(None)},
        {"resource": basic(None, created="2020"), "request": {"method": "PUT", "url": "Basic/mine"}},
        {"resource": basic(None, created="2021"), "request": {"method": "POST", "url": "Basic"}},
    )
    assert counts(load(store, raw)) == (3, 3, 0, 0, 0)
    assert counts(load(store, raw)) == (3, 0, 0, 3, 0)
    ids = [each.id for each in store.of_type("Basic")]
    assert "0c2a34a4-d948-4917-98b8-f44a77e459d8" in ids
    assert "mine" in ids
    assert counts(load(store, json.dumps(basic(None, created="2021")).encode())) == (1, 0, 0, 1, 0)


def test_a_changed_resource_is_a_new_version_and_loading_both_again_changes_nothing(store: Store) -> None:
    old, new = bundle({"resource": basic("1", created="2020")}), bundle({"resource": basic("1", created="2021")})
    both = b"\n".join((old, new))
    assert counts(load(store, both)) == (2, 1, 1, 0, 0)
    report = load(store, both)
    assert counts(report) == (2, 0, 0, 2, 0)
    assert report.warnings == ("Basic/1 was sent again as an older version of it; the newer one stays current.",)
    assert [each.json()["created"] for each in store.history("Basic", "1")] == ["2021", "2020"]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            {"request": {"method": "DELETE", "url": "Basic/1"}},
            "asks for DELETE of Basic/1, and only whole resources are taken",
        ),
        ({"fullUrl": "urn:uuid:1"}, "an entry without a resource"),
        ({"resource": None}, "an entry without a resource"),
        ({"resource": [1]}, "Expected `object`, got `array`"),
        ("text", "Expected `object`, got `str`"),
    ],
)
def test_an_entry_that_is_not_taken_is_told(store: Store, entry: Any, reason: str) -> None:
    raw = bundle(entry, {"resource": basic("2")})
    report = load(store, raw)
    if isinstance(entry, str):  # no brackets: it stands between the entries
        reason = "there are other bytes between the resources"
    assert counts(report) == (2, 1, 0, 0, 1)
    assert [each.reason for each in quarantine(store)] == [reason]


def test_two_resources_in_one_entry_are_not_silently_one(store: Store) -> None:
    raw = bundle({"resource": basic("1")}).replace(
        b'{"resource":', b'{"resource": {"resourceType":"Basic"}, "resource":'
    )
    assert counts(load(store, raw)) == (1, 0, 0, 0, 1)
    assert [each.reason for each in quarantine(store)] == ["an entry with two resources"]


def test_a_history_bundle_does_not_turn_time_around(store: Store) -> None:
    raw = bundle({"resource": basic("1", created="2021")}, {"resource": basic("1", created="2020")}, kind="history")
    assert counts(load(store, raw)) == (2, 0, 0, 0, 2)


def test_what_fails_is_quarantined_with_its_bytes_place_and_pointer(store: Store) -> None:
    wrong = {"resourceType": "Observation", "id": "1", "status": "finished", "code": {"text": "x"}}
    raw = lines(basic("1"), wrong)
    assert counts(load(store, raw, name="a.ndjson")) == (2, 1, 0, 0, 1)
    (found,) = quarantine(store)
    assert (found.origin, found.place, found.pointer) == ("a.ndjson", "line 2", "/status")
    assert "finished" in found.reason
    assert found.raw == json.dumps(wrong).encode()
    assert found.whole


def test_a_retry_takes_a_correction_and_it_stays_corrected(store: Store) -> None:
    wrong = {
        "resourceType": "Observation",
        "status": "finished",
        "code": {"text": "x"},
        "subject": {"reference": "urn:uuid:p"},
    }
    raw = bundle(
        {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient"}}, {"fullUrl": "urn:uuid:o", "resource": wrong}
    )
    load(store, raw)
    (kept,) = quarantine(store)
    assert counts(retry(store)) == (1, 0, 0, 0, 1)
    assert kept.body is not None
    assert counts(retry(store, [kept.id], replacement=kept.body.replace(b"finished", b"final"))) == (1, 1, 0, 0, 0)
    found = store.get("Observation", "o")
    assert found is not None
    assert found.patient == "p"
    assert quarantine(store) == []
    load(store, raw)
    assert quarantine(store) == [], "what was corrected does not come back"
    with pytest.raises(LoadError):
        retry(store, [999])
    with pytest.raises(LoadError):
        retry(store, replacement=b"{}")


def test_a_retry_keeps_the_sender_s_bytes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from bogam.record import intake
    from bogam.record.r4.check import CheckError

    def refuse(body: bytes) -> None:
        raise CheckError([("/code", "not today")])

    with monkeypatch.context() as patch:
        patch.setattr(intake, "check", refuse)
        load(store, bundle({"fullUrl": "urn:uuid:1", "resource": basic(None, subject={"reference": "urn:uuid:1"})}))
    (kept,) = quarantine(store)
    assert counts(retry(store, [kept.id])) == (1, 1, 0, 0, 0)
    assert (
        store.original("Basic", "1", 1)
        == kept.raw
        == json.dumps(basic(None, subject={"reference": "urn:uuid:1"})).encode()
    )
    assert get(store, kept.id) is None, "it does not wait any more"


def test_an_input_of_which_everything_is_refused_is_given_up_after_what_was_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bogam.record.intake._PATIENCE", 50)
    good = json.dumps({"resource": basic("1")}).encode()
    raw = b'{"resourceType":"Bundle","entry":[' + good + b",{}" * 1000 + b"]}"
    assert counts(load(store, raw)) == (52, 1, 0, 0, 51)
    assert "not read" in quarantine(store)[-1].reason


@pytest.mark.parametrize("raw", [b"[]", b'{"resourceType":"Bundle","type":"searchset","total":0}', bundle()])
def test_an_input_without_a_resource_is_mentioned(store: Store, raw: bytes) -> None:
    report = load(store, raw, name="a.json")
    assert (report.read, report.warnings) == (0, ("a.json: there is no resource in it.",))


def test_an_empty_folder_is_mentioned(store: Store, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert load(store, tmp_path / "in").warnings == ("in: there is no file in it.",)


def test_progress_is_told_in_bytes_of_the_source(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(lines(*(basic(str(n)) for n in range(50)))))
    told: list[Progress] = []
    load(store, path, progress=told.append)
    assert told[-1] == Progress(path.stat().st_size, path.stat().st_size, 50, "a.ndjson.gz")


def test_a_path_that_does_not_exist_is_one_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="does not exist"):
        load(store, tmp_path / "nowhere")


def test_the_public_sets_load_whole(store: Store, data: Path) -> None:
    synthea = load(store, data / "synthea")
    assert (synthea.read, synthea.quarantined, synthea.unresolved) == (12963, 0, 0)
    assert len(store.patient_ids()) == 40
    bulk = load(store, data / "bulk-fhir")
    assert counts(bulk) == (7160, 7160, 0, 0, 0)
    again = load(store, data / "bulk-fhir")
    assert counts(again) == (7160, 0, 0, 7160, 0)
    assert sum(store.counts().values()) == synthea.new + bulk.new
