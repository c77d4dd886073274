"""What openFDA can be asked, and the search expression that asks it.

The expression is made of field names that stand here and of phrases between quotation marks. openFDA knows no escape
within a phrase and refuses all but a few characters, so a phrase keeps letters, digits and what names hold; its index
drops the rest as well. Nothing that a person types can therefore become an operator, a field or a range.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import Field, ValidationError

from bogam.sources.answer import BadQuery
from bogam.sources.reading import phrase
from bogam.sources.source import Lookup, Query

Kind = Literal["label", "event", "ndc"]
CountBy = Literal["reaction", "generic_name"]


class Search(Query):
    """A search of labels, reports or drug codes. Each field given must match; names match words side by side."""

    text: str = Field("", max_length=400, description="Words that stand anywhere in the record")
    kind: Kind = Field("label", description="label: drug labels; event: reports of adverse events; ndc: drug codes")
    brand_name: str = Field("", max_length=200, description="Brand name")
    generic_name: str = Field("", max_length=200, description="Generic name")
    substance_name: str = Field("", max_length=200, description="Active ingredient")
    ndc: str = Field("", max_length=20, description="National Drug Code with hyphens: product or package")
    manufacturer_name: str = Field("", max_length=200, description="Manufacturer or labeler")
    medicinalproduct: str = Field("", max_length=200, description="event: the drug as the reporter wrote it")
    reaction: str = Field("", max_length=200, description="event: reaction, a MedDRA preferred term in English")
    serious: bool | None = Field(None, description="event: only serious (true) or not serious (false) reports")
    sex: Literal["", "male", "female"] = Field("", description="event: sex of the patient")
    since: dt.date | None = Field(None, description="First day: label in effect, report received, marketing begun")
    until: dt.date | None = Field(None, description="Last day")
    count_by: Literal["", CountBy] = Field("", description="event: count the reports instead of listing them")


class Get(Lookup):
    """One record, by ``label/SET-ID``, ``event/REPORT-ID``, ``ndc/CODE`` or the id of a count."""

    id: str = Field(
        min_length=1,
        max_length=1500,
        description="label/SET-ID, event/REPORT-ID, ndc/PRODUCT-NDC or ndc/PRODUCT-ID",
    )


PATHS: Final[Mapping[Kind, str]] = {
    "label": "/drug/label.json",
    "event": "/drug/event.json",
    "ndc": "/drug/ndc.json",
}
SORTS: Final[Mapping[Kind, str]] = {"label": "effective_time:desc", "event": "receivedate:desc", "ndc": ""}
DATES: Final[Mapping[Kind, str]] = {"label": "effective_time", "event": "receivedate", "ndc": "marketing_start_date"}
FIELDS: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    "label": {
        "brand_name": ("openfda.brand_name",),
        "generic_name": ("openfda.generic_name",),
        "substance_name": ("openfda.substance_name",),
        "manufacturer_name": ("openfda.manufacturer_name",),
        "ndc": ("openfda.product_ndc", "openfda.package_ndc"),
    },
    "event": {
        "brand_name": ("patient.drug.openfda.brand_name",),
        "generic_name": ("patient.drug.openfda.generic_name",),
        "substance_name": ("patient.drug.openfda.substance_name",),
        "manufacturer_name": ("patient.drug.openfda.manufacturer_name",),
        "ndc": ("patient.drug.openfda.product_ndc", "patient.drug.openfda.package_ndc"),
        "medicinalproduct": ("patient.drug.medicinalproduct",),
        "reaction": ("patient.reaction.reactionmeddrapt",),
    },
    "ndc": {
        "brand_name": ("brand_name",),
        "generic_name": ("generic_name",),
        "substance_name": ("active_ingredients.name",),
        "manufacturer_name": ("labeler_name",),
        "ndc": ("product_ndc", "packaging.package_ndc"),
    },
}
COUNTED: Final[Mapping[CountBy, str]] = {
    "reaction": "patient.reaction.reactionmeddrapt.exact",
    "generic_name": "patient.drug.openfda.generic_name.exact",
}
_OF_EVENTS: Final = ("medicinalproduct", "reaction", "serious", "sex", "count_by")
_FILTERS: Final = (
    *("text", "brand_name", "generic_name", "substance_name", "ndc", "manufacturer_name"),
    *("medicinalproduct", "reaction", "serious", "sex", "since", "until"),
)
_NDC: Final = re.compile(r"\d{4,5}-\d{3,4}(-\d{1,2})?")
_PLAIN: Final = re.compile(r"[^0-9A-Za-z'.,/ -]+")
_EXACT: Final = re.compile(r"[0-9A-Za-z@%/',._:()\[\]{}+><= -]{1,200}")
_COUNT: Final = re.compile(r"event-count/(reaction|generic_name)/([^/?]{1,200})(?:\?(.*))?")


def check(request: Search) -> None:
    """Raise `BadQuery` for a question that cannot be asked, the same of the interface and of a mirror."""
    for name in _OF_EVENTS:
        if request.kind != "event" and getattr(request, name) not in ("", None):
            raise BadQuery(f'{name} is a question about reports: ask with kind "event", not "{request.kind}".')
    if request.ndc and not _NDC.fullmatch(request.ndc):
        raise BadQuery(f'"{request.ndc}" is no National Drug Code with hyphens, such as 0002-1433 or 0002-1433-80.')
    if request.since and request.until and request.since > request.until:
        raise BadQuery(f"since ({request.since}) lies after until ({request.until}).")
    if request.count_by and request.next:
        raise BadQuery("openFDA does not page through counts: ask for more with limit, or narrow the question.")
    for name in ("text", *FIELDS[request.kind]):
        given: str = getattr(request, name)
        if given and not plain(given):
            raise BadQuery(f'{name}: "{given[:40]}" holds no word to search for.')


def expression(request: Search) -> str:
    """Return the search expression of a question that was checked; empty when it asks for everything."""
    clauses = [f'"{word}"' for word in plain(request.text).split()]
    for name, fields in FIELDS[request.kind].items():
        if given := getattr(request, name):
            clauses.append(_either([f'{field}:"{plain(given)}"' for field in fields]))
    if request.serious is not None:
        clauses.append(f"serious:{1 if request.serious else 2}")
    if request.sex:
        clauses.append(f"patient.patientsex:{1 if request.sex == 'male' else 2}")
    if request.since or request.until:
        first, last = request.since or dt.date(1900, 1, 1), request.until or dt.date(2999, 12, 31)
        clauses.append(f"{DATES[request.kind]}:[{first:%Y%m%d} TO {last:%Y%m%d}]")
    return " AND ".join(clauses)


def plain(text: str) -> str:
    """Return a phrase as openFDA can be asked it.

    Raises
    ------
    BadQuery
        For letters beyond the Latin ones, which openFDA refuses.
    """
    words = _PLAIN.sub(" ", phrase.latin(text, "openFDA")).split()
    return " ".join(each for each in words if any(map(str.isalnum, each)))


def count_id(request: Search, term: str) -> str:
    """Return the id of a count: what was asked, so that it can be asked again."""
    given = {name: _written(getattr(request, name)) for name in _FILTERS if getattr(request, name) not in ("", None)}
    asked = f"?{urlencode(given)}" if given else ""
    return f"event-count/{request.count_by}/{urlencode({'': term})[1:]}{asked}"


def counted(id: str) -> tuple[Search, str] | None:
    """Return the question and the term of the id of a count; None for another id.

    Raises
    ------
    BadQuery
        When it begins like one and is none.
    """
    if not id.startswith("event-count/"):
        return None
    found = _COUNT.fullmatch(id)
    try:
        given = dict(parse_qsl(found[3] or "", max_num_fields=20)) if found else {}
        if found is None or not set(given) <= set(_FILTERS):
            raise ValueError
        request = Search.model_validate({**given, "kind": "event", "count_by": found[1]})
        ((_, term),) = parse_qsl(f"term={found[2]}")
    except (ValidationError, ValueError):
        raise BadQuery(f'"{id[:80]}" is no id of a count: take it as an answer gave it.') from None
    if not _EXACT.fullmatch(term):
        raise BadQuery(f'"{term[:40]}" is no term that openFDA counts.')
    check(request)
    return request, term


def _either(clauses: list[str]) -> str:
    return clauses[0] if len(clauses) == 1 else f"({' OR '.join(clauses)})"


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
