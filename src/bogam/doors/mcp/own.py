"""Access tokens that this home makes itself, for a program at hand: short-lived, with scopes, good for /mcp alone.

A bearer token of `bogam user token` does all that its user may do. This one does what its scopes name, and no more: a
JSON Web Token under a key of the home folder (``mcp.key``), HMAC-SHA256. It cannot be revoked by itself, so it lives
for a week at most; disabling the account closes it, and deleting ``mcp.key`` closes all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import jwt

from bogam.access.identity import Actor, Purpose
from bogam.access.secret import secret
from bogam.access.sessions import TokenError
from bogam.access.users import Users
from bogam.doors.mcp.issuer import Granted, NoAccount, TokenInvalid
from bogam.doors.mcp.scopes import SUPPORTED, Scopes

ISSUER: Final = "bogam"
_AUDIENCE: Final = "bogam-mcp"
_KEY: Final = "mcp.key"
_LONGEST_H: Final = 168.0


def make(
    home: Path,
    actor: Actor,
    purpose: Purpose,
    scopes: Sequence[str],
    *,
    patient: str = "",
    hours: float = 8.0,
    clock: Callable[[], float] = time.time,
) -> str:
    """Make a token.

    Parameters
    ----------
    patient
        The patient that ``patient/`` scopes are about.
    hours
        How long it lives.

    Raises
    ------
    TokenError
        For a scope that is not understood, a life that is too long, ``patient/`` scopes without a patient, and the
        purpose emergency, which needs a reason each time.
    """
    wrong = [each for each in scopes if not (found := Scopes.of([each])).granted and not found.own]
    if wrong or not scopes:
        raise TokenError(f'No scope "{wrong[0] if wrong else ""}". Write them like {", ".join(SUPPORTED)}.')
    if not 0 < hours <= _LONGEST_H:
        raise TokenError(f"Such a token lives for more than 0 and at most {_LONGEST_H:g} hours.")
    if purpose is Purpose.emergency:
        raise TokenError("Emergency access needs a reason each time: make a token with bogam user token.")
    if any(each.startswith("patient/") for each in scopes) and not patient:
        raise TokenError("Scopes of patient/ are about one patient: name the patient with --patient.")
    now = int(clock())
    told = {
        "iss": ISSUER,
        "aud": _AUDIENCE,
        "sub": actor.id,
        "iat": now,
        "exp": now + int(hours * 3600),
        "scope": " ".join(scopes),
        "purpose": purpose.value,
        "patient": patient,
    }
    return jwt.encode(told, secret(home / _KEY), "HS256")


def is_own(token: str) -> bool:
    """Whether a token says of itself that this home made it; whether that is true, `verify` tells."""
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("iss") == ISSUER
    except jwt.PyJWTError:
        return False


def verify(home: Path, users: Users, token: str) -> Granted:
    """Return what a token of this home grants.

    Raises
    ------
    TokenInvalid, NoAccount
        When it is none, or has expired; when its user's account is closed.
    """
    if not (home / _KEY).exists():
        raise TokenInvalid("This home has made none.")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret(home / _KEY),
            algorithms=["HS256"],
            audience=_AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise TokenInvalid(str(error)) from error
    user = users.get(claims["sub"])
    if user is None or user.disabled:
        raise NoAccount(f'The user "{claims["sub"]}" of this token has no open account here.')
    scopes = Scopes.of(claims["scope"].split(), claims["patient"])
    return Granted(user.actor, Purpose(claims["purpose"]), scopes, ISSUER)
