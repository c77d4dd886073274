"""One conversation with a live source: rate limit, retries, cache, and what can go wrong told apart."""

from __future__ import annotations

import random
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import httpx
import orjson
from defusedxml import DefusedXmlException

from bogam.sources.answer import BadQuery, Closed, Upstream
from bogam.sources.outside.kept import Kept, Response
from bogam.sources.outside.token import Token

_ATTEMPTS: Final = 4
_LARGEST: Final = 32 << 20
_LONGEST_S: Final = 60.0
SKEW_S: Final = 300
"""Clocks that differ by more make the age of an answer unknown."""
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_PATIENCE_S: Final = 30.0
"""Seconds that one conversation may spend waiting; beyond, the source is told to be failing."""

Params = Mapping[str, str | int | Sequence[str]]


class Pace:
    """Spaces requests so that a source is asked no more often than it allows, whoever asks.

    ``clock`` gives seconds and never goes backwards.
    """

    def __init__(self, per_second: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._gap = 1 / per_second
        self._clock, self._sleep = clock, sleep
        self._free = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            now = self._clock()
            turn = max(now, self._free)
            self._free = turn + self._gap
        if turn > now:
            self._sleep(turn - now)


@dataclass(frozen=True, slots=True)
class Line:
    """What a live source is reached by. ``key`` is for the source to place where its publisher wants it."""

    source: str
    base: str
    client: httpx.Client
    kept: Kept
    pace: Pace
    fresh_s: int
    key: str = field(default="", repr=False)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    patience_s: float = _PATIENCE_S
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What ``config.toml`` says besides, for the source to read."""
    token: Token = field(default_factory=Token, repr=False)
    """What the source lets us in with until it runs out, where it gives such a thing out."""


class Reply:
    """A response that has a status the caller expects. Raises `Upstream` where the body is not what was asked for.

    ``link`` is its Link header (RFC 8288), empty where there is none.
    """

    def __init__(self, url: str, status: int, body: bytes, link: str = "") -> None:
        self.url, self.status, self.body, self.link = url, status, body, link

    def json(self) -> Any:
        """Return the body decoded as JSON."""
        if self.body.lstrip()[:1] == b"<":
            raise Upstream(f"{_host(self.url)} sent a web page or XML where JSON was due. Try again later.")
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise Upstream(f"{_host(self.url)} sent damaged JSON ({error}). Try again later.") from None

    def object(self) -> dict[str, Any]:
        """Return the body as a JSON object."""
        found = self.json()
        if not isinstance(found, dict):
            raise Upstream(f"{_host(self.url)} sent JSON that is no object. Its interface may have changed.")
        return cast(dict[str, Any], found)

    def xml(self) -> Element:
        """Return the root of the body as XML; entities and external references are refused."""
        if self.body.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
            raise Upstream(f"{_host(self.url)} sent a web page where XML was due. Try again later.")
        try:
            return defusedxml.ElementTree.fromstring(self.body, forbid_dtd=False)
        except (defusedxml.ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            raise Upstream(f"{_host(self.url)} sent damaged XML ({error}). Try again later.") from None


class Http:
    """One conversation with one source. The backend asks through it, and afterwards it knows how old the answer is.

    Responses are kept only by `commit`, after the backend found sense in them, so that a failure told with status 200
    is never cached.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self.key = line.key
        self.more = line.more
        self.token = line.token
        self.base = line.base.rstrip("/")
        self.first_url = ""
        self.oldest: float | None = None
        """When the oldest part of the answer came (seconds since the epoch)."""
        self.cached = True
        """Whether every part came from the cache."""
        self.doubt = ""
        """Why the age of the answer cannot be relied on."""
        self._fresh: list[tuple[str, Response]] = []
        self._waited = 0.0

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        ok: Sequence[int] = (200,),
        headers: Mapping[str, str] | None = None,
        keep: bool = True,
        **hidden: str,
    ) -> Reply:
        """GET ``path`` below the base URL.

        Parameters
        ----------
        params
            Query parameters; those with an empty value are left out.
        ok
            Statuses that the caller interprets itself. All others raise `Upstream`.
        headers
            Further headers; like ``hidden`` part of no cache key.
        keep
            Whether the answer may come from the cache and go there; not for a token.
        hidden
            Further parameters that are part of no cache key and of no URL shown, such as a key.

        Raises
        ------
        Upstream
            When the source cannot be reached, fails after retries, refuses the key, or answers another status.
        """
        given = {name: value for name, value in (params or {}).items() if value not in ("", ())}
        shown = self._address(path).copy_merge_params(given) if given else self._address(path)
        secret = {name: value for name, value in hidden.items() if value}
        return self._ask("GET", shown, ok, params={**given, **secret}, headers=headers, keep=keep)

    def post(
        self, path: str, body: Any, *, ok: Sequence[int] = (200,), headers: Mapping[str, str] | None = None
    ) -> Reply:
        """POST a JSON body; otherwise as `get`. Only for questions: what is asked twice is answered from the cache."""
        return self._ask("POST", self._address(path), ok, content=orjson.dumps(body), headers=headers)

    def commit(self) -> None:
        """Keep the responses of this conversation."""
        if self._fresh:
            self._line.kept.keep_responses(self._line.source, self._fresh)
            self._fresh = []

    def _address(self, path: str) -> httpx.URL:
        try:
            return httpx.URL(self.base + path)
        except httpx.InvalidURL as error:
            raise BadQuery(f"{self._line.source} cannot be asked this: it makes no address ({error}).") from error

    def _ask(
        self,
        method: str,
        shown: httpx.URL,
        ok: Sequence[int],
        *,
        params: Params | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        keep: bool = True,
    ) -> Reply:
        self.first_url = self.first_url or str(shown)
        key = f"{self._line.source} {method} {shown} {content.decode() if content else ''}"
        now = self._line.clock()
        kept = self._line.kept.response(key) if keep else None
        if kept is not None and kept.status in ok and 0 <= now - kept.at < self._line.fresh_s:
            self._note(kept.at)
            return Reply(str(shown), kept.status, kept.body, kept.link)
        url = shown.copy_with(query=None) if params else shown
        sent = {"Content-Type": "application/json", **(headers or {})} if content else dict(headers or {})
        request = self._line.client.build_request(
            method, url, params=dict(params) if params else None, content=content, headers=sent
        )
        try:
            made = self._sent(request, ok)
        except Upstream as error:
            if kept is None or kept.status not in ok or kept.at > now:
                raise
            self._note(kept.at)
            self.doubt = f"{error} What is shown was fetched earlier."
            return Reply(str(shown), kept.status, kept.body, kept.link)
        self.cached = False
        self._note(made.at)
        if keep:
            self._fresh.append((key, made))
        return Reply(str(shown), made.status, made.body, made.link)

    def _note(self, at: float) -> None:
        self.oldest = at if self.oldest is None else min(self.oldest, at)

    def _sent(self, request: httpx.Request, ok: Sequence[int]) -> Response:
        """Send with retries; a wait that the source asks for is honoured while patience lasts."""
        host, problem = request.url.host, ""
        for attempt in range(_ATTEMPTS):
            wait = 0.5 * 2**attempt * random.uniform(0.8, 1.2)
            self._line.pace.wait()
            began = time.monotonic()
            try:
                status, headers, body = self._once(request)
            except Closed as error:
                raise Upstream(f"{host} sent us elsewhere, which is not allowed: {error}") from error
            except httpx.TimeoutException:
                problem = f"{host} did not answer in time"
            except (httpx.TransportError, httpx.DecodingError, httpx.TooManyRedirects, httpx.InvalidURL) as error:
                problem = f"{host} cannot be reached or broke off ({type(error).__name__})"
            else:
                if status in ok:
                    return Response(status, body, self._line.clock(), headers.get("link", ""))
                if status not in _AGAIN:
                    raise Upstream(self._refusal(host, status, body))
                problem = f"{host} answered with status {status}"
                wait = max(wait, _asked_to_wait(headers))
            if attempt + 1 == _ATTEMPTS:
                break
            self._waited += time.monotonic() - began
            if self._waited + wait > self._line.patience_s:
                raise Upstream(f"{problem}; it may be asked again in {wait:.0f} seconds.")
            self._waited += wait
            self._line.sleep(wait)
        raise Upstream(f"{problem}, {_ATTEMPTS} times. Try again later.")

    def _once(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        response = self._line.client.send(request, stream=True)
        try:
            self._compare_clocks(response.headers)
            body = _body(response, request.url.host)
        finally:
            response.close()
        return response.status_code, response.headers, body

    def _refusal(self, host: str, status: int, body: bytes) -> str:
        """Say what a source said beside a status that means no; never the key, which some repeat."""
        said = " ".join(body[:400].decode("utf-8", "replace").split())
        if self.key:
            said = said.replace(self.key, "…")
        quoted = f": “{said[:160]}”" if said and not said.startswith("<") else ""
        if status in (401, 403):
            return f"{host} refused access (status {status}){quoted}. Check the key in config.toml."
        return f"{host} answered with status {status}{quoted}."

    def _compare_clocks(self, headers: httpx.Headers) -> None:
        theirs = _moment(headers.get("date", ""))
        if theirs is None:
            return
        age = headers.get("age", "")
        apart = abs(self._line.clock() - theirs - (int(age) if _figures(age) else 0))
        if apart > SKEW_S:
            self.doubt = (
                f"The clocks of this machine and of {self._line.source} differ by {_span(apart)}, "
                "so the age of the answer is not known. Set this machine's clock."
            )


def _host(url: str) -> str:
    return httpx.URL(url).host


def _body(response: httpx.Response, host: str) -> bytes:
    """Read a body of bounded size, plain or in one layer of gzip or deflate, never unpacking more than the bound."""
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Upstream(f"{host} sent a body packed as “{packed[:40]}”, which was not asked for.")
    unpack = zlib.decompressobj(47) if packed not in ("", "identity") else None
    body, started = bytearray(), time.monotonic()
    for part in response.iter_raw():
        try:
            body += unpack.decompress(part, _LARGEST + 1 - len(body)) if unpack else part
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error
        if time.monotonic() - started > _LONGEST_S:
            raise httpx.ReadTimeout("too slow")
        if len(body) > _LARGEST:
            raise Upstream(f"{host} sent more than {_LARGEST >> 20} MB. Ask for fewer items.")
    if unpack is not None and body and not unpack.eof:
        raise httpx.DecodingError("the packed body is cut off")
    return bytes(body)


def _asked_to_wait(headers: httpx.Headers) -> float:
    """Return the seconds of Retry-After; a date there is read against the server's own clock."""
    asked = headers.get("retry-after", "").strip()
    if _figures(asked):
        return float(asked)
    until, theirs = _moment(asked), _moment(headers.get("date", ""))
    if until is None:
        return 0.0
    return max(0.0, until - (theirs if theirs is not None else time.time()))


def _figures(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _moment(date: str) -> float | None:
    try:
        found = parsedate_to_datetime(date)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _span(seconds: float) -> str:
    for name, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"


def instant(at: float) -> str:
    """Return seconds since the epoch as ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
