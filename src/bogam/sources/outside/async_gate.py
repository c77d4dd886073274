"""The gate (see `bogam.sources.outside.gate`) for the HTTP client of the MCP SDK, which is asynchronous and httpx2."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from email.utils import parsedate_to_datetime

import httpx2

from bogam.sources.answer import Closed, Upstream

Place = tuple[str, str, int]


class AsyncGate(httpx2.AsyncBaseTransport):
    """Lets requests to the configured places through, and refuses all others before a connection is made.

    Parameters
    ----------
    bases
        Addresses whose scheme, host and port are open.
    most
        Bytes that one response may have. A packed response is refused: its size could not be bounded.

    Notes
    -----
    ``refused`` is the last status of 400 or more, ``said`` when the server last said it was (seconds since the epoch).
    """

    def __init__(self, bases: Sequence[str], through: httpx2.AsyncBaseTransport, most: int) -> None:
        self._open = [_place(base) for base in bases]
        self._through, self._most = through, most
        self.refused = 0
        self.said: float | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if _place(str(request.url)) not in self._open:
            known = ", ".join(f"{scheme}://{host}:{port}" for scheme, host, port in self._open)
            raise Closed(f"{request.url.host} is not allowed: only {known} was configured.")
        response = await self._through.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise Upstream(f"{request.url.host} sent a packed answer although it was asked for a plain one.")
        if response.status_code >= 400:
            self.refused = response.status_code
        self.said = _moment(response.headers.get("date", ""))
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Bounded(response.stream, self._most, request.url.host),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._through.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, most: int, host: str) -> None:
        self._stream, self._most, self._host = stream, most, host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for part in self._stream:
            seen += len(part)
            if seen > self._most:
                raise Upstream(f"{self._host} sent more than {self._most >> 20} MB. Ask for less.")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def gated(bases: Sequence[str], proxy: str, most: int) -> AsyncGate:
    """Return a gate that is open to ``bases`` alone; no setting of the environment changes that.

    Raises
    ------
    Closed
        When one of them is no http(s) address.
    """
    for base in bases:
        scheme, host, _ = _place(base)
        if scheme not in ("https", "http") or not host:
            raise Closed(f'"{base[:80]}" is no address: it must begin with https:// or http:// and name a host.')
        url = httpx2.URL(base)
        if url.userinfo or url.query or url.fragment:
            raise Closed(f"The address of {host} must end with its path: a key belongs into `token`.")
    through = httpx2.AsyncHTTPTransport(proxy=proxy or None, trust_env=False)
    return AsyncGate(bases, through, most)


def _place(text: str) -> Place:
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL as error:
        raise Closed(f'"{text[:80]}" is no address: {error}.') from error
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme, 0)


def _moment(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return None
