"""The formats of R4's primitive types (https://hl7.org/fhir/R4/datatypes.html), stricter than its patterns where its
text is.

Dates must exist in the calendar; strings hold no control characters but tab, line feed and carriage return.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from re import compile as pattern
from re import escape
from typing import Final

from bogam.record.r4 import definitions

MAX_STRING: Final = 1024 * 1024
"""Code points in a string or markdown, by the R4 text. Narratives and base64 have no limit of their own."""
MAX_DIGITS: Final = 99
"""Digits in a row in a number or anywhere in one number. R4 asks for 18 significant digits at least and names no
most."""
MAX_DECIMAL: Final = 1e99

_YEAR: Final = r"(?:[1-9][0-9]{3}|0(?!000)[0-9]{3})"
_LEAP: Final = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY: Final = (
    rf"(?:{_YEAR}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    rf"|{_LEAP}-02-29)"
)
_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_MONTH: Final = rf"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"
_ID: Final = r"[A-Za-z0-9\-.]{1,64}"


def _reference() -> str:
    types = sorted(
        definitions.resources(), key=lambda name: (name not in ("Patient", "Encounter", "Practitioner"), name)
    )
    relative = rf"(?:{'|'.join(map(escape, types))})(?:/{_ID}(?:/_history/{_ID})?|\?\S+)"
    urn = r"urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+"
    return rf"{urn}|{relative}|#\S*|(?!urn:(?:uuid|oid):)[A-Za-z][A-Za-z0-9+.\-]*:\S+"


PATTERNS: Final = {
    "base64Binary": r"[0-9a-zA-Z+/=\s]+",
    "canonical": r"\S+",
    "code": r"\S+(?: \S+)*",
    "date": rf"(?:{_DAY}|{_MONTH})",
    "dateTime": rf"(?:{_DAY}(?:T{_TIME}{_ZONE})?|{_MONTH})",
    "id": _ID,
    "instant": rf"{_DAY}T{_TIME}{_ZONE}",
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+",
    "reference": _reference(),
    "time": _TIME,
    "uri": r"\S+",
    "url": r"\S+",
    "uuid": r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "xhtml": r"\s*<div[\s>/](?s:.*)",
}
"""What the whole of a string must be. ``reference`` is Reference.reference, which R4 types as a plain string."""

EXPECTED: Final = {
    "base64Binary": "base64",
    "canonical": "a canonical URL without spaces",
    "code": "a code: no spaces at the ends, none doubled",
    "date": "a date that exists: YYYY, YYYY-MM or YYYY-MM-DD",
    "dateTime": "a date that exists, or one with a time and zone: 2019-03-01T08:30:00+09:00",
    "id": "an id: 1 to 64 letters, digits, hyphens and dots",
    "instant": "an instant with date, time and zone: 2019-03-01T08:30:00.000Z",
    "oid": "an OID: urn:oid:1.2.3",
    "reference": "a reference: Type/id of a type in R4, an absolute URL, urn:uuid:, urn:oid:, #id or Type?query",
    "time": "a time: hh:mm:ss",
    "uri": "a URI without spaces",
    "url": "a URL without spaces",
    "uuid": "a UUID: urn:uuid: and lower-case hexadecimal digits",
    "xhtml": "a narrative that begins with <div",
}

INTEGERS: Final = {"integer": (-(2**31), 2**31 - 1), "positiveInt": (1, 2**31 - 1), "unsignedInt": (0, 2**31 - 1)}

_WHOLE: Final = {name: pattern(rf"(?:{text})\Z") for name, text in PATTERNS.items()}
_CONTROL: Final = pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def type_of(owner: str, element: definitions.Element) -> str:
    """The primitive type of an element of the type ``owner``."""
    return "reference" if owner == "Reference" and element.name == "reference" else element.type


def refusal(primitive: str, text: str) -> str:
    """Why ``text`` is no value of a primitive that JSON writes as a string; nothing when it is one."""
    if text == "":
        return "is empty; leave the element out when there is no value"
    if _CONTROL.search(text):
        return "contains a control character"
    if primitive in ("string", "markdown"):
        return f"is longer than {MAX_STRING:,} characters" if len(text) > MAX_STRING else ""
    if not _WHOLE[primitive].match(text):
        return f"is not {EXPECTED[primitive]}"
    if primitive == "base64Binary":
        try:
            a2b_base64("".join(text.split()), strict_mode=True)
        except Base64Error:
            return "is not base64"
    return ""
