"""Secrets that stand for a signed-in person: web sessions, and bearer tokens for programs."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bogam.access import tables
from bogam.access.identity import Actor, Purpose

IDLE: Final = 30 * 60
ABSOLUTE: Final = 12 * 60 * 60
_SEEN_EVERY: Final = 60
_DAY: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person.

    ``token`` goes into the cookie, ``csrf`` into every form; both are 256 bits. ``started`` and ``ends`` (the latest
    possible end) are seconds since 1970 UTC.
    """

    token: str
    csrf: str
    actor: Actor
    started: int
    ends: int

    def csrf_matches(self, given: str) -> bool:
        """Compare a form's CSRF token in constant time."""
        return hmac.compare_digest(self.csrf.encode(), given.encode())


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token as listed: never the secret. Times are seconds since 1970 UTC."""

    name: str
    actor: Actor
    purpose: Purpose
    made: int
    expires: int


class TokenError(ValueError):
    """A token that cannot be made; the message says why."""


class Sessions:
    """Web sessions. The database holds a hash of the token only.

    Parameters
    ----------
    idle, absolute
        Seconds without a request, and seconds in all, after which a session ends.
    """

    def __init__(
        self, engine: Engine, *, idle: int = IDLE, absolute: int = ABSOLUTE, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._idle = idle
        self._absolute = absolute
        self._clock = clock

    def create(self, actor: Actor) -> Session:
        """Begin a session for someone whose password was verified; sessions that have ended are swept away."""
        at, secret = int(self._clock()), secrets.token_urlsafe(32)
        kept = tables.session
        with self._engine.begin() as db:
            db.execute(delete(kept).where((kept.c.seen < at - self._idle) | (kept.c.started < at - self._absolute)))
            db.execute(insert(kept).values(hash=_hashed(secret), user=actor.id, started=at, seen=at))
        return Session(secret, _csrf(secret), actor, at, at + self._absolute)

    def get(self, token: str) -> Session | None:
        """Return the session, with the person as the account stands now, or None when it has ended or is none."""
        at, kept = int(self._clock()), tables.session
        hashed = _hashed(token)
        query = (
            select(kept.c.started, kept.c.seen, tables.user)
            .join(tables.user, tables.user.c.id == kept.c.user)
            .where(kept.c.hash == hashed)
        )
        with self._engine.connect() as db:
            row = db.execute(query).first()
        if row is None or row.disabled or at - row.seen > self._idle or at - row.started > self._absolute:
            return None
        if at - row.seen >= min(_SEEN_EVERY, self._idle // 2):
            with self._engine.begin() as db:
                db.execute(update(kept).where(kept.c.hash == hashed).values(seen=at))
        return Session(token, _csrf(token), tables.actor_of(row), row.started, row.started + self._absolute)

    def end(self, token: str) -> None:
        """End a session; one that has ended already is no error."""
        with self._engine.begin() as db:
            db.execute(delete(tables.session).where(tables.session.c.hash == _hashed(token)))

    def end_all(self, user: str) -> None:
        """End every session of a user."""
        with self._engine.begin() as db:
            db.execute(delete(tables.session).where(tables.session.c.user == user))


class Tokens:
    """Bearer tokens for programs (RFC 6750). Each acts as its user, for one purpose, until it expires or is revoked."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def create(self, actor: Actor, *, name: str, purpose: Purpose | str, days: float = 90) -> str:
        """Make a token and return the secret, which cannot be had again.

        Raises
        ------
        TokenError
            When the user has a token of that name already, the purpose is unknown, or ``days`` is not positive.
        """
        if purpose not in tuple(Purpose):
            raise TokenError(f'No purpose "{purpose}". Known: {", ".join(Purpose)}.')
        if not name.strip() or days <= 0:
            raise TokenError("A token needs a name and a life of more than 0 days.")
        at, secret = int(self._clock()), f"bogam_{secrets.token_urlsafe(32)}"
        row = {"hash": _hashed(secret), "user": actor.id, "name": name.strip(), "purpose": Purpose(purpose).value}
        try:
            with self._engine.begin() as db:
                db.execute(insert(tables.token).values(**row, made=at, expires=at + int(days * _DAY)))
        except IntegrityError:
            raise TokenError(f'{actor.id} has a token "{name}" already: revoke it first, or choose a name.') from None
        return secret

    def get(self, secret: str) -> Token | None:
        """Return what a secret stands for, or None when it is none, has expired, or its user is disabled."""
        found = self._find(tables.token.c.hash == _hashed(secret))
        return next((each for each in found if each.expires > self._clock()), None)

    def list(self, user: str | None = None) -> list[Token]:
        """Return the tokens of a user, or of all, expired ones too."""
        return self._find(None if user is None else tables.token.c.user == user, disabled=True)

    def revoke(self, user: str, name: str) -> bool:
        """Revoke a token by its name, and say whether there was one."""
        of_name = (tables.token.c.user == user) & (tables.token.c.name == name)
        with self._engine.begin() as db:
            return db.execute(delete(tables.token).where(of_name)).rowcount > 0

    def _find(self, where: ColumnElement[bool] | None, *, disabled: bool = False) -> list[Token]:
        kept = tables.token
        query = (
            select(tables.user, kept.c.name.label("token"), kept.c.purpose, kept.c.made, kept.c.expires)
            .join(kept, kept.c.user == tables.user.c.id)
            .order_by(kept.c.user, kept.c.name)
        )
        if where is not None:
            query = query.where(where)
        if not disabled:
            query = query.where(tables.user.c.disabled.is_(False))
        with self._engine.connect() as db:
            rows = db.execute(query).all()
        return [
            Token(
                row.token,
                tables.actor_of(row),
                Purpose(row.purpose),
                row.made,
                row.expires,
            )
            for row in rows
        ]


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _csrf(secret: str) -> str:
    """Derived, so that nothing of it needs to be stored; whoever has it cannot get back to the session's token."""
    return hmac.digest(secret.encode(errors="replace"), b"csrf", "sha256").hex()
