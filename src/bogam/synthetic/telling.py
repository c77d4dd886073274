"""What a note says, listed as it is written: the same chart that gives the words gives the facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bogam.synthetic.build import Chart
from bogam.synthetic.case import Told
from bogam.synthetic.catalog.said import SAID
from bogam.synthetic.recorder import Med

CHRONIC: Final = ("present", "historical")
"""What a disease under past history is: the patient had it before and has it."""

_FINDINGS: Final[dict[str, tuple[str, ...]]] = {"+": ("present",), "-": ("absent",), "?": ("possible",)}


def problems(words: Iterable[str], means: tuple[str, ...] = ("present",)) -> list[Told]:
    """Return problems as a list of problems names them."""
    return [Told("", "problem", each, means) for each in words]


def drugs(meds: Iterable[Med]) -> list[Told]:
    """Return drugs with dose, route and frequency, as a list of drugs has them."""
    return [Told("", "drug", m.drug.en, dose=m.signa[0], route=m.signa[1], frequency=m.signa[2]) for m in meds]


def allergies(words: Iterable[str]) -> list[Told]:
    """Return allergens; none are told as the denial of all."""
    return [Told("", "allergy", each) for each in words] or [Told("", "allergy", "", ("absent",))]


def values(found: Iterable[tuple[str, str, str]]) -> list[Told]:
    """Return values from (name, number, unit)."""
    return [Told("", "value", name, value=value, unit=unit) for name, value, unit in found]


def kin(c: Chart) -> list[Told]:
    """Return what relatives have."""
    return problems([disease for _, disease in c.kin], ("other",))


def spoken(text: str) -> list[Told]:
    """Return what free words say, by the table of phrases; where two overlap the longer one counts."""
    found: list[tuple[int, list[Told]]] = []
    for phrase, says in SAID:
        at = text.find(phrase)
        while at >= 0:
            found.append((at, [_one(mark) for mark in says.split(" ") if mark[:1] in "+-?@!~="] if says else []))
            text = text[:at] + "\0" * len(phrase) + text[at + len(phrase) :]
            at = text.find(phrase)
    found.sort(key=lambda each: each[0])
    return [told for _, facts in found for told in facts]


def _one(mark: str) -> Told:
    kind, (words, *parts) = mark[0], mark[1:].replace("_", " ").split("/")
    if kind in _FINDINGS:
        return Told("", "finding", words, _FINDINGS[kind])
    if kind == "!":
        return Told("", "drug", words, ())
    if kind in "~=":
        return Told("", "value", words, ("hypothetical",) if kind == "~" else ("present",), value=parts[0])
    dose, route, frequency = (*parts, "", "", "")[:3]
    return Told("", "drug", words, dose=dose, route=route, frequency=frequency)
