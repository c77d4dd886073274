"""REST: code systems (look-up, search, validation), which are about nobody, and maps, which are decided and logged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from bogam.app import BadRequest, Unknown
from bogam.doors.api.asking import Who
from bogam.terms import icd10cm, lookup, ucum
from bogam.terms.imported import SYSTEMS

routes = APIRouter()
_State = Literal["all", "open", "abstained", "approved", "none"]


class ValidateRequest(BaseModel):
    """Codes to validate, alone and together."""

    codes: list[str] = Field(min_length=1, max_length=500)


class DecideRequest(BaseModel):
    """What fits an item: ``code``, or that none does, or that the last decision is taken back."""

    code: str = ""
    none: bool = False
    undo: bool = False


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


@routes.get("/terms", tags=["terms"])
def systems(who: Who) -> Response:
    """The code systems, and the version of each that is here."""
    found = [{"system": icd10cm.SYSTEM, "name": icd10cm.NAME, "version": icd10cm.default().release}]
    for id, system in SYSTEMS.items():
        version = who.bogam.terms.meta(id)["version"] if who.bogam.terms.has(id) else ""
        found.append({"system": id, "name": system.name, "version": version})
    return _json(found)


@routes.get("/terms/convert", tags=["terms"])
def convert(value: float, unit: str, to: str, who: Who, of: str = "") -> Response:
    """A value in another unit; ``of`` names what it is a value of."""
    try:
        return _json({"value": ucum.convert(value, unit, to, of), "unit": ucum.ucum(to)})
    except ucum.UnitError as error:
        raise BadRequest(error.reason) from error


@routes.get("/terms/{system}", tags=["terms"])
def search(
    system: str, q: Annotated[str, Query(max_length=400)], who: Who, limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> Response:
    """Codes by words or by the beginning of a code, in English or Korean, best first."""
    try:
        return _json(lookup.searched(who.bogam.terms, system, q, limit))
    except LookupError as error:
        raise Unknown(str(error)) from error


@routes.post("/terms/{system}/validate", tags=["terms"])
def validate(system: str, body: ValidateRequest, who: Who) -> Response:
    """Whether each code is valid, why not, and what notes say of them together."""
    try:
        checked = [lookup.checked(who.bogam.terms, system, code) for code in body.codes]
        return _json({"codes": checked, "together": lookup.together(system, body.codes)})
    except LookupError as error:
        raise Unknown(str(error)) from error


@routes.get("/terms/{system}/{code}", tags=["terms"])
def get(system: str, code: str, who: Who) -> Response:
    """A code with its names, hierarchy and notes."""
    try:
        found = lookup.told(who.bogam.terms, system, code)
    except LookupError as error:
        raise Unknown(str(error)) from error
    if found is None:
        raise Unknown(f"{system} has no code {code[:40]}.")
    return _json(found)


@routes.get("/maps", tags=["maps"])
def maps(who: Who) -> Response:
    """The maps, with how many items are in each state."""
    with who.bogam.mapping("list", actor=who.actor, purpose=who.purpose) as desk:
        return _json(desk.maps())


@routes.get("/maps/{id}", tags=["maps"])
def items(
    id: int,
    who: Who,
    state: _State = "all",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """A map and its items with candidates, reasons and decisions."""
    with who.bogam.mapping(f"show {id}", actor=who.actor, purpose=who.purpose) as desk:
        found = desk.map(id)
        listed = desk.items(id, state=None if state == "all" else state, limit=limit, offset=offset)
        return _json({"map": found, "items": listed})


@routes.post("/maps/items/{item}", tags=["maps"])
def decide(item: int, body: DecideRequest, who: Who) -> Response:
    """Approve a code for an item, say that none fits, or take the last decision back."""
    if sum((bool(body.code), body.none, body.undo)) != 1:
        raise BadRequest("Give one of code, none and undo.")
    said = body.code or ("none" if body.none else "undo")
    with who.bogam.mapping(f"decide {item}", actor=who.actor, purpose=who.purpose, code=said[:40]) as desk:
        if body.code:
            return _json(desk.approve(item, body.code, by=who.actor.id))
        return _json(desk.none(item, by=who.actor.id) if body.none else desk.undo(item))


@routes.get("/maps/{id}/export", tags=["maps"])
def export(id: int, who: Who, format: Literal["fhir", "csv"] = "fhir") -> Response:
    """A map as FHIR R4 ConceptMap, or as a table."""
    with who.bogam.mapping(f"export {id}", actor=who.actor, purpose=who.purpose, format=format) as desk:
        media = "application/fhir+json" if format == "fhir" else "text/csv; charset=utf-8"
        return Response(desk.export(id, format), media_type=media)
