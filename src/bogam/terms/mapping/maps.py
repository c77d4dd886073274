"""Where maps are kept: each local code with its candidates, what a person decided, who and when, and before that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bogam.terms.imported.piece import Bad
from bogam.terms.mapping.local import Local
from bogam.terms.mapping.matcher import Answer, Candidate

State = Literal["open", "abstained", "approved", "none"]
STATES: Final[tuple[State, ...]] = ("open", "abstained", "approved", "none")
_AT_ONCE: Final = 1000

_metadata: Final = MetaData()
_map: Final = Table(
    "code_map",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("system", String, nullable=False),
    Column("version", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("bad", LargeBinary, nullable=False),
)
_item: Final = Table(
    "code_map_item",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("map", Integer, nullable=False, index=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("specimen", Text, nullable=False),
    Column("candidates", LargeBinary, nullable=False),
    Column("likely", Float, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("target", Text, nullable=False, default=""),
    Column("display", Text, nullable=False, default=""),
    Column("score", Float, nullable=False, default=0.0),
    Column("by", String, nullable=False, default=""),
    Column("at", String, nullable=False, default=""),
)
_step: Final = Table(
    "code_map_step",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("item", Integer, nullable=False, index=True),
    Column("before", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
_DECIDED: Final = ("state", "target", "display", "score", "by", "at")


class NoMap(LookupError):
    """No such map or item."""


@dataclass(frozen=True, slots=True)
class MapRow:
    """One map, with how many items are in each state, and the rows of its file that were not taken."""

    id: int
    name: str
    system: str
    version: str
    at: str
    by: str
    counts: dict[str, int]
    bad: tuple[Bad, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def decided(self) -> int:
        return self.counts.get("approved", 0) + self.counts.get("none", 0)


@dataclass(frozen=True, slots=True)
class MapItem:
    """One local code. ``target``, ``display``, ``score``, ``by`` and ``at`` are of the decision, empty before."""

    id: int
    map: int
    code: str
    name: str
    unit: str
    specimen: str
    candidates: tuple[Candidate, ...]
    likely: float
    state: State
    target: str
    display: str
    score: float
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides of an item: a code with its display and score, or with ``target`` empty that none fits."""

    target: str = ""
    display: str = ""
    score: float = 0.0

    @property
    def state(self) -> State:
        return "approved" if self.target else "none"


class Maps:
    """The maps of a home."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def add(
        self,
        name: str,
        system: str,
        version: str,
        rows: Iterable[tuple[Local, Answer]],
        bad: Sequence[Bad],
        *,
        by: str,
        at: str,
    ) -> MapRow:
        """Keep a map. Items whose best candidate is not likely enough are abstained on, the others open."""
        with self._engine.begin() as db:
            told = {"name": name, "system": system, "version": version, "at": at, "by": by}
            made = db.execute(insert(_map).values(**told, bad=msgspec.json.encode(list(bad))))
            assert made.inserted_primary_key is not None
            id = int(made.inserted_primary_key[0])
            waiting: list[dict[str, Any]] = []
            for local, answer in rows:
                waiting.append(_values(id, local, answer))
                if len(waiting) >= _AT_ONCE:
                    db.execute(insert(_item), waiting)
                    waiting = []
            if waiting:
                db.execute(insert(_item), waiting)
        return self.map(id)

    def maps(self) -> list[MapRow]:
        """Return the maps, newest first."""
        with self._engine.connect() as db:
            return [_row(db, each) for each in db.execute(select(_map).order_by(_map.c.id.desc())).mappings()]

    def map(self, id: int) -> MapRow:
        """Return a map. Raises `NoMap`."""
        with self._engine.connect() as db:
            found = db.execute(select(_map).where(_map.c.id == id)).mappings().first()
            if found is None:
                raise NoMap(f"No map {id}. bogam map list shows which there are.")
            return _row(db, found)

    def items(
        self, map: int, *, state: State | None = None, limit: int | None = None, offset: int = 0
    ) -> list[MapItem]:
        """Return the items of a map in the order of its file: all, or those of one state."""
        query = select(_item).where(_item.c.map == map).order_by(_item.c.id).offset(offset)
        if state is not None:
            query = query.where(_item.c.state == state)
        if limit is not None:
            query = query.limit(limit)
        with self._engine.connect() as db:
            return [_of(each) for each in db.execute(query).mappings()]

    def item(self, id: int) -> MapItem:
        """Return one item. Raises `NoMap`."""
        with self._engine.connect() as db:
            return self._item(db, id)

    def neighbour(self, map: int, id: int, state: State | None) -> int:
        """Return the item that follows ``id`` among those of one state or all, else the one before; 0 for none."""
        others = select(_item.c.id).where(_item.c.map == map)
        if state is not None:
            others = others.where(_item.c.state == state)
        with self._engine.connect() as db:
            after = db.execute(others.where(_item.c.id > id).order_by(_item.c.id).limit(1)).scalar()
            before = db.execute(others.where(_item.c.id < id).order_by(_item.c.id.desc()).limit(1)).scalar()
        return after or before or 0

    def decide(self, id: int, decision: Decision, *, by: str, at: str) -> MapItem:
        """Approve a code for an item, or that none fits."""
        with self._engine.begin() as db:
            before = self._item(db, id)
            _remember(db, before, by, at)
            told = {"target": decision.target, "display": decision.display, "score": decision.score}
            db.execute(update(_item).where(_item.c.id == id).values(state=decision.state, **told, by=by, at=at))
            return self._item(db, id)

    def above(self, map: int, likely: float) -> list[MapItem]:
        """Return the open items whose first candidate is at least so likely."""
        return [each for each in self.items(map, state="open") if each.likely >= likely and each.candidates]

    def undo(self, id: int) -> MapItem:
        """Take back the last decision on an item. Raises `NoMap` when there is none."""
        with self._engine.begin() as db:
            self._item(db, id)
            last = db.execute(select(_step).where(_step.c.item == id).order_by(_step.c.id.desc())).mappings().first()
            if last is None:
                raise NoMap(f"Nothing was decided on item {id}, so there is nothing to take back.")
            db.execute(update(_item).where(_item.c.id == id).values(**msgspec.json.decode(last["before"])))
            db.execute(delete(_step).where(_step.c.id == last["id"]))
            return self._item(db, id)

    def _item(self, db: Connection, id: int) -> MapItem:
        found = db.execute(select(_item).where(_item.c.id == id)).mappings().first()
        if found is None:
            raise NoMap(f"No item {id} in any map.")
        return _of(found)


def _values(map: int, local: Local, answer: Answer) -> dict[str, Any]:
    return {
        "map": map,
        "code": local.code,
        "name": local.name,
        "unit": local.unit,
        "specimen": local.specimen,
        "candidates": msgspec.json.encode(answer.candidates),
        "likely": answer.likely,
        "state": "abstained" if answer.abstained else "open",
        "target": "",
        "display": "",
        "score": 0.0,
        "by": "",
        "at": "",
    }


def _of(row: Any) -> MapItem:
    told: dict[str, Any] = {name: row[name] for name in MapItem.__slots__}
    told["candidates"] = msgspec.json.decode(row["candidates"], type=tuple[Candidate, ...])
    return MapItem(**told)


def _row(db: Connection, row: Any) -> MapRow:
    counts = db.execute(select(_item.c.state, func.count()).where(_item.c.map == row["id"]).group_by(_item.c.state))
    bad = tuple(msgspec.json.decode(row["bad"], type=list[Bad]))
    told: dict[str, Any] = {name: row[name] for name in ("id", "name", "system", "version", "at", "by")}
    return MapRow(**told, counts={str(state): int(count) for state, count in counts}, bad=bad)


def _remember(db: Connection, item: MapItem, by: str, at: str) -> None:
    before = msgspec.json.encode({name: getattr(item, name) for name in _DECIDED})
    db.execute(insert(_step).values(item=item.id, before=before, at=at, by=by))
