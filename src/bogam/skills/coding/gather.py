"""What speaks for each code: coded diagnoses, words that the model knows, and names in either language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple

from bogam.record.citation import Field, Origin
from bogam.record.facts import Assertion, Condition
from bogam.skills.coding.model import model
from bogam.skills.coding.phrases import content, words
from bogam.skills.coding.scope import Scope
from bogam.terms.bilingual import in_english
from bogam.terms.icd10cm import URI, Icd10cm
from bogam.text.assertion import classify
from bogam.text.note import read_note
from bogam.text.reading import Entity, NoteReading

How = Literal["recorded", "shared", "model", "name"]
"""Coded so in the record; coded there in KCD or ICD-10, which shares at most four characters; found by the model in
the words of a note; found by the name that a note or diagnosis has, in either language."""

_PLACES: Final = 6
_SHARED: Final = 5
"""Four characters and the dot."""


class Support(NamedTuple):
    """One place that speaks for a code."""

    code: str
    words: Field
    assertion: Assertion
    how: How
    probability: float
    around: Field | None = None
    """The sentence of a note, from which a side or another detail may be taken."""
    cited: tuple[Field, ...] = ()
    """Further values that it rests on: the status of a diagnosis, its code."""


def supports(scope: Scope, index: Icd10cm) -> list[Support]:
    """Return every place in the scope that speaks for a code of ``index``."""
    found = [each for condition in scope.conditions for each in of_condition(condition, index)]
    for note in scope.notes:
        for part in note.parts:
            found.extend(of_text(part, index))
    return [each for each in found if each.code in index]


def of_text(text: Field, index: Icd10cm) -> Iterator[Support]:
    """Yield what the words of one text speak for."""
    reading = read_note(text.text)
    fitted = model()
    known: list[tuple[int, int]] = []
    for candidate in fitted.candidates(text.text):
        if candidate.probability < fitted.threshold:
            break
        for hit in candidate.hits[:_PLACES]:
            if any(a <= hit.start and hit.end <= b and b - a > hit.end - hit.start for a, b in known):
                continue  # "infection" within "urinary tract infection", which speaks for something more probable
            known.append((hit.start, hit.end))
            if candidate.code in _EDEMA and _of_an_organ(text.text, reading, hit.start, hit.end):
                continue
            low, high = _sentence(reading, hit.start, hit.end)
            section = next((part.key for part in reading.sections if part.start <= hit.start < part.end), "")
            assertion = classify(text.text, hit.start, min(hit.end, high), section)
            found, around = text.part(hit.start, hit.end), text.part(low, high)
            yield Support(candidate.code, found, assertion, "model", candidate.probability, around)
    for entity in reading.entities:
        if entity.kind not in ("problem", "symptom") or _within(entity, known) or _a_sign(text.text, entity.end):
            continue
        for code in named(text.text[entity.start : entity.end], index):
            if code in _EDEMA and _of_an_organ(text.text, reading, entity.start, entity.end):
                continue
            around = text.part(*_sentence(reading, entity.start, entity.end))
            yield Support(code, text.part(entity.start, entity.end), entity.assertion, "name", 0.0, around)


def _a_sign(text: str, end: int) -> bool:
    """Tell whether a name is only part of a sign: "CVA tenderness" is no stroke."""
    return text[end : end + 12].lower().startswith((" tenderness", " td", " angle", " 압통"))


_EDEMA: Final = ("R60", "R60.9")


def _of_an_organ(text: str, reading: NoteReading, start: int, end: int) -> bool:
    """Tell whether a swelling is that of one organ ("신장 부종", "swelling of the kidney"), not of the person."""
    return any(
        text[each.end : start].strip() == "" if each.end <= start else text[end : each.start] in (" of ", " of the ")
        for each in reading.entities
        if each.kind == "anatomy" and (start - 3 <= each.end <= start or end <= each.start <= end + 8)
    )


def _within(entity: Entity, known: Iterable[tuple[int, int]]) -> bool:
    return any(start < entity.end and entity.start < end for start, end in known)


def _sentence(reading: NoteReading, start: int, end: int) -> tuple[int, int]:
    return next(((low, high) for low, high in reading.sentences if low <= start < high), (start, end))


@lru_cache(maxsize=4096)
def named(name: str, index: Icd10cm) -> tuple[str, ...]:
    """Return the code of a name in Korean or English; none when nothing fits all its words.

    A complete code of exactly that title goes before what cases with these words usually mean, and that before a
    heading of that title.
    """
    headings: list[str] = []
    for wording in (name, *in_english(name)):
        stems = content(token.stem for token in words(wording))
        if not stems or any("가" <= sign <= "힣" for sign in wording):
            continue
        titled = sorted(code for code in _titled().get(stems, ()) if code in index and not _vague(code, index))
        complete = [code for code in titled if index[code].billable]
        if complete:
            return (complete[0],)
        headings += titled
        for candidate in model().candidates(wording):
            hit = candidate.hits[0]
            if content(token.stem for token in words(wording, hit.start, hit.end)) == stems:
                return (candidate.code,) if candidate.code in index else ()
    return tuple(headings[:1])


def _vague(code: str, index: Icd10cm) -> bool:
    return index[code].title.startswith("Other")


@cache
def _titled() -> dict[frozenset[str], tuple[str, ...]]:
    tables = model().tables
    return {frozenset(title): codes for title, codes in zip(tables.titles, tables.title_codes, strict=True)}


def of_condition(condition: Condition, index: Icd10cm) -> Iterator[Support]:
    """Yield what a diagnosis in the record speaks for: its ICD-10-CM code, else what its other codes or its name do."""
    assertion = _state(condition)
    status = tuple(field for field in (condition.verification, condition.status_field) if field is not None)
    coded = [coding for coding in condition.codes if coding.system == URI]
    if coded:
        for coding in coded:
            yield Support(coding.code.text, condition.name, assertion, "recorded", 1.0, cited=(coding.code, *status))
        return
    for coding in condition.codes:
        if is_kcd(coding.system):
            code = next((each for each in _shortened(coding.code.text) if each in index), None)
            if code is not None:
                yield Support(code, condition.name, assertion, "shared", 0.0, cited=(coding.code, *status))
                return
    for code in named(condition.name.text, index):
        yield Support(code, condition.name, assertion, "name", 0.0, cited=status)


def is_kcd(system: str) -> bool:
    """Tell whether a coding system is KCD, or ICD-10 as the WHO publishes it, which KCD refines."""
    return "kcd" in system.lower() or system in ("http://hl7.org/fhir/sid/icd-10", "urn:oid:2.16.840.1.113883.6.3")


def _shortened(code: str) -> Iterator[str]:
    """Yield what a KCD or ICD-10 code can share with ICD-10-CM: four characters, then three."""
    if "." in code:
        yield code[:_SHARED]
    yield code[:3]


def _state(condition: Condition) -> Assertion:
    verification = condition.verification.text.lower() if condition.verification is not None else ""
    if condition.status == "refuted":
        return "absent"
    if verification in ("provisional", "differential", "unconfirmed"):
        return "possible"
    return "historical" if condition.status == "resolved" else "present"


def of_plain(text: str, index: Icd10cm) -> list[Support]:
    """Return what the words of a text speak for that belongs to no record."""
    return [each for each in of_text(Field(Origin("text", "1", ""), "", text), index) if each.code in index]
