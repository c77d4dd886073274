"""How long NPPES takes to import and how fast it answers, on a million rows made for the purpose."""

from __future__ import annotations

import csv
import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from bogam.measure.figure import Figure, Say
from bogam.sources.answer import Item
from bogam.sources.npi.mirror import NpiMirror
from bogam.sources.npi.question import Get, Search
from bogam.synthetic.upstream.nppes import big, specialties

_ROWS: Final = 1_000_000
_QUERIES: Final = 1_000
_PLAIN: Final = 40
"""Queries of the plain table: they are slow."""


def npi_figures(say: Say, rows: int = _ROWS) -> dict[str, Figure]:
    """Measure ``npi.import_s`` (s), ``npi.lookup_p95_ms`` and ``npi.search_p95_ms`` (ms) on ``rows`` made rows.

    The import runs in a process of its own; its memory and that of its helpers are told with it. Beside the import
    stands the time that Python's csv module needs only to read the file; beside the queries, like questions asked of
    one SQLite table of the plain columns with an index on the number.
    """
    with TemporaryDirectory() as folder:
        home = Path(folder)
        path = home / "npidata_pfile_20050523-20260111.csv"
        wrong = big(path, rows)
        say(f"npi: {rows:,} rows made, {path.stat().st_size / 1e9:.2f} GB")
        told = _imported(home, path)
        if (told["stored"], told["refused"]) != (rows - wrong, wrong):
            raise AssertionError(f"{told['stored']} stored and {told['refused']} refused, of {rows} with {wrong} wrong")
        mirror = NpiMirror(home / "sources")
        mirror.load([specialties(home)])
        disk = mirror.path.stat().st_size / 1e6
        say(f"npi: imported in {told['seconds']:.1f} s, {told['memory_mb']:.0f} MB of memory, {disk:.0f} MB of disk")
        read_s = _plain_table(path, home / "plain.sqlite")
        items: list[Item] = []
        lookups = _timed(partial(_look_up, mirror, number, items) for number in _sample(mirror))
        searches = _timed(partial(mirror.search, _question(at, item)) for at, item in enumerate(items))
        plain_lookups, plain_searches = _plainly(home / "plain.sqlite", items)
    say(
        f"npi: p95 of a look-up {lookups:.2f} ms, of a search {searches:.1f} ms; LIKE over a table {plain_searches:.0f}"
    )
    made = f"{rows:,} made rows of 330 columns, {wrong} of them wrong on purpose and refused"
    needed = f"{told['memory_mb']:.0f} MB of memory with {told['helpers']} helping processes, {disk:.0f} MB of disk"
    asked = "ten whole items and the total: names, beginnings, people, organizations, with city, state, specialty"
    memory = {"processor time, s": told["cpu_s"], "peak memory, MB": told["memory_mb"], "disk, MB": disk}
    return {
        "npi.import_s": Figure(
            told["seconds"],
            "s",
            n=rows,
            beside={"csv.reader over the file, nothing kept, s": read_s, **memory},
            note=f"{made}; {needed}",
        ),
        "npi.lookup_p95_ms": Figure(
            lookups,
            "ms",
            n=len(items),
            beside={"one plain SQLite table with an index on the number, ms": plain_lookups},
            note="a number's whole item",
        ),
        "npi.search_p95_ms": Figure(
            searches,
            "ms",
            n=len(items),
            beside={f"LIKE over one plain SQLite table ({_PLAIN} queries), ms": plain_searches},
            note=asked,
        ),
    }


def _imported(home: Path, path: Path) -> dict[str, Any]:
    """Import in a process of its own; return what it did, how long it took and the memory it needed at most."""
    code = "import sys; from bogam.measure.npi import import_alone; import_alone(sys.argv[1], sys.argv[2])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(home), str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"The import failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def import_alone(home: str, path: str) -> None:
    """Import one file, and print what that took as JSON: seconds, rows, memory (MB) and processor time of all (s)."""
    made = NpiMirror(Path(home) / "sources").load([Path(path)])
    own, helpers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    count = 2 if helpers.ru_maxrss else 0
    told = {
        "seconds": made.seconds,
        "stored": made.stored,
        "refused": made.refused,
        "helpers": count,
        "memory_mb": (own.ru_maxrss + count * helpers.ru_maxrss) / 1024,
        "cpu_s": own.ru_utime + own.ru_stime + helpers.ru_utime + helpers.ru_stime,
    }
    print(json.dumps(told))


# --- beside

_Plain = tuple[str, str, str, str, str, str, str]


def _plain_rows(path: Path) -> Iterator[_Plain]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if len(row) == 330:
                yield row[0], row[4], row[5], row[6], row[30], row[31], row[47]


def _plain_table(path: Path, place: Path) -> float:
    """Write some columns of the file into one table; return the seconds that csv needs to read the file alone."""
    began = time.perf_counter()
    for _ in _plain_rows(path):
        pass
    alone = time.perf_counter() - began
    with closing(sqlite3.connect(place)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("CREATE TABLE plain (npi, organization, last, first, city, state, code)")
        rows = _plain_rows(path)
        next(rows)
        db.executemany("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        db.execute("CREATE INDEX plain_npi ON plain(npi)")
        db.commit()
    return alone


def _sample(mirror: NpiMirror) -> list[str]:
    """Return numbers to ask for: common names are asked for as often as they occur."""
    with closing(sqlite3.connect(mirror.path)) as db:
        last = db.execute("SELECT max(row) FROM providers").fetchone()[0]
        picks = Random(7).sample(range(1, last + 1), min(_QUERIES, last))
        found = [db.execute("SELECT npi FROM providers WHERE row = ?", (pick,)).fetchone() for pick in picks]
    return [str(row[0]) for row in found if row]


def _question(at: int, item: Item) -> Search:
    """Return a question about a provider, of one kind or another: names, their beginnings, places, specialties."""
    fields = item.fields
    place = next(each for each in fields["addresses"] if each["address_purpose"] == "LOCATION")
    city, state, code = place["city"], place["state"], fields["taxonomies"][0]["code"]
    if name := fields.get("organization_name"):
        begin = " ".join(name.split()[:2])
        kinds = [
            {"organization_name": name},
            {"organization_name": begin + "*", "state": state},
            {"organization_name": begin[:8] + "*", "city": city},
            {"text": begin},
        ]
    else:
        last, first = fields["last_name"], fields["first_name"]
        kinds = [
            {"last_name": last, "state": state},
            {"last_name": last, "first_name": first[:3] + "*"},
            {"last_name": last[:4] + "*", "city": city, "state": state},
            {"text": f"{first} {last}"},
            {"last_name": last, "taxonomy_description": code},
            {"city": city, "state": state, "taxonomy_description": code},
        ]
    return Search.model_validate(kinds[at % len(kinds)])


def _timed(asks: Iterable[Callable[[], object]]) -> float:
    """Return the time in milliseconds within which 95 of 100 are answered."""
    spent: list[float] = []
    for ask in asks:
        began = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - began)
    return 1000 * sorted(spent)[max(0, int(len(spent) * 0.95) - 1)]


def _look_up(mirror: NpiMirror, number: str, found: list[Item]) -> None:
    found += mirror.get(Get(id=number)).items


def _plainly(plain: Path, items: Sequence[Item]) -> tuple[float, float]:
    with closing(sqlite3.connect(plain)) as db:

        def ask(sql: str, *values: str) -> Callable[[], object]:
            return lambda: db.execute(sql, values).fetchall()

        lookups = _timed(ask("SELECT * FROM plain WHERE npi = ?", item.id) for item in items)
        names = [item.fields.get("organization_name") or item.fields["last_name"] for item in items[:_PLAIN]]
        like = "SELECT * FROM plain WHERE last LIKE ? OR organization LIKE ? ORDER BY last, first LIMIT 10"
        searches = _timed(ask(like, f"{name}%", f"{name}%") for name in names)
    return lookups, searches
