"""The store keeps every version, finds what is asked for, and lets many read while one writes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bogam.record import schema
from bogam.record.references import difference
from bogam.record.store import Incoming, PutReport, Store

AT = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite")


def observation(id: str, value: str, patient: str = "p") -> Incoming:
    body = {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}], "text": "Haemoglobin"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": "2026-01-01",
        "valueQuantity": {"value": float(value), "unit": "g/dL"},
    }
    return Incoming.of(json.dumps(body).encode())


def patient(id: str) -> Incoming:
    return Incoming.of(json.dumps({"resourceType": "Patient", "id": id, "name": [{"family": "김"}]}).encode())


def index_rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as db:
        return {t.name: db.execute(select(func.count()).select_from(t)).scalar_one() for t in schema.indexes}


def test_what_is_put_is_found_again(store: Store) -> None:
    batch = [patient("p"), observation("a", "9.1"), observation("b", "9.2", "q")]
    assert store.put(batch, AT) == PutReport(new=3)
    found = store.get("Observation", "a")
    assert found is not None
    assert (found.ref, found.version, found.patient, found.body, found.updated) == (
        "Observation/a",
        1,
        "p",
        batch[1].body,
        AT,
    )
    assert found.origin.source == "Observation/a"
    assert str(found.json()["valueQuantity"]["value"]) == "9.1"
    assert [each.ref for each in store.patient("p")] == ["Observation/a", "Patient/p"]
    assert sorted(store.linked(["Patient/p", "Observation/b", "Observation/x", "nonsense"])) == [
        "Observation/b",
        "Patient/p",
    ]
    assert store.patient_ids() == ["p"]
    assert store.counts() == {"Observation": 2, "Patient": 1}
    assert [each.id for each in store.of_type("Observation")] == ["a", "b"]
    assert [each.id for each in store.of_type("Observation", patient="q")] == ["b"]
    assert store.get("Observation", "x") is None
    with pytest.raises(LookupError):
        store.original("Observation", "a", 2)


def test_a_changed_resource_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    store.put([observation("a", "9.1")], AT)
    rows = index_rows(store)
    assert store.put([observation("a", "9.2")], "2026-01-02T00:00:00.000Z") == PutReport(changed=1)
    assert [(each.version, each.json()["valueQuantity"]["value"]) for each in store.history("Observation", "a")] == [
        (2, "9.2"),
        (1, "9.1"),
    ]
    old = store.get("Observation", "a", 1)
    assert old is not None
    assert old.body == observation("a", "9.1").body
    assert index_rows(store) == rows, "the search index holds the current version only"
    assert store.counts() == {"Observation": 1}


def test_the_same_again_changes_nothing_even_an_older_version(store: Store) -> None:
    first, second = observation("a", "9.1"), observation("a", "9.2")
    assert store.put([first, second, second], AT) == PutReport(new=1, changed=1, same=1)
    assert store.put([first, second], AT) == PutReport(same=2, returned=("Observation/a",))
    current = store.get("Observation", "a")
    assert current is not None
    assert current.body == second.body


def test_many_versions_in_one_batch_keep_their_order(store: Store) -> None:
    batch = [observation("a", f"{n}.5") for n in range(1, 8)]
    assert store.put(batch, AT) == PutReport(new=1, changed=6)
    assert [each.body for each in store.history("Observation", "a")] == [each.body for each in reversed(batch)]


def test_the_sender_s_bytes_come_back(store: Store) -> None:
    original = b'{"resourceType":"Basic","code":{"text":"\xea\xb9\x80"},"subject":{"reference":"urn:uuid:1"}}'
    body = b'{"id":"1","resourceType":"Basic","code":{"text":"\xea\xb9\x80"},"subject":{"reference":"Patient/1"}}'
    store.put([Incoming("Basic", "1", body, difference(body, original))], AT)
    assert store.original("Basic", "1", 1) == original


def test_a_failed_batch_leaves_nothing(store: Store) -> None:
    broken = Incoming("Observation", "b", b"not JSON")
    with pytest.raises(ValueError, match="malformed"):
        store.put([observation("a", "1.5"), broken], AT)
    assert store.counts() == {}
    assert store.put([observation("a", "1.5")], AT) == PutReport(new=1)


def test_readers_see_whole_batches_while_a_writer_writes(store: Store) -> None:
    store.put([patient("p")], AT)
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            versions = {
                str(each.json()["valueQuantity"]["value"]) for each in store.patient("p") if each.type != "Patient"
            }
            if len(versions) > 1:
                wrong.append(versions)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for round in range(15):
        store.put([observation(str(n), f"{round}.5") for n in range(20)], AT)
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(store.patient("p")) == 21


def test_two_writers_take_turns(store: Store) -> None:
    reports: list[PutReport] = []

    def write(start: int) -> None:
        for n in range(20):
            reports.append(store.put([observation(f"{n}", f"{start}.{n}1"), patient(f"{start}{n}")], AT))

    writers = [threading.Thread(target=write, args=(start,)) for start in (1, 2, 3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    total = sum(reports, PutReport())
    assert total == PutReport(new=80, changed=40)
    assert all([each.version for each in store.history("Observation", str(n))] == [3, 2, 1] for n in range(20))
