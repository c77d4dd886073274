"""One search parameter with its values, as a condition on the index (https://hl7.org/fhir/R4/search.html).

Each kind of parameter turns a value into a condition on the rows of one table.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, false, not_, or_

from bogam.record.r4 import definitions
from bogam.record.schema import search_date, search_quantity, search_reference, search_string, search_token
from bogam.record.search.error import SearchError
from bogam.record.search.plan import Parameter
from bogam.record.search.values import Span, digest, norm, span

Condition = ColumnElement[bool]

PREFIXES: Final = ("eq", "ne", "lt", "le", "gt", "ge", "sa", "eb", "ap")
MODIFIERS: Final = {
    "token": ("missing", "not", "text"),
    "string": ("missing", "exact", "contains"),
    "reference": ("missing", "identifier"),
    "date": ("missing",),
    "quantity": ("missing",),
    "number": ("missing",),
    "uri": ("missing", "below"),
}
"""Besides these a reference takes the name of a type."""

_PREFIXED: Final = re.compile(rf"({'|'.join(PREFIXES)})?(.*)\Z", re.DOTALL)
_DATE: Final = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?\Z"
)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,2}))?\Z")
_ZONES: Final = 14 * 3_600_000
"""No zone is further from UTC, in milliseconds."""
_NO_SYSTEM: Final = {"code", "boolean", "deceased", "string", "id", "uri", "ContactPoint"}
_END: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table that satisfy a parameter.

    ``probe`` says that it is cheap to ask for one resource whether it has such a row. ``rank`` orders parameters by
    how few resources they are likely to leave.
    """

    table: Table
    condition: Condition
    probe: bool
    rank: int


def table_of(kind: str) -> Table:
    """The table that the values of a kind of parameter are in."""
    return {
        "token": search_token,
        "string": search_string,
        "reference": search_reference,
        "uri": search_reference,
        "date": search_date,
        "quantity": search_quantity,
        "number": search_quantity,
    }[kind]


def split(text: str, at: str) -> list[str]:
    """Split at a separator that no backslash stands before; the backslashes stay."""
    if "\\" not in text:
        return text.split(at)
    parts, start, index = list[str](), 0, 0
    while index < len(text):
        if text[index] == at:
            parts.append(text[start:index])
            start = index + 1
        index += 2 if text[index] == "\\" else 1
    return [*parts, text[start:]]


def unescape(text: str) -> str:
    """Take away the backslashes before ``, | $`` and backslash."""
    return re.sub(r"\\([,|$\\])", r"\1", text) if "\\" in text else text


def present(parameter: Parameter) -> Rows:
    """The rows that a resource has which has any value for the parameter."""
    table = table_of(parameter.kind)
    condition = table.c.key.in_(parameter.keys)
    if parameter.kind == "reference" and len(parameter.targets) == 1:
        condition = and_(condition, _begins(search_reference.c.target, f"{parameter.targets[0]}/"))
    return Rows(table, condition, probe=False, rank=9)


def matching(parameter: Parameter, modifier: str, values: list[str], *, base: str, written: str) -> Rows:
    """The rows that satisfy any of the values.

    Parameters
    ----------
    modifier
        One of `MODIFIERS`, a resource type for a reference, or nothing. ``missing`` and ``not`` are the caller's.
    base
        The address of this server, which absolute references to it begin with.
    written
        The parameter as it was written, for errors.
    """
    build, probe, rank = _KINDS[parameter.kind, modifier if modifier in ("text", "contains", "identifier") else ""]
    table = search_token if modifier == "identifier" else table_of(parameter.kind)
    conditions = [build(parameter, modifier, value, base, written) for value in values]
    probe = probe and not any(value.endswith("|") for value in values)
    return Rows(table, and_(table.c.key.in_(parameter.keys), or_(*conditions)), probe, rank)


def _token(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    parts = [unescape(part) for part in split(value, "|")]
    table = search_token
    if len(parts) == 1:
        return table.c.code == parts[0]
    if len(parts) > 2:
        raise SearchError(f'"{value}" is no token: it must be code, system|code, |code or system|', written)
    system, code = parts
    plain = [place.key for place in parameter.places if place.type in _NO_SYSTEM]
    coded = [place.key for place in parameter.places if place.type not in _NO_SYSTEM]
    conditions: list[Condition] = []
    if plain and code:
        conditions.append(and_(table.c.key.in_(plain), table.c.code == code))
    if coded or parameter.kind == "reference":
        keys = coded or parameter.keys
        same = [table.c.key.in_(keys), table.c.system == digest(system)]
        conditions.append(and_(*same, table.c.code == code) if code else and_(*same))
    return or_(*conditions) if conditions else false()


def _token_text(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    return search_token.c.text.contains(norm(unescape(value)), autoescape=True)


def _string(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    text = unescape(value)
    if modifier == "exact":
        return and_(search_string.c.norm == norm(text), search_string.c.exact == text)
    if modifier == "contains":
        return search_string.c.norm.contains(norm(text), autoescape=True)
    return _begins(search_string.c.norm, norm(text))


def _begins(column: ColumnElement[str], text: str) -> Condition:
    return and_(column >= text, column < text + _END)


def _reference(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    target = search_reference.c.target
    text = unescape(value).removeprefix(base.rstrip("/") + "/") if base else unescape(value)
    if ":" in text:
        return or_(target == text, _begins(target, text + "|"))
    kind, slash, name = text.partition("/_history/")[0].rpartition("/")
    if modifier and slash and kind != modifier:
        raise SearchError(f'"{value}" is a {kind}, but {written} asks for a {modifier}', written)
    allowed = parameter.targets or tuple(sorted(definitions.resources()))
    if slash and kind not in allowed:
        raise SearchError(f'"{value}" cannot be: {parameter.name} leads to {", ".join(allowed)}', written)
    kinds = (kind,) if slash else (modifier,) if modifier else allowed
    return target.in_([f"{each}/{name}" for each in kinds])


def _uri(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    target, text = search_reference.c.target, unescape(value)
    return _begins(target, text) if modifier == "below" else target == text


def prefixed(value: str) -> tuple[str, str]:
    """Split ``ge2019`` into its prefix and the rest; without one it is ``eq``."""
    found = _PREFIXED.match(value)
    return ((found[1] or "eq"), found[2]) if found else ("eq", value)


def time_of(value: str, written: str) -> Span:
    """The stretch of time that the value of a date parameter names, without its prefix."""
    text = value.replace(" ", "+")
    if not _DATE.match(text):
        raise SearchError(f'"{value}" is no date: write 2019, 2019-03, 2019-03-01 or 2019-03-01T08:30:00Z', written)
    try:
        return span(text)
    except ValueError:
        raise SearchError(f'"{value}" is a date that does not exist', written) from None


def compared(prefix: str, low: Any, high: Any, first: int, last: int) -> Condition:
    """How a stretch of time ``low`` to ``high`` must lie to ``first`` to ``last``, the ends not included.

    R4 leaves out of ``ge`` what begins before and ends within ``first`` to ``last``; we take it in, as ``gt`` of the
    day before would.
    """
    if prefix == "ap":
        gap = abs(time.time() * 1000 - first) // 10
        return and_(low < last + gap, high > first - gap)
    return {
        "eq": and_(low >= first, high <= last),
        "ne": or_(low < first, high > last),
        "gt": high > last,
        "lt": low < first,
        "ge": high > first,
        "le": low < last,
        "sa": low >= last,
        "eb": high <= first,
    }[prefix]


def _date(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    prefix, text = prefixed(value)
    first, last, shift = time_of(text, written)
    low, high = search_date.c.low, search_date.c.high
    if shift is not None:
        return compared(prefix, low, high, first, last)
    wall = compared(prefix, low + search_date.c.shift, high + search_date.c.shift, first, last)
    near = {
        "eq": and_(low >= first - _ZONES, low < last + _ZONES),
        "sa": low >= last - _ZONES,
        "lt": low < first + _ZONES,
        "eb": low < first + _ZONES,
    }
    return and_(near[prefix], wall) if prefix in near else wall


def _quantity(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    parts = [unescape(part) for part in split(value, "|")]
    table = search_quantity
    condition = _number(parameter, modifier, parts[0], base, written)
    if len(parts) == 1 or parts[1:] == ["", ""]:
        return condition
    if len(parts) != 3:
        raise SearchError(f'"{value}" is no quantity: write number or number|system|code, e.g. gt5.4||mg', written)
    _, system, code = parts
    if system:
        return and_(condition, table.c.system == digest(system), *([table.c.code == code] if code else []))
    return and_(condition, or_(table.c.code == code, table.c.unit == code))


def _number(parameter: Parameter, modifier: str, value: str, base: str, written: str) -> Condition:
    prefix, text = prefixed(value)
    found = _NUMBER.match(text)
    if found is None:
        raise SearchError(f'"{value}" is no number', written)
    low, high, number = search_quantity.c.low, search_quantity.c.high, float(text)
    half = 0.5 * 10.0 ** (int(found[2] or 0) - len(found[1] or ""))
    equal = and_(low >= number - half, high < number + half)
    near = abs(number) / 10
    return {
        "eq": equal,
        "ne": not_(equal),
        "gt": high > number,
        "lt": low < number,
        "ge": high >= number,
        "le": low <= number,
        "sa": low > number,
        "eb": high < number,
        "ap": and_(low <= number + near, high >= number - near),
    }[prefix]


_Build = Callable[[Parameter, str, str, str, str], Condition]

_KINDS: Final[dict[tuple[str, str], tuple[_Build, bool, int]]] = {
    ("reference", ""): (_reference, True, 1),
    ("reference", "identifier"): (_token, True, 1),
    ("uri", ""): (_uri, True, 2),
    ("string", ""): (_string, True, 3),
    ("token", ""): (_token, True, 4),
    ("date", ""): (_date, True, 5),
    ("quantity", ""): (_quantity, True, 6),
    ("number", ""): (_number, True, 6),
    ("string", "contains"): (_string, True, 7),
    ("token", "text"): (_token_text, False, 7),
}
"""By kind and modifier: the condition, and the ``probe`` and ``rank`` of its `Rows`."""
