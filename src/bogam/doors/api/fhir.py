"""FHIR R4 over REST (https://hl7.org/fhir/R4/http.html): read, versions, search, Patient/$everything, create, update,
Bundles.

Every answer is FHIR JSON, every error an OperationOutcome. It translates only: `Bogam` decides who may what.
"""

import base64
import binascii
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from bogam.access.decide import Refused
from bogam.access.identity import Actor, Purpose
from bogam.app import BadRequest, Bogam, Unknown
from bogam.doors.api import fhir_terms, fhir_write
from bogam.doors.api.fhir_answer import FhirError, answer, bundle, history, outcome, refuse, searchset, tag, versioned
from bogam.doors.api.fhir_capability import statement
from bogam.record.load import LoadError
from bogam.record.r4 import definitions
from bogam.record.search.query import DEFAULT_COUNT, MAX_COUNT, SearchError
from bogam.record.store import Resource

ActorOf = Callable[[Request], tuple[Actor, Purpose]]
MAX_BODY: Final = 64 << 20
"""Bytes that may be sent at once."""

_JSON: Final = ("application/fhir+json", "application/json", "text/json", "json")
_ACCEPTED: Final = {*_JSON, "*/*", "application/*", "text/*", ""}


class _Route(APIRoute):
    """Answers what goes wrong within a route with an OperationOutcome."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                _acceptable(request)
                return await handle(request)
            except FhirError as error:
                return refuse(error)
            except SearchError as error:
                return refuse(FhirError(400, error.reason, [(error.parameter, error.reason)]))
            except Refused as error:
                return refuse(FhirError(403, error.decision.reason))
            except Unknown as error:
                return refuse(FhirError(404, str(error)))
            except (BadRequest, LoadError) as error:
                return refuse(FhirError(400, str(error)))
            except RequestValidationError as error:
                return refuse(FhirError(400, "; ".join(str(each["msg"]) for each in error.errors())))
            except HTTPException as error:
                return refuse(FhirError(error.status_code, str(error.detail)), dict(error.headers or {}))

        return guarded


def router(app: Bogam, actor_of: ActorOf) -> APIRouter:
    """The routes under ``/fhir``. ``actor_of`` tells who asks and what for, or raises 401."""
    routes = APIRouter(prefix="/fhir", route_class=_Route, include_in_schema=False)
    started = datetime.now(UTC).isoformat(timespec="seconds")

    @routes.get("/metadata")
    def metadata(request: Request) -> Response:
        return answer(statement(_base(request), started))

    fhir_terms.add(routes, actor_of)
    _reading(routes, app, actor_of)
    _searching(routes, app, actor_of)
    _writing(routes, app, actor_of)

    @routes.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    def other(path: str, request: Request) -> Response:
        head = path.split("/")[0]
        if head in definitions.resources() or (not path and request.method != "POST"):
            raise FhirError(405, f"{request.method} of /{path} is not supported; /fhir/metadata says what is")
        raise FhirError(404, f'"{head}" is no resource type of R4')

    return routes


def _reading(routes: APIRouter, app: Bogam, actor_of: ActorOf) -> None:
    @routes.get("/Patient/{id}/$everything")
    def everything(id: str, request: Request) -> Response:
        actor, purpose = actor_of(request)
        wanted = _Everything(request)
        return answer(wanted.bundle(app.everything(id, actor=actor, purpose=purpose), f"Patient/{id}/$everything"))

    @routes.get("/{kind}/{id}/_history")
    def versions(kind: str, id: str, request: Request) -> Response:
        actor, purpose = actor_of(request)
        count, start = _number(request, "_count", DEFAULT_COUNT), _number(request, "_offset", 0, 10**9)
        found = app.history(_known(kind), id, actor=actor, purpose=purpose)
        address = f"{_base(request)}/{kind}/{id}/_history"
        more = len(found) > start + count > start
        after = f"{address}?_count={count}&_offset={start + count}" if more else None
        shown = found[start : start + count]
        return answer(history(shown, _base(request), str(request.url), len(found), after))

    @routes.get("/{kind}/{id}/_history/{version}")
    def version(kind: str, id: str, version: str, request: Request) -> Response:
        actor, purpose = actor_of(request)
        if not version.isascii() or not version.isdigit() or len(version) > 9:
            raise FhirError(404, f'No {kind}/{id} version "{version[:40]}": versions are numbers')
        found = app.read(_known(kind), id, actor=actor, purpose=purpose, version=int(version))
        return answer(versioned(found), headers=tag(found))

    @routes.get("/{kind}/{id}")
    def read(kind: str, id: str, request: Request) -> Response:
        if id == "_search":
            raise FhirError(405, "_search takes POST; search by GET without it")
        actor, purpose = actor_of(request)
        found = app.read(_known(kind), id, actor=actor, purpose=purpose)
        headers = tag(found)
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return answer(versioned(found, _elements(request)), headers=headers)


def _searching(routes: APIRouter, app: Bogam, actor_of: ActorOf) -> None:
    def run(kind: str, request: Request, parameters: list[tuple[str, str]]) -> Response:
        actor, purpose = actor_of(request)
        base, lenient = _base(request), "handling=lenient" in request.headers.get("prefer", "")
        page = app.search(_known(kind), parameters, actor=actor, purpose=purpose, base=base, lenient=lenient)
        return answer(searchset(page, base, str(request.url)))

    @routes.get("/{kind}")
    def search(kind: str, request: Request) -> Response:
        return run(kind, request, _query(request))

    @routes.post("/{kind}/_search")
    def search_by_form(kind: str, request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] not in ("application/x-www-form-urlencoded", ""):
            raise FhirError(415, "_search takes its parameters as application/x-www-form-urlencoded")
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return run(kind, request, [*_query(request), *form])


def _writing(routes: APIRouter, app: Bogam, actor_of: ActorOf) -> None:
    @routes.post("")
    @routes.post("/")
    def transact(request: Request, body: Annotated[bytes, Depends(_json_body)]) -> Response:
        actor, _ = actor_of(request)
        kind, entries = fhir_write.transact(app, actor, body)
        return answer(bundle(kind, entries, None))

    @routes.post("/{kind}")
    def create(kind: str, request: Request, body: Annotated[bytes, Depends(_json_body)]) -> Response:
        actor, _ = actor_of(request)
        if "if-none-exist" in request.headers:
            raise FhirError(412, "Conditional creation (If-None-Exist) is not supported")
        return _written(request, fhir_write.create(app, actor, _known(kind), body), new=True)

    @routes.put("/{kind}/{id}")
    def update(kind: str, id: str, request: Request, body: Annotated[bytes, Depends(_json_body)]) -> Response:
        actor, _ = actor_of(request)
        match = request.headers.get("if-match")
        found, new = fhir_write.update(app, actor, _known(kind), id, body, match)
        return _written(request, found, new=new)


def _written(request: Request, found: Resource, *, new: bool) -> Response:
    headers = tag(found) | {"Location": f"{_base(request)}/{found.ref}/_history/{found.version}"}
    prefer, status = request.headers.get("prefer", ""), 201 if new else 200
    if "return=minimal" in prefer:
        return Response(status_code=status, headers=headers)
    if "return=OperationOutcome" in prefer:
        stored = outcome([("", f"{found.ref} was stored as version {found.version}")], "informational", "information")
        return answer(stored, status, headers)
    return answer(versioned(found), status, headers)


class _Everything:
    """Which part of a patient's record is asked for, and which page of it."""

    def __init__(self, request: Request) -> None:
        parameters = _query(request)
        known = ("_count", "_page", "_type", "_since", "_format")
        for name, _ in parameters:
            if name not in known:
                raise SearchError(f'$everything has no parameter "{name}". Known: {", ".join(known)}', name)
        given = dict(parameters)
        self.kinds = set(filter(None, given.get("_type", "").split(",")))
        self.since = given.get("_since", "")
        self.count = max(1, _number(request, "_count", DEFAULT_COUNT))
        self.after = _place(given["_page"]) if "_page" in given else ""
        self.base, self.asked = _base(request), str(request.url)
        self.rest = "".join(f"&{name}={value}" for name, value in parameters if name in ("_type", "_since"))

    def bundle(self, found: list[Resource], address: str) -> dict[str, Any]:
        """The page, in order of type and id, so that what is stored meanwhile moves nothing."""
        wanted = [
            each
            for each in sorted(found, key=lambda each: (each.type, each.id))
            if (not self.kinds or each.type in self.kinds) and each.updated >= self.since
        ]
        left = [each for each in wanted if (each.type, each.id) > tuple(self.after.split("/", 1))]
        shown = left[: self.count]
        after = None
        if len(left) > len(shown):
            token = base64.urlsafe_b64encode(shown[-1].ref.encode()).decode().rstrip("=")
            after = f"{self.base}/{address}?_count={self.count}{self.rest}&_page={token}"
        entries = [{"fullUrl": f"{self.base}/{each.ref}", "resource": versioned(each)} for each in shown]
        return bundle("searchset", entries, len(wanted), self.asked, after)


def _place(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        raise SearchError("The link to the next page is damaged: begin again", "_page") from None


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/fhir"


def _query(request: Request) -> list[tuple[str, str]]:
    return list(request.query_params.multi_items())


def _elements(request: Request) -> list[str]:
    return [name for name in request.query_params.get("_elements", "").split(",") if name]


def _number(request: Request, name: str, default: int, most: int = MAX_COUNT) -> int:
    value = request.query_params.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise SearchError(f'{name} is "{value[:40]}"; it must be a whole number', name)
    return min(int(value[:12]), most)


def _known(kind: str) -> str:
    if kind not in definitions.resources():
        raise FhirError(404, f'"{kind}" is no resource type of R4')
    return kind


def _acceptable(request: Request) -> None:
    """JSON is all there is. A browser's Accept names ``*/*`` and is content."""
    format = request.query_params.get("_format", "")
    if format and format.partition(";")[0] not in _JSON:
        raise FhirError(406, f'_format is "{format[:40]}"; only json is supported')
    accepted = {each.partition(";")[0].strip().lower() for each in request.headers.get("accept", "").split(",")}
    if not format and not accepted & _ACCEPTED:
        raise FhirError(406, f"Only {_JSON[0]} can be answered")


async def _body(request: Request) -> bytes:
    """The body, up to `MAX_BODY`."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise FhirError(413, f"More than {MAX_BODY >> 20} MB were sent; load large files with bogam load")
        parts.append(part)
    return b"".join(parts)


async def _json_body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise FhirError(415, f'The content type is "{kind[:60]}"; send application/fhir+json')
    return await _body(request)
