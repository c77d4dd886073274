"""Measure verification: how fast it is, how many false statements it catches, and how many true ones it refuses."""

from __future__ import annotations

import gc
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import sqrt
from pathlib import Path
from time import perf_counter
from typing import Final

from bogam.evidence.claim import Claim
from bogam.evidence.resolve import Documents, resolve_all
from bogam.evidence.verify import verify
from bogam.measure.corruption import KINDS, corrupt
from bogam.measure.figure import Figure, Say
from bogam.measure.statements import Statement, drug_names, invented, prose, written
from bogam.record.load import load
from bogam.record.store import Resource, Store
from bogam.record.timeline import timeline
from bogam.skills.record_summary import skill
from bogam.skills.record_summary.schema import Request
from bogam.synthetic import ward

_SEED: Final = 20261120
_PER_KIND: Final = 400
_INVENTED: Final = 2400
_PER_TYPE: Final = 1200


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Verify true and corrupted statements on the records in ``data``, else on the demonstration ward."""
    rng = random.Random(_SEED)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "records.sqlite")
        for source in [data / "synthea", data / "bulk-fhir"] if data is not None else ward().bundles:
            load(store, source)
        held = {resource.ref: resource for id in store.patient_ids() for resource in store.patient(id)}
        statements, summaries = _statements(store, held, rng)
    if data is not None and (file := data / "mts-dialog" / "MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv").is_file():
        told, sections = prose(file, rng)
        statements += told
        held.update(sections)
    say(f"{len(statements)} true statements, {len(summaries)} of summaries")
    fetch = partial(_fetch, held)
    figures = _speed([statement.claim for statement in statements], fetch, say)
    return figures | _caught(statements, fetch, drug_names(list(held.values())), rng, say)


def _fetch(held: dict[str, Resource], source: str, version: str) -> Resource | None:
    found = held.get(source)
    return found if found is not None and version == str(found.version) else None


def _statements(store: Store, held: dict[str, Resource], rng: random.Random) -> tuple[list[Statement], list[Statement]]:
    by_type: dict[str, list[Resource]] = {}
    for resource in held.values():
        by_type.setdefault(resource.type, []).append(resource)
    found: list[Statement] = []
    for resources in by_type.values():
        found.extend(written(rng.sample(resources, min(_PER_TYPE, len(resources))), rng))
    made, notes = invented(_INVENTED, rng)
    held.update(notes)
    summaries = list(_summaries(store))
    return found + made + summaries, summaries


def _summaries(store: Store) -> Iterator[Statement]:
    for id in store.patient_ids():
        resources = store.patient(id)
        for language in ("en", "ko"):
            draft = skill.draft(timeline(resources), Request(language=language))
            drugs = frozenset({"medications", "stopped"})
            for claim in draft.claims:
                if claim.section != "person":  # ages are counted to the draft's own date
                    drug = claim.citations[0].quote if claim.section in drugs and claim.citations else ""
                    yield Statement(claim, drug, "summary")


def _wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a proportion."""
    if not of:
        return (0.0, 1.0)
    z, share = 1.959964, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (max(0.0, middle - half), min(1.0, middle + half))


def _speed(claims: Sequence[Claim], fetch: partial[Resource | None], say: Say) -> dict[str, Figure]:
    citations = [citation for claim in claims for citation in claim.citations]
    count = len(citations)
    gc.collect()
    gc.freeze()  # the statements themselves are not to be walked while their verification is timed
    start = perf_counter()
    resolve_all(citations, fetch)
    plain = count / (perf_counter() - start)
    documents = Documents(fetch, limit=len(claims) * 4)
    start = perf_counter()
    verify(claims, fetch, documents=documents)
    cold = count / (perf_counter() - start)
    documents.judged.clear()
    start = perf_counter()
    verify(claims, fetch, documents=documents)
    warm = count / (perf_counter() - start)
    start = perf_counter()
    verify(claims, fetch, documents=documents)
    again = count / (perf_counter() - start)
    gc.unfreeze()
    say(f"resolved {plain:,.0f}/s; all atoms {cold:,.0f}/s, {warm:,.0f}/s with texts read, {again:,.0f}/s remembered")
    return {
        "verify.rate": Figure(
            plain,
            "citations/s",
            count,
            beside={"all_atoms_first_time": cold, "all_atoms_texts_read": warm, "verdict_remembered": again},
            note="digest, version, pointer, span and quote of every citation; each resource parsed once, in the time",
        ),
        "verify.claims_rate": Figure(
            cold, "citations/s", count, note="the same and all atoms compared, with nothing parsed or read before"
        ),
        "verify.claims_rate_warm": Figure(
            warm,
            "citations/s",
            count,
            note="the same again with resources parsed and texts read; verdicts worked out anew",
        ),
    }


_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)?")
_WORDS: Final = re.compile(r"[A-Za-z]{3,}|[가-힣]{2,}")


def _bag(claim: Claim) -> bool:
    """The comparison: all numbers of the claim stand somewhere in the quotes, and half of its words do."""
    quotes = " ".join(citation.quote for citation in claim.citations).lower()
    numbers = _NUMBERS.findall(claim.text)
    cited = {f"{float(number):.2g}" for number in _NUMBERS.findall(quotes)}
    words = [word.lower() for word in _WORDS.findall(claim.text)]
    return all(f"{float(number):.2g}" in cited for number in numbers) and 2 * sum(
        word in quotes for word in words
    ) >= len(words)


def _caught(
    statements: Sequence[Statement], fetch: partial[Resource | None], names: list[str], rng: random.Random, say: Say
) -> dict[str, Figure]:
    documents = Documents(fetch, limit=len(statements) * 4)
    checked = verify([statement.claim for statement in statements], fetch, documents=documents)
    refused = [claim for claim in checked if claim.support.state not in ("supported", "absence")]
    for claim in refused[:12]:
        say(f"refused though true: {claim.text} {claim.support.failed}")
    bag_refused = sum(not _bag(claim) for claim in checked) / len(checked)
    figures: dict[str, Figure] = {}
    total = hits = bag_hits = 0
    order = list(statements)
    rng.shuffle(order)
    for kind in KINDS:
        broken = _broken(order, kind, names, rng)
        found = verify(broken, fetch, documents=documents)
        missed = [claim for claim in found if claim.support.state in ("supported", "absence")]
        for claim in missed[:6]:
            say(f"{kind} missed: {claim.text} | {[citation.quote[:70] for citation in claim.citations]}")
        caught, bag = len(found) - len(missed), sum(not _bag(claim) for claim in found)
        total, hits, bag_hits = total + len(found), hits + caught, bag_hits + bag
        if found:
            figures[f"verify.caught_{kind}"] = Figure(
                caught / len(found),
                "share",
                len(found),
                _wilson(caught, len(found)),
                {"bag_of_words": bag / len(found)},
            )
    return {
        "verify.caught": Figure(hits / total, "share", total, _wilson(hits, total), {"bag_of_words": bag_hits / total}),
        "verify.false_alarms": Figure(
            len(refused) / len(checked),
            "share",
            len(checked),
            _wilson(len(refused), len(checked)),
            {"bag_of_words": bag_refused},
        ),
    } | figures


def _broken(order: Sequence[Statement], kind: str, names: list[str], rng: random.Random) -> list[Claim]:
    made: list[Claim] = []
    sources: dict[str, int] = {}
    for statement in order:
        if len(made) >= _PER_KIND:
            break
        if sources.get(statement.source, 0) >= _PER_KIND // 2:
            continue
        text = corrupt(statement, kind, names, rng)
        if text is not None and text != statement.claim.text:
            sources[statement.source] = sources.get(statement.source, 0) + 1
            made.append(replace(statement.claim, text=text))
    return made
