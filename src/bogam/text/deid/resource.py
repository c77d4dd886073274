"""De-identifies R4 resources element by element, by their types; what comes out is valid R4.

Names, addresses, telecoms and identifiers go or become surrogates, dates move or are cut to their year, ids and
references get keyed new ones that agree, narratives and photographs go, and free text and attachments are read as
notes are.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, Final, cast

import msgspec

from bogam.record.attachment import narrative, read
from bogam.record.r4 import definitions
from bogam.record.r4.definitions import Element
from bogam.text.deid.apply import MASK, Mode, deidentify
from bogam.text.deid.elements import EXTENSIONS, PEOPLE, PLACES, REMOVED, TERMS, VALUES, YEARS
from bogam.text.deid.finding import CATEGORIES, Category, Finding
from bogam.text.deid.known import NONE, Known
from bogam.text.deid.surrogate import Pseudonyms, safe_zip

_Json = dict[str, Any]
_decode: Final = msgspec.json.Decoder(float_hook=lambda digits: msgspec.Raw(digits.encode())).decode
_encode: Final = msgspec.json.Encoder().encode
_DAY: Final = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_REFERENCE: Final = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?\Z")
_QUERY: Final = re.compile(r"([A-Z][A-Za-z]+)\?(.+)\Z")
_HANGUL: Final = re.compile("[가-힣]")
_OLDEST: Final = 89
_LABEL: Final = {
    "surrogate": ("PSEUDED", "pseudonymized"),
    "mask": ("ANONYED", "anonymized"),
    "tag": ("ANONYED", "anonymized"),
}
"""Security labels of HL7 v3 ObservationValue that FHIR's security labels use."""


@dataclass
class Tally:
    """What was done, counted: findings by category and rule, elements by category, and what could not be read."""

    rules: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    elements: Counter[str] = field(default_factory=Counter[str])
    unread: Counter[str] = field(default_factory=Counter[str])
    units: int = 0
    """Resources, notes or cells that were worked on."""

    values: list[tuple[str, str, str]] | None = None
    """(category, rule, words) of what was found, only where somebody asked for the words."""

    def found(self, findings: tuple[Finding, ...], text: str) -> None:
        """Count what was found in a text."""
        for each in findings:
            self.rules[each.category, each.rule] += 1
            if self.values is not None:
                self.values.append((each.category, each.rule, text[each.start : each.end]))


class ResourceError(ValueError):
    """What was given is no R4 resource."""


class Cleaner:
    """De-identifies the resources of one patient.

    Parameters
    ----------
    mode
        ``surrogate`` moves dates and invents values; ``mask`` and ``tag`` cut dates to the year.
    pseudonyms
        Needed in every mode: ids and references get new ones under its key.
    known
        What the record says of people.
    as_of
        The day that ages are counted to: a birth year tells an age over 89.
    tally
        Where to count.
    of
        Returns the cleaner of a resource within a Bundle, where its resources are about several patients.
    """

    def __init__(
        self,
        mode: Mode,
        pseudonyms: Pseudonyms,
        known: Known = NONE,
        *,
        as_of: date,
        tally: Tally | None = None,
        of: Callable[[_Json], Cleaner] | None = None,
    ) -> None:
        self._mode: Mode = mode
        self._made = pseudonyms
        self._known = known
        self._as_of = as_of
        self._of = of
        self.tally = tally or Tally()

    def clean(self, body: bytes) -> bytes:
        """Return a resource (or a Bundle with its entries) de-identified.

        Raises
        ------
        ResourceError
            When ``body`` is not JSON, or of a type that R4 does not know.
        """
        try:
            value = _decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ResourceError(f"This is no JSON: {error}.") from error
        if not isinstance(value, dict):
            raise ResourceError("This is no FHIR resource: it is not an object.")
        return _encode(self.resource(cast(_Json, value)))

    def resource(self, value: _Json) -> _Json:
        """Return a decoded resource de-identified."""
        kind = value.get("resourceType")
        if not isinstance(kind, str) or kind not in definitions.resources():
            raise ResourceError(f'"{kind}" is no resource type of R4.')
        self.tally.units += kind != "Bundle"
        cleaned = {"resourceType": kind} | self._object(kind, value)
        if kind == "Binary":
            cleaned = self._binary(value, cleaned)
        if kind != "Bundle":
            code, display = _LABEL[self._mode]
            system = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
            label = {"system": system, "code": code, "display": display}
            meta = cast(_Json, cleaned.get("meta", {}))
            cleaned["meta"] = meta | {"security": [*cast("list[Any]", meta.get("security", [])), label]}
        return cleaned

    # --- by type

    def _object(self, type_name: str, value: _Json) -> _Json:
        elements = definitions.elements(type_name)
        made: _Json = {}
        for name, content in value.items():
            element = elements.get(name)
            if element is None or content is None:
                continue
            if name == "text" and element.type == "Narrative":
                if type_name == "Composition.section" and isinstance(content, dict):
                    made |= self._narrative(cast(_Json, content))
                continue
            cleaned = self._element(type_name, element, content)
            if cleaned is None and element.required:
                cleaned = self._placeholder(element)
            if cleaned is not None:
                made[name] = cleaned
        self._beside(elements, value, made)
        self._whole(elements, made)
        return made

    def _beside(self, elements: Mapping[str, Element], value: _Json, made: _Json) -> None:
        """Keep of ``_name`` what says why there is no value; where the value is gone, so is what stood beside it."""
        for name, content in value.items():
            element = elements.get(name[1:]) if name.startswith("_") else None
            if element is None or not isinstance(content, dict):
                continue
            kept = self._object("Element", {"extension": cast(_Json, content).get("extension")})
            if kept and (name[1:] in made or name[1:] not in value):
                made[name] = kept

    def _whole(self, elements: Mapping[str, Element], made: _Json) -> None:
        """Put what R4 requires where cleaning left nothing of it."""
        for element in elements.values():
            if element.required and not element.choice and element.name not in made and f"_{element.name}" not in made:
                filled = self._placeholder(element)
                if filled is not None:
                    made[element.name] = filled

    def _element(self, owner: str, element: Element, content: Any) -> Any:
        path = f"{owner}.{element.name}"
        if path in REMOVED or (element.name == "photo" and element.type == "Attachment"):
            self.tally.elements["photo" if element.name == "photo" else "removed"] += 1
            return None
        if element.many:
            items = cast("list[Any]", content) if isinstance(content, list) else [content]
            cleaned = [
                made for item in items if item is not None and (made := self._value(path, element, item)) is not None
            ]
            return cleaned or None
        return self._value(path, element, content)

    def _value(self, path: str, element: Element, value: Any) -> Any:
        kind = element.type
        if isinstance(value, dict):
            return self._composite(path, kind, cast(_Json, value))
        if kind == "reference" or path == "Reference.reference":
            return self._reference(str(value))
        if kind == "id":
            return self._uid(str(value)) if element.name == "uid" else self._made.id(str(value))
        if path in VALUES and isinstance(value, str):
            return self._secret(VALUES[path], value)
        if kind in ("date", "dateTime", "instant") and isinstance(value, str):
            return self._date(path, kind, value)
        if path in ("Bundle.entry.fullUrl", "Bundle.entry.request.url"):
            return self._reference(str(value))
        if kind in ("base64Binary", "url") or (kind in ("uri", "oid", "uuid") and path.endswith(".valueUri")):
            return None
        if kind in ("string", "markdown") and isinstance(value, str):
            return None if element.name == "id" else self._text(value, names=path not in TERMS)
        return value

    def _composite(self, path: str, kind: str, value: _Json) -> Any:
        match kind:
            case "Resource":
                if path.endswith(".contained"):
                    return self._contained(value)
                return (self._of(value) if self._of else self).resource(value)
            case "HumanName":
                return self._name(value)
            case "Address":
                return self._address(value)
            case "ContactPoint":
                return self._telecom(value)
            case "Identifier":
                return self._identifier(value)
            case "Attachment":
                return self._attachment(value)
            case "Signature":
                return None
            case "Extension":
                return self._extension(value)
            case "Reference":
                return self._link(value) or None
            case _:
                made = self._object(kind, value)
                if kind in ("Age", "Quantity"):
                    self._old(made)
                return made or None

    def _contained(self, value: _Json) -> _Json:
        kind = value.get("resourceType")
        if not isinstance(kind, str) or kind not in definitions.resources():
            return {"resourceType": "Basic", "id": "removed", "code": {"text": "removed"}}
        return {"resourceType": kind} | self._object(kind, value)

    # --- the data types

    def _name(self, value: _Json) -> _Json | None:
        self.tally.elements["name"] += 1
        if self._mode == "mask":
            return None
        if self._mode == "tag":
            text = _first(value, "text", "family")
            return {"text": f"[{CATEGORIES['name'].tag_ko if _HANGUL.search(text) else CATEGORIES['name'].tag}]"}
        made: _Json = {"use": value["use"]} if isinstance(value.get("use"), str) else {}
        for key in ("text", "family"):
            if isinstance(value.get(key), str):
                made[key] = self._made.name(value[key])
        given = [self._made.name(each) for each in _strings(value.get("given"))]
        return (made | ({"given": given} if given else {})) or None

    def _address(self, value: _Json) -> _Json | None:
        """Keep country, province or state, and what Safe Harbor leaves of the postal code."""
        self.tally.elements["address"] += 1
        made = {key: value[key] for key in ("use", "type", "state", "country") if isinstance(value.get(key), str)}
        code = value.get("postalCode")
        if (
            isinstance(code, str)
            and re.fullmatch(r"\d{5}(?:-?\d{4})?", code)
            and value.get("country", "US") in ("US", "USA")
        ):
            made["postalCode"] = safe_zip(code)
        return made or None

    def _telecom(self, value: _Json) -> _Json | None:
        self.tally.elements["telecom"] += 1
        if self._mode != "surrogate" or not isinstance(value.get("value"), str):
            return None
        system = value.get("system")
        category: Category = "email" if system == "email" else "url" if system == "url" else "phone"
        made = {key: value[key] for key in ("system", "use", "rank") if key in value}
        return made | {"value": self._made.replacement(Finding(0, 0, category, "", 1.0), value["value"], 2024)}

    def _identifier(self, value: _Json) -> _Json | None:
        self.tally.elements["identifier"] += 1
        if self._mode != "surrogate" or not isinstance(value.get("value"), str):
            return None
        made = {key: value[key] for key in ("use", "system") if isinstance(value.get(key), str)}
        if isinstance(value.get("type"), dict):
            made["type"] = self._object("CodeableConcept", value["type"])
        return made | {"value": self._pseudonym(value["value"])}

    def _pseudonym(self, value: str) -> str:
        made = self._made.id(value)
        return made if "-" in made else self._made.number(value, "record-number") if value.isdigit() else made

    def _link(self, value: _Json) -> _Json:
        made: _Json = {}
        target = value.get("reference")
        if isinstance(target, str):
            made["reference"] = self._reference(target)
        if isinstance(value.get("type"), str):
            made["type"] = value["type"]
        if isinstance(value.get("identifier"), dict) and (kept := self._identifier(value["identifier"])):
            made["identifier"] = kept
        display = value.get("display")
        if isinstance(display, str):
            kind = str(value.get("type") or _kind(target))
            if kind in PEOPLE | PLACES or not kind:
                self.tally.elements["name" if kind in PEOPLE else "organization"] += 1
                if self._mode == "surrogate" and kind:
                    made["display"] = self._secret("name" if kind in PEOPLE else "organization", display)
            elif told := self._text(display, names=False):
                made["display"] = told
        if not made and value:
            made["display"] = "removed"
        return made

    def _reference(self, value: str) -> str:
        """A reference to the new id; the same wherever it stands."""
        if value.startswith("#"):
            return f"#{self._made.id(value[1:])}" if len(value) > 1 else value
        if value.startswith("urn:uuid:"):
            return f"urn:uuid:{self._uuid(value[9:])}"
        if found := _QUERY.match(value):
            return f"{found[1]}?identifier={self._pseudonym(found[2].rsplit('|', 1)[-1])}"
        if found := _REFERENCE.match(value):
            return f"{found[1]}/{self._made.id(found[2])}"
        if value in definitions.resources():
            return value
        return f"urn:uuid:{self._uuid(value)}"

    def _uuid(self, value: str) -> str:
        made = self._made.id(value)
        return (
            made
            if len(made) == 36
            else self._made.id(f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[:12]}")
        )

    def _extension(self, value: _Json) -> _Json | None:
        url = value.get("url")
        if url not in EXTENSIONS:
            self.tally.elements["extension"] += 1
            return None
        made = self._object("Extension", value)
        return made if len(made) > 1 else None

    def _attachment(self, value: _Json) -> _Json | None:
        """Keep the words of an attachment, read as a note; what has no words that can be read goes."""
        made: _Json = {key: value[key] for key in ("language",) if isinstance(value.get(key), str)}
        if isinstance(value.get("title"), str):
            made["title"] = self._text(value["title"])
        if isinstance(value.get("creation"), str) and (
            day := self._date("Attachment.creation", "dateTime", value["creation"])
        ):
            made["creation"] = day
        text = self._words(value)
        if text is None:
            return made | {"contentType": "text/plain", "title": "removed"}
        return made | {"contentType": "text/plain; charset=utf-8", "data": base64.b64encode(text.encode()).decode()}

    def _binary(self, value: _Json, cleaned: _Json) -> _Json:
        text = self._words(value)
        kept = {key: cleaned[key] for key in ("resourceType", "id", "meta") if key in cleaned}
        if text is None:
            return kept | {"contentType": "text/plain"}
        return kept | {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}

    def _words(self, value: _Json) -> str | None:
        if not isinstance(value.get("data"), str):
            if value.get("url"):
                self.tally.unread["outside the record"] += 1
            return None
        reading = read(value, "")
        if reading.unread:
            self.tally.unread[str(value.get("contentType", "unknown"))] += 1
        if not reading.parts:
            return None
        return self._text("\n\n".join(text for _, text in reading.parts))

    def _narrative(self, value: _Json) -> _Json:
        told = narrative(str(value.get("div", "")))
        if not told.strip():
            return {}
        lines = "".join(f"<p>{escape(line)}</p>" for line in self._text(told).splitlines() if line.strip())
        return {"text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>'}}

    def _old(self, quantity: _Json) -> None:
        unit, number = quantity.get("code", quantity.get("unit")), quantity.get("value")
        if unit in YEARS and number is not None and _number(number) > _OLDEST:
            quantity["value"] = _OLDEST + 1
            self.tally.elements["age"] += 1

    # --- leaves

    def _date(self, path: str, kind: str, value: str) -> str | None:
        found = _DAY.match(value)
        self.tally.elements["date"] += 1
        if path.endswith(".birthDate") and self._aged(value):
            self.tally.elements["age"] += 1
            return None
        if self._mode == "surrogate" and found:
            try:
                moved = self._made.moved(date(int(found[1]), int(found[2]), int(found[3] or 15)))
            except ValueError:
                return None
            if path.endswith(".birthDate"):
                return f"{moved.year:04}"
            return moved.isoformat()[: found.end()] + value[found.end() :]
        year = value[:4]
        return f"{year}-01-01T00:00:00Z" if kind == "instant" else year

    def _aged(self, birth: str) -> bool:
        return self._as_of.year - int(birth[:4]) - (self._as_of.isoformat()[5:] < birth[5:]) > _OLDEST

    def _secret(self, category: Category, value: str) -> str:
        self.tally.elements[category] += 1
        if self._mode == "surrogate":
            return self._made.replacement(Finding(0, 0, category, "", 1.0), value, 2024)
        about = CATEGORIES[category]
        return MASK if self._mode == "mask" else f"[{about.tag_ko if _HANGUL.search(value) else about.tag}]"

    def _uid(self, value: str) -> str:
        """A DICOM UID under the root for UUIDs (ISO/IEC 9834-8), in every mode: images and their series must agree."""
        self.tally.elements["other"] += 1
        return f"2.25.{int(self._made.id(value).replace('-', '')[:24], 16)}"

    def _text(self, value: str, *, names: bool = True) -> str:
        made = deidentify(value, self._mode, known=self._known, pseudonyms=self._made, names=names)
        self.tally.found(made.findings, value)
        return made.text

    def _placeholder(self, element: Element) -> Any:
        """What stands for a required element of which nothing may be shown; None where it is never taken away."""
        value = _PLACEHOLDERS.get(element.type)
        return [value] if element.many and value is not None else value


_PLACEHOLDERS: Final[dict[str, Any]] = {
    "string": "removed",
    "markdown": "removed",
    "uri": "urn:oid:2.25.0",
    "url": "https://example.org/removed",
    "Identifier": {"value": "removed"},
    "Reference": {"display": "removed"},
    "Attachment": {"contentType": "text/plain", "title": "removed"},
    "HumanName": {"text": "removed"},
    "date": "1900",
    "dateTime": "1900",
    "instant": "1900-01-01T00:00:00Z",
    "base64Binary": "AA==",
}


def _kind(reference: Any) -> str:
    if not isinstance(reference, str):
        return ""
    found = _REFERENCE.match(reference) or _QUERY.match(reference)
    return found[1] if found else ""


def _number(value: Any) -> float:
    try:
        return float(bytes(value) if isinstance(value, msgspec.Raw) else value)
    except (TypeError, ValueError):
        return 0.0


def _strings(value: Any) -> list[str]:
    return [each for each in cast("list[Any]", value) if isinstance(each, str)] if isinstance(value, list) else []


def _first(value: _Json, *names: str) -> str:
    return next((value[name] for name in names if isinstance(value.get(name), str)), "")
