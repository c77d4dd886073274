"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi.responses import JSONResponse

from bogam.access.decide import Refused
from bogam.app import BadRequest, SourceClosed, Unknown
from bogam.evidence.drafts import DraftChanged
from bogam.record.load import LoadError

_STATUS: Final[dict[type[Exception], int]] = {
    Refused: 403,
    Unknown: 404,
    DraftChanged: 409,
    SourceClosed: 409,
    BadRequest: 400,
    LoadError: 400,
}
EXPECTED: Final = tuple(_STATUS)


def status(error: Exception) -> int:
    """Return the HTTP status that stands for ``error``."""
    return next(code for kind, code in _STATUS.items() if isinstance(error, kind))


def told(code: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer an HTTP error of the framework: a method, an address or a body that is not right, nobody signed in."""
    body = {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code, "detail": detail}
    return JSONResponse(body, code, headers, media_type="application/problem+json")


def problem(error: Exception) -> JSONResponse:
    """Answer one of the `EXPECTED` errors."""
    body: dict[str, object] = {"type": "about:blank", "title": type(error).__name__, "status": status(error)}
    if isinstance(error, Refused):
        body |= {"title": "Refused", "detail": error.decision.reason, "code": error.decision.code}
    else:
        body["detail"] = str(error)
    return JSONResponse(body, status_code=status(error), media_type="application/problem+json")
