"""The people who may sign in: accounts, passwords, and how often a wrong one may be tried."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from sqlalchemy import Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bogam.access import tables
from bogam.access.identity import Actor, Role
from bogam.access.sessions import Sessions, Tokens

_NAME: Final = re.compile(r"[\w][\w.@-]{0,63}")
_SHORTEST: Final = 10
_LONGEST: Final = 1024
_FREE_TRIES: Final = 5
_FIRST_WAIT: Final = 30
_LONGEST_WAIT: Final = 15 * 60
_FORGET_AFTER: Final = 24 * 60 * 60


class UserError(ValueError):
    """A user name, role or password that cannot be accepted; the message says what would be."""


class UnknownUser(LookupError):
    """There is no account of that name."""


class SignInError(Exception):
    """A sign-in that failed.

    ``code`` is ``wrong`` (name or password; it is not told which), ``wait`` (too many failures, ``seconds`` to go) or
    ``disabled``. ``reason_ko`` says the same in Korean.
    """

    def __init__(self, code: str, reason: str, reason_ko: str, seconds: int = 0) -> None:
        super().__init__(reason)
        self.code, self.reason, self.reason_ko, self.seconds = code, reason, reason_ko, seconds


@dataclass(frozen=True, slots=True)
class User:
    """An account as administrators see it. ``made_at`` is an ISO instant."""

    actor: Actor
    disabled: bool
    made_at: str


class Users:
    """Accounts in the home's database.

    Passwords are kept as argon2id (RFC 9106, its second recommended option: 64 MiB, 3 passes). After five failures a
    name must wait 30 seconds, then twice as long after each further one, up to 15 minutes; a right password clears the
    count, a day without a try too.

    Parameters
    ----------
    hasher
        argon2 parameters. A password kept under others is hashed anew at its next use.
    clock
        Seconds since 1970 UTC.
    """

    def __init__(
        self, engine: Engine, *, hasher: PasswordHasher | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()
        self._clock = clock
        self._decoy = ""
        tables.create(engine)
        self.sessions = Sessions(engine, clock=clock)
        self.tokens = Tokens(engine, clock=clock)

    def add(
        self,
        id: str,
        name: str,
        role: Role | str,
        password: str,
        *,
        patient: str | None = None,
        practitioner: str | None = None,
    ) -> Actor:
        """Make an account and return it as an actor.

        Parameters
        ----------
        id
            The user name: letters of any script, digits and ``. _ @ -``, at most 64; case does not count.
        name
            How the person is shown; "" for the user name.
        patient
            The Patient id of a patient's account, required for that role and for no other.
        practitioner
            The Practitioner id under which the record knows this person.

        Raises
        ------
        UserError
            When the name is taken or not acceptable, the role is unknown, or the password too weak.
        """
        user = normalised(id)
        if not _NAME.fullmatch(user):
            raise UserError(
                f'"{id}" is no user name: use 1 to 64 letters, digits or . _ @ -, beginning with a letter or digit.'
            )
        if role not in tuple(Role):
            raise UserError(f'No role "{role}". Known: {", ".join(Role)}.')
        if (Role(role) is Role.patient) != bool(patient):
            raise UserError("A patient's account, and no other, names a Patient id.")
        row: dict[str, Any] = {
            "id": user,
            "name": name.strip() or user,
            "role": Role(role).value,
            "patient": patient,
            "practitioner": practitioner,
            "password": self._hasher.hash(_acceptable(user, password)),
            "disabled": False,
            "made_at": datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        try:
            with self._engine.begin() as db:
                db.execute(insert(tables.user).values(row))
        except IntegrityError:
            raise UserError(f'The user "{user}" exists already: choose another name.') from None
        return Actor(user, row["name"], Role(role), patient, practitioner)

    def verify(self, id: str, password: str) -> Actor:
        """Return the actor whose password this is. An unknown name takes as long as a wrong password.

        Raises
        ------
        SignInError
            When name or password is wrong, the name has to wait, or the account is disabled.
        """
        user = normalised(id)[:64]
        self._refuse_if_waiting(user)
        row = self._row(user)
        if row is None:
            self._decoy = self._decoy or self._hasher.hash("a password that nobody has")
        kept = self._decoy if row is None else str(row.password)
        right = self._matches(kept, password) and row is not None
        if not right or row is None:
            self._failed(user)
            raise SignInError(
                "wrong",
                "The user name or the password is wrong.",
                "사용자 이름이나 비밀번호가 맞지 않습니다.",
            )
        with self._engine.begin() as db:
            db.execute(delete(tables.sign_in).where(tables.sign_in.c.id == user))
            if self._hasher.check_needs_rehash(kept):
                db.execute(
                    update(tables.user)
                    .where(tables.user.c.id == user)
                    .values(password=self._hasher.hash(_composed(password)))
                )
        if row.disabled:
            raise SignInError(
                "disabled",
                "This account is disabled; ask an administrator.",
                "사용이 중지된 계정입니다. 관리자에게 문의하십시오.",
            )
        return tables.actor_of(row)

    def get(self, id: str) -> User | None:
        """Return an account, or None."""
        row = self._row(normalised(id))
        return None if row is None else User(tables.actor_of(row), bool(row.disabled), row.made_at)

    def list(self) -> list[User]:
        """Return all accounts by name."""
        with self._engine.connect() as db:
            rows = db.execute(select(tables.user).order_by(tables.user.c.id)).all()
        return [User(tables.actor_of(row), bool(row.disabled), row.made_at) for row in rows]

    def disable(self, id: str, *, disabled: bool = True) -> None:
        """Close an account, with its sessions; its tokens rest. ``disabled=False`` opens it again."""
        user = self._known(id)
        with self._engine.begin() as db:
            db.execute(update(tables.user).where(tables.user.c.id == user).values(disabled=disabled))
            db.execute(delete(tables.sign_in).where(tables.sign_in.c.id == user))
        if disabled:
            self.sessions.end_all(user)

    def set_password(self, id: str, password: str) -> None:
        """Change a password; all sessions of the account end. Tokens have their own life and stay."""
        user = self._known(id)
        kept = self._hasher.hash(_acceptable(user, password))
        with self._engine.begin() as db:
            db.execute(update(tables.user).where(tables.user.c.id == user).values(password=kept))
            db.execute(delete(tables.sign_in).where(tables.sign_in.c.id == user))
        self.sessions.end_all(user)

    def _row(self, user: str) -> Row[Any] | None:
        with self._engine.connect() as db:
            return db.execute(select(tables.user).where(tables.user.c.id == user)).first()

    def _known(self, id: str) -> str:
        user = normalised(id)
        if self._row(user) is None:
            raise UnknownUser(f'No user "{id}". List the users to see who there is.')
        return user

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, _composed(password)[:_LONGEST])
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    def _refuse_if_waiting(self, user: str) -> None:
        with self._engine.connect() as db:
            tried = db.execute(select(tables.sign_in).where(tables.sign_in.c.id == user)).first()
        if tried is None or tried.failures < _FREE_TRIES:
            return
        wait = min(_FIRST_WAIT * 2 ** min(tried.failures - _FREE_TRIES, 16), _LONGEST_WAIT)
        left = int(tried.last + wait - self._clock())
        if left > 0:
            raise SignInError(
                "wait",
                f"Too many wrong passwords for this name; try again in {left} seconds.",
                f"비밀번호를 여러 번 잘못 입력했습니다. {left}초 뒤에 다시 시도하십시오.",
                left,
            )

    def _failed(self, user: str) -> None:
        at = int(self._clock())
        tries = tables.sign_in
        with self._engine.begin() as db:
            db.execute(delete(tries).where(tries.c.last < at - _FORGET_AFTER))
            changed = db.execute(
                update(tries).where(tries.c.id == user).values(failures=tries.c.failures + 1, last=at)
            ).rowcount
            if not changed:
                # Two first failures of one name at the same moment count as one.
                db.execute(
                    insert(tries).prefix_with("OR IGNORE", dialect="sqlite").values(id=user, failures=1, last=at)
                )


def normalised(id: str) -> str:
    """Return a user name as it is compared: NFKC, no case, no outer blanks (after RFC 8265, UsernameCaseMapped)."""
    return unicodedata.normalize("NFKC", id).strip().casefold()


def _composed(password: str) -> str:
    """Hangul typed on different systems arrives composed or not; RFC 8265 OpaqueString compares in NFC."""
    return unicodedata.normalize("NFC", password.encode(errors="replace").decode())


def _acceptable(user: str, password: str) -> str:
    composed = _composed(password)
    if len(composed) < _SHORTEST:
        raise UserError(f"The password is too short: use at least {_SHORTEST} characters.")
    if len(composed) > _LONGEST:
        raise UserError(f"The password is too long: use at most {_LONGEST} characters.")
    if normalised(composed) == user:
        raise UserError("The password is the user name: choose another.")
    return composed
