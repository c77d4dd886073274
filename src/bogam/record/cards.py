"""One row a patient for lists: name, bed, problems, allergies, last entry. Kept beside the record and made from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
    inspect,
    or_,
    select,
)

from bogam.record.facts import Encounter, Timeline

Sort = Literal["name", "birth_date", "location", "last_entry", "resources"]

_TOP: Final = 3
_HANGUL: Final = re.compile("[가-힣]")
_PARTICLES: Final = frozenset(
    {
        "al",
        "am",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "las",
        "le",
        "los",
    }
    | {"van", "von", "y"}
)
LONGEST: Final = 8
"""Words of the longest name that is known whole; a longer one is known by its first and by its last eight."""


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
_key: Final = Table(
    "person_key", _metadata, Column("key", String, primary_key=True), Column("id", String, primary_key=True, index=True)
)
"""Names and numbers of patients, by which a text is searched for them."""
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


def key_of(text: str) -> str:
    """Return a name or number as it is compared: letters and figures alone, without case."""
    return "".join(filter(str.isalnum, text.casefold()))


def keys(timeline: Timeline) -> frozenset[str]:
    """Return the keys of what names one patient: the whole name in either order, each given name with each part of the
    family name, the numbers, the telephone.

    A family name or a given name alone is too often a word. Korean names count from three syllables, shorter ones with
    the word that says that they are a name (환자, 님, 씨); others from two words; numbers from five signs.
    """
    person = timeline.person
    made: set[str] = set()
    for name in {person.display, person.name.text if person.name else ""}:
        words = name.replace(",", " ").split()
        made |= _whole(words[:LONGEST]) | _whole(words[-LONGEST:])
        made |= _pairs(words[:1], words[1:]) | _pairs(words[:-1], words[-1:])
    parts = [(part.pointer.endswith("/family"), part.text.split()) for part in person.name_parts]
    family = [word for last, words in parts if last for word in words]
    made |= _pairs([word for last, words in parts if not last for word in words], family)
    numbers = [field.text for _, field in person.identifiers] + ([person.phone.text] if person.phone else [])
    found = {key_of(number) for number in [*numbers, person.id]}
    return frozenset(made | {key for key in found if len(key) >= 5 and any(map(str.isdigit, key))})


def _whole(words: Sequence[str]) -> set[str]:
    made = {
        key_of("".join(order)) for order in (words, words[::-1]) if len(words) > 1 or _HANGUL.search("".join(order))
    }
    short = {key for key in made if len(key) == 2 and all(map(_HANGUL.match, key))}
    said = {f"{key}{word}" for key in short for word in ("님", "씨")} | {f"환자{key}" for key in short}
    return {key for key in made if len(key) >= (3 if _HANGUL.search(key) else 6)} | said


def _pairs(given: Sequence[str], family: Sequence[str]) -> set[str]:
    """Return the keys of each two words, in both orders, those between the parts of a name left out."""
    made: set[str] = set()
    for first in given:
        for last in family:
            if not _PARTICLES & {first.casefold(), last.casefold()}:
                made |= _whole([first, last])
    return made


def current_stay(timeline: Timeline) -> Encounter | None:
    """Return the encounter that is in progress, the newest if several are."""
    return next((encounter for encounter in timeline.encounters if encounter.status == "in-progress"), None)


class Cards:
    """The cards of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        unkeyed = not inspect(engine).has_table(_key.name)
        _metadata.create_all(engine)
        if unkeyed:  # cards made without keys, or with the fewer ones of before, are made again
            with engine.begin() as db:
                db.execute(delete(_mark))
                db.exec_driver_sql("DROP TABLE IF EXISTS card_key")

    def keep(self, cards: Iterable[tuple[Card, frozenset[str]]]) -> None:
        """Write cards with the keys of their patients (`keys`), replacing those of the same patients."""
        made = list(cards)
        if not made:
            return
        ids = [each.id for each, _ in made]
        keyed = [{"key": key, "id": each.id} for each, found in made for key in sorted(found)]
        with self._engine.begin() as db:
            for table in (_card, _key):
                db.execute(delete(table).where(table.c.id.in_(ids)))
            db.execute(insert(_card), [asdict(each) for each, _ in made])
            if keyed:
                db.execute(insert(_key), keyed)

    def known(self, keys: Sequence[str]) -> bool:
        """Say whether one of the keys is the name or a number of a patient."""
        with self._engine.connect() as db:
            return any(
                db.execute(select(_key.c.id).where(_key.c.key.in_(keys[start : start + 500])).limit(1)).first()
                for start in range(0, len(keys), 500)
            )

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
