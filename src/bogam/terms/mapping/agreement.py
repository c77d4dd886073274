"""What speaks for or against a candidate besides its words: unit, specimen, and words that exclude each other."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from bogam.terms.mapping.local import Local
from bogam.terms.mapping.wording import wordings
from bogam.terms.ucum import UnitError, convert
from bogam.terms.units import canonical
from bogam.terms.wordindex import words

_SPECIMENS: Final = {
    "serum": ("serum", "ser", "혈청"),
    "plasma": ("plasma", "plas", "혈장"),
    "blood": ("blood", "bld", "whole blood", "전혈", "혈액", "edta"),
    "urine": ("urine", "ur", "소변", "뇨", "요"),
    "csf": ("csf", "cerebrospinal fluid", "뇌척수액", "척수액"),
    "stool": ("stool", "feces", "대변", "분변"),
    "sputum": ("sputum", "spt", "객담", "가래"),
}
_OPPOSED: Final = (
    frozenset({"right", "left", "bilateral"}),
    frozenset({"acute", "chronic"}),
    frozenset({"benign", "malignant"}),
    frozenset({"upper", "lower"}),
    frozenset({"primary", "secondary"}),
    frozenset({"open", "closed"}),
    frozenset({"displaced", "nondisplaced"}),
    frozenset({"initial", "subsequent", "sequela"}),
    frozenset({"with", "without"}),
    frozenset({"direct", "indirect"}),
    frozenset({"igg", "igm", "iga", "ige"}),
    frozenset({"1", "2"}),
)
_ALIKE: Final = frozenset({"serum", "plasma"})


@lru_cache(maxsize=16384)
def _units(unit: str, other: str) -> tuple[float, str]:
    if canonical(unit) == canonical(other):
        return 0.15, f"unit {other}"
    try:
        convert(1.0, unit, other)
    except UnitError as error:
        molar = "molar mass" in error.reason
        return (-0.25, f"{unit} is not {other}") if molar else (-0.25, f"unit {unit} does not fit {other}")
    return 0.08, f"unit {unit} converts to {other}"


def units_agree(unit: str, extra: dict[str, Any]) -> tuple[float, str] | None:
    """Return what the units add to the score, with the reason; None where one of them is not told."""
    other = str(extra.get("unit") or "").split(";")[0].strip()
    return _units(unit.strip()[:40], other[:40]) if unit.strip() and other else None


@lru_cache(maxsize=4096)
def _kind(text: str) -> frozenset[str]:
    parts = text.lower().replace("/", " ").replace(".", " ").replace("+", " ").split()
    return frozenset(
        kind for kind, names in _SPECIMENS.items() if text.lower() in names or any(part in names for part in parts)
    )


def specimens_agree(item: Local, extra: dict[str, Any]) -> tuple[float, str] | None:
    """Return what the specimens add to the score, with the reason; None where one of them is not told."""
    target = str(extra.get("specimen") or "")
    ours, theirs = _kind(item.specimen[:60]), _kind(target[:60])
    if not ours or not theirs:
        return None
    if ours & theirs or (ours & _ALIKE and theirs & _ALIKE):
        return 0.1, f"specimen {target}"
    return -0.2, f"specimen {item.specimen} is not {target}"


def clashes(item: Local, name: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of words that exclude each other: of the local name, and of ``name``."""
    ours = {word for way in wordings(item.name) for word in way.split()}
    theirs = set(words(name))
    found: list[tuple[str, str]] = []
    for group in _OPPOSED:
        asked, told = ours & group, theirs & group
        if asked and told and not asked & told:
            found.append((min(asked), min(told)))
    return tuple(found)
