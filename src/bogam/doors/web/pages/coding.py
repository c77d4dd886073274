"""A coder works through an encounter: the notes on the left, the codes that they call for on the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.access.decide import Refused
from bogam.access.identity import Action
from bogam.app import Unknown
from bogam.doors.web.pages.patient import tab
from bogam.doors.web.view.coding import desk
from bogam.doors.web.visit import Posted, Visit, Visiting, see
from bogam.evidence.draft import Draft, Filed
from bogam.record.citation import Field
from bogam.record.facts import Timeline
from bogam.skills.coding import desk as work
from bogam.skills.coding.schema import Request
from bogam.skills.coding.scope import Scope, looked_at
from bogam.terms import icd10cm

router = APIRouter(prefix="/patients/{id}/coding", include_in_schema=False)
At = Annotated[int, Query(ge=-1, le=10**6)]
Words = Annotated[str, Query(max_length=200)]
SKILL: Final = "coding"
_FOUND: Final = 12


@router.get("")
def coding(visit: Visiting, id: str, scope: Words = "", draft: Words = "", at: At = -1, q: Words = "") -> Response:
    """The coder's page. Without ``draft``, the codes of ``scope`` are suggested first."""
    timeline = visit.bogam.timeline(id, **visit.asks)
    if not draft:
        try:
            asked = {"language": visit.language, "scope": scope}
            made = visit.bogam.run_request(SKILL, asked, patient=id, **visit.asks, wait=False)
        except Refused as refusal:
            return tab(visit, timeline, SKILL, "patient/no_summary.html", reason=visit.reason(refusal))
        return see(_way(id, made.id, scope))
    filed = _filed(visit, id, draft)
    return _shown(visit, timeline, filed, scope, at, q)


def _shown(
    visit: Visit, timeline: Timeline, filed: Filed, scope: str, at: int, q: str, wrong: str = "", words: str = ""
) -> Response:
    looked = _looked(timeline, scope)
    laid = desk(filed.draft, looked.notes)
    return tab(
        visit,
        timeline,
        SKILL,
        "patient/coding.html",
        filed=filed,
        draft=filed.draft,
        desk=laid,
        here=laid.after(at),
        scope=scope,
        looked=looked,
        encounters=timeline.encounters,
        q=q,
        found=_search(q),
        wrong=wrong,
        words=words,
        stale=filed.open and filed.draft.evidence_hash != timeline.sha,
    )


@router.get("/search")
def search(visit: Visiting, id: str, q: Words = "") -> Response:
    """ICD-10-CM as it is typed."""
    return visit.part("parts/coding_found.html", found=_search(q), q=q)


@router.get("/entry")
def entry(visit: Visiting, id: str, code: Words, draft: Words = "", scope: Words = "", index: At = -1) -> Response:
    """One entry of ICD-10-CM with what stands above and below it; a finer code can be chosen there."""
    known = icd10cm.default()
    found = known.get(code)
    if found is None:
        raise Unknown(f'"{code}" is not in ICD-10-CM {known.release}.')
    filed = _filed(visit, id, draft) if draft else None
    context: dict[str, Any] = {
        "entry": found,
        "verdict": known.validate(found.code),
        "above": tuple(reversed(known.ancestors(found.code))),
        "below": known.children(found.code),
        "notes": [
            (section, notes)
            for section in ("inclusion", "includes", "excludes1", "excludes2", "code_first", "use_additional")
            if (notes := [each for each in known.notes(found.code, section) if known[each.code].kind != "chapter"])
        ],
        "release": known.release,
        "filed": filed,
        "scope": scope,
        "index": index,
        "open": filed is not None and filed.open and visit.may(Action.edit),
    }
    if visit.fragment:
        return visit.part("parts/coding_entry.html", patient=id, **context)
    timeline = visit.bogam.timeline(id, **visit.asks)
    return tab(visit, timeline, SKILL, "patient/coding_entry.html", **context)


@router.post("")
def change(visit: Visiting, id: str, form: Posted) -> Response:
    """Accept, reject, add, choose a finer code, undo, or finish."""
    draft, scope, do = form.get("draft", ""), form.get("scope", "")[:200], form.get("do", "")
    filed = _filed(visit, id, draft)
    index, revision = _number(form, "index"), _number(form, "revision")
    if do == "undo":
        visit.bogam.undo(draft, **visit.asks, revision=revision)
        return see(_way(id, draft, scope, index), said="undone")
    timeline = visit.bogam.timeline(id, **visit.asks)
    if do in ("accept", "reject", "instead") and not 0 <= index < len(filed.draft.claims):
        raise Unknown(f"{draft} has no code at place {index}.")
    words = form.get("words", "").strip()[:200]
    evidence = work.found(_looked(timeline, scope).notes, words)
    if do == "add" and words and evidence is None:
        wrong = visit.words("coding.no_such_words", words=words)
        return _shown(visit, timeline, filed, scope, index, form.get("q", ""), wrong, words)
    changed = _change(do, index, form.get("code", ""), evidence, timeline.person.gender, "despite" in form)
    try:
        visit.bogam.amend(draft, **visit.asks, change=changed, revision=revision)
    except work.NotACode as error:
        wrong = error.reason_ko if visit.language == "ko" else error.reason
        return _shown(visit, timeline, filed, scope, index, form.get("q", ""), wrong, words)
    if do == "finish":
        return see(f"/drafts/{draft}/sign" if visit.may(Action.sign) else f"/drafts/{draft}")
    return see(_way(id, draft, scope, index))


def _change(
    do: str, index: int, code: str, evidence: Field | None, sex: Field | None, despite: bool
) -> Callable[[Draft], Draft]:
    if do == "accept":
        return lambda draft: work.accept(draft, index, sex, despite=despite)
    if do == "reject":
        return lambda draft: work.reject(draft, index, sex)
    if do == "instead":
        return lambda draft: work.instead(draft, index, code, sex)
    if do == "add":
        return lambda draft: work.add(draft, code, evidence, sex)
    if do == "finish":
        return lambda draft: work.finish(draft, sex)
    raise Unknown(f'A code cannot be "{do}": accept, reject, add, instead, undo or finish.')


def _filed(visit: Visit, patient: str, draft: str) -> Filed:
    filed = visit.bogam.draft(draft, **visit.asks)
    if filed.draft.skill != SKILL or filed.draft.patient != patient:
        raise Unknown(f'"{draft}" is no draft of codes for this patient.')
    return filed


def _looked(timeline: Timeline, scope: str) -> Scope:
    return looked_at(timeline, Request(scope=scope))


def _search(q: str) -> tuple[icd10cm.Match, ...]:
    found = icd10cm.default().search(q, _FOUND) if q.strip() else ()
    return tuple(each for each in found if each.entry.kind not in ("chapter", "block"))


def _way(patient: str, draft: str, scope: str, at: int = -1) -> str:
    query = {"draft": draft, "scope": scope} | ({"at": str(at)} if at >= 0 else {})
    return f"/patients/{patient}/coding?{urlencode(query)}"


def _number(form: dict[str, str], name: str) -> int:
    value = form.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else -1
