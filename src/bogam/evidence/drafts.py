"""Where drafts are kept: every revision, who made it, and how it was closed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bogam.evidence.draft import Draft, Filed, Signature

State = Literal["shown", "waiting", "signed", "rejected"]
_OPEN: Final = ("shown", "waiting")

_metadata: Final = MetaData()
_draft: Final = Table(
    "draft",
    _metadata,
    Column("id", String, primary_key=True),
    Column("patient", String, nullable=False, index=True),
    Column("skill", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("made_at", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("signature", LargeBinary),
    Column("composition", String, nullable=False, default=""),
)
_revision: Final = Table(
    "draft_revision",
    _metadata,
    Column("id", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("parent", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
_current: Final = select(*_draft.c, _revision.c.body, _revision.c.by, _revision.c.parent).join_from(
    _draft, _revision, and_(_draft.c.id == _revision.c.id, _draft.c.revision == _revision.c.revision)
)


class NoDraft(LookupError):
    """There is no draft of that id."""


class DraftChanged(Exception):
    """The draft is not in the state or revision that the caller saw."""


class Drafts:
    """The drafts of one home folder.

    A revision is never changed once written. Editing adds one whose parent is the revision that was edited; undoing
    makes the parent current again; closing fixes the current one for good.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def keep(self, draft: Draft, *, by: str, at: str, waiting: bool = True) -> Filed:
        """Keep a new draft as revision 1; one that is kept already stays as it is.

        Parameters
        ----------
        waiting
            Whether it shall wait for a signature; otherwise it is only shown. One that is shown begins to wait when it
            is asked for again with True. One that was rejected, or signed after it was edited, stays so, and the same
            work is kept anew beside it.
        """
        kept = self._fresh(draft)
        try:
            with self._engine.begin() as db:
                state = db.execute(select(_draft.c.state).where(_draft.c.id == kept.id)).scalar()
                if state is None:
                    _insert(db, kept, by, at, "waiting" if waiting else "shown")
                elif state == "shown" and waiting:
                    db.execute(update(_draft).where(_draft.c.id == kept.id).values(state="waiting"))
        except IntegrityError:
            # Somebody kept the same draft between the look and the insert: theirs stands.
            pass
        return self.get(kept.id)

    def _fresh(self, draft: Draft) -> Draft:
        """Return the draft under an id that is not taken by one that says something else for good."""
        with self._engine.connect() as db:
            for attempt in count(1):
                id = draft.id if attempt == 1 else f"{draft.id}.{attempt}"
                kept = db.execute(select(_draft.c.state, _draft.c.revision).where(_draft.c.id == id)).first()
                edited = kept is not None and kept.state == "signed" and kept.revision != 1
                if kept is None or not (edited or kept.state == "rejected"):
                    return replace(draft, id=id)
        raise AssertionError

    def get(self, id: str) -> Filed:
        """Return the current revision.

        Raises
        ------
        NoDraft
            When there is none of that id.
        """
        with self._engine.connect() as db:
            row = db.execute(_current.where(_draft.c.id == id)).mappings().first()
        if row is None:
            raise NoDraft(f'No draft "{id}". List the drafts to see which there are.')
        return _filed(row)

    def list(self, *, state: State | None = None, patient: str | None = None) -> list[Filed]:
        """Return drafts, newest first."""
        query = _current.order_by(_draft.c.made_at.desc(), _draft.c.id)
        if state is not None:
            query = query.where(_draft.c.state == state)
        if patient is not None:
            query = query.where(_draft.c.patient == patient)
        with self._engine.connect() as db:
            return [_filed(row) for row in db.execute(query).mappings()]

    def waiting(self) -> dict[str, int]:
        """Return how many drafts wait for a signature, by patient."""
        query = select(_draft.c.patient, func.count()).where(_draft.c.state == "waiting").group_by(_draft.c.patient)
        with self._engine.connect() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def revise(self, seen: Filed, draft: Draft, *, by: str, at: str) -> Filed:
        """Add a revision that replaces the one ``seen``.

        Raises
        ------
        DraftChanged
            When somebody closed or edited it in the meantime.
        """
        with self._engine.begin() as db:
            newest = db.execute(select(func.max(_revision.c.revision)).where(_revision.c.id == draft.id)).scalar_one()
            row = {"id": draft.id, "revision": newest + 1, "parent": seen.revision, "at": at, "by": by}
            db.execute(insert(_revision), row | {"body": msgspec.json.encode(draft)})
            self._move(db, seen, {"revision": newest + 1, "state": "waiting"})
        return self.get(draft.id)

    def back(self, seen: Filed) -> Filed:
        """Make the revision that ``seen`` was edited from current again.

        Raises
        ------
        DraftChanged
            When there is none, or the draft has changed.
        """
        with self._engine.begin() as db:
            here = and_(_revision.c.id == seen.draft.id, _revision.c.revision == seen.revision)
            parent = db.execute(select(_revision.c.parent).where(here)).scalar_one()
            if parent == 0:
                raise DraftChanged("There is nothing to undo: this is the draft as it was made.")
            self._move(db, seen, {"revision": parent})
        return self.get(seen.draft.id)

    def unfiled(self) -> list[Filed]:
        """Return drafts that are signed and whose filing did not finish."""
        query = _current.where(_draft.c.state == "signed", _draft.c.composition == "")
        with self._engine.connect() as db:
            return [_filed(row) for row in db.execute(query).mappings()]

    def filed(self, id: str, composition: str) -> Filed:
        """Note where a signed draft is filed in the record."""
        with self._engine.begin() as db:
            db.execute(update(_draft).where(_draft.c.id == id).values(composition=composition))
        return self.get(id)

    def close(self, seen: Filed, signature: Signature) -> Filed:
        """Sign or reject the revision ``seen``.

        Raises
        ------
        DraftChanged
            When it is not the current revision any more, or is closed.
        """
        with self._engine.begin() as db:
            self._move(db, seen, {"state": signature.verdict, "signature": msgspec.json.encode(signature)})
        return self.get(seen.draft.id)

    def _move(self, db: Any, seen: Filed, change: dict[str, Any]) -> None:
        unchanged = and_(_draft.c.id == seen.draft.id, _draft.c.state.in_(_OPEN), _draft.c.revision == seen.revision)
        if db.execute(update(_draft).where(unchanged).values(**change)).rowcount != 1:
            now = db.execute(select(_draft.c.state, _draft.c.revision).where(_draft.c.id == seen.draft.id)).one()
            if now.state not in _OPEN:
                raise DraftChanged(f'Draft "{seen.draft.id}" is {now.state} for good: make a new one to change it.')
            raise DraftChanged(
                f'Draft "{seen.draft.id}" is {now.state} at revision {now.revision}, and you saw revision '
                f"{seen.revision} {seen.state}. Open it again to see what changed."
            )


def _insert(db: Connection, draft: Draft, by: str, at: str, state: State) -> None:
    body = msgspec.json.encode(draft)
    db.execute(insert(_revision), {"id": draft.id, "revision": 1, "parent": 0, "body": body, "at": at, "by": by})
    kept = {"id": draft.id, "patient": draft.patient, "skill": draft.skill, "state": state, "revision": 1}
    db.execute(insert(_draft), kept | {"made_at": at, "made_by": by, "signature": None, "composition": ""})


def _filed(row: Any) -> Filed:
    draft = msgspec.json.decode(row["body"], type=Draft)
    signature = msgspec.json.decode(row["signature"], type=Signature) if row["signature"] else None
    filed = Filed(
        draft, row["revision"], row["state"], row["made_at"], row["made_by"], "", signature, row["composition"]
    )
    return replace(filed, edited_by=row["by"]) if row["parent"] else filed
