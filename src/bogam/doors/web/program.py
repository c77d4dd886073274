"""Programs that call REST and FHIR: who they are, and the answers they get when something is wrong."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException

from bogam.access.identity import Actor, Purpose
from bogam.doors.web.site import site_of
from bogam.doors.web.visit import NotSignedIn, visit

_SAFE: Final = ("GET", "HEAD", "OPTIONS")


def actor_of(request: Request) -> tuple[Actor, Purpose]:
    """Return who asks and for what purpose: a bearer token (RFC 6750), or the session of a signed-in browser.

    A browser sends its cookie whether a person meant it or not, so a request that changes something must also carry the
    session's ``X-CSRF-Token``.

    Raises
    ------
    HTTPException
        401 without a valid token or session, 403 for a session without its CSRF token.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        token = site_of(request).bogam.users.tokens.get(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise HTTPException(
                401, "This bearer token is not valid.", {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            )
        return token.actor, token.purpose
    try:
        found = visit(request)
    except NotSignedIn:
        why = "Sign in, or send a bearer token."
        raise HTTPException(401, why, {"WWW-Authenticate": 'Bearer realm="bogam"'}) from None
    if request.method not in _SAFE and not found.session.csrf_matches(request.headers.get("x-csrf-token", "")):
        raise HTTPException(403, "A request with a session cookie needs the session's X-CSRF-Token.")
    return found.actor, found.purpose
