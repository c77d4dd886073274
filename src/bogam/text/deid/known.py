"""What the record itself says: names, numbers, telephones and addresses of the patient, relatives and staff.

The strongest rule of all: these are found however they are cased, spaced or broken over lines, with Korean particles
attached, in either order of family and given name, and as a given name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple, cast

from bogam.record.facts import Timeline
from bogam.text.deid.finding import Category, Finding
from bogam.text.deid.fold import fold, squeezed
from bogam.text.deid.lists import lowered

Role = Literal["", "family", "given"]
_PEOPLE: Final = frozenset({"Patient", "Practitioner", "RelatedPerson", "Person"})
_HANGUL: Final = re.compile(r"[가-힣]+")
_KOREAN_END: Final = (
    r"(?=[^가-힣]|$|님|씨|군|양|은|는|이|가|을|를|의|에게|께|한테|와|과|도|로|으로|랑|만|이라|입니|교수|선생|과장"
    r"|원장|간호|전공|환자|환아|할머|할아|어르)"
)
_KINDS: Final[dict[str, Category]] = {
    "SS": "national-id",
    "SB": "national-id",
    "NI": "national-id",
    "NNKOR": "national-id",
    "PPN": "passport",
    "DL": "licence",
    "MD": "licence",
    "NPI": "licence",
    "DEA": "licence",
    "MB": "health-plan",
    "MA": "health-plan",
    "MC": "health-plan",
    "HC": "health-plan",
    "AN": "account",
    "ANC": "account",
    "SNO": "device",
    "UDI": "device",
}


class Value(NamedTuple):
    """One value of the record. ``role`` says of a name alone whether it is the family or the given name."""

    text: str
    category: Category
    rule: str
    source: str
    role: Role = ""
    gender: str = ""


class _Search(NamedTuple):
    value: Value
    anchor: str
    pattern: re.Pattern[str]


class Known:
    """The values of a record that a text must not show.

    Parameters
    ----------
    values
        As `known` and `known_of` collect them.
    """

    def __init__(self, values: Iterable[Value] = ()) -> None:
        self.values = tuple(dict.fromkeys(value for value in values if value.text.strip()))
        self._searches = tuple(search for value in self.values if (search := _search(value)))

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the places in a folded text that show one of the values."""
        if not self._searches:
            return
        small = squeezed(text)
        for search in self._searches:
            if search.anchor in small:
                value = search.value
                for found in search.pattern.finditer(text):
                    if found.end() > found.start():
                        yield Finding(found.start(), found.end(), value.category, value.rule, 1.0, value.source)

    def names(self) -> dict[str, tuple[Role, str]]:
        """Return the single names, squeezed, with their role and the gender of the person."""
        return {squeezed(value.text): (value.role, value.gender) for value in self.values if value.role}

    def shown_in(self, text: str) -> bool:
        """Whether one of the values is a part of ``text``; used to refuse a surrogate that is somebody's real value."""
        small = squeezed(fold(text).text)
        return any(len(search.anchor) > 1 and search.anchor in small for search in self._searches)

    def with_(self, values: Iterable[Value]) -> Known:
        """Return these values and others."""
        return Known((*self.values, *values))


NONE: Final = Known()


def known(resources: Iterable[Mapping[str, Any]]) -> Known:
    """Collect what decoded R4 resources say of people: Patient with contacts, Practitioner, RelatedPerson, Person."""
    return Known(value for resource in resources for value in values(resource))


def values(resource: Mapping[str, Any]) -> Iterator[Value]:
    """Yield the identifying values of one resource; of other types than people the names of organizations."""
    kind = resource.get("resourceType")
    source = f"{kind}/{resource.get('id', '')}"
    if kind == "Organization" and isinstance(name := resource.get("name"), str):
        yield Value(name, "organization", "known-organization", source)
    for place in (
        (*_items(resource.get("address")), *_items(resource.get("telecom")))
        if kind in ("Organization", "Location")
        else ()
    ):
        yield from _address(place, source) if "line" in place else _telecom(place, source)
    if kind not in _PEOPLE:
        return
    gender = resource.get("gender")
    rule = "known-staff" if kind == "Practitioner" else "known-name" if kind == "Patient" else "known-relative"
    yield from _person(resource, source, rule, gender if isinstance(gender, str) else "")
    for contact in _items(resource.get("contact")):
        yield from _person(contact, source, "known-relative", "")
    if kind == "Patient" and isinstance(resource.get("id"), str) and len(resource["id"]) > 7:
        yield Value(resource["id"], "record-number", "known-identifier", source)


def _person(element: Mapping[str, Any], source: str, rule: str, gender: str) -> Iterator[Value]:
    for name in _items(element.get("name")):
        yield from _name(name, source, rule, gender)
    for identifier in _items(element.get("identifier")):
        value = identifier.get("value")
        if isinstance(value, str):
            yield Value(value, _kind(identifier), "known-identifier", source)
    for point in _items(element.get("telecom")):
        yield from _telecom(point, source)
    for place in _items(element.get("address")):
        yield from _address(place, source)


def _kind(identifier: Mapping[str, Any]) -> Category:
    type_ = identifier.get("type")
    codings = _items(cast("dict[str, Any]", type_).get("coding")) if isinstance(type_, dict) else []
    code = next((coding.get("code") for coding in codings), "")
    system = str(identifier.get("system", ""))
    if code not in _KINDS and system.endswith(("us-ssn", "rrn")):
        return "national-id"
    return _KINDS.get(str(code), "record-number")


def _name(name: Mapping[str, Any], source: str, rule: str, gender: str) -> Iterator[Value]:
    family = name.get("family")
    given = [part for part in _texts(name.get("given")) if len(part.strip(". ")) > 0]
    if isinstance(text := name.get("text"), str):
        yield Value(text, "name", rule, source, "", gender)
        if not family and not given and len(parts := text.replace(",", " ").split()) in (2, 3):
            family, given = parts[-1], parts[:-1]
    if isinstance(family, str):
        yield Value(family, "name", rule, source, "family", gender)
    for part in given:
        if len(part.strip(". ")) > 1:
            yield Value(part, "name", rule, source, "given", gender)
    if isinstance(family, str) and given:
        for first in (given[0], " ".join(given)) if len(given) > 1 else given:
            yield Value(f"{first} {family}", "name", rule, source, "", gender)
            yield Value(f"{family} {first}", "name", rule, source, "", gender)
        if given[0][:1].isascii():
            yield Value(f"{given[0][0]}. {family}", "name", rule, source, "", gender)


def _telecom(point: Mapping[str, Any], source: str) -> Iterator[Value]:
    kinds: dict[str, Category] = {"email": "email", "fax": "fax", "url": "url"}
    value = point.get("value")
    if isinstance(value, str):
        kind = kinds.get(str(point.get("system")), "phone")
        yield Value(value, kind, f"known-{kind}", source)


def _address(place: Mapping[str, Any], source: str) -> Iterator[Value]:
    for key in ("text", "line", "city", "district"):
        for text in _texts(place.get(key)):
            yield Value(text, "address", "known-address", source)
            street = text.split(",")[0].strip()
            if street != text and any(sign.isdigit() for sign in street):
                yield Value(street, "address", "known-address", source)
    for code in _texts(place.get("postalCode")):
        yield Value(code, "zip", "known-zip", source)


def known_of(timeline: Timeline) -> Known:
    """Collect what a timeline says of people: the patient, and who wrote the notes and attended the encounters."""
    person = timeline.person
    source = person.origin.source
    made = [Value(field.text, "name", "known-name", source) for field in (person.name, *person.name_parts) if field]
    if person.display:
        made.append(Value(person.display, "name", "known-name", source))
    made += [
        Value(field.text, _KINDS.get(label, "record-number"), "known-identifier", source)
        for label, field in person.identifiers
    ]
    if person.phone:
        made.append(Value(person.phone.text, "phone", "known-phone", source))
    if person.address:
        made.append(Value(person.address.text, "address", "known-address", source))
    staff = [note.author for note in timeline.notes] + [encounter.attending for encounter in timeline.encounters]
    for field in {field.text: field for field in staff if field is not None}.values():
        made += _name({"text": field.text}, field.origin.source, "known-staff", "")
    return Known(made)


def _search(value: Value) -> _Search | None:
    text = fold(value.text).text.strip()
    anchor = squeezed(text)
    if value.category in ("phone", "fax"):
        return _telephone(value, text)
    if not anchor or len(anchor) < 2:
        return None
    if value.category == "name":
        return _name_search(value, text, anchor)
    if len(anchor) < (2 if value.category == "address" and _HANGUL.search(text) else 4):
        return None
    if value.category in ("address", "organization", "url", "email"):
        gap = r"[\s,.]{0,4}" if value.category in ("address", "organization") else r"\s?"
        words = [re.escape(word) for word in re.findall(r"[^\s,]+", text)]
        if not words:
            return None
        start = "" if _HANGUL.match(words[0]) else r"(?<![A-Za-z0-9])"
        end = "" if _HANGUL.search(words[-1][-1]) else r"(?![A-Za-z0-9])"
        return _Search(value, anchor, re.compile(start + gap.join(words) + end, re.I))
    spaced = r"[\s.\-/]{0,3}".join(map(re.escape, filter(str.isalnum, text)))
    return _Search(value, anchor, re.compile(rf"(?<![A-Za-z0-9]){spaced}(?![A-Za-z0-9])", re.I))


def _telephone(value: Value, text: str) -> _Search | None:
    number = "".join(filter(str.isdigit, text))
    if len(number) < 7:
        return None
    local = (
        number.removeprefix("82")
        if text.startswith("+")
        else number.removeprefix("1")
        if len(number) == 11 and number[0] == "1"
        else number
    )
    local = local.removeprefix("0")
    spaced = r"[\s.\-()]{0,3}".join(local)
    return _Search(
        value, local, re.compile(rf"(?<!\d)(?:(?:\+|00)?82[\s.\-]?\(?0?\)?|\+?1[\s.\-]?|0)?\(?{spaced}(?!\d)")
    )


def _name_search(value: Value, text: str, anchor: str) -> _Search | None:
    hangul = bool(_HANGUL.fullmatch(text.replace(" ", "")))
    if hangul:
        return _Search(value, anchor, re.compile(_hangul_name(text.replace(" ", ""), value.role)))
    words = re.findall(r"[^\s,]+", text)
    joined = r"[\s,]{1,4}".join(_tolerant(word) for word in words)
    single = len(words) == 1
    if single and (len(anchor) < 4 or anchor in lowered("words_en.txt") or anchor in lowered("function_en.txt")):
        # An ordinary word that is somebody's name is the name where it is written as one.
        if anchor in lowered("function_en.txt"):
            return None
        shapes = {text, text.upper(), text.capitalize()}
        return _Search(
            value, anchor, re.compile(rf"(?<![A-Za-z'])(?:{'|'.join(map(re.escape, sorted(shapes)))})(?=[^A-Za-z]|$)")
        )
    middle = r"(?:\s[A-Z]\.?)?" if len(words) == 2 else ""
    if middle:
        joined = rf"{_tolerant(words[0])}{middle}[\s,]{{1,4}}{_tolerant(words[1])}"
    return _Search(
        value,
        anchor if not middle else squeezed(words[1]),
        re.compile(rf"(?<![A-Za-z0-9]){joined}(?![A-Za-z0-9])", re.I),
    )


def _tolerant(word: str) -> str:
    """A word of a name: Seo-yeon is Seo yeon and Seoyeon too; an initial may lack its point."""
    if len(word.rstrip(".")) == 1:
        return rf"{re.escape(word.rstrip('.'))}\.?"
    return r"[\s\-]{0,2}".join(re.escape(part) for part in word.split("-"))


def _hangul_name(name: str, role: Role) -> str:
    spaced = r"\s{0,2}".join(name)
    if role == "family":
        return rf"(?<![가-힣]){re.escape(name)}(?=\s?(?:씨|님|교수|선생|과장|원장))"
    if len(name) > 2 and role == "":
        return spaced
    return rf"(?<![가-힣]){spaced}{_KOREAN_END}"


def _items(value: Any) -> list[dict[str, Any]]:
    found = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [cast("dict[str, Any]", item) for item in found if isinstance(item, dict)]


def _texts(value: Any) -> list[str]:
    found = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, str) and item]
