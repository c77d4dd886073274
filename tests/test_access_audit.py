"""The audit log: what is written, and that every tampering is found and named."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from bogam.access.audit import Audit, verify_copy
from bogam.access.chain import GENESIS, LAG, Head, chained
from bogam.access.identity import Actor, Role

LEE = Actor("lee", "이지은", Role.physician)


def opened(home: Path) -> tuple[Engine, Audit]:
    engine = create_engine(f"sqlite:///{home / 'records.sqlite'}")
    return engine, Audit(engine, home)


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    engine, audit = opened(tmp_path)
    yield audit
    engine.dispose()


def fill(audit: Audit, count: int = 10) -> None:
    for number in range(1, count + 1):
        audit.write(
            LEE, "treatment", f"p{number}", "read", f"Observation/{number}", "allow", {"이름": "김", "n": number}
        )


def tamper(home: Path, *statements: str) -> None:
    """Change the table as someone with the file would: the triggers are no obstacle to them."""
    db = sqlite3.connect(home / "records.sqlite")
    db.executescript("DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def test_entries_are_chained_and_say_who_what_and_why(audit: Audit) -> None:
    assert audit.verify().ok
    first = audit.write(
        LEE, "treatment", "p1", "read", "timeline", "refuse", {"code": "consent-denies", "at": Path("x")}
    )
    second = audit.write(None, "", None, "load", "a\ud800b", "error")
    assert (first.seq, first.previous, second.seq, second.previous) == (1, GENESIS, 2, first.hash)
    assert (first.actor, first.role, first.outcome) == ("lee", "physician", "refuse")
    assert first.json()["detail"] == {"code": "consent-denies", "at": "x"}
    assert first.at.endswith("Z")
    assert len(first.at) == len("2026-11-20T09:14:00.000Z")
    assert (second.actor, second.target) == ("bogam", "a?b")
    verdict = audit.verify()
    assert (verdict.ok, verdict.entries, verdict.first_bad, verdict.reason) == (True, 2, None, "")
    assert verdict.head == Head(2, second.hash)


def test_entries_are_found(audit: Audit) -> None:
    fill(audit, 5)
    audit.write(LEE, "treatment", None, "list", "patients", "refuse", {"patients": ["p3", "p33"]})
    assert [each.seq for each in audit.entries(limit=2)] == [6, 5]
    assert [each.seq for each in audit.entries(limit=2, offset=4)] == [2, 1]
    assert [each.seq for each in audit.entries(patient="p3")] == [6, 3]
    assert audit.count(patient="p3") == 2
    assert not audit.entries(patient="%")
    assert [each.seq for each in audit.entries(outcome="refuse", action="list", actor="lee")] == [6]
    assert audit.count(since="2020-01-01") == 6
    assert audit.count(until="2020-01-01") == 0


def test_the_export_is_json_lines_that_anyone_with_the_key_can_check(audit: Audit, tmp_path: Path) -> None:
    fill(audit, 3)
    rows = [json.loads(line) for line in audit.export()]
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert rows[0]["detail"] == {"이름": "김", "n": 1}
    key = bytes.fromhex((tmp_path / "audit.key").read_text())
    entry = audit.entries(limit=1)[0]
    assert chained(key, entry.json() | {"detail": entry.detail}) == entry.hash


def test_the_key_is_made_once_and_private(audit: Audit, tmp_path: Path) -> None:
    key = tmp_path / "audit.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    opened(tmp_path)
    assert key.read_bytes() == before
    assert sorted(each.name for each in tmp_path.glob("audit.*")) == ["audit.head", "audit.key"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_change_and_removal(audit: Audit, tmp_path: Path, statement: str) -> None:
    fill(audit, 1)
    db = sqlite3.connect(tmp_path / "records.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


COLUMNS = ("at", "actor", "role", "purpose", "patient", "action", "target", "outcome", "detail", "previous", "hash")
EDIT = "UPDATE audit SET {} = {} || 'x' WHERE seq = 5"
RELINK = "UPDATE audit SET previous = (SELECT hash FROM audit WHERE seq = 10) WHERE seq = 11"
INSERT = f"INSERT INTO audit SELECT {{}}, {', '.join(COLUMNS)} FROM audit WHERE seq = {{}}"  # noqa: S608
SWAP = (
    "UPDATE audit SET seq = -1 WHERE seq = 4",
    "UPDATE audit SET seq = 4 WHERE seq = 7",
    "UPDATE audit SET seq = 7 WHERE seq = -1",
)
SHIFT = ("UPDATE audit SET seq = -seq WHERE seq > 4", "UPDATE audit SET seq = 1 - seq WHERE seq < 0")
CLOSE = ("UPDATE audit SET seq = -seq WHERE seq > 4", "UPDATE audit SET seq = -seq - 1 WHERE seq < 0")


@pytest.mark.parametrize(
    ("statements", "first_bad", "reason"),
    [
        *[((EDIT.format(column, column),), 5, "") for column in COLUMNS],
        (("UPDATE audit SET actor = 'kim' WHERE seq = 5",), 5, "edited"),
        (("UPDATE audit SET detail = x'ff' WHERE seq = 5",), 5, "edited"),
        (("UPDATE audit SET patient = 7 WHERE seq = 5",), 5, "edited"),
        (("UPDATE audit SET seq = 50 WHERE seq = 10",), 10, "another place"),
        (("DELETE FROM audit WHERE seq = 1",), 1, "Entry 1 is missing"),
        (("DELETE FROM audit WHERE seq = 5",), 5, "Entry 5 is missing"),
        (("DELETE FROM audit WHERE seq IN (5, 6)",), 5, "Entries 5 to 6 are missing"),
        (("DELETE FROM audit WHERE seq = 10",), 10, "missing at the end"),
        (("DELETE FROM audit WHERE seq > 3",), 4, "Entries 4 to 10 are missing at the end"),
        (("DELETE FROM audit",), 1, "missing"),
        (SWAP, 4, "another place"),
        (("DELETE FROM audit WHERE seq = 4", *CLOSE), 4, "another place"),
        ((*SHIFT, INSERT.format(5, 3)), 5, "another place"),
        ((INSERT.format(11, 10),), 11, "another place"),
        ((INSERT.format(11, 10), RELINK), 11, ""),
    ],
)  # fmt: skip
def test_tampering_is_found_and_the_first_entry_named(
    audit: Audit, tmp_path: Path, statements: tuple[str, ...], first_bad: int, reason: str
) -> None:
    fill(audit)
    tamper(tmp_path, *statements)
    verdict = audit.verify()
    assert not verdict.ok
    assert verdict.first_bad == first_bad, verdict
    assert verdict.entries == first_bad - 1
    assert reason in verdict.reason, verdict


def test_a_row_twice_in_a_table_without_its_key_is_found(audit: Audit, tmp_path: Path) -> None:
    fill(audit, 4)
    tamper(
        tmp_path,
        "CREATE TABLE loose AS SELECT * FROM audit",
        "INSERT INTO loose SELECT * FROM audit WHERE seq = 2",
        "DROP TABLE audit",
        "ALTER TABLE loose RENAME TO audit",
    )
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, 2)
    assert "twice" in verdict.reason


def test_a_log_that_cannot_be_read_is_not_whole(audit: Audit, tmp_path: Path) -> None:
    fill(audit, 4)
    tamper(tmp_path, "DROP TABLE audit")
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, 1)
    assert "no such table" in verdict.reason


def test_writing_on_does_not_heal_a_removal(audit: Audit, tmp_path: Path) -> None:
    fill(audit)
    tamper(tmp_path, "DELETE FROM audit WHERE seq > 8")
    assert audit.write(LEE, "treatment", "p1", "read", "timeline", "allow").seq == 11
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, 9)
    assert "Entries 9 to 10 are missing" in verdict.reason


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("0" * 150)], ids=["removed", "forged"])
def test_a_lost_head_is_a_fault_that_stays(audit: Audit, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    fill(audit, 3)
    damage(tmp_path / "audit.head")
    assert "audit.head" in audit.verify().reason
    opened(tmp_path)
    assert not audit.verify().ok
    audit.write(LEE, "treatment", "p1", "read", "timeline", "allow")
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, 4)


def test_the_head_may_lag_as_a_killed_writer_leaves_it_but_no_more(audit: Audit, tmp_path: Path) -> None:
    audit.write(LEE, "treatment", "p1", "read", "timeline", "allow")
    old = (tmp_path / "audit.head").read_bytes()
    fill(audit, LAG)
    (tmp_path / "audit.head").write_bytes(old)
    assert audit.verify().ok
    fill(audit, 1)
    (tmp_path / "audit.head").write_bytes(old)
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, 2)
    assert "put back" in verdict.reason


def test_a_head_kept_elsewhere_finds_what_was_taken_back_whole(audit: Audit, tmp_path: Path) -> None:
    fill(audit, 3)
    old = (tmp_path / "audit.head").read_bytes()
    fill(audit, 3)
    kept = audit.verify().head
    assert Head.parse(str(kept)) == kept
    tamper(tmp_path, "DELETE FROM audit WHERE seq > 3")
    (tmp_path / "audit.head").write_bytes(old)
    assert audit.verify().ok
    assert audit.verify(kept=kept).first_bad == 4
    fill(audit, 4)
    verdict = audit.verify(kept=kept)
    assert (verdict.ok, verdict.first_bad) == (False, 6)
    assert "replaced" in verdict.reason
    with pytest.raises(ValueError, match="SEQ:HASH"):
        Head.parse("6")


def test_another_key_verifies_nothing(audit: Audit, tmp_path: Path) -> None:
    fill(audit, 2)
    copy = tmp_path / "copy"
    copy.mkdir()
    db = sqlite3.connect(tmp_path / "records.sqlite")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    shutil.copy(tmp_path / "records.sqlite", copy)
    shutil.copy(tmp_path / "audit.head", copy)
    key = tmp_path / "audit.key"
    assert verify_copy(copy / "records.sqlite", key, copy / "audit.head").ok
    assert verify_copy(copy / "records.sqlite", key).ok
    (copy / "audit.key").write_text("ab" * 32)
    assert verify_copy(copy / "records.sqlite", copy / "audit.key").first_bad == 1
    with pytest.raises(FileNotFoundError, match=r"no\.sqlite"):
        verify_copy(copy / "no.sqlite", key)


def _write_many(home: Path, name: str, count: int) -> None:
    _, audit = opened(home)
    actor = Actor(name, name, Role.nurse)
    for number in range(count):
        audit.write(actor, "treatment", "p1", "read", str(number), "allow")


def test_four_processes_and_four_threads_make_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(tmp_path, f"process{n}", 50)) for n in range(4)]
    for each in writers:
        each.start()
    _, audit = opened(tmp_path)
    threads = [threading.Thread(target=fill, args=(audit, 25)) for _ in range(4)]
    for each in threads:
        each.start()
    while any(each.is_alive() for each in writers):
        assert audit.verify().ok
        time.sleep(0.02)
    for each in (*writers, *threads):
        each.join()
    assert all(each.exitcode == 0 for each in writers)
    verdict = audit.verify()
    assert (verdict.ok, verdict.entries) == (True, 300)
    assert Head.read(tmp_path / "audit.head", bytes.fromhex((tmp_path / "audit.key").read_text())) == verdict.head


def test_a_killed_writer_leaves_a_log_that_verifies(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=_write_many, args=(tmp_path, "killed", 100_000))
    writer.start()
    deadline = time.monotonic() + 20
    _, audit = opened(tmp_path)
    while audit.count() < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    writer.kill()
    writer.join()
    verdict = audit.verify()
    assert verdict.ok
    assert verdict.entries >= 20
    fill(audit, 1)
    assert audit.verify().ok


def test_verification_is_fast(audit: Audit, tmp_path: Path) -> None:
    last = audit.write(LEE, "treatment", "p1", "read", "timeline", "allow", {"n": 1})
    key = bytes.fromhex((tmp_path / "audit.key").read_text())
    row = last.json() | {"detail": last.detail}
    rows: list[tuple[object, ...]] = []
    for _ in range(30_000):
        row |= {"seq": row["seq"] + 1, "previous": row["hash"]}
        row["hash"] = chained(key, row)
        rows.append(tuple(row.values()))
    db = sqlite3.connect(tmp_path / "records.sqlite")
    db.executemany(f"INSERT INTO audit VALUES ({','.join('?' * 12)})", rows)  # noqa: S608
    db.commit()
    Head(row["seq"], row["hash"]).write(tmp_path / "audit.head", key)
    start = time.perf_counter()
    verdict = audit.verify()
    rate = verdict.entries / (time.perf_counter() - start)
    assert verdict.ok
    assert rate > 20_000, f"{rate:.0f} entries/s (50,000 on an idle machine)"


def test_a_long_text_is_written_by_its_beginning_and_its_digest(audit: Audit) -> None:
    patients = [f"p{n:06}" for n in range(1000)]
    for detail in ({"request": {"q": "x" * 3_000_000}}, {"many": ["y" * 3000] * 1000}):
        entry = audit.write(LEE, "treatment", None, "look-up", "atlas", "allow", detail | {"patients": patients})
        assert len(entry.detail) < 300_000
        assert "sha256" in entry.detail
        assert json.loads(entry.detail)["patients"] == patients
    assert len(audit.entries(patient="p000999")) == 2
    assert audit.verify().ok
