"""How a value of each FHIR type becomes rows of the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from bogam.record.search.values import FIRST, LAST, LEAST, MOST, digest, norm, span

_CURRENCY: Final = "urn:iso:std:iso:4217"


@dataclass(slots=True)
class IndexRows:
    """The rows of one resource, each without the number of the resource, and whose Patient compartment it is in.

    Columns: token (key, code, system, text), reference (key, target), string (key, norm, exact), date (key, low, high,
    shift), quantity (key, low, high, code, unit, system).
    """

    patient: str | None = None
    token: set[tuple[int, str, int, str]] = field(default_factory=set[tuple[int, str, int, str]])
    reference: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    string: set[tuple[int, str, str]] = field(default_factory=set[tuple[int, str, str]])
    date: set[tuple[int, int, int, int]] = field(default_factory=set[tuple[int, int, int, int]])
    quantity: set[tuple[int, float, float, str, str, int]] = field(
        default_factory=set[tuple[int, float, float, str, str, int]]
    )


def _concept(key: int, value: Any, out: IndexRows) -> None:
    text = value.get("text", "")
    codings = value.get("coding")
    if not codings:
        if text:
            out.token.add((key, "", 0, norm(text)))
        return
    for coding in codings:
        display = coding.get("display", "")
        words = display if display == text or not text else f"{text} {display}" if display else text
        out.token.add((key, coding.get("code", ""), digest(coding.get("system", "")), norm(words)))


def _coding(key: int, value: Any, out: IndexRows) -> None:
    out.token.add((key, value.get("code", ""), digest(value.get("system", "")), norm(value.get("display", ""))))


def _identifier(key: int, value: Any, out: IndexRows) -> None:
    if "value" in value:
        words = value.get("type", {}).get("text", "")
        out.token.add((key, value["value"], digest(value.get("system", "")), norm(words)))


def _contact(key: int, value: Any, out: IndexRows) -> None:
    if "value" in value:
        out.token.add((key, value["value"], 0, ""))


def _code(key: int, value: Any, out: IndexRows) -> None:
    out.token.add((key, value, 0, ""))


def _flag(key: int, value: Any, out: IndexRows) -> None:
    out.token.add((key, "true" if value else "false", 0, ""))


def _reference(key: int, value: Any, out: IndexRows) -> None:
    target = value.get("reference")
    if target is not None and target[0] != "#" and "?" not in target:
        out.reference.add((key, target.partition("/_history/")[0]))
    if "identifier" in value:
        _identifier(key, value["identifier"], out)


def _uri(key: int, value: Any, out: IndexRows) -> None:
    out.reference.add((key, value))


def _string(key: int, value: Any, out: IndexRows) -> None:
    out.string.add((key, norm(value), value))


def _parts(*names: str) -> Callable[[int, Any, IndexRows], None]:
    def put(key: int, value: Any, out: IndexRows) -> None:
        for name in names:
            part = value.get(name)
            texts: Any = cast("Any", part) if type(part) is list else (part,)
            for text in texts:
                if text is not None:
                    out.string.add((key, norm(text), text))

    return put


_name_parts: Final = _parts("text", "family", "given", "prefix", "suffix")


def _name(key: int, value: Any, out: IndexRows) -> None:
    """The parts of a name, and the whole: family name first and unspaced where it is written in Hangul or Han."""
    _name_parts(key, value, out)
    given: list[str] = [each for each in value.get("given", ()) if each]
    family = value.get("family", "")
    if given and family and "text" not in value:
        whole = " ".join([*given, family]) if family < "\u1100" else family + "".join(given)
        out.string.add((key, norm(whole), whole))


def _date(key: int, value: Any, out: IndexRows) -> None:
    low, high, shift = span(value)
    out.date.add((key, low, high, shift or 0))


def _period(key: int, value: Any, out: IndexRows) -> None:
    start, end = value.get("start"), value.get("end")
    if start is None and end is None:
        return
    first = span(start) if start else None
    last = span(end) if end else None
    shift = (first.shift if first else last.shift if last else 0) or 0
    out.date.add((key, first.low if first else FIRST, last.high if last else LAST, shift))


def _timing(key: int, value: Any, out: IndexRows) -> None:
    events = [span(each) for each in value.get("event", ()) if each is not None]
    if events:
        out.date.add((key, min(e.low for e in events), max(e.high for e in events), events[0].shift or 0))
    elif bounds := value.get("repeat", {}).get("boundsPeriod"):
        _period(key, bounds, out)


def _quantity(key: int, value: Any, out: IndexRows) -> None:
    if "value" not in value:
        return
    low = high = float(value["value"])
    comparator = value.get("comparator")
    if comparator is not None:
        low, high = (LEAST, high) if comparator[0] == "<" else (low, MOST)
    out.quantity.add((key, low, high, value.get("code", ""), value.get("unit", ""), digest(value.get("system", ""))))


def _money(key: int, value: Any, out: IndexRows) -> None:
    if "value" in value:
        amount, currency = float(value["value"]), value.get("currency", "")
        out.quantity.add((key, amount, amount, currency, "", digest(_CURRENCY)))


def _range(key: int, value: Any, out: IndexRows) -> None:
    low, high = value.get("low", {}), value.get("high", {})
    unit = low or high
    out.quantity.add(
        (
            key,
            float(low.get("value", LEAST)),
            float(high.get("value", MOST)),
            unit.get("code", ""),
            unit.get("unit", ""),
            digest(unit.get("system", "")),
        )
    )


def _number(key: int, value: Any, out: IndexRows) -> None:
    out.quantity.add((key, float(value), float(value), "", "", 0))


LEAVES: Final[dict[tuple[str, str], Callable[[int, Any, IndexRows], None]]] = {
    ("token", "CodeableConcept"): _concept,
    ("token", "Coding"): _coding,
    ("token", "Identifier"): _identifier,
    ("token", "ContactPoint"): _contact,
    ("token", "boolean"): _flag,
    **{("token", name): _code for name in ("code", "string", "id", "uri")},
    ("reference", "Reference"): _reference,
    **{("reference", name): _uri for name in ("canonical", "uri", "url", "oid", "uuid", "id")},
    ("string", "string"): _string,
    ("string", "markdown"): _string,
    ("string", "HumanName"): _name,
    ("string", "Address"): _parts("text", "line", "city", "district", "state", "postalCode", "country"),
    **{("date", name): _date for name in ("date", "dateTime", "instant")},
    ("date", "Period"): _period,
    ("date", "Timing"): _timing,
    **{("quantity", name): _quantity for name in ("Quantity", "Age", "Duration", "Count", "Distance")},
    ("quantity", "Money"): _money,
    ("quantity", "Range"): _range,
    **{("quantity", name): _number for name in ("integer", "decimal", "positiveInt", "unsignedInt")},
}
"""By table and FHIR type: put the rows for one value at the place with that key."""
