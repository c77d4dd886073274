"""One visit: who asks, what for, in which language; and the form that came with it."""

from __future__ import annotations

import errno
import hmac
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypedDict
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bogam.access.decide import PERMITTED, Refused, decide
from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.access.sessions import Session
from bogam.app import Bogam
from bogam.doors.web.site import Site, language_of, site_of
from bogam.doors.web.words import Language, Words, words

SESSION_COOKIE: Final = "bogam_session"
PURPOSE_COOKIE: Final = "bogam_purpose"
_LONGEST_FORM: Final = 256 * 1024
_MOST_FIELDS: Final = 200
_LONGEST_TEXT: Final = 8 << 20
"""Bytes of one text field of a form that may carry a file."""
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NotSignedIn(Exception):
    """The page needs a signed-in person."""


class BadForm(Exception):
    """A form that cannot be taken. ``code`` is ``csrf``, ``large``, ``type``, or ``disk`` when there is no room."""

    def __init__(self, code: Literal["csrf", "large", "type", "disk"]) -> None:
        super().__init__(code)
        self.code = code


class _Asks(TypedDict):
    actor: Actor
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a signed-in person."""

    request: Request
    site: Site
    session: Session
    purpose: Purpose
    language: Language

    @property
    def bogam(self) -> Bogam:
        return self.site.bogam

    @property
    def actor(self) -> Actor:
        return self.session.actor

    @property
    def words(self) -> Words:
        return words(self.language)

    @property
    def fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def asks(self) -> _Asks:
        """The actor and purpose, as the methods of `Bogam` take them."""
        return {"actor": self.actor, "purpose": self.purpose}

    def may(self, action: Action, patient: str | None = None) -> bool:
        """Whether this person could do ``action`` for the present purpose; consents are applied when it is done."""
        return decide(self.actor, self.purpose, patient or self.actor.patient, action).allow

    def require(self, action: Action, patient: str | None, target: str) -> None:
        """Decide on ``action`` and log it, for what `Bogam` has no method of its own for.

        Raises
        ------
        Refused
            When it is not allowed.
        """
        self.bogam.require(action, patient=patient, target=target, **self.asks)

    def reason(self, refusal: Refused) -> str:
        """Return why something was refused, in the reader's language."""
        return refusal.decision.reason_ko if self.language == "ko" else refusal.decision.reason

    def page(self, template: str, *, status: int = 200, at: str = "", **context: Any) -> HTMLResponse:
        """Render a page in the frame, ``at`` the navigation's entry that it belongs to."""
        return self.site.page(self.request, template, self._frame(at) | context, language=self.language, status=status)

    def part(self, template: str, **context: Any) -> HTMLResponse:
        """Render a fragment."""
        shared: dict[str, Any] = {"csrf": self.session.csrf, "actor": self.actor, "may": _permissions(self)}
        return self.site.page(self.request, template, shared | context, language=self.language)

    def _frame(self, at: str) -> dict[str, Any]:
        said = self.request.query_params.get("said", "")
        told = self.words.get(f"said.{said}", "")
        listing = self.may(Action.list) and self.actor.role is not Role.patient
        return {
            "actor": self.actor,
            "purpose": self.purpose,
            "purposes": purposes(self.actor.role),
            "csrf": self.session.csrf,
            "may": _permissions(self),
            "waiting": self.bogam.waiting(**self.asks) if listing else 0,
            "here_in": at,
            "said": ("ok", told) if told else None,
        }


def purposes(role: Role) -> tuple[Purpose, ...]:
    """Return the purposes of use open to a role, the usual one first."""
    return tuple(purpose for each, purpose in PERMITTED if each is role)


def emergency(site: Site, token: str, until: int) -> str:
    """Return the purpose cookie of an emergency whose reason was given; only the server makes it, for one session."""
    said = f"{Purpose.emergency.value}.{until}"
    return f"{said}.{hmac.digest(site.secret, f'{said}.{token}'.encode(), 'sha256').hex()}"


def visit(request: Request) -> Visit:
    """Return the visit of a signed-in person.

    Raises
    ------
    NotSignedIn
        When there is no session, or it has ended.
    """
    site = site_of(request)
    token = request.cookies.get(SESSION_COOKIE, "")
    session = site.bogam.users.sessions.get(token) if token else None
    if session is None:
        raise NotSignedIn
    open_to = purposes(session.actor.role)
    chosen = request.cookies.get(PURPOSE_COOKIE, "")
    if chosen.startswith(Purpose.emergency.value):
        until = chosen.split(".")[1] if chosen.count(".") == 2 else ""
        sound = (
            until.isdecimal()
            and len(until) < 16
            and hmac.compare_digest(chosen.encode(), emergency(site, token, int(until)).encode())
        )
        chosen = Purpose.emergency.value if sound and int(until) > time.time() else ""
    purpose = next((each for each in open_to if each.value == chosen), open_to[0])
    return Visit(request, site, session, purpose, language_of(request))


async def read_form(request: Request) -> dict[str, str]:
    """Read an urlencoded form of bounded size.

    Raises
    ------
    BadForm
        When it is another kind of body, or a large one.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise BadForm("type")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            raise BadForm("large")
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise BadForm("type") from error


def posted(
    visit: Annotated[Visit, Depends(visit)], form: Annotated[dict[str, str], Depends(read_form)]
) -> dict[str, str]:
    """Return a form whose CSRF token is that of the session.

    Raises
    ------
    BadForm
        When the token is missing or another's.
    """
    given = form.pop("csrf", "") or visit.request.headers.get("x-csrf-token", "")
    if not visit.session.csrf_matches(given):
        raise BadForm("csrf")
    return form


Visiting = Annotated[Visit, Depends(visit)]
Posted = Annotated[dict[str, str], Depends(posted)]


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that may carry a file. ``file`` is None when none was chosen."""

    fields: dict[str, str]
    file: UploadFile | None


def uploaded(action: Action, target: str) -> Callable[[Request, Visit], AsyncIterator[Upload]]:
    """Make the dependency that reads a multipart form (RFC 7578) of a person who may do ``action``.

    Who asks is settled before the first byte of the form is read, so that a stranger cannot fill the disk. A file is
    kept on disk, however large, and is gone after the answer.
    """

    async def read(request: Request, visit: Visiting) -> AsyncIterator[Upload]:
        if not visit.may(action):
            visit.require(action, None, target)
        form = await _multipart(request)
        try:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
            if not visit.session.csrf_matches(fields.pop("csrf", "") or request.headers.get("x-csrf-token", "")):
                raise BadForm("csrf")
            files = [each for each in form.values() if isinstance(each, UploadFile) and each.filename]
            yield Upload(fields, files[0] if files else None)
        finally:
            await form.close()

    return read


async def _multipart(request: Request) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadForm("type")
    try:
        return await request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_TEXT)
    except HTTPException as error:
        raise BadForm("large" if "maximum size" in error.detail else "type") from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise BadForm("disk") from error
        raise


def local(path: str, default: str = "/") -> str:
    """Return ``path`` when it leads to a page of this server, else ``default``: redirects never leave the house."""
    safe = (
        path.startswith("/") and not path.startswith("//") and not any(ord(sign) < 33 or sign == "\\" for sign in path)
    )
    return path if safe else default


def see(path: str, *, said: str = "", anchor: str = "") -> Response:
    """Send the browser on to ``path`` after a form was handled, with what to say there."""
    query = f"{'&' if '?' in path else '?'}{urlencode({'said': said})}" if said else ""
    return RedirectResponse(f"{path}{query}{f'#{anchor}' if anchor else ''}", status_code=303)


def _permissions(visit: Visit) -> dict[str, bool]:
    return {
        "list": visit.may(Action.list),
        "run": visit.may(Action.run),
        "edit": visit.may(Action.edit),
        "sign": visit.may(Action.sign),
        "reject": visit.may(Action.reject),
        "export": visit.may(Action.export),
        "deidentify": visit.may(Action.deidentify),
        "audit": visit.may(Action.read_audit) or visit.may(Action.verify_audit),
        "read_audit": visit.may(Action.read_audit),
        "users": visit.may(Action.manage_users),
        "quarantine": visit.may(Action.quarantine),
        "load": visit.may(Action.load),
        "map": visit.may(Action.map),
        "look_up": visit.may(Action.look_up),
        "configure": visit.may(Action.configure),
    }
