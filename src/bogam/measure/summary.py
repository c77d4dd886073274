"""Measure the record summary: speed, citations, support, and whether it finds what was planted in the ward."""

from __future__ import annotations

import gc
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from math import sqrt
from pathlib import Path
from time import perf_counter
from typing import Final, Literal

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.evidence.verify import verify_draft
from bogam.measure.figure import Figure, Say
from bogam.record.attachment import text_at
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.record.json import PointerError, point, text
from bogam.record.load import load
from bogam.record.store import Incoming, Resource, Store
from bogam.record.timeline import timeline
from bogam.skills.record_summary import skill
from bogam.skills.record_summary.schema import Request
from bogam.synthetic import Planted, ward
from bogam.text.chart import with_mentions

_LANGUAGES: Final[tuple[Literal["en", "ko"], ...]] = ("en", "ko")
_ROUNDS: Final = 60
_BIG: Final = 1000
"""Resources of the patient whose summary is timed."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One summary with the record it was made from."""

    patient: str
    draft: Draft
    record: dict[str, Resource]


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Run all measurements of the record summary. Without ``data``, only those on the demonstration ward."""
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as folder:
        made = ward()
        store = loaded(Path(folder) / "ward.sqlite", made.bundles)
        public = None
        if data is not None:
            public = loaded(
                Path(folder) / "public.sqlite", [set_folder(data, "synthea"), set_folder(data, "bulk-fhir")]
            )
        # Speed first: what the other measurements keep in memory, no server has there.
        figures |= _speed(_big(public or store, Path(folder) / "big.sqlite"), say)
        figures |= _planted(_summaries(store, ("en",)), made.planted, say)
        drafts = list(_summaries(store, _LANGUAGES))
        if public is not None:
            seen = list(_summaries(public, _LANGUAGES))
            figures |= _false_conflicts(seen, say)
            drafts += seen
        figures |= _claims(drafts, say)
    return figures


def set_folder(data: Path, name: str) -> Path:
    """Return the folder of a set, or the archive it is packed in."""
    for place in (data / name, *sorted(data.glob(f"{name}*"))):
        if place.exists():
            return place
    raise FileNotFoundError(f'No "{name}" in {data}.')


def loaded(place: Path, sources: Iterable[Path | bytes]) -> Store:
    """Return a new store at ``place`` with everything of ``sources``."""
    store = Store(place)
    for source in sources:
        load(store, source)
    return store


def _timeline(store: Store, patient: str) -> tuple[Timeline, dict[str, Resource]]:
    resources = store.patient(patient)
    return with_mentions(timeline(resources)), {resource.ref: resource for resource in resources}


def _summary(evidence: Timeline, store: Store, record: dict[str, Resource], request: Request) -> Draft:
    def fetch(source: str, version: str) -> Resource | None:
        found = record.get(source)
        if found is not None and str(found.version) == version:
            return found
        kind, _, id = source.partition("/")
        return store.get(kind, id, int(version))

    return verify_draft(skill.draft(evidence, request), fetch)


def _summaries(store: Store, languages: Sequence[Literal["en", "ko"]]) -> Iterator[_Seen]:
    for patient in store.patient_ids():
        evidence, record = _timeline(store, patient)
        for language in languages:
            request = Request(language=language, length="full")
            yield _Seen(patient, _summary(evidence, store, record, request), record)


# --- what was planted


def _planted(seen: Iterable[_Seen], planted: Sequence[Planted], say: Say) -> dict[str, Figure]:
    by_patient = {one.patient: one for one in seen}
    found: dict[str, list[bool]] = {}
    matched: set[tuple[str, str]] = set()
    for one in planted:
        summary = by_patient[one.patient]
        claims = [c for c in (*summary.draft.missing, *summary.draft.conflicts) if c.kind == one.kind and _is(c, one)]
        found.setdefault(one.kind, []).append(bool(claims))
        matched |= {(one.patient, claim.text) for claim in claims}
        if not claims:
            say(f"not found: {one.patient} {one.kind} {one.detail} {', '.join(one.resources)}")
    every = [hit for hits in found.values() for hit in hits]
    naive = _by_exact_name(by_patient, planted)
    figures = {
        "ward.planted_found": Figure(
            100 * sum(every) / len(every), "%", len(every), wilson(sum(every), len(every)),
            {"drug-allergy conflicts, exact name in the drug's name": naive},
        )
    }  # fmt: skip
    for kind, hits in sorted(found.items()):
        interval = wilson(sum(hits), len(hits))
        figures[f"ward.found.{kind}"] = Figure(100 * sum(hits) / len(hits), "%", len(hits), interval)
    extra = [
        (patient, claim)
        for patient, one in by_patient.items()
        for claim in one.draft.conflicts
        if (patient, claim.text) not in matched
    ]
    for patient, claim in extra:
        say(f"not planted: {patient} {claim.kind}: {claim.text}")
    figures["ward.false_conflicts"] = Figure(
        20 * len(extra) / len(by_patient), "per 20 patients", len(by_patient), note="conflicts told that nobody planted"
    )
    return figures


_BY_KIND: Final = frozenset({"missing.allergies", "missing.medications", "missing.vitals", "missing.weight"})
"""Absences: the kind in the right patient is the whole finding."""


def _is(claim: Claim, planted: Planted) -> bool:
    """Say whether a claim is about what was planted: every planted side of a conflict, any entry of a gap."""
    if planted.kind in _BY_KIND:
        return True
    cited = {citation.source for citation in claim.citations}
    wanted = {ref for ref in planted.resources if not ref.startswith("Patient/")}
    return wanted <= cited if planted.kind.startswith("conflict.") else bool(wanted & cited)


def _by_exact_name(seen: dict[str, _Seen], planted: Sequence[Planted]) -> float:
    """Return the recall, in %, of looking for the allergen's recorded name in the drug's recorded name."""
    hits = total = 0
    for one in planted:
        if not one.kind.startswith("conflict.drug-allergy"):
            continue
        total += 1
        bodies = [seen[one.patient].record[ref].json() for ref in one.resources]
        drug = next(b["medicationCodeableConcept"]["text"] for b in bodies if b["resourceType"] == "MedicationRequest")
        allergy = next(b["code"]["text"] for b in bodies if b["resourceType"] == "AllergyIntolerance")
        hits += allergy.casefold() in drug.casefold()
    return 100 * hits / total if total else 0.0


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval, in %."""
    z, p = 1.959964, hits / total
    centre, spread = p + z * z / (2 * total), z * sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return 100 * max(0.0, (centre - spread) / scale), 100 * min(1.0, (centre + spread) / scale)


_REVIEWED: Final = (
    ("conflict.impossible-value", "Protein [Mass/volume]", "the set gives values in g/L the unit g/dL"),
    ("conflict.note-allergy", "No Known Allergies", "the set's newest note denies the allergies that the set records"),
    ("conflict.date-order", "Ampicillin", "the set dates a drug fifty years before the birth"),
)
"""Conflicts told about the public patients that were looked at and are errors of the data: (kind, words, why)."""


def _false_conflicts(seen: Sequence[_Seen], say: Say) -> dict[str, Figure]:
    """Count the conflicts told about public synthetic patients that are not among the reviewed, true ones."""
    english = [one for one in seen if one.draft.language == "en"]
    told = [(one.patient, claim) for one in english for claim in one.draft.conflicts]
    false = 0
    for patient, claim in told:
        why = next((why for kind, words, why in _REVIEWED if claim.kind == kind and words in claim.text), "")
        false += not why
        say(f"public data: {patient} {claim.kind}: {claim.text} ({f'true: {why}' if why else 'not reviewed'})")
    note = "conflicts told, less those looked at and found to be true errors of the data"
    beside = {"told in all, true ones included": 20 * len(told) / len(english)}
    per = 20 * false / len(english)
    return {"synthea.false_conflicts": Figure(per, "per 20 patients", len(english), None, beside, note)}


# --- whether claims hold


def _claims(drafts: Sequence[_Seen], say: Say) -> dict[str, Figure]:
    claims = citations = resolved = unsupported = shown_wrong = 0
    for one in drafts:
        for claim in (*one.draft.claims, *one.draft.missing, *one.draft.conflicts):
            claims += 1
            held = [resolves(citation, one.record) for citation in claim.citations]
            citations += len(held)
            resolved += sum(held)
            if claim.support.state not in ("supported", "absence"):
                unsupported += 1
                say(f"{claim.support.state}: {one.patient} {claim.text} {claim.support.failed}")
            elif not all(held) or (claim.support.state == "supported" and not _numbers_held(claim)):
                shown_wrong += 1
                say(f"shown as supported, but a second look disagrees: {one.patient} {claim.text}")
    return {
        "claims.resolved": Figure(100 * resolved / citations, "%", citations),
        "claims.unsupported": Figure(unsupported, "claims", claims, note="told as unsupported by verification"),
        "claims.unsupported_shown": Figure(
            shown_wrong, "claims", claims,
            note="shown as supported though a separate, simpler check of places and numbers disagrees",
        ),
    }  # fmt: skip


def resolves(citation: Citation, record: dict[str, Resource]) -> bool:
    """Say whether a citation leads to its exact words, by reading the resource once more."""
    found = record.get(citation.source)
    if found is None or found.sha != citation.sha:
        return False
    body = found.json()
    try:
        value = text_at(body, citation.pointer)
        value = text(point(body, citation.pointer)) if value is None else value
    except PointerError:
        return False
    return value[citation.start : citation.end] == citation.quote


_AGE: Final = re.compile(r"\d+ (?:years|months|days) old|만 \d+세|생후 \d+(?:개월|일)")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")


def _numbers_held(claim: Claim) -> bool:
    """Say whether every number of a claim stands in its quotations, or is one of theirs rounded. Ages are skipped."""
    shown = _AGE.sub("", claim.text) if claim.section == "person" else claim.text
    quoted = [number for citation in claim.citations for number in _DIGITS.findall(citation.quote)]
    plain = set(quoted)
    return all(
        number in plain or any(_rounds(to=number, it=one) for one in quoted) for number in _DIGITS.findall(shown)
    )


def _rounds(it: str, to: str) -> bool:
    if len(it) <= len(to):
        return it.lstrip("0") == to.lstrip("0")
    try:
        step = Decimal(1).scaleb(-len(to.partition(".")[2]))
        value = Decimal(it)
        return Decimal(to) in (value.quantize(step, ROUND_HALF_UP), value.quantize(step, ROUND_HALF_EVEN))
    except InvalidOperation:
        return False


# --- speed


def _big(store: Store, place: Path) -> tuple[Store, str]:
    """Make one patient of `_BIG` resources out of records, those with the most types of entries first."""
    records = [store.patient(id) for id in store.patient_ids()]
    records.sort(key=lambda record: (-len({resource.type for resource in record}), record[0].id))
    target = next(resource for resource in records[0] if resource.type == "Patient")
    taken = {target.ref: Incoming(target.type, target.id, target.body)}
    for record in records:
        owner = next(resource.id for resource in record if resource.type == "Patient").encode()
        for resource in record:
            if resource.type != "Patient" and len(taken) < _BIG:
                body = resource.body.replace(b"Patient/" + owner, b"Patient/" + target.id.encode())
                taken.setdefault(resource.ref, Incoming(resource.type, resource.id, body))
    big = Store(place)
    big.put(list(taken.values()), "2026-01-01T00:00:00Z")
    return big, target.id


def _speed(big: tuple[Store, str], say: Say) -> dict[str, Figure]:
    store, patient = big
    whole: list[float] = []
    steps: dict[str, list[float]] = {"read": [], "timeline": [], "draft": [], "verify": []}
    count = claims = 0
    gc.collect()
    gc.freeze()  # as the server does before it serves
    for round_ in range(_ROUNDS + 3):
        marks = [perf_counter()]
        resources = store.patient(patient)
        marks.append(perf_counter())
        evidence = with_mentions(timeline(resources))
        marks.append(perf_counter())
        draft = skill.draft(evidence, Request())
        marks.append(perf_counter())
        record = {resource.ref: resource for resource in resources}
        checked = verify_draft(draft, lambda source, version, record=record: record.get(source))
        marks.append(perf_counter())
        if round_ >= 3:  # the first ones fill caches
            whole.append(marks[-1] - marks[0])
            for step, (begin, end) in zip(steps, pairwise(marks), strict=True):
                steps[step].append(end - begin)
        count, claims = len(resources), len(checked.claims) + len(checked.missing) + len(checked.conflicts)
    beside = {f"{step} median": _middle(times) for step, times in steps.items()}
    beside |= {"median": _middle(whole), "fastest": round(1000 * min(whole), 2)}
    say(f"{count} resources, {claims} claims, {_ROUNDS} rounds")
    note = f"a patient of {count} resources: read, timeline with what its notes say, draft, verify"
    return {"summary.p95_ms": Figure(_p95(whole), "ms", _ROUNDS, None, beside, note)}


def _p95(times: Sequence[float]) -> float:
    return round(1000 * sorted(times)[int(0.95 * (len(times) - 1))], 2)


def _middle(times: Sequence[float]) -> float:
    return round(1000 * sorted(times)[len(times) // 2], 2)
