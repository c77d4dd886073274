"""What a note mentions: problems, symptoms, drugs, values, procedures, anatomy, devices, times, allergies."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple, cast

from bogam.record.facts import MentionKind
from bogam.terms import drugs
from bogam.terms.lexicon import named
from bogam.text.allergies import allergies
from bogam.text.attributes import (
    Values,
    drug_attributes,
    flag,
    number_spans,
    side_attribute,
    value_after,
)
from bogam.text.context import meant
from bogam.text.quantities import Quantity
from bogam.text.reading import Attribute, Entity
from bogam.text.vitals import vitals

_VALUES: Final = frozenset({"lab", "vital"})
_SIDED: Final = frozenset({"problem", "symptom", "anatomy", "procedure", "device"})
_INHALED: Final = re.compile(r"(?<=[\d ])(?:mcg|µg|ug|puffs?|caps?) ?\Z", re.IGNORECASE)
"""Before "INH" where it means inhaled and not isoniazid."""
_FLOWS: Final = frozenset({"l", "l/min", "lpm", "liter", "liters"})
_MOST_PHOSPHATE: Final = 20
"""mg/dL; a larger number after "P" is a pulse."""
_PRESSURES: Final = {"bp": ("sbp", "dbp")}


class _Name(NamedTuple):
    """An entity's words before its attributes are known."""

    kind: str
    key: str
    start: int
    end: int
    sentence: int


def entities(text: str, sentences: tuple[tuple[int, int], ...], section_of: tuple[str, ...]) -> tuple[Entity, ...]:
    """Return what the sentences of ``text`` mention, in order; assertion is not judged yet (present, mostly).

    Parameters
    ----------
    text
        The note.
    sentences
        Its sentences, in order.
    section_of
        The section key of each sentence.
    """
    names = _names(text, sentences)
    values = Values.read(text)
    found: list[Entity] = []
    for place, name in enumerate(names):
        bounds = sentences[name.sentence]
        drug = name.kind == "drug"
        stop = bounds[1]
        for other in names[place + 1 : place + 12]:
            if other.start >= stop:
                break
            if other.start >= name.end and (other.kind == "drug" or not drug):
                stop = other.start
                break
        found.extend(_entity(values, name, stop, bounds, section_of[name.sentence]))
    found = allergies(text, found, sentences, section_of)
    found.extend(_unnamed_vitals(text, found, sentences, section_of))
    found.extend(_times(values, sentences, section_of))
    found.sort(key=lambda entity: (entity.start, entity.end))
    return tuple(found)


def _sentence(starts: list[int], sentences: tuple[tuple[int, int], ...], start: int, end: int) -> int:
    index = bisect_right(starts, start) - 1
    return index if index >= 0 and end <= sentences[index][1] else -1


def _names(text: str, sentences: tuple[tuple[int, int], ...]) -> list[_Name]:
    starts = [start for start, _ in sentences]
    found = [
        ("drug", "+".join(f"d:{name}" for name in mention.ingredients), mention.start, mention.end)
        for mention in drugs.mentions(text)
        if not (
            text[mention.start : mention.end] == "INH"
            and _INHALED.search(text, max(0, mention.start - 8), mention.start)
        )
    ]
    covered = {place for _, _, start, end in found for place in (start, end - 1)}
    for low, high in sentences:
        for name, start, end in drugs.class_mentions(text[low:high]):
            if low + start not in covered and low + end - 1 not in covered:
                found.append(("drug", f"c:{name}", low + start, low + end))
                covered.update((low + start, low + end - 1))
    for term in named(text):
        key = meant(text, term.start, term.end, term.key)
        if key and term.start not in covered and term.end - 1 not in covered:
            kind, key = (term.kind, key) if term.kind != "substance" else ("problem", f"s:{key}")
            found.append((kind, key, term.start, term.end))
    found.sort(key=lambda each: (each[2], each[3]))
    placed = [_Name(kind, key, start, end, _sentence(starts, sentences, start, end)) for kind, key, start, end in found]
    return [name for name in placed if name.sentence >= 0]


def _entity(values: Values, name: _Name, stop: int, bounds: tuple[int, int], section: str) -> list[Entity]:
    text = values.text
    kind = cast(MentionKind, name.kind)
    made = Entity(kind, name.start, name.end, name.key, "present", section, name.sentence)
    if kind == "drug":
        return [
            made._replace(attributes=drug_attributes(values, name.start, name.end, stop, bounds[0]), key=key)
            for key in name.key.split("+")
        ]
    if name.key == "oxygen" and (flow := _flow(values, name.end, stop)) is not None:
        return [made._replace(kind="vital", key="oxygen-flow", number=flow.value, attributes=number_spans(text, flow))]
    if kind in _SIDED:
        return [made._replace(attributes=side_attribute(text, name.start, name.end, bounds[0], stop))]
    if kind not in _VALUES:
        return [made]
    numbers = value_after(values, name.end, stop)
    if name.end - name.start == 1 and _is_letter(name, numbers):
        return []
    if not numbers:
        return [made._replace(attributes=flag(text, name.start, name.end, None, stop))]
    keys = _PRESSURES.get(name.key, (name.key,)) if len(numbers) == 2 else (name.key,)
    return [
        made._replace(
            key=key,
            number=number.value,
            attributes=(*number_spans(text, number), *flag(text, name.start, name.end, number.end, stop)),
        )
        for key, number in zip(keys, numbers, strict=False)
    ]


def _flow(values: Values, end: int, stop: int) -> Quantity | None:
    """Return the flow said of oxygen ("O2 3 L/min", "O2 2L")."""
    number = next(iter(value_after(values, end, stop)), None)
    return number if number is not None and (number.unit or "").lower() in _FLOWS else None


def _is_letter(name: _Name, numbers: tuple[Quantity, ...]) -> bool:
    """Tell whether a single letter is none of the elements: without a value, or ``P 80``, which is a pulse."""
    return not numbers or (name.key == "phosphate" and numbers[0].unit is None and numbers[0].value > _MOST_PHOSPHATE)


def _unnamed_vitals(
    text: str, found: list[Entity], sentences: tuple[tuple[int, int], ...], section_of: tuple[str, ...]
) -> list[Entity]:
    """Return the vital signs that stand without a name; a value that a name already has is not told twice."""
    starts = [start for start, _ in sentences]
    told = {each.start for entity in found for each in entity.attributes if each.name == "value"}
    made: list[Entity] = []
    for key, start, end, number, value in vitals(text):
        index = _sentence(starts, sentences, start, value[1])
        if index >= 0 and value[0] not in told:
            kept = (Attribute("value", *value),)
            made.append(Entity("vital", start, end, key, "present", section_of[index], index, number, kept))
    return made


def _times(values: Values, sentences: tuple[tuple[int, int], ...], section_of: tuple[str, ...]) -> list[Entity]:
    starts = [start for start, _ in sentences]
    spans: list[tuple[MentionKind, int, int]] = []
    spans.extend(("date", when.start, when.end) for when in values.dates if when.certain)
    spans.extend(("duration", start, end) for start, end in values.durations)
    found: list[Entity] = []
    for kind, start, end in spans:
        index = _sentence(starts, sentences, start, end)
        if index >= 0:
            found.append(Entity(kind, start, end, "", "present", section_of[index], index))
    return found
