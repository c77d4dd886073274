"""Writing through the FHIR door: one resource, or a Bundle of them."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import uuid4

import msgspec

from bogam.access.identity import Actor
from bogam.app import Bogam
from bogam.doors.api.fhir_answer import FhirError, status_line
from bogam.record import references
from bogam.record.r4.check import CheckError, check
from bogam.record.store import Resource

MAX_ENTRIES: Final = 1000
"""Entries of a Bundle that are written at once; so many are stored in one transaction."""

_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


class _Request(msgspec.Struct):
    method: str
    url: str
    ifNoneExist: str | None = None  # noqa: N815
    ifMatch: str | None = None  # noqa: N815
    ifNoneMatch: str | None = None  # noqa: N815


class _Entry(msgspec.Struct):
    fullUrl: str | None = None  # noqa: N815
    resource: msgspec.Raw = msgspec.Raw(b"")
    request: _Request | None = None


class _Bundle(msgspec.Struct):
    type: str
    entry: list[_Entry] = msgspec.field(default_factory=list[_Entry])


def checked(body: bytes) -> tuple[str, str | None]:
    """The type and id of a resource that keeps to R4.

    Raises
    ------
    FhirError
        422 with every problem found.
    """
    try:
        found = check(body)
    except CheckError as error:
        raise FhirError(422, error.reason, [(pointer or "/", reason) for pointer, reason in error.problems]) from None
    return found.type, found.id


def create(bogam: Bogam, actor: Actor, resource_type: str, body: bytes) -> Resource:
    """Store a new resource under an id of ours, as R4 asks for: an id in ``body`` is not used."""
    kind, _ = checked(body)
    _same_type(kind, resource_type)
    members = _members.decode(body)
    rest = {name: value for name, value in members.items() if name not in ("id", "resourceType")}
    new = uuid4().hex
    bogam.load(msgspec.json.encode({"resourceType": kind, "id": new, **rest}), actor=actor, name=f"POST {kind}")
    return _stored(bogam, kind, new)


def update(
    bogam: Bogam, actor: Actor, resource_type: str, id: str, body: bytes, match: str | None
) -> tuple[Resource, bool]:
    """Store a resource under its id. Returns it, and whether it is new."""
    kind, name = checked(body)
    _same_type(kind, resource_type)
    if name != id:
        raise FhirError(400, f'The resource has the id "{name or ""}", but the address says "{id}"')
    before = bogam.store.get(kind, id)
    if match is not None and (before is None or match.removeprefix("W/").strip('"') != str(before.version)):
        found = f'version "{before.version}"' if before else "no version"
        raise FhirError(412, f"If-Match is {match}, but {kind}/{id} has {found}: read it again")
    bogam.load(body, actor=actor, name=f"PUT {kind}/{id}")
    return _stored(bogam, kind, id), before is None


def _same_type(kind: str, resource_type: str) -> None:
    if kind != resource_type:
        raise FhirError(400, f"The resource is a {kind}, but the address says {resource_type}")


def _stored(bogam: Bogam, kind: str, id: str) -> Resource:
    found = bogam.store.get(kind, id)
    if found is None:
        raise FhirError(422, f"{kind}/{id} was not stored: see the quarantine for the reason", code="processing")
    return found


def transact(bogam: Bogam, actor: Actor, body: bytes) -> tuple[str, list[dict[str, Any]]]:
    """Store the entries of a transaction or batch: all of them, or none when one cannot be.

    Returns the type of the answer and its entries. The id that a POSTed resource has is kept, so that sending the
    same again changes nothing; without one it is named after its fullUrl.
    """
    kind, _ = checked(body)
    if kind != "Bundle":
        raise FhirError(400, f"Only a Bundle can be sent here; send a {kind} to /{kind}")
    bundle = msgspec.json.decode(body, type=_Bundle)
    if bundle.type not in ("transaction", "batch"):
        raise FhirError(400, f'The Bundle is a "{bundle.type}"; only a transaction or a batch can be sent here')
    if len(bundle.entry) > MAX_ENTRIES:
        raise FhirError(413, f"The Bundle has {len(bundle.entry):,} entries; {MAX_ENTRIES:,} at most")
    problems: list[tuple[str, str]] = []
    refs: list[str] = []
    for place, entry in enumerate(bundle.entry):
        try:
            refs.append(_reference(entry))
        except FhirError as error:
            problems += [(f"/entry/{place}{'' if p == '/' else p}", reason) for p, reason in error.problems]
    if problems:
        raise FhirError(422, problems[0][1], problems[:100], code="structure")
    before = {ref: each.version for ref, each in bogam.store.linked(refs).items()}
    bogam.load(body, actor=actor, name=f"{bundle.type} Bundle")
    after = bogam.store.linked(refs)
    answers = [_response(after[ref], before.get(ref)) if ref in after else _lost(ref) for ref in refs]
    return f"{bundle.type}-response", answers


def _reference(entry: _Entry) -> str:
    """``Type/id`` under which the resource of an entry will be stored."""
    request, raw = entry.request, entry.resource
    if request is None:
        raise FhirError(422, "The entry has no request")
    if request.method not in ("POST", "PUT") or not bytes(raw):
        raise FhirError(422, f"{request.method} is not supported in a Bundle; only POST and PUT of a resource are")
    if request.ifNoneExist or request.ifMatch or request.ifNoneMatch or "?" in request.url:
        raise FhirError(422, "Conditional requests are not supported in a Bundle")
    body = bytes(raw)
    kind, id = checked(body)
    named = id or references.name(
        kind, entry.fullUrl, request.url if request.method == "PUT" else None, hashlib.sha256(body).hexdigest()
    )
    if request.url.strip("/") != (kind if request.method == "POST" else f"{kind}/{named}"):
        raise FhirError(422, f"The entry asks for {request.method} {request.url}, but its resource is {kind}/{named}")
    return f"{kind}/{named}"


def _response(resource: Resource, before: int | None) -> dict[str, Any]:
    return {
        "response": {
            "status": status_line(201 if before is None else 200),
            "location": f"{resource.ref}/_history/{resource.version}",
            "etag": f'W/"{resource.version}"',
            "lastModified": resource.updated,
        }
    }


def _lost(ref: str) -> dict[str, Any]:
    return {"response": {"status": status_line(422), "location": ref}}
