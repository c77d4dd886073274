"""JSON as the record needs it: digits kept as written, and RFC 6901 pointers."""

from __future__ import annotations

from typing import Any, Final

import msgspec


class Number(str):
    """A JSON number with a fraction or an exponent, its digits as the sender wrote them.

    FHIR decimals carry their precision: 4.10 and 4.1 are different values. ``float(number)`` computes with it.
    """

    __slots__ = ()


_decoder: Final = msgspec.json.Decoder(float_hook=Number)


def decode(body: bytes) -> Any:
    """Decode JSON. Whole numbers become ``int``, all other numbers `Number`.

    Raises
    ------
    msgspec.DecodeError
        When ``body`` is not one well-formed JSON value.
    """
    return _decoder.decode(body)


class PointerError(LookupError):
    """A JSON pointer that leads nowhere."""


def tokens(pointer: str) -> list[str]:
    """Split an RFC 6901 pointer into its reference tokens."""
    if pointer == "":
        return []
    if not pointer.startswith("/"):
        raise PointerError(f'"{pointer}" is no JSON pointer: it must be empty or start with "/"')
    parts = pointer[1:].split("/")
    return [part.replace("~1", "/").replace("~0", "~") for part in parts] if "~" in pointer else parts


def point(value: Any, pointer: str) -> Any:
    """Return what ``pointer`` (RFC 6901) leads to within a decoded JSON ``value``.

    Raises
    ------
    PointerError
        When a token names no member or element.
    """
    found: Any = value
    for token in tokens(pointer):
        try:
            found = found[int(token) if found.__class__ is list else token]
        except (KeyError, IndexError, ValueError, TypeError):
            raise PointerError(f'"{pointer}" leads nowhere: no "{token}"') from None
    return found


def text(value: Any) -> str:
    """Return a leaf as the text that citations count code points in.

    Strings are themselves, numbers their digits, booleans ``true`` and ``false``.

    Raises
    ------
    PointerError
        For an object, an array or null: only leaves can be quoted.
    """
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    raise PointerError(f"a {type(value).__name__} cannot be quoted: point at a leaf")
