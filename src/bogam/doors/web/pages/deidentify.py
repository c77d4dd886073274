"""De-identification: a text with what was found in it beside what comes out; a person corrects and confirms."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from bogam.access.identity import Action
from bogam.doors.web.visit import Posted, Visit, Visiting, see
from bogam.skills.deidentify.review import Review, readable
from bogam.skills.deidentify.reviews import BY_HAND, Change
from bogam.text.deid import CATEGORIES, MODES, Category, Finding, Mode

router = APIRouter(prefix="/deidentify", include_in_schema=False)
_DOINGS: Final = ("add", "remove", "restore", "confirm")
_TONES: Final[dict[Category, str]] = {
    "name": "person",
    "organization": "place",
    "address": "place",
    "zip": "place",
    "date": "time",
    "age": "time",
}


class Shown(NamedTuple):
    """A finding as the page shows it."""

    name: str
    words: str
    finding: Finding
    label: str
    tone: str
    how: str
    rule: str
    sure: str


class Bit(NamedTuple):
    """A run of text; ``shown`` where it is a finding or what stands for one."""

    text: str
    shown: Shown | None


@router.get("")
def look(visit: Visiting, patient: str = "", note: str = "", part: int = 0, mode: str = "tag") -> Response:
    """A patient's note under review, the patient's notes to choose from, or a form to paste a text into."""
    chosen = _mode(mode)
    if not patient:
        visit.require(Action.deidentify, None, "deidentify page")
        return _page(visit, chosen)
    timeline = visit.bogam.timeline(patient, **visit.asks)
    notes = readable(timeline)
    source = note or (notes[0].origin.source if notes else "")
    review = visit.bogam.review(**visit.asks, mode=chosen, patient=patient, note=source, part=part) if source else None
    return _page(visit, chosen, review, patient=patient, note=source, part=part, notes=notes)


@router.post("")
def work(visit: Visiting, form: Posted) -> Response:
    """Review a pasted text, change findings, confirm, or take the result as a file."""
    mode, do = _mode(form.get("mode", "")), form.get("do", "")
    patient, note, part = form.get("patient", ""), form.get("note", ""), max(0, _number(form, "part"))
    text = form.get("text", "").replace("\r\n", "\n")
    if not note and not text.strip():
        return _page(visit, mode, problem=visit.words("deid.empty"))
    asked: dict[str, Any] = {"patient": patient, "note": note, "part": part} if note else {"text": text}
    change = _change(form, do) if do in _DOINGS else None
    review = visit.bogam.review(**visit.asks, mode=mode, **asked, change=change)
    if do == "file":
        if review.changes.confirmed is None:
            return _page(visit, mode, review, patient=patient, note=note, part=part, problem=visit.words("deid.first"))
        headers = {"Content-Disposition": 'attachment; filename="deidentified.txt"'}
        return Response(review.result.text, media_type="text/plain; charset=utf-8", headers=headers)
    if note:
        where = urlencode({"patient": patient, "note": note, "part": part, "mode": mode})
        return see(f"/deidentify?{where}", anchor="findings" if change else "")
    return _page(visit, mode, review)


def _page(
    visit: Visit,
    mode: Mode,
    review: Review | None = None,
    *,
    patient: str = "",
    note: str = "",
    part: int = 0,
    notes: Any = (),
    problem: str = "",
) -> Response:
    shown = _shown(visit, review, review.findings) if review else []
    removed = _shown(visit, review, review.removed) if review else []
    chosen = next((each for each in notes if each.origin.source == note), None)
    return visit.page(
        "deidentify.html",
        at="/deidentify",
        status=422 if problem else 200,
        mode=mode,
        modes=MODES,
        review=review,
        found=shown,
        removed=removed,
        before=_before(review, shown) if review else [],
        after=_after(review, shown) if review else [],
        categories=[(key, _label(visit, key)) for key in CATEGORIES],
        patient=patient,
        note=note,
        part=part,
        parts=len(chosen.parts) if chosen else 1,
        notes=notes,
        problem=problem,
    )


def _mode(name: str) -> Mode:
    return name if name in MODES else "tag"


def _number(form: dict[str, str], name: str) -> int:
    value = form.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else -1


def _change(form: dict[str, str], do: str) -> Change:
    category = form.get("category", "name")
    kind: Category = category if category in CATEGORIES else "other"
    return Change(
        cast(Any, do), _number(form, "start"), _number(form, "end"), form.get("words", "").strip()[:400], kind
    )


def _label(visit: Visit, category: Category) -> str:
    about = CATEGORIES[category]
    return about.name_ko if visit.language == "ko" else about.name[0].upper() + about.name[1:]


def _shown(visit: Visit, review: Review, findings: tuple[Finding, ...]) -> list[Shown]:
    text = review.document.text
    return [
        Shown(
            f"f{number}",
            text[each.start : each.end],
            each,
            _label(visit, each.category),
            _TONES.get(each.category, "number"),
            visit.words(f"deid.how.{_how(each)}"),
            visit.words(f"deid.rules.{_rule(each)}") if _rule(each) else "",
            visit.words(f"deid.sure.{_sure(each)}"),
        )
        for number, each in enumerate(findings, 1)
    ]


def _how(finding: Finding) -> str:
    if finding.rule == BY_HAND:
        return "person"
    if finding.source:
        return "record"
    shape = finding.category != "name" or finding.rule.endswith(("shape", "words", "given-name"))
    return "shape" if shape else "cue"


def _rule(finding: Finding) -> str:
    """Return what the words call the rule that found a name; of all else the category says it."""
    language, _, rule = finding.rule.partition("-")
    return rule if language in ("korean", "english") and not finding.source else ""


def _sure(finding: Finding) -> str:
    return "high" if finding.confidence >= 0.95 else "good" if finding.confidence >= 0.75 else "low"


def _before(review: Review, shown: list[Shown]) -> list[Bit]:
    bits: list[Bit] = []
    at = 0
    for each in shown:
        bits += (Bit(review.document.text[at : each.finding.start], None), Bit(each.words, each))
        at = each.finding.end
    return [*bits, Bit(review.document.text[at:], None)]


def _after(review: Review, shown: list[Shown]) -> list[Bit]:
    text = review.result.text
    bits: list[Bit] = []
    at = 0
    for each, piece in zip(shown, review.result.pieces, strict=True):
        bits += (Bit(text[at : piece.out_start], None), Bit(text[piece.out_start : piece.out_end], each))
        at = piece.out_end
    return [*bits, Bit(text[at:], None)]
