"""Answers of the FHIR door: resources with their version, Bundles, OperationOutcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi import Response

from bogam.record.r4 import definitions
from bogam.record.search.query import Page
from bogam.record.store import Resource

MEDIA: Final = "application/fhir+json"

_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_raw: Final = msgspec.json.Decoder(list[msgspec.Raw])
_SUBSETTED: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_ISSUES: Final = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 406: "not-supported"}
_ISSUES_MORE: Final = {405: "not-supported", 412: "conflict", 413: "too-long", 415: "not-supported", 422: "structure"}


class FhirError(Exception):
    """A request that the FHIR door answers with an OperationOutcome. ``problems`` are pointers with sentences."""

    def __init__(self, status: int, reason: str, problems: Sequence[tuple[str, str]] = (), code: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.problems = problems or [("", reason)]
        self.code = code or {**_ISSUES, **_ISSUES_MORE}.get(status, "processing")


def outcome(problems: Iterable[tuple[str, str]], code: str, severity: str = "error") -> dict[str, Any]:
    """An OperationOutcome with an issue for each problem: where (a FHIRPath or parameter), and a sentence."""
    issues = [
        {"severity": severity, "code": code, "diagnostics": reason, **({"expression": [place]} if place else {})}
        for place, reason in problems
    ]
    return {"resourceType": "OperationOutcome", "issue": issues}


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """FHIR JSON."""
    return Response(msgspec.json.encode(content), status, headers, MEDIA)


def refuse(error: FhirError, headers: dict[str, str] | None = None) -> Response:
    """The OperationOutcome of an error."""
    return answer(outcome(error.problems, error.code), error.status, headers)


def versioned(resource: Resource, elements: Sequence[str] = ()) -> msgspec.Raw:
    """A resource with its version and the moment it was stored in ``meta``; all else is as its sender wrote it.

    With ``elements`` only those are left, besides what R4 requires, and the resource says that it is not whole.
    """
    members = _members.decode(resource.body)
    meta: dict[str, Any] = dict(_members.decode(members["meta"])) if "meta" in members else {}
    meta |= {"versionId": str(resource.version), "lastUpdated": resource.updated}
    if elements:
        members = _only(members, resource.type, elements)
        meta["tag"] = [*(_raw.decode(meta["tag"]) if "tag" in meta else ()), _SUBSETTED]
    ordered: dict[str, Any] = {"resourceType": resource.type, "id": resource.id, "meta": meta}
    return msgspec.Raw(msgspec.json.encode(ordered | {name: members[name] for name in members if name not in ordered}))


def _only(members: dict[str, msgspec.Raw], kind: str, wanted: Sequence[str]) -> dict[str, msgspec.Raw]:
    """The members that were asked for by ``_elements`` or are required. A choice is meant by its name without the
    type."""
    names = {"resourceType", *wanted}
    for element in definitions.elements(kind).values():
        if element.required or element.choice.removesuffix("[x]") in wanted:
            names.add(element.name)
    return {name: value for name, value in members.items() if name.removeprefix("_") in names}


def tag(resource: Resource) -> dict[str, str]:
    """The headers that name a version: ETag and Last-Modified (RFC 9110)."""
    at = datetime.fromisoformat(resource.updated)
    return {"ETag": f'W/"{resource.version}"', "Last-Modified": format_datetime(at, usegmt=True)}


def searchset(page: Page, base: str, asked: str) -> dict[str, Any]:
    """The Bundle of a search. ``asked`` is the address that it answers."""
    entries = [_entry(each, base, "match", page.elements) for each in page.resources]
    entries += [_entry(each, base, "include") for each in page.included]
    if page.ignored:
        notes = [(name, f'The parameter "{name}" is unknown here and was ignored') for name in page.ignored]
        entries.append({"resource": outcome(notes, "not-supported", "warning"), "search": {"mode": "outcome"}})
    return bundle("searchset", entries, page.total, asked, page.next)


def _entry(resource: Resource, base: str, mode: str, elements: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "fullUrl": f"{base}/{resource.ref}",
        "resource": versioned(resource, elements),
        "search": {"mode": mode},
    }


def bundle(
    kind: str, entries: list[dict[str, Any]], total: int | None, asked: str = "", after: str | None = None
) -> dict[str, Any]:
    """A Bundle with its links. R4 allows no empty list, so what is empty is left out."""
    links = [{"relation": "self", "url": asked}] if asked else []
    links += [{"relation": "next", "url": after}] if after else []
    found: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if total is not None:
        found["total"] = total
    return found | {name: value for name, value in (("link", links), ("entry", entries)) if value}


def history(versions: Sequence[Resource], base: str, asked: str, total: int, after: str | None) -> dict[str, Any]:
    """The Bundle of the versions of a resource, newest first. Each says how it came: created or replaced."""
    entries = [
        {
            "fullUrl": f"{base}/{each.ref}",
            "resource": versioned(each),
            "request": {"method": "PUT", "url": each.ref},
            "response": {
                "status": status_line(201 if each.version == 1 else 200),
                "etag": f'W/"{each.version}"',
                "lastModified": each.updated,
            },
        }
        for each in versions
    ]
    return bundle("history", entries, total, asked, after)


def status_line(status: int) -> str:
    """``201 Created``."""
    return f"{status} {HTTPStatus(status).phrase}"
