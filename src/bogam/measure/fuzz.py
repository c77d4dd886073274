"""Hostile input for the loader: mutated records and archives, and streams made to exhaust memory."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import resource
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from bogam.record.load import LoadReport, load
from bogam.record.store import Store

_MB: Final = 1 << 20
_CODE: Final = {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}], "text": "Hb"}
_SUBJECT: Final = {"reference": "Patient/p1"}
RESOURCES: Final[tuple[dict[str, Any], ...]] = (
    {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "김", "given": ["민수"]}],
        "birthDate": "1958-02",
        "gender": "male",
        "identifier": [{"system": "urn:oid:1.2.3", "value": "0042"}],
        "multipleBirthInteger": 2,
    },
    {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": _CODE,
        "subject": _SUBJECT,
        "effectiveDateTime": "2026-01-02T03:04:05+09:00",
        "valueQuantity": {"value": 9.10, "unit": "g/dL", "system": "http://unitsofmeasure.org", "code": "g/dL"},
        "referenceRange": [{"low": {"value": 13}, "high": {"value": 1.75e1}, "text": "13–17.5"}],
    },
    {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "aspirin 100 mg"},
        "subject": _SUBJECT,
        "dosageInstruction": [{"text": "1정 하루 1회", "timing": {"repeat": {"boundsPeriod": {"start": "2026-01"}}}}],
    },
    {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": _SUBJECT,
        "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(b"BP 140/90").decode()}}],
    },
    {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": _SUBJECT,
        "period": {"start": "2026-01-01", "end": "2026-01-03"},
        "contained": [{"resourceType": "Location", "id": "bed"}],
        "location": [{"location": {"reference": "#bed"}}],
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">"quoted" \\ é</div>'},
    },
    {"resourceType": "Parameters", "id": "q1", "parameter": [{"name": "x", "resource": {"resourceType": "Patient"}}]},
)
_VALUES: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        0,
        -1,
        2**31,
        2**63,
        2**64,
        10**40,
        1e300,
        0.1,
        "",
        " ",
        "\x00",
        "\ud800",
        "a" * 5000,
        [],
        {},
        [[]],
        [None],
    ),
    *(
        "0000-01-01",
        "9999-12-31T23:59:59.999999999+14:00",
        "2024-02-30",
        "1e5",
        "Patient/",
        "#",
        "urn:uuid:",
        "http://",
        "%",
    ),
    *({"reference": "Patient/x/_history/1"}, {"value": -0.0}, {"url": "http://x", "valueString": "y"}, [{}], {"a": {}}),
)
_TOKENS: Final = (
    *(
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\n",
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\\u0000",
        b"\\ud800",
    ),
    *(
        b"null",
        b"true",
        b"1e999",
        b"-0",
        b"9" * 400,
        b"1.",
        b"[" * 300,
        b'{"a":' * 300,
        b"{}",
        b"[]",
        b'""',
        b"\xef\xbb\xbf",
    ),
    *(b'"id":"../x",', b'"resource":', b'"entry":[', b'"resourceType":"Bundle",', b'"resourceType":7,', b"\r", b"\x1e"),
    *(b'"reference":"urn:uuid:', b'"fullUrl":"urn:uuid:1",', b'"_id":{"extension":[]},', b"9223372036854775808"),
)


def case(seed: int) -> bytes:
    """Make one hostile input: records in some arrangement, damaged, perhaps packed, perhaps damaged again."""
    rng = random.Random(seed)
    raw = _arranged(rng)
    for _ in range(rng.randrange(4)):
        raw = _damaged(raw, rng)
    if rng.random() < 0.3:
        raw = _packed(raw, rng)
        if rng.random() < 0.7:
            raw = _damaged(raw, rng)
    return raw


def countable(seed: int) -> tuple[bytes, int]:
    """Make NDJSON of damaged resources, and say how many lines a loader must account for."""
    rng = random.Random(seed)
    lines = [json.dumps(RESOURCES[0]).encode()]
    for _ in range(rng.randrange(1, 20)):
        line = json.dumps(rng.choice(RESOURCES), ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
        for _ in range(rng.randrange(3)):
            line = _damaged(line, rng)
        line = line.replace(b"\n", b"").replace(b"Bundle", b"Bungle").strip()
        lines.append(line or b"x")
    return b"\n".join(lines), len(lines)


def _arranged(rng: random.Random) -> bytes:
    chosen: list[Any] = [_twisted(each, rng) for each in rng.choices(RESOURCES, k=rng.randrange(1, 6))]
    kind = rng.randrange(5)
    if kind == 0:
        return b"\n".join(json.dumps(each).encode("utf-8", "surrogatepass") for each in chosen)
    if kind == 1:
        return json.dumps(chosen, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if kind == 2:
        return json.dumps(chosen[0], indent=rng.randrange(3)).encode("utf-8", "surrogatepass")
    entries = [{"fullUrl": f"urn:uuid:{rng.randrange(4)}", "resource": each} for each in chosen]
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": rng.choice(("batch", "history", "collection")),
        "entry": entries,
    }
    if kind == 3:
        bundle = {"entry": [{"resource": bundle}, *entries], "type": "collection", "resourceType": "Bundle"}
    return json.dumps(bundle, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _twisted(value: Any, rng: random.Random) -> Any:
    """Put other values, rarely, in the place of some."""
    if rng.random() < 0.02:
        return rng.choice(_VALUES)
    if isinstance(value, dict):
        found = {key: _twisted(each, rng) for key, each in cast(dict[str, Any], value).items()}
        return (
            {rng.choice((f"_{key}", key, "extension")): found[key] for key in found} if rng.random() < 0.02 else found
        )
    if isinstance(value, list):
        return [_twisted(each, rng) for each in cast(list[Any], value)] * rng.choice((1, 1, 1, 2))
    return value


def _damaged(raw: bytes, rng: random.Random) -> bytes:
    at, to = sorted((rng.randrange(len(raw) + 1), rng.randrange(len(raw) + 1)))
    if rng.random() < 0.8:
        to = min(to, at + rng.randrange(8))
    kind = rng.randrange(6)
    if kind == 0:
        return raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :]
    if kind == 1:
        return raw[:at] + raw[to:]
    if kind == 2:
        return raw[:to] + raw[at:]
    if kind == 3:
        return raw[:at] + rng.choice(_TOKENS) + raw[to:]
    if kind == 4:
        return raw[:at] + raw[to : to + 20] + raw[at:]
    return raw[: max(at, 1)] if rng.random() < 0.3 else raw[:at] + rng.choice(_TOKENS) + raw[at:]


def _packed(raw: bytes, rng: random.Random) -> bytes:
    out = io.BytesIO()
    kind = rng.randrange(4)
    if kind == 0:
        return gzip.compress(raw)
    if kind == 1:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.json", raw)
            archive.writestr(rng.choice(("b.json", "../b.json", "x" * 300)), raw)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w:gz" if kind == 2 else "w") as tar:
        for name in ("a.json", "é" * 120):
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    return out.getvalue()


# --- streams made to exhaust memory; each takes its size in MB

_ENTRY: Final = (
    b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Basic","id":"1","x":'
)
_GOOD: Final = b'{"resource":{"resourceType":"Basic","id":"good","code":{"text":"x"}}}]}'


def _much(text: bytes, size: int) -> Iterator[bytes]:
    block = text * (_MB // len(text))
    for _ in range(size):
        yield block


def _number(size: int) -> Iterator[bytes]:
    yield _ENTRY
    yield from _much(b"9", size)
    yield b"}}," + _GOOD


def _string(size: int) -> Iterator[bytes]:
    yield _ENTRY + b'"'
    yield from _much("가".encode(), size)
    yield b'"}},' + _GOOD


def _backslashes(size: int) -> Iterator[bytes]:
    yield _ENTRY + b'"'
    yield from _much(b"\\\\", min(size, 64))
    yield b'"}},' + _GOOD


def _deep(size: int) -> Iterator[bytes]:
    return _much(b'{"a":[', min(size, 64))


def _wide(size: int) -> Iterator[bytes]:
    """A string of one byte a character, but for one of four."""
    yield '{"resourceType":"Basic","id":"1","code":{"text":"\U0001f600'.encode()
    yield from _much(b"a", min(size, 23))
    yield b'"}}'


def _elements(size: int) -> Iterator[bytes]:
    yield b'{"resourceType":"Basic","id":"1","code":{"text":"x"},"extension":['
    yield from _much(b"{},", min(size, 20))
    yield b"{}]}"


def _attachment(size: int) -> Iterator[bytes]:
    yield b'{"resourceType":"Binary","id":"1","contentType":"text/plain","data":"'
    yield from _much(b"YWFh", min(size, 23))
    yield b'"}'


def _empty_entries(size: int) -> Iterator[bytes]:
    yield b'{"resourceType":"Bundle","entry":['
    yield from _much(b"{},", size)
    yield b"{}]}"


def _nested(size: int) -> Iterator[bytes]:
    """A Bundle of very many empty entries within a Bundle."""
    yield b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Bundle","entry":['
    yield from _much(b"{},", min(size, 20))
    yield b"{}]}}]}"


def _bomb(size: int) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for block in _much(b" ", max(size, 1200)):
        yield packer.compress(block)
    yield packer.flush()


def _spaces(size: int) -> Iterator[bytes]:
    yield from _much(b" ", size)
    yield b'{"resourceType":"Basic","id":"good","code":{"text":"x"}}'


TORMENTS: Final[dict[str, Callable[[int], Iterable[bytes]]]] = {
    "attachment": _attachment,
    "backslashes": _backslashes,
    "bomb": _bomb,
    "deep": _deep,
    "elements": _elements,
    "empty_entries": _empty_entries,
    "nested": _nested,
    "number": _number,
    "spaces": _spaces,
    "string": _string,
    "wide": _wide,
}


class Stream(io.RawIOBase):
    """A pipe that gives ``blocks`` one after the other."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB.

    On Linux from the kernel's own account of this program: getrusage also counts what the process that started it held
    at that moment.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (_MB if sys.platform == "darwin" else 1024)


def torment(kind: str, folder: str, size: int) -> LoadReport:
    """Load one of `TORMENTS` of ``size`` MB, and print the peak memory in MB, the seconds and what was read."""
    began = time.monotonic()
    store = Store(Path(folder) / f"{kind}.sqlite")
    report = load(store, io.BufferedReader(Stream(TORMENTS[kind](size)), _MB), name=kind)
    assert report.read == report.new + report.changed + report.same + report.quarantined
    seconds = time.monotonic() - began
    print(f"{peak_mb():.0f} {seconds:.1f} {report.read} {report.new}")
    return report


def fuzz(folder: str, first: int, seconds: float) -> None:
    """Load hostile inputs from seed ``first`` on, printing each seed before its case and ``done`` after the last."""
    ends = time.monotonic() + seconds
    store = Store(Path(folder) / "fuzz.sqlite")
    seed = first
    while time.monotonic() < ends:
        print(seed, flush=True)
        raw, expected = countable(seed) if seed % 4 == 0 else (case(seed), None)
        report = load(store, raw, name=f"{seed}.ndjson" if expected else f"{seed}.json")
        assert report.read == report.new + report.changed + report.same + report.quarantined, (
            "the report does not add up"
        )
        assert expected in (None, report.read), f"{expected} lines, and {report.read} accounted for"
        assert report.read or report.warnings, "nothing was said of the input"
        seed += 1
    print("done", flush=True)
