"""Hostile input: no crash, no hang, bounded memory, and everything accounted for."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bogam.measure import fuzz
from bogam.record.load import LoadReport, load, quarantine
from bogam.record.store import Store

PATIENT = b'{"resourceType":"Patient","id":"good"}'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite")


def told(store: Store, report: LoadReport) -> list[str]:
    """The reasons; and the report adds up."""
    assert report.read == report.new + report.changed + report.same + report.quarantined
    return [each.reason for each in quarantine(store)]


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return info


def test_names_links_and_devices_in_an_archive_lead_nowhere(store: Store) -> None:
    archive = tar_of(
        (member("../../etc/cron.d/x"), PATIENT),
        (member("/etc/passwd"), PATIENT),
        (member("link", tarfile.SYMTYPE), b""),
        (member("hard", tarfile.LNKTYPE), b""),
        (member("null", tarfile.CHRTYPE), b""),
        (member("good.json"), PATIENT),
    )
    report = load(store, gzip.compress(archive), name="a.tar.gz")
    assert told(store, report) == [
        "its name leads out of the archive",
        "its name leads out of the archive",
        "a link within an archive is not followed",
        "a link within an archive is not followed",
        "neither a file nor a folder",
    ]
    assert store.patient_ids() == ["good"]


def test_names_that_are_not_text_are_shown_as_well_as_they_can_be(store: Store, tmp_path: Path) -> None:
    archive = tar_of((member("a\udcff.json"), b"x"))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b\udcfe.json").write_bytes(b"y")
    for source in (archive, folder):
        load(store, source)
    assert [each.origin for each in quarantine(store)] == ["input!a?.json", "b?.json"]


def test_names_and_encryption_in_a_zip(store: Store) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("..\\..\\windows\\x.json", PATIENT)
        archive.writestr("C:/x.json", PATIENT)
        archive.writestr("secret.json", PATIENT)
        archive.writestr("good.json", PATIENT)
    raw = bytearray(out.getvalue())
    entry = raw.find(b"PK\x01\x02", raw.find(b"PK\x01\x02", raw.find(b"PK\x01\x02") + 1) + 1)
    raw[entry + 8] |= 1
    assert told(store, load(store, bytes(raw))) == [
        "its name leads out of the archive",
        "its name leads out of the archive",
        "encrypted: unpack it with its password first",
    ]
    assert store.patient_ids() == ["good"]


def test_a_tar_whose_headers_are_larger_than_memory_is_stopped(store: Store) -> None:
    pax = tarfile.TarInfo("pax")
    pax.type = tarfile.XHDTYPE
    pax.size = 4 << 30
    raw = tar_of((member("good.json"), PATIENT))[:1024] + pax.tobuf() + b"x" * 10_000
    (reason,) = told(store, load(store, raw))
    assert "header is larger" in reason
    assert store.patient_ids() == ["good"]


def test_archives_in_archives_end(store: Store) -> None:
    raw = PATIENT
    for _ in range(3):
        raw = tar_of((member("inner.tar"), raw))
    assert "archive within an archive within" in told(store, load(store, raw))[0]
    raw = PATIENT
    for _ in range(8):
        raw = gzip.compress(raw)
    assert "too many times" in told(store, load(store, raw))[1]


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.999])
def test_a_truncated_archive_gives_what_there_is(store: Store, cut: float) -> None:
    content = b"".join(
        json.dumps({"resourceType": "Patient", "id": f"p{n}-{os.urandom(8).hex()}"}).encode() + b"\n"
        for n in range(3000)
    )
    for raw in (gzip.compress(content), gzip.compress(tar_of((member("a.ndjson"), content)))):
        report = load(store, raw[: int(len(raw) * cut)], name="a.ndjson.gz")
        assert any("ends too early" in reason for reason in told(store, report))
        assert report.new + report.same > 3000 * cut * 0.8


def test_an_archive_that_expands_without_end_is_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bogam.record.unpack._ALWAYS", 4 << 20)
    bomb = gzip.compress(b" " * (32 << 20))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.json", PATIENT)
        archive.writestr("bomb.json", b" " * (32 << 20))
        archive.writestr("never.json", PATIENT.replace(b"good", b"never"))
    assert any("expands to more than 200 times" in reason for reason in told(store, load(store, bomb)))
    assert told(store, load(store, zipped.getvalue(), name="a.zip"))[-1].startswith("the archive is read no further")
    assert store.patient_ids() == ["good"]


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b'{"resourceType":"Basic","id":"1","extension":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"resourceType":"Bundle","entry":[' * 2_000,
        b'{"resourceType":"Basic","id":"1","code":{"text":"a"},"code":{"text":"b"}}',
        b'{"resourceType":"Basic","id":"1","code":{"text":"\xff\xfe"}}',
        b'{"resourceType":"Basic","id":"1","code":{"text":"\\ud800"}}',
        b'{"resourceType":"Basic","id":"1","code":{"text":"a\x00"}}',
        b'{"resourceType":"Observation","id":"1","status":"final","code":{"text":"a"},"valueQuantity":{"value":1e999}}',
        b'{"resourceType":"Observation","id":"1","status":"final","code":{"text":"a"},"valueInteger":'
        + b"9" * 100_000
        + b"}",
        b'{"resourceType":["Patient"],"id":"1"}',
        b'{"resourceType":"Patient","id":{"a":1}}',
        b'{"resourceType":"Patient","id":"../../x"}',
        b'{"resourceType":"Patient","id":"a"},"resource":{}}',
        b'{"resourceType":"Bundle","type":5,"entry":[{"fullUrl":7,"resource":{}}],"type":"x"}',
        b'{"resourceType":"Bundle","entry":{"resource":{"resourceType":"Patient"}}}',
        b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}}},{"resource":{"resourceType":"Patient"}}]}',
        b"null",
        b"[null,1,[],{}]",
        b'{"resourceType":"Patient"',
    ],
)
def test_what_is_wrong_is_refused_with_a_reason(store: Store, raw: bytes) -> None:
    report = load(store, raw)
    assert told(store, report)
    assert report.quarantined >= 1
    assert b"Patient" in raw or report.new == 0


def in_a_process(tmp_path: Path, kind: str) -> tuple[int, str]:
    """Load generated input in a process of its own; its peak memory in MB, and what it says."""
    code = "import sys; from bogam.measure.fuzz import torment; torment(sys.argv[1], sys.argv[2], 300)"
    ran = subprocess.run(
        [sys.executable, "-c", code, kind, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    peak, _, rest = ran.stdout.partition(" ")
    return int(peak), rest


@pytest.mark.parametrize("kind", sorted(fuzz.TORMENTS))
def test_memory_is_bounded_whatever_comes(tmp_path: Path, kind: str) -> None:
    began = time.monotonic()
    peak, _ = in_a_process(tmp_path, kind)
    assert peak < 400
    assert time.monotonic() - began < 60


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_mutated_records_neither_crash_nor_vanish(store: Store, seed: int) -> None:
    raw = fuzz.case(seed)
    report = load(store, raw, name=f"{seed}.json")
    assert report.read == report.new + report.changed + report.same + report.quarantined
    assert report.read > 0 or report.warnings


def test_fuzzed_cases_of_known_length_are_all_accounted_for(store: Store) -> None:
    for seed in range(60):
        raw, resources = fuzz.countable(seed)
        assert load(store, raw, name=f"{seed}.ndjson").read == resources
