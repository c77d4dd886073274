"""Pages for what went wrong: each says what, and what to do."""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from bogam.access.decide import Refused
from bogam.app import BadRequest, Unknown
from bogam.doors.api.problem import problem, told
from bogam.doors.web.security import HEADERS
from bogam.doors.web.site import language_of, site_of
from bogam.doors.web.visit import BadForm, NotSignedIn, Visit, visit
from bogam.evidence.drafts import DraftChanged
from bogam.record.load import LoadError

_log: Final = logging.getLogger(__name__)
_MACHINES: Final = ("/fhir", "/api", "/mcp", "/.well-known")


def install(app: FastAPI) -> None:
    """Have ``app`` answer errors with pages."""
    for kind, answer in (
        (NotSignedIn, _not_signed_in),
        (Refused, _refused),
        (BadForm, _bad_form),
        (Unknown, _unknown),
        (BadRequest, _bad_request),
        (LoadError, _bad_request),
        (DraftChanged, _changed),
        (RequestValidationError, _invalid),
        (HTTPException, _http),
        (Exception, _failed),
    ):
        app.add_exception_handler(kind, answer)


def _not_signed_in(request: Request, error: Exception) -> Response:
    fragment = request.headers.get("hx-request") == "true"
    if request.method == "GET" and not fragment:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    else:
        page = urlsplit(request.headers.get("hx-current-url" if fragment else "referer", ""))
        back = (page.path or "/") + (f"?{page.query}" if page.query else "")
    way = f"/login?{urlencode({'next': back})}" if back != "/" else "/login"
    return Response(status_code=401, headers={"HX-Redirect": way}) if fragment else RedirectResponse(way, 303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if _machine(request):
        return problem(error)
    korean = language_of(request) == "ko"
    return _page(request, 403, "refused", error.decision.reason_ko if korean else error.decision.reason)


def _bad_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadForm)
    status = {"csrf": 403, "large": 413, "disk": 507, "type": 400}[error.code]
    return _page(request, status, f"form_{error.code}")


def _unknown(request: Request, error: Exception) -> Response:
    return problem(error) if _machine(request) else _page(request, 404, "unknown", str(error))


def _bad_request(request: Request, error: Exception) -> Response:
    if _machine(request):
        return problem(error)
    korean = error.ko if isinstance(error, BadRequest) and language_of(request) == "ko" else ""
    return _page(request, 422, "bad_request", korean or str(error))


def _changed(request: Request, error: Exception) -> Response:
    return problem(error) if _machine(request) else _page(request, 409, "changed", str(error))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return told(422, detail) if _machine(request) else _page(request, 422, "bad_request", detail)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _machine(request):
        return told(error.status_code, error.detail, error.headers)
    kind = {404: "not_found", 405: "method"}.get(error.status_code, "bad_request")
    answer = _page(request, error.status_code, kind, error.detail if kind == "bad_request" else "")
    answer.headers.update(error.headers or {})
    return answer


def _failed(request: Request, error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if _machine(request):
        body = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
        return JSONResponse(body, 500, HEADERS, media_type="application/problem+json")
    # Without looking at who asks: the database may be what failed. The server's own error layer, which answers this,
    # stands outside the one that adds the headers.
    context = {"kind": "failed", "reason": "", "code": 500}
    answer = site_of(request).page(request, "error_bare.html", context, language=language_of(request), status=500)
    answer.headers.update(HEADERS)
    return answer


def _page(request: Request, status: int, kind: str, reason: str = "") -> Response:
    """Render the page of an error, in the frame for a person who is signed in."""
    who = _visit(request)
    context: dict[str, Any] = {"kind": kind, "reason": reason, "code": status}
    if who is not None:
        return who.page("error.html", status=status, **context)
    return site_of(request).page(request, "error_bare.html", context, language=language_of(request), status=status)


def _visit(request: Request) -> Visit | None:
    try:
        return visit(request)
    except NotSignedIn:
        return None


def _machine(request: Request) -> bool:
    return request.url.path.startswith(_MACHINES)
