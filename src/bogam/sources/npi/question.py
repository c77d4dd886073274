"""What can be asked of the registry, checked before anything is sent, and how answers are paged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

from pydantic import Field

from bogam.sources.answer import BadQuery, Item, Result
from bogam.sources.npi.number import checked
from bogam.sources.source import Lookup, Query

Criteria = dict[str, str]
"""Criteria under the registry's own parameter names; all of them must hold."""


class Search(Query):
    """The criteria of the NPPES interface, version 2.1, and ``text`` for a name as a person would write it."""

    text: str = Field(
        "", max_length=200, description="A person's name (Jane Doe; Doe, Jane), an organization's name, or an NPI"
    )
    enumeration_type: Literal["", "NPI-1", "NPI-2"] = Field("", description="NPI-1: a person, NPI-2: an organization")
    taxonomy_description: str = Field("", max_length=100, description="Specialty, such as Cardiovascular Disease")
    first_name: str = Field("", max_length=100, description="Exact, or its beginning and *")
    use_first_name_alias: bool = Field(True, description="Live only: also find Robert for Bob")
    last_name: str = Field("", max_length=100, description="Exact, or its beginning and *")
    organization_name: str = Field("", max_length=100, description="Exact, or its beginning and *; other names too")
    address_purpose: Literal["", "LOCATION", "MAILING", "PRIMARY", "SECONDARY"] = Field(
        "", description="Which address city, state, postal_code and country_code are of"
    )
    city: str = Field("", max_length=100, description="City")
    state: str = Field("", max_length=2, description="Two letters; ZZ outside the United States")
    postal_code: str = Field("", max_length=10, description="Five or nine digits, or their beginning and *")
    country_code: str = Field("", max_length=2, description="Two letters (ISO 3166)")
    limit: int = Field(10, ge=1, le=200, description="Most items to return")


class Get(Lookup):
    """Which provider."""

    id: str = Field(min_length=1, max_length=40, description="The NPI: ten digits")


_NAMES: Final = ("first_name", "last_name", "organization_name")
_WILD: Final = ("taxonomy_description", *_NAMES, "postal_code")
_PLACES: Final = ("city", "state", "postal_code", "country_code")
_NOT_ALONE: Final = frozenset({"state", "enumeration_type", "address_purpose", "use_first_name_alias"})
_NEXT: Final = re.compile(r"([0-3])\.([0-9]{1,8})")
_ALLOWED: Final = re.compile(r"[A-Z0-9 &'(),./:;#@!\"+*_\-]*")


@lru_cache(1 << 16)
def folded(text: str) -> str:
    """Return ``text`` as NPPES writes names: capitals without accents, single blanks."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(text.upper().split())


def _latin(name: str, value: str) -> str:
    made = folded(value)
    if not _ALLOWED.fullmatch(made):
        raise BadQuery(
            f'{name}: "{value[:40]}" cannot be found: the registry writes in Latin letters, digits and a few signs. '
            "Write it romanised."
        )
    return made


def plans(request: Search) -> list[Criteria]:
    """Return the questions that a request amounts to, one after the other: their answers share no provider.

    Free text is asked as a person's name and as the beginning of an organization's name.

    Raises
    ------
    BadQuery
        For what the registry does not answer, said before it is asked.
    """
    given = {name: _latin(name, getattr(request, name)) for name in (*_NAMES, *_PLACES, "taxonomy_description")}
    criteria = {name: value for name, value in given.items() if value}
    criteria |= {
        name: value for name in ("enumeration_type", "address_purpose") if (value := str(getattr(request, name)))
    }
    text = _latin("text", request.text)
    if text.isdigit() and len(text) == 10:
        if criteria:
            raise BadQuery("text is an NPI, which needs no other criterion. Leave the others out.")
        return [{"number": checked(text)}]
    if text and any(name in criteria for name in _NAMES):
        raise BadQuery("Give either text or first_name, last_name and organization_name, not both.")
    found = [_ready(each, request) for each in (_of_text(text, criteria) if text else _kinds(criteria))]
    if not found:
        raise BadQuery("A person has no organization_name and an organization no first or last name. Ask for one.")
    return found


def _of_text(text: str, criteria: Criteria) -> list[Criteria]:
    kind = criteria.get("enumeration_type", "")
    bare = text.rstrip("*").strip(" ,")
    if len(bare) < 2:
        raise BadQuery("text: a name needs at least two characters.")
    last, comma, first = bare.partition(",")
    if not comma:
        first, _, last = bare.rpartition(" ")
    first = first.strip().partition(" ")[0].strip(".,")
    person = {"enumeration_type": "NPI-1", "last_name": last.strip() + ("*" if text.endswith("*") else "")}
    if first:
        person["first_name"] = first + "*" if len(first) > 1 else first
    organization = {"enumeration_type": "NPI-2", "organization_name": bare + "*"}
    # One initial is no name that the registry finds: it wants two characters before *.
    if len(first) == 1:
        del person["first_name"]
    return [{**criteria, **each} for each in (person, organization) if kind in ("", each["enumeration_type"])]


def _kinds(criteria: Criteria) -> list[Criteria]:
    """Split what may be either into people and organizations; drop what cannot be."""
    kind = criteria.get("enumeration_type", "")
    person = "first_name" in criteria or "last_name" in criteria
    organization = "organization_name" in criteria
    kinds = ([] if organization else ["NPI-1"]) + ([] if person else ["NPI-2"])
    return [{**criteria, "enumeration_type": each} for each in kinds if kind in ("", each)]


def _ready(criteria: Criteria, request: Search) -> Criteria:
    """Check criteria as the registry does."""
    for name in _WILD:
        value = criteria.get(name, "")
        if "*" in value and (not value.endswith("*") or value.count("*") > 1 or len(value) < 3):
            raise BadQuery(f"{name}: * stands at the end, after at least two characters.")
    for name in ("city", "state", "country_code"):
        if "*" in criteria.get(name, ""):
            raise BadQuery(f"{name}: takes no *.")
    for name in ("state", "country_code"):
        value = criteria.get(name, "")
        if value and not (len(value) == 2 and value.isalpha()):
            raise BadQuery(f"{name}: two letters, not “{value}”.")
    code = criteria.get("postal_code", "").replace("-", "")
    if code:
        if not (re.fullmatch(r"[0-9]{5}|[0-9]{9}", code) or code.endswith("*") or criteria.get("country_code")):
            raise BadQuery(f"postal_code: five or nine digits, or at least two and *, not “{code}”.")
        criteria = {**criteria, "postal_code": code}
    telling = criteria.keys() - _NOT_ALONE - ({"country_code"} if criteria.get("country_code") == "US" else set())
    if not telling:
        raise BadQuery(
            "That would be too many: give a name, a specialty (taxonomy_description), a city or a postal code as well."
        )
    if "address_purpose" in criteria and not any(name in criteria for name in _PLACES):
        raise BadQuery("address_purpose: says which address is meant; give a city, state, postal or country code.")
    if not request.use_first_name_alias and "first_name" in criteria:
        criteria = {**criteria, "use_first_name_alias": "False"}
    return criteria


Ask = Callable[[int, int, int], tuple[list[Item], bool, str]]
"""Stream, offset, most items -> items, whether the stream goes on, why it cannot although there is more."""


def walk(request: Search, streams: int, ask: Ask) -> Result:
    """Fill one page from streams that follow each other; ``next`` is the place in them: nothing is lost or doubled."""
    stream, offset = _place(request.next, streams)
    items: list[Item] = []
    while stream < streams and len(items) < request.limit:
        found, more, cut = ask(stream, offset, request.limit - len(items))
        items += found
        if cut:
            after = f"{stream + 1}.0" if stream + 1 < streams else ""
            return Result(tuple(items), next=after, cut=cut)
        stream, offset = (stream, offset + len(found)) if more else (stream + 1, 0)
        if more and not found:
            break
    return Result(tuple(items), next=f"{stream}.{offset}" if stream < streams else "")


def _place(next: str, streams: int) -> tuple[int, int]:
    if not next:
        return 0, 0
    match = _NEXT.fullmatch(next)
    if match is None or int(match[1]) >= streams:
        raise BadQuery(f'"{next[:40]}" is no place to go on from: give back `next` of the earlier answer as it was.')
    return int(match[1]), int(match[2])
