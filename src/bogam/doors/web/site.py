"""What all pages share: the templates, the static files, and the Bogam behind them."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, cast

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bogam.app import Bogam
from bogam.doors.web.view import entry, evidence, moment
from bogam.doors.web.words import NAMES, Language, known, negotiated, words
from bogam.evidence.draft import Draft

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
LANGUAGE_COOKIE: Final = "bogam_language"


def _digest(folder: Path) -> str:
    """Digest of all static files: part of their path, so that a browser may keep them for good."""
    whole = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed, what for (``ask`` or ``consider``), and its answer."""

    mode: Literal["ask", "consider"]
    words: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Site:
    """One per application; handlers find it at ``request.app.state.site``."""

    bogam: Bogam
    templates: Environment
    static: str
    ways: frozenset[str] = frozenset()
    """The paths of all routes of the pages, as they are registered: ``/patients/{id}/coding``."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs what a browser keeps and must not make up. A restart makes a new one."""
    noted: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict[tuple[str, str], int])
    """How many conflicts the summary of (patient, evidence hash) found; the newest asked for last."""
    asked: OrderedDict[tuple[str, str], Asked] = field(default_factory=OrderedDict[tuple[str, str], Asked], repr=False)
    """Answers just given, by (user, draft): a page shows them without the question in its address."""

    @classmethod
    def of(cls, bogam: Bogam, ways: frozenset[str] = frozenset()) -> Site:
        templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        filters = cast(dict[str, Any], templates.filters)
        filters |= {"moment": moment.shown, "clock": moment.clock, "day": moment.day, "source_of": evidence.way}
        filters |= {"noted": entry.noted}
        return cls(bogam, templates, f"/static/{_digest(STATIC)}", ways)

    def page(
        self, request: Request, template: str, context: Mapping[str, Any], *, language: Language, status: int = 200
    ) -> HTMLResponse:
        """Render one page or fragment."""
        text = words(language)
        shared = {"t": text, "language": language, "languages": NAMES, "static": self.static, "path": request.url.path}
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        body = self.templates.get_template(template).render(shared | {"here": here} | dict(context))
        return HTMLResponse(body, status, {"Content-Language": language, "Vary": "Cookie, Accept-Language, HX-Request"})


def site_of(request: Request) -> Site:
    """Return the site of the application that answers ``request``."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def language_of(request: Request) -> Language:
    """Return the language a person chose, else the one the browser prefers."""
    chosen = known(request.cookies.get(LANGUAGE_COOKIE))
    return chosen or negotiated(request.headers.get("accept-language", ""))
