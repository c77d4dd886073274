"""Code systems: search as it is typed, and an entry with its hierarchy and notes."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.app import Unknown
from bogam.doors.web.visit import Visit, Visiting
from bogam.terms import icd10cm, lookup
from bogam.terms.imported import SYSTEMS, NotImported

router = APIRouter(prefix="/terms", include_in_schema=False)
_SHOWN: Final = 30
_LONGEST: Final = 200
_NOTES: Final = ("code_first", "use_additional", "code_also", "excludes1", "excludes2", "notes")


@router.get("")
def find(
    visit: Visiting,
    q: Annotated[str, Query(max_length=_LONGEST)] = "",
    system: Annotated[str, Query(max_length=20)] = icd10cm.SYSTEM,
) -> Response:
    """The search, and what it finds; htmx asks for what is found alone."""
    problem, found = "", ()
    try:
        if q.strip():
            found = lookup.searched(visit.bogam.terms, system, q, _SHOWN)
        elif system != icd10cm.SYSTEM:
            visit.bogam.terms.meta(system)
    except NotImported as missing:
        problem = visit.words("terms.missing", name=missing.system.name, where=missing.system.where)
    except LookupError as error:
        raise Unknown(str(error)) from error
    verdict = icd10cm.default().validate(q) if system == icd10cm.SYSTEM and _is_code(q) else None
    context: dict[str, Any] = {"q": q, "system": system, "found": found, "problem": problem, "verdict": verdict}
    if visit.fragment:
        return visit.part("parts/terms_found.html", **context)
    return visit.page("terms.html", at="/terms", systems=_systems(visit), **context)


@router.get("/{system}/{code}")
def entry(visit: Visiting, system: str, code: str) -> Response:
    """One code."""
    if system == icd10cm.SYSTEM:
        return _icd10cm(visit, code)
    try:
        found = visit.bogam.terms.get(system, code)
    except LookupError as error:
        raise Unknown(str(error)) from error
    if found is None:
        raise Unknown(f"{system} has no code {code[:40]}.")
    return visit.page("term_imported.html", at="/terms", system=system, entry=found)


def _icd10cm(visit: Visit, code: str) -> Response:
    index = icd10cm.default()
    found = index.get(code)
    if found is None:
        raise Unknown(index.validate(code).reason)
    return visit.page(
        "term.html",
        at="/terms",
        entry=found,
        index=index,
        above=tuple(reversed(index.ancestors(found.code))),
        below=index.children(found.code),
        notes=[(section, index.notes(found.code, section)) for section in _NOTES],
        meanings=index.meanings(found.code) if not found.billable or found.kind == "extension" else (),
        verdict=index.validate(found.code),
        questions=index.open_questions(found.code),
        manifestation=index.is_manifestation(found.code),
    )


def _is_code(text: str) -> bool:
    plain = text.strip()
    return 3 <= len(plain) <= 8 and plain[:1].isalpha() and plain[1:2].isdigit()


def _systems(visit: Visit) -> list[tuple[str, str, str]]:
    """Return (id, name, version) of every system; the version is empty where it is not imported."""
    shown = [(icd10cm.SYSTEM, icd10cm.NAME, icd10cm.default().release)]
    for id, system in SYSTEMS.items():
        name = system.name_ko if visit.language == "ko" else system.name
        version = visit.bogam.terms.meta(id)["version"] if visit.bogam.terms.has(id) else ""
        shown.append((id, name, version))
    return shown
