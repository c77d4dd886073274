"""Measure the documents of a stay: whether sentences hold, whether starts, stops and open results are found, speed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final, Literal

from bogam.evidence.draft import Draft
from bogam.evidence.verify import verify_draft
from bogam.measure.figure import Figure, Say
from bogam.measure.summary import loaded, resolves, set_folder, wilson
from bogam.record.store import Resource, Store
from bogam.record.timeline import timeline
from bogam.skills.skill import skills
from bogam.synthetic import Planted, ward
from bogam.text.chart import with_mentions

SKILLS: Final = ("handoff", "admission-note", "progress-note", "transfer-summary", "discharge-summary")
_LANGUAGES: Final[tuple[Literal["en", "ko"], ...]] = ("en", "ko")
_SLACK: Final = timedelta(hours=12)
_CHANGED: Final = ("drugs-new", "drugs-changed", "drugs-hospital", "drugs-continued")


@dataclass(frozen=True, slots=True)
class _Seen:
    """One document with the record it was made from, and the seconds that it took from the stored bytes."""

    patient: str
    draft: Draft
    record: dict[str, Resource]
    seconds: float


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Draft every document of every patient, of the demonstration ward and with ``data`` of the public sets."""
    with tempfile.TemporaryDirectory() as folder:
        made = ward()
        store = loaded(Path(folder) / "ward.sqlite", made.bundles)
        ours = list(_documents(store))
        figures = _changes(ours, say) | _pending(ours, made.planted, say)
        if data is not None:
            public = loaded(Path(folder) / "public.sqlite", [set_folder(data, "synthea")])
            ours += _documents(public)
        figures |= _claims(ours, say)
    times = sorted(one.seconds for one in ours)
    note = "a document from the stored bytes: timeline with what its notes say, draft, verify"
    beside = {"median": round(1000 * times[len(times) // 2], 2)}
    p95 = round(1000 * times[int(0.95 * (len(times) - 1))], 2)
    return figures | {"stay.p95_ms": Figure(p95, "ms", len(times), None, beside, note)}


def _documents(store: Store) -> Iterator[_Seen]:
    for patient in store.patient_ids():
        resources = store.patient(patient)
        record = {resource.ref: resource for resource in resources}
        for name in SKILLS:
            maker = skills()[name]
            for language in _LANGUAGES:
                begin = perf_counter()
                evidence = with_mentions(timeline(resources))
                draft = maker.draft(evidence, maker.request.model_validate({"language": language}))
                checked = verify_draft(draft, lambda source, version, record=record: record.get(source))
                yield _Seen(patient, checked, record, perf_counter() - begin)


def _claims(seen: list[_Seen], say: Say) -> dict[str, Figure]:
    claims = citations = held = unsupported = 0
    for one in seen:
        for claim in (*one.draft.claims, *one.draft.missing, *one.draft.conflicts):
            claims += 1
            citations += len(claim.citations)
            held += sum(resolves(citation, one.record) for citation in claim.citations)
            if claim.support.state not in ("supported", "absence"):
                unsupported += 1
                say(f"{claim.support.state}: {one.patient} {one.draft.skill} {claim.text} {claim.support.failed}")
    note = f"{len(seen)} documents: {', '.join(SKILLS)}, each in English and Korean"
    return {
        "stay.claims_resolved": Figure(100 * held / citations, "%", citations, None, {}, note),
        "stay.unsupported": Figure(unsupported, "claims", claims, None, {}, note),
    }


# --- starts and stops, read a second time from the resources themselves


def _changes(seen: list[_Seen], say: Say) -> dict[str, Figure]:
    """Compare the discharge summary's parts on medication with what the orders' own dates and reasons say.

    Beside stands the list that no comparison makes: every order still active at the end is told as new.
    """
    begun: list[bool] = []
    ended: list[bool] = []
    listed: list[bool] = []
    wrong = told = naive = older = 0
    for one in seen:
        stay = _stay(one.record)
        if one.draft.skill != "discharge-summary" or one.draft.language != "en" or stay is None:
            continue
        cited = {
            (claim.section, citation.source)
            for claim in one.draft.claims
            if claim.section.startswith("drugs-")
            for citation in claim.citations
        }
        orders = {ref: found.json() for ref, found in one.record.items() if found.type == "MedicationRequest"}
        for ref, body in orders.items():
            active = body.get("status") == "active"
            at = _time(body.get("authoredOn"))
            if at is None:
                continue
            if stay[0] <= at <= stay[1] + _SLACK:
                begun.append(any((section, ref) in cited for section in _CHANGED))
                listed.append(active)
                if not begun[-1]:
                    say(f"start not found: {one.patient} {ref}")
            elif at < stay[0] and body.get("status") == "stopped" and "statusReason" in body:
                ended.append(any((section, ref) in cited for section in ("drugs-stopped", "drugs-changed")))
                if not ended[-1]:
                    say(f"stop not found: {one.patient} {ref}")
        naive += sum(body.get("status") == "active" for body in orders.values())
        older += sum(
            body.get("status") == "active" and ((at := _time(body.get("authoredOn"))) is None or at < stay[0])
            for body in orders.values()
        )
        new = {source for section, source in cited if section == "drugs-new" and source in orders}
        told += len(new)
        early = [ref for ref in new if (at := _time(orders[ref].get("authoredOn"))) is None or at < stay[0]]
        wrong += len(early)
    note = "the orders' own dates and reasons, read again by a separate, simpler rule; beside: all active orders as new"
    return {
        "stay.starts_found": _share(begun, note, {"all active as new": round(100 * sum(listed) / len(listed), 2)}),
        "stay.stops_found": _share(ended, note, {"all active as new": 0.0}),
        "stay.new_but_older": Figure(
            wrong,
            "drugs",
            told,
            None,
            {"all active as new": older, "of": naive},
            "told as new, ordered before the stay",
        ),
    }


def _share(hits: list[bool], note: str = "", beside: dict[str, float] | None = None) -> Figure:
    """Return the share of hits, in %, with its Wilson interval."""
    found = sum(hits)
    return Figure(100 * found / len(hits), "%", len(hits), wilson(found, len(hits)), beside or {}, note)


def _stay(record: dict[str, Resource]) -> tuple[datetime, datetime] | None:
    """Return when the newest admission began, with the emergency visit before it, and when it ended."""
    visits = [found.json() for found in record.values() if found.type == "Encounter"]
    inside = [v for v in visits if v["class"]["code"] == "IMP"]
    spans = [(begin, _time(v["period"].get("end")) or _FAR) for v in inside if (begin := _time(v["period"]["start"]))]
    if not spans:
        return None
    start, end = max(spans)
    for visit in visits:
        came = _time(visit["period"]["start"])
        if visit["class"]["code"] == "EMER" and came and timedelta() <= start - came <= timedelta(days=1):
            start = came
    return start, end


_FAR: Final = datetime.fromisoformat("2100-01-01T00:00:00+00:00")


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 10 else None


def _pending(seen: list[_Seen], planted: tuple[Planted, ...] | list[Planted], say: Say) -> dict[str, Figure]:
    """Look for the open results that were planted, in the hand-off and the discharge summary."""
    wanted = [one for one in planted if one.kind == "missing.result-pending"]
    hits: list[bool] = []
    for one in wanted:
        refs = {ref for ref in one.resources if not ref.startswith("Patient/")}
        for skill in ("handoff", "discharge-summary"):
            found = [
                s for s in seen if s.patient == one.patient and s.draft.skill == skill and s.draft.language == "en"
            ]
            cited = {
                citation.source
                for each in found
                for claim in (*each.draft.claims, *each.draft.missing)
                for citation in claim.citations
            }
            hits.append(bool(refs & cited))
            if not hits[-1]:
                say(f"pending not told: {one.patient} {skill} {one.detail}")
    return {"stay.pending_found": _share(hits)}
