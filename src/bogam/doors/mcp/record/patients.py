"""find_patients: who is in the record."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from bogam.access.identity import Action
from bogam.doors.mcp.schema import output
from bogam.doors.mcp.tool import Call, Tool
from bogam.record.cards import Card


class Find(BaseModel):
    """Which patients to list."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: str = Field("", max_length=200, description="Part of a name, an identifier, a problem, a place")
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000_000)


def _find(call: Call) -> dict[str, Any]:
    asked: Find = call.request
    actor, purpose = call.asker.actor, call.asker.purpose
    page = call.bogam.patients(actor=actor, purpose=purpose, text=asked.text, limit=asked.limit, offset=asked.offset)
    shown = asked.offset + len(page.rows)
    found: dict[str, Any] = {"total": page.total, "patients": [_row(each.card) for each in page.rows]}
    return found | ({"next_offset": shown} if shown < page.total else {})


def _row(card: Card) -> dict[str, Any]:
    made: dict[str, Any] = {"id": card.id, "name": card.name, "birth_date": card.birth_date, "gender": card.gender}
    made |= {"identifier": card.identifier, "location": card.location, "admitted": card.admitted}
    made |= {"problems": card.problems.splitlines(), "last_entry": card.last_entry}
    allergies = card.allergies.splitlines()
    made["allergies"] = allergies if card.allergies_known else "not recorded"
    return {key: value for key, value in made.items() if value not in ("", None)}


find: Final = Tool(
    "find_patients",
    "Find patients by name, identifier, problem or place; gives their ids.",
    Find,
    output(total="integer", patients="array", next_offset="integer"),
    lambda _: ("Patient.s",),
    _find,
    Action.list,
    everyone=True,
)
