"""The tables of access: people, their sessions and tokens, and the audit log."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from bogam.access.identity import Actor, Role
from bogam.record.schema import metadata

user: Final = Table(
    "user",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("patient", String),
    Column("practitioner", String),
    Column("password", String, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("made_at", String, nullable=False),
)

sign_in: Final = Table(
    "sign_in",
    metadata,
    Column("id", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Integer, nullable=False),
)
"""Failed sign-ins by name, of names that do not exist too: the waiting time must not tell which names exist."""

session: Final = Table(
    "session",
    metadata,
    Column("hash", String, primary_key=True),
    Column("user", String, ForeignKey("user.id"), nullable=False),
    Column("started", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Index("session_by_user", "user"),
)

token: Final = Table(
    "token",
    metadata,
    Column("hash", String, primary_key=True),
    Column("user", String, ForeignKey("user.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("made", Integer, nullable=False),
    Column("expires", Integer, nullable=False),
    UniqueConstraint("user", "name"),
)
"""``session`` and ``token`` hold SHA-256 of the secret, never the secret. Times are seconds since 1970 UTC."""

audit: Final = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("role", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("patient", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("audit_by_patient", "patient"),
)

_APPEND_ONLY: Final = tuple(
    DDL(  # the two statements are constants
        f"CREATE TRIGGER IF NOT EXISTS audit_no_{what.lower()} BEFORE {what} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    )
    for what in ("UPDATE", "DELETE")
)


def create(engine: Engine) -> None:
    """Make the tables that are not there yet. Several processes may do so at once."""
    with engine.begin() as db:
        for table in (user, sign_in, session, token, audit):
            db.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                db.execute(CreateIndex(index, if_not_exists=True))
        if engine.dialect.name == "sqlite":
            for trigger in _APPEND_ONLY:
                db.execute(trigger)


def actor_of(row: Row[Any]) -> Actor:
    """Return a row of the user table as an actor."""
    return Actor(row.id, row.name, Role(row.role), row.patient, row.practitioner)
