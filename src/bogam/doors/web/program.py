"""Programs that call REST and FHIR: who they are, and the answers they get when something is wrong."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from fastapi import Request
from starlette.exceptions import HTTPException

from bogam.access.decide import decide
from bogam.access.identity import Action, Actor, Purpose
from bogam.doors.web.site import site_of
from bogam.doors.web.visit import NotSignedIn, visit

_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_REASON: Final = "X-Emergency-Reason"
_LONGEST_REASON: Final = 2000


def actor_of(request: Request) -> tuple[Actor, Purpose]:
    """Return who asks and for what purpose: a bearer token (RFC 6750), or the session of a signed-in browser.

    A browser sends its cookie whether a person meant it or not, so a request that changes something must also carry the
    session's ``X-CSRF-Token``. A token for the purpose emergency must say why in ``X-Emergency-Reason``, as UTF-8 or
    percent-encoded UTF-8 (RFC 3986); the reason goes into the audit log.

    Raises
    ------
    HTTPException
        401 without a valid token or session, 403 for a session without its CSRF token or an emergency without a reason.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        token = site_of(request).bogam.users.tokens.get(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise HTTPException(
                401, "This bearer token is not valid.", {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            )
        if token.purpose is Purpose.emergency:
            _log_emergency(request, token.actor)
        return token.actor, token.purpose
    try:
        found = visit(request)
    except NotSignedIn:
        why = "Sign in, or send a bearer token."
        raise HTTPException(401, why, {"WWW-Authenticate": 'Bearer realm="bogam"'}) from None
    if request.method not in _SAFE and not found.session.csrf_matches(request.headers.get("x-csrf-token", "")):
        raise HTTPException(403, "A request with a session cookie needs the session's X-CSRF-Token.")
    return found.actor, found.purpose


def _log_emergency(request: Request, actor: Actor) -> None:
    """Write to the audit log why a record is opened: the obligation under which `decide` opens it in an emergency."""
    if not decide(actor, Purpose.emergency, None, Action.read).allow:
        return  # the request itself will be refused, with the reason
    audit, reason = site_of(request).bogam.audit, _text(request.headers.get(_REASON, "")).strip()
    if not reason:
        audit.write(actor, Purpose.emergency, None, Action.read, "emergency", "refuse", {"code": "no-reason"})
        raise HTTPException(403, f"Emergency access needs a reason: send it in the header {_REASON}.")
    note = {"reason": reason[:_LONGEST_REASON]}
    audit.write(actor, Purpose.emergency, None, Action.read, "emergency", "allow", note)


def _text(header: str) -> str:
    """Return what a header says, which arrives as Latin-1 whatever was sent."""
    try:
        return unquote(header.encode("latin-1").decode("utf-8"))
    except UnicodeDecodeError:
        return unquote(header)
