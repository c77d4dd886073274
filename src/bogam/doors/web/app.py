"""The application: pages, static files, and the REST and FHIR doors on the same port."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from bogam.app import Bogam
from bogam.doors.api import fhir, rest
from bogam.doors.mcp.http import Mounted
from bogam.doors.web.pages import (
    ask,
    audit,
    coding,
    deidentify,
    drafts,
    errors,
    library,
    load,
    maps,
    patient,
    quarantine,
    session,
    sources,
    terms,
    transcript,
    users,
    ward,
)
from bogam.doors.web.program import actor_of
from bogam.doors.web.security import KnownHosts, SafeHeaders
from bogam.doors.web.site import STATIC, Site

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_PAGES: Final = (
    session,
    ward,
    patient,
    transcript,
    coding,
    drafts,
    ask,
    library,
    deidentify,
    audit,
    users,
    load,
    quarantine,
    terms,
    sources,
    maps,
)


def create(bogam: Bogam, *, hosts: Iterable[str] = LOOPBACK) -> FastAPI:
    """Return the web application for ``bogam``.

    Parameters
    ----------
    hosts
        The names by which people open it, without ports. Requests for any other are answered with 421, so that a page
        of another site cannot reach this server through a name of its own (DNS rebinding).
    """
    names = tuple(hosts)
    middleware = [Middleware(SafeHeaders), Middleware(KnownHosts, hosts=names)]
    mcp = Mounted(bogam, actor_of, names)
    app = FastAPI(
        title="Bogam",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        middleware=middleware,
        lifespan=mcp.lifespan,
    )
    app.state.mcp = mcp
    app.router.routes.extend(mcp.routes)
    ways = frozenset(route.path for page in _PAGES for route in page.router.routes if isinstance(route, Route))
    site = Site.of(bogam, ways)
    app.state.site = site
    app.mount(site.static, StaticFiles(directory=STATIC))
    for page in _PAGES:
        app.include_router(page.router)
    app.include_router(rest.router(bogam, actor_of))
    app.include_router(fhir.router(bogam, actor_of))
    errors.install(app)
    return app
