"""The ward: all patients that this person may see, with search and sort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query
from starlette.responses import Response

from bogam.app import PatientRow
from bogam.doors.web.view import moment
from bogam.doors.web.view.pages import Pages
from bogam.doors.web.visit import Visiting
from bogam.doors.web.words import Words
from bogam.record.cards import Card, Sort

router = APIRouter(include_in_schema=False)
_SIZE: Final = 25
_SORTABLE: Final[dict[str, Sort]] = {name: name for name in get_args(Sort)}
_COLUMNS: Final = (
    ("location", "ward.location"),
    ("name", "ward.patient"),
    ("problems", "ward.problems"),
    ("allergies", "ward.allergies"),
    ("last_entry", "ward.last"),
    ("waiting", "ward.waiting"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A patient as a line of the table."""

    card: Card
    sex: str
    age: str
    problems: tuple[str, ...]
    allergies: tuple[str, ...]
    ago: str
    waiting: int


@router.get("/ward")
def ward(
    visit: Visiting, q: str = "", sort: str = "location", page: Annotated[int, Query(ge=1, le=10**6)] = 1
) -> Response:
    """The list of patients."""
    key: Sort = _SORTABLE.get(sort.removeprefix("-"), "location")
    descending = sort.startswith("-")
    found = visit.bogam.patients(
        **visit.asks, text=q, sort=key, descending=descending, limit=_SIZE, offset=(page - 1) * _SIZE
    )
    return visit.page(
        "ward.html",
        at="/ward",
        rows=[row(each, visit.words) for each in found.rows],
        pages=Pages(page, _SIZE, found.total, (("q", q), ("sort", sort))),
        q=q,
        sort=f"-{key}" if descending else key,
        columns=_COLUMNS,
        sortable=_SORTABLE,
    )


def row(patient: PatientRow, words: Words) -> Row:
    """Make one line."""
    card = patient.card
    return Row(
        card=card,
        sex=words.get(f"sex.{card.gender}", card.gender),
        age=moment.age(card.birth_date, words),
        problems=tuple(card.problems.splitlines()),
        allergies=tuple(card.allergies.splitlines()),
        ago=moment.ago(moment.parsed(card.last_entry), words),
        waiting=patient.waiting,
    )
