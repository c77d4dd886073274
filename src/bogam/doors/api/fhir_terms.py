"""CodeSystem/$lookup and $validate-code for ICD-10-CM (http://hl7.org/fhir/R4/codesystem-operation-lookup.html)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from bogam.access.identity import Actor, Purpose
from bogam.doors.api.fhir_answer import FhirError, answer
from bogam.terms import icd10cm

OPERATIONS = tuple(
    {"name": name, "definition": f"http://hl7.org/fhir/OperationDefinition/CodeSystem-{name}"}
    for name in ("lookup", "validate-code")
)


def add(routes: APIRouter, actor_of: Callable[[Request], tuple[Actor, Purpose]]) -> None:
    """Add the operations to the routes under ``/fhir``. They are about nobody: who is signed in may ask."""

    @routes.get("/CodeSystem/$lookup")
    def lookup(request: Request) -> Response:
        actor_of(request)
        code = _code(request, ("system",))
        index = icd10cm.default()
        entry = index.get(code)
        if entry is None:
            raise FhirError(404, index.validate(code).reason)
        told: list[dict[str, Any]] = [
            {"name": "name", "valueString": icd10cm.NAME},
            {"name": "version", "valueString": index.release},
            {"name": "display", "valueString": entry.title},
        ]
        told += [_property("parent", "valueCode", entry.parent)] if entry.parent else []
        told += [_property("child", "valueCode", each.code) for each in index.children(entry.code)]
        told.append(_property("inactive", "valueBoolean", False))
        told.append(_property("notSelectable", "valueBoolean", not entry.billable))
        told += [_designation(words) for words in (*entry.inclusion, *entry.includes)]
        return answer({"resourceType": "Parameters", "parameter": told})

    @routes.get("/CodeSystem/$validate-code")
    def validate(request: Request) -> Response:
        actor_of(request)
        verdict = icd10cm.default().validate(_code(request, ("url", "system")))
        entry = icd10cm.default().get(verdict.code)
        told: list[dict[str, Any]] = [{"name": "result", "valueBoolean": verdict.valid}]
        if not verdict.valid:
            told.append({"name": "message", "valueString": verdict.reason})
        if entry is not None:
            told.append({"name": "display", "valueString": entry.title})
        return answer({"resourceType": "Parameters", "parameter": told})


def _code(request: Request, systems: tuple[str, ...]) -> str:
    given = request.query_params
    system = next((given[name] for name in systems if name in given), "")
    if system != icd10cm.URI:
        raise FhirError(404, f'No code system "{system[:200]}" here; known: {icd10cm.URI}')
    if not given.get("code"):
        raise FhirError(400, "The parameter code is missing")
    return given["code"][:64]


def _property(code: str, kind: str, value: Any) -> dict[str, Any]:
    return {"name": "property", "part": [{"name": "code", "valueCode": code}, {"name": "value", kind: value}]}


def _designation(words: str) -> dict[str, Any]:
    return {"name": "designation", "part": [{"name": "value", "valueString": words}]}
