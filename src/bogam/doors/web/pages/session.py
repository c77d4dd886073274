"""Signing in and out, and the choices that last for a session: language and purpose of use."""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from bogam.access.identity import Action, Purpose, Role
from bogam.access.users import SignInError
from bogam.doors.web.site import LANGUAGE_COOKIE, language_of, site_of
from bogam.doors.web.visit import (
    PURPOSE_COOKIE,
    SESSION_COOKIE,
    BadForm,
    Posted,
    Visiting,
    emergency,
    local,
    purposes,
    read_form,
    see,
)
from bogam.doors.web.words import LANGUAGES

router = APIRouter(include_in_schema=False)
_LOGIN_COOKIE: Final = "bogam_login"
_YEAR: Final = 365 * 24 * 3600
_EMERGENCY_LASTS: Final = 3600


@router.get("/")
def home(visit: Visiting) -> Response:
    """Send each role to where its work is."""
    if visit.actor.role is Role.patient and visit.actor.patient:
        return RedirectResponse(f"/patients/{visit.actor.patient}", 303)
    for action, path in ((Action.list, "/ward"), (Action.read_audit, "/audit"), (Action.manage_users, "/users")):
        if visit.may(action):
            return RedirectResponse(path, 303)
    return visit.page("nothing.html")


@router.get("/keys")
def keys(visit: Visiting) -> Response:
    """The keyboard shortcuts as a page, for browsers without script."""
    return visit.page("keys.html")


@router.get("/login")
def ask(request: Request, next: str = "/") -> Response:
    """The sign-in page."""
    return _login(request, next=local(next))


@router.post("/login")
def sign_in(request: Request, form: Annotated[dict[str, str], Depends(read_form)]) -> Response:
    """Check name and password, and begin a session."""
    given, kept = form.get("csrf", ""), request.cookies.get(_LOGIN_COOKIE, "")
    if not kept or not hmac.compare_digest(given.encode(), kept.encode()):
        raise BadForm("csrf")
    bogam, user = site_of(request).bogam, form.get("user", "")
    users = bogam.users
    way = local(form.get("next", "/"))
    try:
        actor = users.verify(user, form.get("password", ""))
    except SignInError as error:
        bogam.audit.write(None, "", None, "sign-in", user[:64], "refuse", {"code": error.code})
        problem = error.reason_ko if language_of(request) == "ko" else error.reason
        return _login(request, next=way, user=user, problem=problem, status=429 if error.code == "wait" else 401)
    bogam.audit.write(actor, "", None, "sign-in", actor.id, "allow")
    answer = RedirectResponse(way, 303)
    _keep(answer, request, SESSION_COOKIE, users.sessions.create(actor).token)
    answer.delete_cookie(_LOGIN_COOKIE)
    answer.delete_cookie(PURPOSE_COOKIE)
    return answer


@router.post("/logout")
def sign_out(visit: Visiting, form: Posted) -> Response:
    """End the session."""
    visit.bogam.users.sessions.end(visit.session.token)
    visit.bogam.audit.write(visit.actor, "", None, "sign-out", visit.actor.id, "allow")
    answer = RedirectResponse("/login", 303, {"Clear-Site-Data": '"cache", "storage"'})
    answer.delete_cookie(SESSION_COOKIE)
    answer.delete_cookie(PURPOSE_COOKIE)
    return answer


@router.get("/language/{language}")
def speak(request: Request, language: str, next: str = "/") -> Response:
    """Keep the language that the reader chose."""
    answer = RedirectResponse(local(next), 303)
    if language in LANGUAGES:
        _keep(answer, request, LANGUAGE_COOKIE, language, _YEAR)
    return answer


@router.post("/purpose")
def purpose(visit: Visiting, form: Posted) -> Response:
    """Change the purpose of use. Emergency asks for a reason, which goes into the audit log."""
    chosen = next((each for each in purposes(visit.actor.role) if each.value == form.get("purpose")), None)
    way, reason = local(form.get("next", "/")), form.get("reason", "").strip()
    if chosen is None:
        return see(way)
    if chosen is Purpose.emergency:
        if not reason:
            return visit.page("emergency.html", next=way)
        visit.bogam.audit.write(visit.actor, chosen, None, Action.read, "emergency", "allow", {"reason": reason[:2000]})
        kept = emergency(visit.site, visit.session.token, int(time.time()) + _EMERGENCY_LASTS)
        answer = see(way)
        _keep(answer, visit.request, PURPOSE_COOKIE, kept, _EMERGENCY_LASTS)
        return answer
    answer = see(way)
    _keep(answer, visit.request, PURPOSE_COOKIE, chosen.value)
    return answer


def _login(request: Request, *, next: str, user: str = "", problem: str = "", status: int = 200) -> Response:
    token = request.cookies.get(_LOGIN_COOKIE) or secrets.token_urlsafe(24)
    context = {"csrf": token, "next": next, "user": user, "problem": problem}
    page = site_of(request).page(request, "login.html", context, language=language_of(request), status=status)
    _keep(page, request, _LOGIN_COOKIE, token)
    return page


def _keep(answer: Response, request: Request, name: str, value: str, seconds: int | None = None) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="strict", path="/")
