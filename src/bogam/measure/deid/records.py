"""Measure de-identification of whole records: what is left, whether it is R4 still, false findings."""

from __future__ import annotations

import base64
import json
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Final, cast

from bogam.measure.deid import baseline
from bogam.measure.deid.seeded import Language
from bogam.measure.figure import Figure, Say
from bogam.record.r4.check import CheckError, check
from bogam.skills.deidentify.work import Options, work
from bogam.synthetic import ward
from bogam.text.deid import MODES, find, known
from bogam.text.deid.known import values

_TODAY: Final = date(2026, 11, 25)
_KEY: Final = b"a key for measurements only, 32+"
_MANY: Final = 8
"""Notes of the bulk set that identifiers are put into."""
_SAMPLE: Final = 4
"""One of so many Synthea bundles, and of so many notes of the bulk set, is worked on."""
_Resource = dict[str, Any]


def notes(data: Path | None) -> dict[Language, list[str]]:
    """Return notes to plant identifiers into: the ward's, and of ``data`` those of the bulk set."""
    found: dict[Language, list[str]] = {"en": [], "ko": []}
    for bundle in ward().bundles[1:]:
        for resource in _entries(bundle):
            for text in _texts(resource):
                found["ko" if any("가" <= sign <= "힣" for sign in text) else "en"].append(text)
    if data is not None:
        found["en"] += [text for resource in _bulk(data) for text in _texts(resource)][:_MANY]
    return found


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """De-identify the ward, and of ``data`` Synthea bundles; find nothing in notes without names."""
    bundles = [(f"ward-{number}.json", body) for number, body in enumerate(ward().bundles)]
    if data is not None:
        bundles += list(_members(data / "synthea", ".json"))[::_SAMPLE]
    figures = _whole(bundles, say)
    return figures | (_false(data, say) if data is not None else {})


def _whole(bundles: list[tuple[str, bytes]], say: Say) -> dict[str, Figure]:
    """De-identify each bundle in one mode, those of a mode together; the first, which holds the staff, in all."""
    shared = _secrets(bundles[0][1])
    left = looked = valid = total = 0
    spent = 0.0
    for number, mode in enumerate(MODES):
        chosen = [bundles[0], *bundles[1 + number :: len(MODES)]]
        started = perf_counter()
        out = work(chosen, Options(mode, _KEY, _TODAY))
        spent += perf_counter() - started
        for (_, before), body in zip(chosen, out.contents.values(), strict=True):
            secrets = _secrets(before) | shared
            text = body.decode()
            shown = sorted(each for each in secrets if each in text)
            left += len(shown)
            looked += len(secrets)
            for each in shown[:8]:
                say(f"left in {mode}: {each}")
            for entry in json.loads(body)["entry"]:
                total += 1
                valid += _valid(entry["resource"], say)
    say(f"{len(bundles)} bundles, {total} resources, {total / spent:,.0f}/s")
    what = f"{len(bundles)} bundles, each in one mode"
    values_ = (
        "names, telephones, street lines, identifiers of six signs and more, looked for in the bytes of the result"
    )
    return {
        "deid.record_left": Figure(left, "values", looked, note=f"{what}; {values_}"),
        "deid.record_valid": Figure(valid / total, "share", total, note=f"{what}; resources that pass the R4 check"),
        "deid.resources_per_s": Figure(total / spent, "resources/s", total, note=f"{what}; one core"),
    }


def _secrets(body: bytes) -> set[str]:
    """Return what nobody may find in the results: whole names, identifiers, telephones and street lines."""
    found: set[str] = set()
    for resource in _entries(body):
        for value in values(resource):
            whole = value.category != "name" or not value.role or any(sign.isdigit() for sign in value.text)
            if whole and value.category not in ("organization", "zip") and len(value.text) > 2:
                found.add(value.text)
    return {each for each in found if len(each) > 5 or any("가" <= sign <= "힣" for sign in each)}


def _valid(resource: _Resource, say: Say) -> bool:
    try:
        check(json.dumps(resource, ensure_ascii=False).encode())
    except CheckError as error:
        say(f"{resource.get('resourceType')}: {error}")
        return False
    return True


def _false(data: Path, say: Say) -> dict[str, Figure]:
    """Count what is found in notes that hold no identifier but the patient's name, dates and great ages."""
    resources = list(_bulk(data))
    record = known(each for each in resources if each["resourceType"] in ("Patient", "Practitioner"))
    texts = [text for each in resources for text in _texts(each)][::_SAMPLE]
    words = sum(len(text.split()) for text in texts)
    wrong = 0
    started = perf_counter()
    for text in texts:
        for each in find(text, record):
            if not each.source and each.category not in ("date", "age"):
                wrong += 1
                if wrong <= 8:
                    say(f"false: {text[each.start : each.end]!r} {each.rule}")
    speed = len(texts) / (perf_counter() - started)
    plain = sum(len(baseline.structured(text)) + len(baseline.honorifics(text)) for text in texts)
    return {
        "deid.false_per_1000_words": Figure(
            1000 * wrong / words,
            "findings/1000 words",
            words,
            beside={"plain_patterns": 1000 * plain / words},
            note=f"one of {_SAMPLE} notes of the bulk set; dates, great ages and its record's names not counted",
        ),
        "deid.bulk_notes_per_s": Figure(
            speed,
            "notes/s",
            len(texts),
            note=f"finding, with the record; {words / len(texts):.0f} words a note; one core",
        ),
    }


def _entries(body: bytes) -> Iterator[_Resource]:
    yield from (cast(_Resource, entry["resource"]) for entry in json.loads(body).get("entry", ()))


def _texts(resource: _Resource) -> Iterator[str]:
    if resource.get("resourceType") == "DocumentReference":
        for content in resource.get("content", ()):
            attachment = content.get("attachment", {})
            if attachment.get("contentType", "").startswith("text/plain") and "data" in attachment:
                yield base64.b64decode(attachment["data"]).decode()


def _bulk(data: Path) -> Iterator[_Resource]:
    for _, body in _members(data / "bulk-fhir", ".ndjson"):
        yield from (cast(_Resource, json.loads(line)) for line in body.splitlines() if line.strip())


def _members(folder: Path, ending: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            for member in sorted(archive.getmembers(), key=lambda each: each.name):
                opened = archive.extractfile(member) if member.name.endswith(ending) else None
                if opened is not None:
                    yield member.name, opened.read()
