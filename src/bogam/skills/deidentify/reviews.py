"""What people changed in the findings of a document, remembered for that document: places and categories, no words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import msgspec
from sqlalchemy import Column, Engine, MetaData, String, Table, Text, select
from sqlalchemy.dialects.sqlite import insert

from bogam.text.deid import Category, Finding
from bogam.text.deid.finding import settled

BY_HAND: Final = "person"
"""The rule of what a person marked."""
_TABLES: Final = MetaData()
_REVIEWS: Final = Table(
    "deid_reviews", _TABLES, Column("document", String, primary_key=True), Column("changes", Text, nullable=False)
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What people changed: findings that are none, as (start, end), and what was missed, as (start, end, category).

    ``confirmed`` is (user id, instant) of who said that it is right as it stands; a later change takes it away.
    """

    removed: tuple[tuple[int, int], ...] = ()
    added: tuple[tuple[int, int, Category], ...] = ()
    confirmed: tuple[str, str] | None = None

    def applied(self, text: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return the findings of a text with the changes made."""
        kept = [each for each in findings if (each.start, each.end) not in self.removed]
        size = len(text)
        made = [Finding(a, b, category, BY_HAND, 1.0, BY_HAND) for a, b, category in self.added if 0 <= a < b <= size]
        return settled(text, [*kept, *made])


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``add`` marks every place where ``words`` stand, ``remove`` and ``restore`` take one place."""

    do: Literal["add", "remove", "restore", "confirm"]
    start: int = -1
    end: int = -1
    words: str = ""
    category: Category = "name"

    def made(self, text: str, before: Changes, by: str, at: str) -> Changes:
        """Return the changes with this one."""
        span = (self.start, self.end)
        match self.do:
            case "confirm":
                return replace(before, confirmed=(by, at))
            case "remove":
                if any((a, b) == span for a, b, _ in before.added):
                    added = tuple(each for each in before.added if each[:2] != span)
                    return replace(before, added=added, confirmed=None)
                return replace(before, removed=(*before.removed, span), confirmed=None)
            case "restore":
                kept = tuple(each for each in before.removed if each != span)
                return replace(before, removed=kept, confirmed=None)
            case "add":
                made = [(a, b, self.category) for a, b in _places(text, self.words)]
                new = tuple(each for each in made if each not in before.added)
                return replace(before, added=(*before.added, *new), confirmed=None)


def _places(text: str, words: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = text.find(words) if words else -1
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return found


class Reviews:
    """The changes of all documents, kept in the home's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _TABLES.create_all(engine)

    def get(self, document: str) -> Changes:
        """Return the changes of a document; none where nobody made one."""
        with self._engine.connect() as db:
            row = db.execute(select(_REVIEWS.c.changes).where(_REVIEWS.c.document == document)).first()
        return msgspec.json.decode(row[0], type=Changes) if row else Changes()

    def put(self, document: str, changes: Changes) -> None:
        """Keep the changes of a document."""
        said = msgspec.json.encode(changes).decode()
        statement = insert(_REVIEWS).values(document=document, changes=said)
        with self._engine.begin() as db:
            db.execute(statement.on_conflict_do_update(index_elements=["document"], set_={"changes": said}))
