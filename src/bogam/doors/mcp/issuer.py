"""Access tokens of the hospital's own authorization server: JSON Web Tokens, checked against its published keys.

The table ``[mcp]`` of the home folder's ``config.toml``::

    [mcp]
    issuer = "https://login.hospital.example/realms/care"     # as the tokens' iss has it
    audience = "https://bogam.hospital.example/mcp"           # this server's address, as clients write it
    jwks_file = "/etc/bogam/jwks.json"                        # or jwks_url = "https://login.hospital.example/..."
    proxy = "http://proxy.hospital.example:3128"              # for jwks_url, where the hospital has one
    user_claim = "preferred_username"                         # the claim that is a user name here; sub when absent
    fhir_base = "https://fhir.hospital.example/r4"            # where fhirUser must be, where the tokens have one

A token must name this issuer and this audience (RFC 8707, RFC 9068), be signed with one of the issuer's keys, and not
have expired. Whose it is says ``fhirUser`` (Practitioner or Patient, as one account here names it) where the token has
one, and else the claim that ``user_claim`` names, which must be a user name here; that user's role decides what may be
done. Name a claim that people cannot change themselves at the authorization server.
"""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx
import jwt
import orjson

from bogam.access.decide import main_purpose
from bogam.access.identity import Actor, Purpose
from bogam.access.users import Users
from bogam.app import BadRequest
from bogam.doors.mcp.scopes import Scopes
from bogam.sources.answer import Closed
from bogam.sources.outside.gate import client

_SIGNED_WITH: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Asymmetric ones alone: with a shared secret, whoever checks could also make."""
_KEYS_STAND_S: Final = 3600.0
_KEYS_STAND_AWAY_S: Final = 24 * 3600.0
"""How long keys are good while newer ones cannot be read, so that a key that was taken back does not stay good."""
_ASK_AGAIN_S: Final = 60.0
_LEEWAY_S: Final = 30
_LARGEST_SET: Final = 1 << 20
_FIELDS: Final = ("issuer", "audience", "jwks_file", "jwks_url", "proxy", "user_claim", "fhir_base")
_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")


class IssuerError(BadRequest):
    """A table [mcp] that cannot be used; the message names the field."""


class TokenInvalid(Exception):
    """A token that is none of this issuer's, for this server, at this time."""


class NoAccount(Exception):
    """A valid token whose user has no open account here."""


class KeysAway(Exception):
    """The issuer's keys cannot be read, so no token can be checked."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The table [mcp] of config.toml."""

    issuer: str
    audience: str
    jwks_file: str = ""
    jwks_url: str = ""
    proxy: str = ""
    user_claim: str = "sub"
    fhir_base: str = ""


def configured(home: Path) -> Setting | None:
    """Return the issuer that is configured, or None.

    Raises
    ------
    IssuerError
        When the table lacks something, or has what it does not know.
    """
    place = home / "config.toml"
    try:
        table = tomllib.loads(place.read_text("utf-8")).get("mcp") if place.exists() else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IssuerError(f"{place.name} cannot be read: {error}.") from error
    if table is None:
        return None
    values = cast("dict[str, Any]", table) if isinstance(table, dict) else {}
    wrong = [name for name, value in values.items() if name not in _FIELDS or not isinstance(value, str)]
    if wrong:
        raise IssuerError(f"config.toml: mcp.{wrong[0]} is not understood. Known, all text: {', '.join(_FIELDS)}.")
    found = Setting(**{"issuer": "", "audience": "", **values})
    for name in ("issuer", "audience"):
        if not getattr(found, name).startswith(("https://", "http://")):
            raise IssuerError(f"config.toml: mcp.{name} must be the address that tokens carry, with https://.")
    if bool(found.jwks_file) == bool(found.jwks_url):
        raise IssuerError("config.toml: mcp needs jwks_file or jwks_url, and not both: the issuer's public keys.")
    if found.jwks_url and not _kept_whole(found.jwks_url):
        raise IssuerError("config.toml: mcp.jwks_url must be https: who changes the keys on the way makes tokens.")
    if not found.user_claim:
        raise IssuerError("config.toml: mcp.user_claim is empty: name the claim that is a user name here, such as sub.")
    return found


def _kept_whole(url: str) -> bool:
    """Whether nobody on the way can change what comes from an address: over TLS, or from this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _THIS_MACHINE))


@dataclass(frozen=True, slots=True)
class Granted:
    """What a valid token says: whose it is and what for, its scopes, and which client it was given to."""

    actor: Actor
    purpose: Purpose
    scopes: Scopes
    client: str


class Issuer:
    """Checks the tokens of one issuer.

    Parameters
    ----------
    clock
        Seconds since 1970 UTC, for how old the keys are.
    """

    def __init__(self, setting: Setting, users: Users, *, clock: Callable[[], float] = time.time) -> None:
        self.setting = setting
        self._users = users
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def verify(self, token: str) -> Granted:
        """Return what a token grants.

        Raises
        ------
        TokenInvalid, NoAccount, KeysAway
            When it cannot be relied on, when its user has no account, when the keys cannot be had.
        """
        claims = self._claims(token)
        scopes = _scopes(claims.get("scope", claims.get("scp", "")))
        patient = claims.get("patient", "")
        actor = self._actor(claims)
        named = Scopes.of(scopes, patient if isinstance(patient, str) else "")
        client = claims.get("client_id", claims.get("azp", ""))
        return Granted(actor, main_purpose(actor.role), named, client if isinstance(client, str) else "")

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = self._key(str(header.get("kid", "")))
            return jwt.decode(
                token,
                key,
                algorithms=_SIGNED_WITH,
                audience=self.setting.audience,
                issuer=self.setting.issuer,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise TokenInvalid(str(error)) from error

    def _key(self, kid: str) -> jwt.PyJWK:
        """Return the issuer's key of that id; its keys are read again when they are old, or the id is new."""
        with self._lock:
            now = self._clock()
            old = now - self._read_at > _KEYS_STAND_S
            if (old or kid not in self._keys) and now - self._asked_at > _ASK_AGAIN_S:
                self._asked_at = now
                try:
                    self._keys, self._read_at = self._published(), now
                except KeysAway:
                    if now - self._read_at > _KEYS_STAND_AWAY_S:
                        raise
            if now - self._read_at > _KEYS_STAND_AWAY_S:
                raise KeysAway("The keys of the authorization server cannot be read.")
            if kid not in self._keys:
                raise TokenInvalid("It is signed with a key that the issuer does not publish.")
            return self._keys[kid]

    def _published(self) -> dict[str, jwt.PyJWK]:
        try:
            keys = jwt.PyJWKSet.from_dict(orjson.loads(self._document())).keys
        except (OSError, httpx.HTTPError, Closed, ValueError, jwt.PyJWTError, AttributeError, TypeError) as error:
            raise KeysAway(f"The keys of the authorization server cannot be read: {error}.") from error
        return {key.key_id or "": key for key in keys}

    def _document(self) -> bytes:
        if self.setting.jwks_file:
            return Path(self.setting.jwks_file).expanduser().read_bytes()
        with client(self.setting.jwks_url, self.setting.proxy, timeout_s=10.0) as through:
            answer = through.get(self.setting.jwks_url)
            answer.raise_for_status()
            if len(answer.content) > _LARGEST_SET:
                raise OSError("the set of keys is larger than a megabyte")
            return answer.content

    def _actor(self, claims: dict[str, Any]) -> Actor:
        if claims.get("fhirUser"):
            return self._of_record(claims["fhirUser"])
        name = claims.get(self.setting.user_claim)
        user = self._users.get(name) if isinstance(name, str) else None
        if user is None or user.disabled:
            told = f'The user "{str(name)[:80]}" ({self.setting.user_claim}) of this token has no open account here.'
            raise NoAccount(told)
        return user.actor

    def _of_record(self, named: Any) -> Actor:
        """Return whose account names this Practitioner or Patient: an address at the base that is configured, if any.

        Another name in the token does not stand in for one that nobody here has.
        """
        base, kind, id = ["", "", *str(named).rstrip("/").rsplit("/", 2)][-3:]
        where = self.setting.fhir_base.rstrip("/")
        own = {"Practitioner": "practitioner", "Patient": "patient"}.get(kind)
        accounts = self._users.list() if own and id and (not where or base in ("", where)) else []
        found = [each.actor for each in accounts if not each.disabled and getattr(each.actor, own or "") == id]
        if len(found) != 1:
            raise NoAccount(f'The fhirUser "{str(named)[:120]}" of this token has no open account of its own here.')
        return found[0]


def _scopes(given: Any) -> list[str]:
    """Return the scopes of a claim: one text (RFC 8693), or a list of texts as some servers write it."""
    listed = given.split() if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in cast("list[Any]", listed)):
        raise TokenInvalid("Its scope is not text.")
    return cast("list[str]", listed)
