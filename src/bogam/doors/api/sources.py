"""REST: outside sources. The HTTP status never says success for what failed.

| answer | HTTP status |
|---|---|
| ``found``, ``none``, ``truncated``, ``stale`` | 200 with the answer |
| ``unknown_id`` | 404 with the answer |
| ``upstream_error`` | 502 with the answer |
| no such source | 404 problem |
| a source that is neither enabled nor mirrored | 409 problem |
| a question that it cannot be asked, or that would take a patient's identifiers out of the house | 400 problem |
"""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args, get_origin

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, create_model

from bogam.app import BadRequest, Unknown
from bogam.doors.api.asking import Asking, Who
from bogam.sources.answer import Answer, Backend, Status
from bogam.sources.catalogue import NoSource, Way, Where, told
from bogam.sources.reference_desk import Act
from bogam.sources.source import Source, sources

_STATUS: Final[dict[Status, int]] = {"unknown_id": 404, "upstream_error": 502}
_HOW: Final = "auto: live where the source is enabled, else its mirror"


class MirrorOut(BaseModel):
    """What a mirror holds."""

    version: str = Field(description="Version or date of the data")
    imported_at: str
    items: int
    refused: int = Field(description="Rows that were not taken")
    unfinished: bool = Field(description="An import was stopped; the same import goes on")


class SourceOut(BaseModel):
    """A source and where it stands."""

    name: str
    title: str
    holds: str
    holds_ko: str
    publisher: str
    licence: str
    home: str
    state: list[Where]
    base: str
    keyed: bool
    mirror: MirrorOut | None


class SourceShapeOut(SourceOut):
    """A source, and the JSON Schemas of what it can be asked."""

    search: dict[str, Any]
    get: dict[str, Any]


class CitationOut(BaseModel):
    """Where an item stands: what a claim cites."""

    source: str
    version: str
    sha: str


class ItemOut(BaseModel):
    """One thing that a source knows."""

    id: str
    title: str
    url: str
    version: str
    citation: CitationOut
    fields: dict[str, Any]


class AnswerOut(BaseModel):
    """The one answer of every source."""

    status: Status
    source: str
    backend: Backend
    version: str = Field(description="Version or date of the data")
    retrieved_at: str = Field(description="When the data came here, ISO 8601 UTC")
    age_s: int
    url: str
    total: int | None
    next: str = Field(description="Give it back as `next` for the items that follow; empty at the end")
    reason: str
    items: list[ItemOut]


class CallIn(BaseModel):
    """What a tool is called with."""

    model_config = ConfigDict(extra="forbid")

    arguments: dict[str, Any] = Field(description="As the tool's input schema says")


_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": AnswerOut, "description": "No such item (the answer), or no such source (a problem)"},
    409: {"description": "The source is neither enabled nor mirrored"},
    502: {"model": AnswerOut, "description": "The source failed: nothing is known about the question"},
}


def routes() -> APIRouter:
    """Return the routes under ``/sources``: those of each installed source typed by what it can be asked."""
    made = APIRouter(prefix="/sources", tags=["sources"])
    made.add_api_route("", listed)
    for name, source in sorted(sources().items()):
        _add(made, name, source)
    made.add_api_route("/{name}", one)
    made.add_api_route("/{name}/search", search, response_model=AnswerOut, responses=_ANSWERS)
    made.add_api_route("/{name}/items/{id:path}", get, response_model=AnswerOut, responses=_ANSWERS)
    made.add_api_route("/{name}/items/{id:path}", call, methods=["POST"], response_model=AnswerOut, responses=_ANSWERS)
    return made


def listed(who: Who) -> list[SourceOut]:
    """The sources, and where each stands: built in, enabled, mirrored or off."""
    states = who.bogam.source_states(actor=who.actor, purpose=who.purpose)
    return [SourceOut.model_validate(told(each)) for each in states]


def one(name: str, who: Who) -> SourceShapeOut:
    """One source, where it stands and what it can be asked."""
    state = who.bogam.source_state(name, actor=who.actor, purpose=who.purpose)
    shapes = {"search": state.source.Search.model_json_schema(), "get": state.source.Get.model_json_schema()}
    return SourceShapeOut.model_validate(told(state) | shapes)


def search(name: str, request: Request, who: Who, way: Annotated[Way, Query(description=_HOW)] = "auto") -> Any:
    """Search a source; its fields are those of ``GET /api/sources/NAME``."""
    return _answer(who, name, "search", _given(request, who, name, "search"), way)


def get(name: str, id: str, request: Request, who: Who, way: Annotated[Way, Query(description=_HOW)] = "auto") -> Any:
    """Get one item of a source. A tool of a remote MCP server is only described: POST calls it."""
    if "arguments" in request.query_params:
        raise BadRequest("A tool may change something: call it with POST and its arguments in the body.")
    return _answer(who, name, "get", {**_given(request, who, name, "get"), "id": id}, way)


def call(name: str, id: str, given: CallIn, who: Who) -> Any:
    """Call a tool of a remote MCP server."""
    return _answer(who, name, "get", {"id": id, "arguments": given.arguments}, "live")


def _add(made: APIRouter, name: str, source: Source) -> None:
    """Add the typed routes of one source."""
    extra: Any = {"way": (Way, Field("auto", description=_HOW))}
    asked = create_model(f"{_camel(name)}Search", __base__=source.Search, **extra)
    further: Any = {key: (each.annotation, each) for key, each in source.Get.model_fields.items() if key != "id"}
    lookup = create_model(f"{_camel(name)}Get", **further, **extra)

    def search_one(request: Request, who: Who, given: Any) -> Any:
        return search(name, request, who, given.way)

    def get_one(id: str, request: Request, who: Who, given: Any) -> Any:
        return get(name, id, request, who, given.way)

    search_one.__doc__ = f"Search {source.title}. {source.holds[0]}"
    get_one.__doc__ = f"Get one item of {source.title}."
    search_one.__annotations__["given"] = Annotated[asked, Query()]
    get_one.__annotations__["given"] = Annotated[lookup, Query()]
    made.add_api_route(
        f"/{name}/search", search_one, response_model=AnswerOut, responses=_ANSWERS, name=f"search {name}"
    )
    made.add_api_route(f"/{name}/items/{{id:path}}", get_one, response_model=AnswerOut, responses=_ANSWERS, name=f"get {name}")  # fmt: skip  # noqa: E501


def _given(request: Request, who: Asking, name: str, act: Act) -> dict[str, Any]:
    """Return the question that a query string asks: a field that takes several values may stand there several times."""
    try:
        known = who.bogam.sources.source(name)
    except NoSource as error:
        raise Unknown(str(error)) from error
    shape = known.Search if act == "search" else known.Get
    several = {key for key, each in shape.model_fields.items() if _several(each.annotation)}
    sent = request.query_params
    return {key: sent.getlist(key) if key in several else sent[key] for key in sent if key != "way"}


def _several(annotation: Any) -> bool:
    kinds = (list, tuple, set, frozenset)
    return get_origin(annotation) in kinds or any(get_origin(each) in kinds for each in get_args(annotation))


def _answer(who: Asking, name: str, act: Act, given: dict[str, Any], way: Way) -> JSONResponse:
    found: Answer = who.bogam.look_up(name, act, given, actor=who.actor, purpose=who.purpose, way=way)
    return JSONResponse(found.json(), status_code=_STATUS.get(found.status, 200))


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
