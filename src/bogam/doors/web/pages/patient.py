"""A patient's pages: one tab each, all under the banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.access.decide import Refused
from bogam.access.identity import Action
from bogam.app import Unknown
from bogam.doors.web.pages import opened
from bogam.doors.web.pages.audit import people
from bogam.doors.web.view import asking, events, medication, notes, plot
from bogam.doors.web.view.pages import Pages
from bogam.doors.web.visit import Posted, Visit, Visiting, see
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.record.series import Series, series

router = APIRouter(prefix="/patients/{id}", include_in_schema=False)
Page = Annotated[int, Query(ge=1, le=10**6)]
Place = Annotated[int, Query(ge=0, le=10**9)]
SUMMARY: Final = "record-summary"
_EVENTS: Final = 100
_CHARTS: Final = 12
_LOOKS: Final = 50


@router.get("")
def summary(visit: Visiting, id: str) -> Response:
    """The summary: the newest one in the reader's language, made at the first visit."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    found = visit.bogam.drafts(**visit.asks, state=None, patient=id)
    fitting = [each for each in found if each.draft.skill == SUMMARY and each.draft.language == visit.language]
    newest = next((each for each in fitting if each.state != "rejected"), None)
    if newest is None:
        try:
            request = {"language": visit.language}
            made = visit.bogam.run_request(SUMMARY, request, patient=id, **visit.asks, wait=False)
        except Refused as refusal:
            return tab(visit, timeline, "summary", "patient/no_summary.html", reason=visit.reason(refusal))
        newest = next((each for each in fitting if each.draft.id == made.id), None)
        newest = newest or visit.bogam.draft(made.id, **visit.asks)
    return opened.draft(visit, newest, timeline)


@router.get("/timeline")
def course(visit: Visiting, id: str, kind: str = "", q: str = "", page: Page = 1) -> Response:
    """Everything that is dated, newest first."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    found = events.events(timeline, kind, q)
    pages = Pages(page, _EVENTS, len(found), (("kind", kind), ("q", q)))
    shown = found[pages.offset : pages.offset + _EVENTS]
    return tab(
        visit,
        timeline,
        "timeline",
        "patient/timeline.html",
        days=events.by_day(shown),
        kinds=events.counts(timeline),
        other=timeline.other,
        kind=kind,
        q=q,
        pages=pages,
    )


@router.get("/results")
def results(
    visit: Visiting, id: str, group: str = "lab", q: str = "", flagged: bool = False, page: Page = 1
) -> Response:
    """Laboratory values and vital signs: a chart and a table for each."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    every = series(timeline)
    groups = {name: len([each for each in every if each.category == name]) for name in ("lab", "vital", "other")}
    words = q.casefold().split()
    found = [
        each for each in every if each.category == group and all(word in each.name.text.casefold() for word in words)
    ]
    if flagged:
        found = [each for each in found if _flag(each)]
    courses = [each for each in found if len(each.points) > 1]
    pages = Pages(page, _CHARTS, len(courses), (("group", group), ("q", q), ("flagged", "true" if flagged else "")))
    shown = courses[pages.offset : pages.offset + _CHARTS]
    single = [(each, plot.reference(each)) for each in found if len(each.points) == 1] if page == 1 else []
    return tab(
        visit,
        timeline,
        "results",
        "patient/results.html",
        charts=[Chart(each, plot.plot(each), plot.numbers(each), plot.reference(each)) for each in shown],
        single=single,
        group=group,
        groups=groups,
        q=q,
        flagged=flagged,
        pages=pages,
    )


@router.get("/notes")
def reader(
    visit: Visiting, id: str, note: str = "", q: str = "", pointer: str = "", start: Place = 0, end: Place = 0
) -> Response:
    """The notes: a list, and one of them open."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    found = notes.found(timeline.notes, q)
    chosen = next((each.note for each in found if each.note.origin.source == note), None)
    chosen = chosen or (found[0].note if found and not note else None)
    if note and chosen is None:
        chosen = next((each for each in timeline.notes if each.origin.source == note), None)
        if chosen is None:
            raise Unknown(f'No note "{note}" in this patient\'s record.')
    parts = notes.parts(chosen, q, (pointer, start, end)) if chosen else []
    return tab(
        visit, timeline, "notes", "patient/notes.html", found=found, chosen=chosen, parts=parts, q=q,
        total=len(timeline.notes),
    )  # fmt: skip


@router.get("/medications")
def medications(visit: Visiting, id: str) -> Response:
    """Medications and allergies."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    return tab(
        visit,
        timeline,
        "medications",
        "patient/medications.html",
        groups=medication.grouped(timeline.medications),
        noted=medication.noted(timeline),
        allergies=timeline.allergies,
    )


@router.get("/documents")
def documents(visit: Visiting, id: str) -> Response:
    """The skills that can write about this patient, and the drafts there are, whatever became of them."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    found = visit.bogam.drafts(**visit.asks, state=None, patient=id)
    offers = asking.entries(visit.site.ways, id, visit.words)
    return tab(visit, timeline, "documents", "patient/documents.html", drafts=found, offers=offers)


@router.post("/drafts")
def run(visit: Visiting, id: str, form: Posted) -> Response:
    """Have a skill make a draft."""
    skill = form.get("skill", SUMMARY)
    asked = asking.asked(visit.bogam.skill(skill), form)
    draft = visit.bogam.run_request(skill, asked, patient=id, **visit.asks)
    return see(f"/drafts/{draft.id}")


@router.get("/looks")
def looks(visit: Visiting, id: str, page: Page = 1) -> Response:
    """Who looked at this record, for those who may read the audit log."""
    visit.require(Action.read_audit, id, "who looked")
    audit = visit.bogam.audit
    pages = Pages(page, _LOOKS, audit.count(patient=id))
    entries = audit.entries(patient=id, limit=_LOOKS, offset=pages.offset)
    return visit.page(
        "patient/looks.html", at="/audit", id=id, entries=entries, pages=pages, people=people(visit.bogam)
    )


@router.get("/source")
def source(
    visit: Visiting, id: str, source: str, version: str, pointer: str, start: Place = 0, end: Place = 0
) -> Response:
    """One place of the record, opened: the way to the source of every row."""
    citation = Citation(source, version, "", pointer, start, end, "")
    pane = opened.pane(visit, id, (citation,))
    if visit.fragment:
        return visit.part("parts/evidence.html", patient=id, **pane)
    timeline = visit.bogam.timeline(id, **visit.asks)
    return tab(visit, timeline, "timeline", "patient/source.html", **pane)


@dataclass(frozen=True, slots=True)
class Chart:
    """A series with its drawing and its numbers."""

    series: Series
    plot: plot.Plot
    numbers: dict[str, object]
    range: str


def tab(visit: Visit, timeline: Timeline, name: str, template: str, **context: Any) -> Response:
    """Render one tab under the patient's banner."""
    shown = opened.head(visit, timeline)
    return visit.page(template, at="/ward", banner=shown, tab=name, patient=timeline.person.id, **context)


def _flag(each: Series) -> bool:
    return any(point.flag not in (None, "normal") for point in each.points)
