"""search_resources and read_resource: FHIR R4 resources, whole or the fields that are asked for."""

from __future__ import annotations

import re
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, Field

from bogam.access.identity import Action
from bogam.app import BadRequest
from bogam.doors.mcp.record.selected import select
from bogam.doors.mcp.schema import output
from bogam.doors.mcp.tool import Call, Tool
from bogam.record import attachment
from bogam.record.store import Resource

_COUNT: Final = 20
_MOST: Final = 100
_TYPE: Final = r"^[A-Z][A-Za-z]{1,40}$"
_ID: Final = r"^[A-Za-z0-9.\-]{1,64}$"
_REACHES_OUT: Final = re.compile(r"_has:|_include|_revinclude|[^.]*\.|[^:]*:[A-Z]")
"""Parameters that look into resources of other types, or bring them."""


class Search(BaseModel):
    """A FHIR search."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    type: str = Field(pattern=_TYPE, description="Resource type")
    query: str = Field("", max_length=2000, description="FHIR search, e.g. patient=p01&code=718-7&_sort=-date")
    select: list[str] = Field(
        default_factory=list[str], max_length=30, description="FHIRPaths, e.g. value.value; else whole"
    )
    next: str = Field("", max_length=4000, description="`next` of an earlier answer, instead of query")


class Read(BaseModel):
    """One resource."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    type: str = Field(pattern=_TYPE)
    id: str = Field(pattern=_ID)
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    select: list[str] = Field(default_factory=list[str], max_length=30)


def _search(call: Call) -> dict[str, Any]:
    asked: Search = call.request
    params = _parameters(asked)
    actor, purpose = call.asker.actor, call.asker.purpose
    page = call.bogam.search(asked.type, params, actor=actor, purpose=purpose, base="", only=call.patient)
    paths = asked.select or list(page.elements)
    told: dict[str, Any] = {"total": page.total, "resources": [_shown(each, paths) for each in page.resources]}
    included = [each for each in page.included if call.asker.may(f"{each.type}.r", each.patient)]
    if included:
        told["included"] = [_shown(each, paths) for each in included]
    if page.next:
        told["next"] = urlsplit(page.next).query
    return {key: value for key, value in told.items() if value is not None}


def _parameters(asked: Search) -> list[tuple[str, str]]:
    params = parse_qsl(asked.next or asked.query.removeprefix("?"), keep_blank_values=True, max_num_fields=100)
    counts = [value for name, value in params if name == "_count"]
    if not all(each.isascii() and each.isdigit() for each in counts):
        raise BadRequest(f'search_resources: _count is "{counts[0][:40]}"; it must be a whole number up to {_MOST}.')
    count = min(int(counts[0][:9]), _MOST) if counts else _COUNT
    return [*((name, value) for name, value in params if name != "_count"), ("_count", str(count))]


def _search_needs(asked: Search) -> tuple[str, ...]:
    names = [name for name, _ in parse_qsl(asked.next or asked.query.removeprefix("?"), keep_blank_values=True)]
    reaching = any(_REACHES_OUT.match(name) for name in names)
    return (f"{asked.type}.s", *(("*.r", "*.s") if reaching else ()))


def _read(call: Call) -> dict[str, Any]:
    asked: Read = call.request
    actor, purpose = call.asker.actor, call.asker.purpose
    found = call.bogam.read(
        asked.type, asked.id, actor=actor, purpose=purpose, version=asked.version, only=call.patient
    )
    return _shown(found, asked.select)


def _shown(resource: Resource, paths: list[str]) -> dict[str, Any]:
    body = orjson.loads(resource.body)
    made: dict[str, Any] = {"ref": resource.ref, "version": resource.version}
    return made | ({"fields": select(body, paths)} if paths else {"resource": _legible(body, "")})


def _legible(value: Any, pointer: str) -> Any:
    """Return a resource with the text of its attachments in the place of their base64."""
    if isinstance(value, list):
        return [_legible(each, f"{pointer}/{place}") for place, each in enumerate(cast("list[Any]", value))]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    made = {key: _legible(each, f"{pointer}/{key}") for key, each in members.items()}
    if isinstance(members.get("data"), str) and "contentType" in members:
        reading = attachment.read(members, pointer)
        made["data"] = {"text": [text for _, text in reading.parts]} | (
            {"unread": reading.unread} if reading.unread else {}
        )
    return made


search: Final = Tool(
    "search_resources",
    "FHIR R4 search in the record; select only the fields you need.",
    Search,
    output(total="integer", resources="array", next="string"),
    _search_needs,
    _search,
    Action.search,
)
read: Final = Tool(
    "read_resource",
    "Read one FHIR resource, whole or selected fields; attachments as text.",
    Read,
    output(ref="string", version="integer", resource="object", fields="object"),
    lambda asked: (f"{asked.type}.r",),
    _read,
)
