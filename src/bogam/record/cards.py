"""One row a patient for lists: name, bed, problems, allergies, last entry. Kept beside the record and made from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
)

from bogam.record.facts import Encounter, Timeline

Sort = Literal["name", "birth_date", "location", "last_entry", "resources"]

_TOP: Final = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A patient in a list.

    ``problems`` are up to three active conditions, newest first, one a line, and ``problem_count`` all of them.
    ``allergies`` are the active ones, one a line; empty with ``allergies_known`` False when none are recorded at all.
    ``location`` and ``attending`` are those of the current encounter. Dates are ISO as recorded.
    """

    id: str
    name: str
    birth_date: str
    gender: str
    identifier: str
    location: str
    attending: str
    admitted: bool
    problems: str
    problem_count: int
    allergies: str
    allergies_known: bool
    last_entry: str
    resources: int


_KINDS: Final[dict[str, Any]] = {"str": String, "int": Integer, "bool": Boolean}
_metadata: Final = MetaData()
_card: Final = Table(
    "card",
    _metadata,
    *(Column(field.name, _KINDS[str(field.type)], primary_key=field.name == "id") for field in fields(Card)),
)
_mark: Final = Table("card_mark", _metadata, Column("newest", Integer, primary_key=True, autoincrement=False))
"""The resource number up to which the cards are made."""


def card(timeline: Timeline) -> Card:
    """Make the card of one patient."""
    person = timeline.person
    stay = current_stay(timeline)
    active = [condition.name.text for condition in timeline.conditions if condition.status == "active"]
    real = [each for each in timeline.allergies if each.status in ("active", "unknown") and not each.none_known]
    allergies = [allergy.name.text for allergy in real]
    labelled = sorted(person.identifiers, key=lambda pair: pair[0] != "MR")
    return Card(
        id=person.id,
        name=person.display or person.id,
        birth_date=person.birth_date.text if person.birth_date else "",
        gender=person.gender.text if person.gender else "",
        identifier=labelled[0][1].text if labelled else "",
        location=stay.location.text if stay and stay.location else "",
        attending=stay.attending.text if stay and stay.attending else "",
        admitted=stay is not None,
        problems="\n".join(list(dict.fromkeys(active))[:_TOP]),
        problem_count=len(dict.fromkeys(active)),
        allergies="\n".join(dict.fromkeys(allergies)),
        allergies_known=bool(timeline.allergies),
        last_entry=timeline.latest.isoformat() if timeline.latest else "",
        resources=timeline.resources,
    )


def current_stay(timeline: Timeline) -> Encounter | None:
    """Return the encounter that is in progress, the newest if several are."""
    return next((encounter for encounter in timeline.encounters if encounter.status == "in-progress"), None)


class Cards:
    """The cards of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def keep(self, cards: Iterable[Card]) -> None:
        """Write cards, replacing those of the same patients."""
        rows = [asdict(each) for each in cards]
        if not rows:
            return
        with self._engine.begin() as db:
            db.execute(delete(_card).where(_card.c.id.in_([row["id"] for row in rows])))
            db.execute(insert(_card), rows)

    @property
    def mark(self) -> int:
        """The resource number up to which the cards are made."""
        with self._engine.connect() as db:
            return db.execute(select(func.max(_mark.c.newest))).scalar() or 0

    @mark.setter
    def mark(self, newest: int) -> None:
        with self._engine.begin() as db:
            db.execute(delete(_mark))
            db.execute(insert(_mark), {"newest": newest})

    def find(
        self, *, text: str, only: str | None, sort: Sort, descending: bool, limit: int, offset: int
    ) -> tuple[list[Card], int]:
        """Return one page of cards and how many match.

        ``text`` is looked for, without regard to case, in name, identifier, location and problems; ``only`` restricts
        the list to one patient.
        """
        where = [_card.c.id == only] if only is not None else []
        for word in text.lower().split():
            columns = (_card.c.name, _card.c.identifier, _card.c.location, _card.c.problems, _card.c.id)
            where.append(or_(*(func.lower(column).contains(word, autoescape=True) for column in columns)))
        order = _card.c[sort]
        # An empty bed or date sorts last in both directions: it is no value.
        empty = [] if sort == "resources" else [order == ""]
        query = select(_card).where(and_(True, *where))
        query = query.order_by(*empty, order.desc() if descending else order, _card.c.id)
        with self._engine.connect() as db:
            total = db.execute(select(func.count()).select_from(_card).where(and_(True, *where))).scalar_one()
            rows = db.execute(query.limit(limit).offset(offset)).mappings()
            return [Card(**row) for row in rows], total
