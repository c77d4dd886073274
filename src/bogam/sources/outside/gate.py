"""The gate that every connection to the outside passes: one configured host for each source, nothing else."""

from __future__ import annotations

import httpx

from bogam.sources.answer import Closed


def _place(url: httpx.URL) -> tuple[str, str, int]:
    port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
    return url.scheme, url.host, port


class GateTransport(httpx.BaseTransport):
    """Lets requests to one scheme, host and port through, and refuses all others before a connection is made."""

    def __init__(self, base: str, through: httpx.BaseTransport) -> None:
        self._open = _place(httpx.URL(base))
        self._through = through

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if _place(request.url) != self._open:
            scheme, host, port = self._open
            raise Closed(f"{request.url.host} is not allowed: only {scheme}://{host}:{port} was configured.")
        return self._through.handle_request(request)

    def close(self) -> None:
        self._through.close()


def client(base: str, proxy: str = "", timeout_s: float = 20.0) -> httpx.Client:
    """Return a client that reaches the host of ``base`` alone; no setting of the environment changes that.

    Raises
    ------
    Closed
        When ``base`` is no http(s) address.
    """
    url = _address(base)
    if url.scheme not in ("https", "http") or not url.host:
        raise Closed(f'"{base}" is no address: it must begin with https:// or http:// and name a host.')
    if url.userinfo or url.query or url.fragment:
        raise Closed(f"The address of {url.host} must end with its path: a key belongs into a key file.")
    through = httpx.HTTPTransport(proxy=_proxy(proxy), trust_env=False, limits=httpx.Limits(max_connections=8))
    return httpx.Client(
        transport=GateTransport(base, through),
        timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
        follow_redirects=True,
        max_redirects=3,
        trust_env=False,
        headers={"User-Agent": "bogam (on-premises clinical platform)", "Accept-Encoding": "gzip, deflate"},
    )


def _address(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise Closed(f'"{text[:80]}" is no address: {error}.') from error


def _proxy(address: str) -> httpx.Proxy | None:
    if not address:
        return None
    try:
        return httpx.Proxy(_address(address))
    except ValueError as error:
        raise Closed(f"sources.proxy in config.toml is no proxy that can be used: {error}.") from error
