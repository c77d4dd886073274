"""The demonstration ward: valid, deterministic, and wrong only where it says so."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from striprtf.striprtf import rtf_to_text

from bogam.record.r4.check import check
from bogam.synthetic import Planted, ward
from ward_rules import code, found, ingredients, moment

SEEDS = (7, 1, 2, 2026)
KINDS = {
    "conflict.drug-allergy",
    "conflict.drug-allergy-class",
    "conflict.duplicate-drug",
    "conflict.impossible-value",
    "conflict.date-order",
    "conflict.contradiction",
    "conflict.note-allergy",
    "conflict.note-drug",
    "conflict.note-stopped",
    "missing.allergies",
    "missing.medications",
    "missing.result-pending",
    "missing.follow-up-overdue",
    "missing.dose",
    "missing.unit",
    "missing.vitals",
    "missing.weight",
}


@cache
def made(seed: int) -> tuple[tuple[dict[str, list[Any]], ...], tuple[Planted, ...], dict[str, Any]]:
    """Return charts (resource type to resources) per patient, what was planted, and the shared bundle."""
    result = ward(seed)
    charts: list[dict[str, list[Any]]] = []
    for body in result.bundles[1:]:
        chart: dict[str, list[Any]] = defaultdict(list)
        for entry in json.loads(body)["entry"]:
            chart[entry["resource"]["resourceType"]].append(entry["resource"])
        charts.append(chart)
    return tuple(charts), tuple(result.planted), json.loads(result.bundles[0])


def texts(chart: dict[str, list[Any]]) -> list[str]:
    """Return the words of every attachment of a chart."""
    held = [c["attachment"] for d in chart["DocumentReference"] for c in d["content"]]
    held += [a for d in chart["DiagnosticReport"] for a in d.get("presentedForm", [])]
    return [words(each) for each in held]


def words(attachment: dict[str, Any]) -> str:
    data, kind = base64.b64decode(attachment["data"]), attachment["contentType"]
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    text = data.decode()
    if kind == "application/rtf":
        return rtf_to_text(text)
    return re.sub(r"<[^>]+>", "", text) if kind.startswith("text/html") else text


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_only_where_planted(seed: int) -> None:
    charts, planted, _ = made(seed)
    for chart in charts:
        id_ = chart["Patient"][0]["id"]
        assert found(chart) == Counter(p.kind for p in planted if p.patient == id_), id_


@pytest.mark.parametrize("seed", SEEDS)
def test_enough_of_every_kind(seed: int) -> None:
    charts, planted, _ = made(seed)
    counts = Counter(p.kind for p in planted)
    assert set(counts) == KINDS
    assert min(counts.values()) >= 4
    assert len(planted) >= 60
    clean = {chart["Patient"][0]["id"] for chart in charts} - {p.patient for p in planted}
    assert len(clean) >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_resources_exist(seed: int) -> None:
    charts, planted, _ = made(seed)
    known = {(c["Patient"][0]["id"], f"{t}/{r['id']}") for c in charts for t, rs in c.items() for r in rs}
    assert {(p.patient, ref) for p in planted for ref in p.resources} <= known


@pytest.mark.parametrize("seed", SEEDS)
def test_structure_is_r4(seed: int) -> None:
    for body in ward(seed).bundles:
        bundle = json.loads(body)
        for entry in bundle["entry"]:
            resource = entry["resource"]
            assert check(json.dumps(resource, ensure_ascii=False).encode()).id == resource["id"]


def test_fhir_resources_reads_it() -> None:
    seen: Counter[str] = Counter()
    for chart in made(7)[0]:
        for type_, resources in chart.items():
            for resource in resources:
                seen[type_] += 1
                if seen[type_] <= 60:
                    getattr(import_module(f"fhir.resources.R4B.{type_.lower()}"), type_).model_validate(resource)
    assert len(seen) >= 18


def test_references_lead_somewhere() -> None:
    charts, _, shared = made(7)
    outside = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in shared["entry"]}
    for body in ward(7).bundles:
        bundle = json.loads(body)
        inside = {entry["fullUrl"] for entry in bundle["entry"]}
        assert len(inside) == len(bundle["entry"])
        for reference in re.findall(r'"reference":"([^"]+)"', body.decode()):
            assert reference in (inside if reference.startswith("urn:uuid:") else outside)
    ids = [f"{t}/{r['id']}" for chart in charts for t, rs in chart.items() for r in rs]
    assert len(ids) == len(set(ids))


def test_same_seed_same_bytes_in_another_process() -> None:
    line = (
        "import hashlib;from bogam.synthetic import ward;print(hashlib.sha256(b''.join(ward(7).bundles)).hexdigest())"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", line], env={"PYTHONHASHSEED": salt}, capture_output=True, check=True
        ).stdout
        for salt in ("1", "2")
    }
    assert len(sums) == 1
    assert ward(7).bundles != ward(8).bundles


def test_fast() -> None:
    start = time.perf_counter()
    ward(11)
    assert time.perf_counter() - start < 2


def test_who_is_in_it() -> None:
    patients = [chart["Patient"][0] for chart in made(7)[0]]
    assert len(patients) == 42
    assert sum(p["communication"][0]["language"]["coding"][0]["code"] == "ko" for p in patients) == 21
    assert len({p["name"][0]["text"] for p in patients}) == 42
    assert len({p["identifier"][0]["value"] for p in patients}) == 42
    first = patients[0]
    assert (first["name"][0]["text"], first["birthDate"], first["identifier"][0]["value"]) == (
        "김서연",
        "1959-03-02",
        "10023417",
    )


def test_size_and_anchor_are_choices() -> None:
    assert len(ward(7, 5).bundles) == 6
    assert len(ward(7, 60).bundles) == 61
    later = ward(7, 3, date(2027, 1, 8))
    assert b"2027-01-08" in later.bundles[1]
    with pytest.raises(ValueError, match="at least 1"):
        ward(7, 0)


def test_nothing_happens_after_now() -> None:
    now = datetime.fromisoformat("2026-11-20T09:00:00+09:00")
    for chart in made(7)[0]:
        stamps = [o["effectiveDateTime"] for o in chart["Observation"] + chart["DiagnosticReport"]]
        stamps += [m["authoredOn"] for m in chart["MedicationRequest"] + chart["ServiceRequest"]]
        stamps += [d["date"] for d in chart["DocumentReference"]] + [e["period"]["start"] for e in chart["Encounter"]]
        assert max(map(moment, stamps)) <= now


def test_every_current_drug_has_a_reason() -> None:
    for chart in made(7)[0]:
        assert all("reasonReference" in m or "reasonCode" in m for m in chart["MedicationRequest"])


@pytest.mark.parametrize("seed", SEEDS)
def test_notes_agree_with_the_results(seed: int) -> None:
    """Every laboratory value and weight that a note quotes is a value of that patient."""
    named = {
        "WBC": "6690-2",
        "Hb": "718-7",
        "Cr": "2160-0",
        "K": "2823-3",
        "CRP": "1988-5",
        "lactate": "2524-7",
        "INR": "6301-6",
    }
    named |= {
        "HbA1c": "4548-4",
        "NT-proBNP": "33762-6",
        "BWt": "29463-7",
        "ANC": "751-8",
        "PHQ-9": "44261-6",
        "NIHSS": "70184-7",
    }
    quoted = 0
    for chart in made(seed)[0]:
        values = defaultdict(set)
        for each in chart["Observation"]:
            if "valueQuantity" in each:
                values[code(each)].add(float(each["valueQuantity"]["value"]))
        for text in texts(chart):
            for name, value in re.findall(r"(?<![\w.])([A-Za-z][\w-]*) (\d+(?:\.\d+)?)(?=[ ,\n]|$)", text):
                if name in named:
                    quoted += 1
                    assert float(value) in values[named[name]], (chart["Patient"][0]["id"], name, value)
    assert quoted > 300


@pytest.mark.parametrize("seed", SEEDS)
def test_notes_agree_on_the_side(seed: int) -> None:
    """A hip is broken on one side in every text; a stroke's weak side is opposite to its infarct."""
    for chart in made(seed)[0]:
        sides = {code(c): c["bodySite"][0]["text"] for c in chart["Condition"] if "bodySite" in c}
        body = "\n".join(texts(chart)).lower()
        if "S72.0" in sides:
            right = sides["S72.0"] in ("Right", "우측")
            wrong = ("left hip", "lt. hip", "좌측 고관절") if right else ("right hip", "rt. hip", "우측 고관절")
            assert not any(each in body for each in wrong)
        if "I63.9" in sides:
            assert sides["I63.9"] != sides["G81.9"]


@pytest.mark.parametrize("seed", SEEDS)
def test_gaps_do_not_leak_into_notes(seed: int) -> None:
    charts, planted, _ = made(seed)
    kinds = {(p.patient, p.kind) for p in planted}
    for chart in charts:
        id_, body = chart["Patient"][0]["id"], "\n".join(texts(chart))
        if (id_, "missing.allergies") in kinds:
            assert not re.search(r"Allerg(y\)|ies:)|NKDA", body)
        if (id_, "missing.medications") in kinds:
            assert not ingredients(body), id_
        if (id_, "missing.weight") in kinds:
            assert "BWt" not in body


@pytest.mark.parametrize("seed", SEEDS)
def test_what_notes_say_stands_in_them(seed: int) -> None:
    """Every fact that is listed for a note is in its words; a nursing note may list none."""
    held = {
        f"DocumentReference/{d['id']}": words(d["content"][0]["attachment"])
        for chart in made(seed)[0]
        for d in chart["DocumentReference"]
    }
    told = ward(seed).told
    for fact in told:
        text = " ".join(held[fact.note].split())
        for part in (fact.words, fact.value, fact.dose, fact.route, fact.frequency):
            assert part in text, fact
    assert {ref for ref in held if "nursing" not in ref} <= {fact.note for fact in told}
    kinds = Counter((fact.kind, fact.means[:1]) for fact in told)
    assert kinds["finding", ("absent",)] >= 40
    assert kinds["problem", ("other",)] >= 4
    assert kinds["drug", ()] >= 4
    assert min(Counter(fact.kind for fact in told).values()) > 50


def test_attachments_of_every_form() -> None:
    forms: Counter[str] = Counter()
    for chart in made(7)[0]:
        assert all(text.strip() for text in texts(chart))
        held = [c["attachment"] for d in chart["DocumentReference"] for c in d["content"]]
        forms.update(a["contentType"].split(";")[0] for a in held)
        forms.update(
            a["contentType"].split(";")[0] for d in chart["DiagnosticReport"] for a in d.get("presentedForm", [])
        )
    assert set(forms) == {"text/plain", "text/html", "application/rtf", "application/pdf"}


def test_sepsis_gets_better() -> None:
    """Lactate falls after the antibiotic, vital signs are hourly."""
    chart = made(7)[0][0]
    lactate = [o["valueQuantity"]["value"] for o in chart["Observation"] if code(o) == "2524-7"]
    assert lactate == sorted(lactate, reverse=True)
    assert lactate[0] > 4
    pulse = sorted(moment(o["effectiveDateTime"]) for o in chart["Observation"] if code(o) == "8867-4")
    stay = [at for at in pulse if at > moment("2026-11-19T20:30:00+09:00")]
    assert all(b - a <= timedelta(hours=1) for a, b in pairwise(stay))


def test_command_writes_a_folder(tmp_path: Any) -> None:
    out = subprocess.run(
        [sys.executable, "-m", "bogam.synthetic", str(tmp_path / "w"), "--patients", "3"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "4 bundles" in out.stdout
    assert sorted(p.name for p in (tmp_path / "w").iterdir())[0] == "planted.json"
    assert json.loads((tmp_path / "w" / "told.json").read_bytes())[0]["kind"] in (
        "problem",
        "finding",
        "drug",
        "value",
        "allergy",
    )
    assert {p["patient"] for p in json.loads((tmp_path / "w" / "planted.json").read_bytes())} <= {"p01", "p02", "p03"}
