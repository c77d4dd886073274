"""A load that is killed at any moment leaves a store that opens, and loading again completes it."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from bogam.record import schema
from bogam.record.load import load
from bogam.record.store import Store

KILLS = 8
LOADER = """
import sys
from pathlib import Path
from bogam.record import intake
from bogam.record.load import load
from bogam.record.store import Store
intake._BATCH = 20
store = Store(sys.argv[1])
print("loading", flush=True)
load(store, Path(sys.argv[2]))
print("done", flush=True)
"""


def make(folder: Path) -> None:
    """Bundles with links forwards, lines, resources that change, and some that are refused."""
    folder.mkdir()
    for number in range(6):
        entries = [
            {
                "fullUrl": f"urn:uuid:{number:08}-0000-4000-8000-{n:012}",
                "resource": {
                    "resourceType": "Observation",
                    "status": "final" if n % 50 else "nonsense",
                    "code": {"text": f"measurement {n}"},
                    "effectiveDateTime": "2026-01-01",
                    "subject": {"reference": f"urn:uuid:{number:08}-0000-4000-8000-{999:012}"},
                },
            }
            for n in range(600)
        ]
        patient = {"resourceType": "Patient", "name": [{"family": f"Kim{number}"}]}
        entries.append({"fullUrl": f"urn:uuid:{number:08}-0000-4000-8000-{999:012}", "resource": patient})
        entries.append({"resource": {"resourceType": "Organization", "id": "ward", "name": f"Ward {number}"}})
        (folder / f"{number}.json").write_text(
            json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries})
        )
    with (folder / "lines.ndjson").open("w") as file:
        for n in range(400):
            file.write(json.dumps({"resourceType": "Basic", "id": f"b{n % 300}", "code": {"text": str(n)}}) + "\n")


def content(store: Store) -> tuple[object, ...]:
    """Everything in the store but the instants and the numbers of rows."""
    columns = [schema.resource.c[name] for name in ("type", "id", "version", "current", "patient", "sha")]
    quarantined = select(schema.quarantine.c.digest).order_by(schema.quarantine.c.digest)
    tables = (*schema.indexes, schema.edits)
    with store.engine.connect() as db:
        return (
            db.execute(select(*columns).order_by(*columns)).all(),
            db.execute(quarantined).all(),
            [db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables],
        )


def stored(place: Path, *, check: bool = False) -> int:
    """How many versions are there; and whether the file is whole."""
    db = sqlite3.connect(place)
    try:
        if check:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return db.execute("SELECT count(*) FROM resource").fetchone()[0]
    finally:
        db.close()


def test_a_killed_load_is_completed_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    make(folder)
    clean = Store(tmp_path / "clean.sqlite")
    load(clean, folder)
    place = tmp_path / "killed.sqlite"
    rng = random.Random(20261121)
    rows: list[int] = []
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", LOADER, str(place), str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        target = (rows[-1] if rows else 0) + rng.randrange(1, 500)
        while process.poll() is None and stored(place) < target:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        rows.append(stored(place, check=True))
    total = len(content(clean)[0])  # type: ignore[arg-type]
    assert sum(0 < count < total for count in rows) > KILLS / 2, f"too few kills fell within a load: {rows}"
    killed = Store(place)
    report = load(killed, folder)
    assert report.same > 0
    assert content(killed) == content(clean)
    again = load(killed, folder)
    assert (again.new, again.changed) == (0, 0)
