"""Units that convert: UCUM by the library `ucumvert` (over `pint`), and mass to amount with a substance's molar mass.

`bogam.terms.units` gives units one spelling; this compares what is measured in different ones. The library takes a
second and a half to load and is loaded on first use.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from bogam.terms.concepts import keys
from bogam.terms.units import canonical

_LONGEST: Final = 60
_HBA1C: Final = re.compile(r"a1c|당화", re.I)
_OF_CANONICAL: Final = {
    "kg": "kg", "g": "g", "mg": "mg", "ug": "ug", "ng": "ng", "pg": "pg", "l": "L", "dl": "dL", "ml": "mL", "ul": "uL",
    "fl": "fL", "mol": "mol", "mmol": "mmol", "umol": "umol", "nmol": "nmol", "pmol": "pmol", "meq": "meq",
    "mosm": "mosm", "u": "U", "iu": "[IU]", "miu": "m[IU]", "uiu": "u[IU]", "ku": "kU", "mu": "mU", "cm": "cm",
    "mm": "mm", "um": "um", "nm": "nm", "inch": "[in_i]", "ft": "[ft_i]", "lb": "[lb_av]", "oz": "[oz_av]",
    "mmhg": "mm[Hg]", "cmh2o": "cm[H2O]", "kpa": "kPa", "%": "%", "°c": "Cel", "°f": "[degF]", "s": "s", "ms": "ms",
    "min": "min", "h": "h", "d": "d", "wk": "wk", "mo": "mo", "a": "a", "gy": "Gy", "cgy": "cGy", "mci": "mCi",
    "mbq": "MBq", "hz": "Hz", "kcal": "kcal", "ma": "mA", "mv": "mV", "m2": "m2", "cm2": "cm2", "hpf": "[HPF]",
    "1.73m2": "{1.73_m2}", "10*3": "10*3", "10*6": "10*6", "10*9": "10*9", "10*12": "10*12", "": "",
    "fr": "[Ch]", "cell": "{cell}", "copies": "{copies}", "beat": "{beat}", "breath": "{breath}",
}  # fmt: skip
_ARBITRARY: Final = re.compile(r"\[([A-Za-z]*'?(?:IU|iU|arb'U|USP'U|CFU|PFU|AU|BAU|GPL'U|MPL'U)|IU|iU)\]")
_ANNOTATION: Final = re.compile(r"\{([^{}]*)\}")
_EQUIVALENTS: Final = re.compile(r"(?<![A-Za-z])(?:[mukn])?eq(?![A-Za-z])")
_ATOMS: Final = {
    "H": 1.008, "Li": 6.94, "C": 12.011, "N": 14.007, "O": 15.999, "Na": 22.990, "Mg": 24.305, "P": 30.974, "S": 32.06,
    "Cl": 35.45, "K": 39.098, "Ca": 40.078, "Fe": 55.845, "Co": 58.933, "I": 126.90,
}  # fmt: skip
"""Abridged standard atomic weights (IUPAC Commission on Isotopic Abundances and Atomic Weights, 2021)."""
_FORMULA: Final = re.compile(r"([A-Z][a-z]?)(\d*)")


class UnitError(ValueError):
    """A unit that cannot be read, or two that cannot be compared; ``reason`` and ``reason_ko`` say why."""

    def __init__(self, reason: str, reason_ko: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_ko = reason_ko


@dataclass(frozen=True, slots=True)
class Substance:
    """What a mass is of. ``molar_mass`` in g/mol; ``charge`` of the ion, 0 where equivalents are not used."""

    key: str
    formula: str
    molar_mass: float
    charge: int
    note: str


@cache
def substances() -> dict[str, Substance]:
    """Return the known substances by key and by every name, in lower case."""
    found: dict[str, Substance] = {}
    text = (files("bogam.terms") / "data" / "substances.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, formula, charge, names, note = line.split("\t")
            made = Substance(key, formula, molar_mass(formula), int(charge), note)
            for name in (key, *names.split(";")):
                found.setdefault(name.lower(), made)
    return found


def molar_mass(formula: str) -> float:
    """Return the molar mass of a formula such as ``C6H12O6``, in g/mol."""
    return sum(_ATOMS[element] * int(count or 1) for element, count in _FORMULA.findall(formula))


def substance(name: str) -> Substance | None:
    """Return the substance that a test's name names, in English or Korean; None when it is not known."""
    known = substances()
    exact = known.get(name.strip().lower())
    if exact is not None:
        return exact
    named = {found.key: found for key in keys(name[:200]) if (found := known.get(key.name)) is not None}
    return next(iter(named.values())) if len(named) == 1 else None


@lru_cache(maxsize=4096)
def ucum(unit: str) -> str:
    """Return a unit in UCUM's case sensitive form: as the house spells it where it is known, else as written.

    So ``mg/dl``, ``K/uL`` (thousands, not Kelvin) and ``mcg`` mean what a laboratory means by them.

    Raises
    ------
    UnitError
        When it is no unit of UCUM either.
    """
    written = unit.strip()
    shown = written[:_LONGEST]
    annotations = "" if "1.73" in written else "".join(f"{{{each}}}" for each in _ANNOTATION.findall(written))
    parts = [_OF_CANONICAL.get(part) for part in canonical(written).split("/")]
    told = "/".join(part for part in parts if part is not None) if None not in parts else written
    if not written or len(written) > _LONGEST:
        raise UnitError(f'"{shown}" is no unit.', f"“{shown}”: 단위가 아닙니다.")
    if told and None not in parts and annotations and "{" not in told:
        told += annotations
    told = told or "1"
    _parsed(told, shown)
    return told


@cache
def _registry() -> Any:
    from ucumvert import PintUcumRegistry  # takes a second and a half

    return PintUcumRegistry()


@lru_cache(maxsize=4096)
def _parsed(unit: str, shown: str) -> Any:
    """Return the unit as a quantity of one. For text that is no unit the libraries raise many kinds of errors."""
    from lark.exceptions import LarkError
    from pint.errors import PintError

    registry = _registry()
    try:
        found = registry.from_ucum(unit)
        return found if hasattr(found, "magnitude") else registry.Quantity(1, found)
    except (LarkError, PintError, ValueError, ArithmeticError, RecursionError, AttributeError, TypeError):
        raise UnitError(f'"{shown}" is no unit of UCUM.', f"“{shown}”: UCUM 단위가 아닙니다.") from None


@lru_cache(maxsize=8192)
def convert(value: float, unit: str, to: str, of: str = "") -> float:
    """Convert a value.

    Parameters
    ----------
    value, unit
        What is given, the unit in UCUM or as people write it.
    to
        The unit wanted.
    of
        What it is a value of, by name or lexicon key: needed between mass and amount, and for equivalents.

    Raises
    ------
    UnitError
        When a unit cannot be read, or the two do not measure the same thing, with the reason.
    """
    source, target = ucum(unit), ucum(to)
    if source == target:
        return value
    of_what = substance(of) if of else None
    if _HBA1C.search(of) and {source, target} == {"%", "mmol/mol"}:
        return (value - 2.152) / 0.09148 if target == "mmol/mol" else 0.09148 * value + 2.152
    _same_arbitrary(source, target, unit, to)
    factor = _equivalents(source, target, of_what, unit, to)
    return _converted(value * factor, source, target, of_what, unit, to, of)


def _converted(value: float, source: str, target: str, of_what: Substance | None, unit: str, to: str, of: str) -> float:
    one, other = _parsed(source, unit), _parsed(target, to)
    given = one.__class__(value * float(one.magnitude), one.units)
    if one.dimensionality != other.dimensionality:
        given = _by_amount(given, one, other, of_what, unit, to, of)
    found = given.to(other.units)
    return float(found.magnitude) / float(other.magnitude)


def _by_amount(given: Any, one: Any, other: Any, of_what: Substance | None, unit: str, to: str, of: str) -> Any:
    molar = _parsed("g/mol", "g/mol") * (of_what.molar_mass if of_what else 1.0)
    for changed, dimensions in ((given / molar, one / molar), (given * molar, one * molar)):
        if dimensions.dimensionality == other.dimensionality:
            if of_what is None:
                which = f'"{of}" is not among the substances with a known molar mass' if of else "name what is measured"
                which_ko = f"“{of}”의 몰질량을 모릅니다" if of else "무엇을 잰 값인지 알려 주십시오"
                raise UnitError(
                    f"{unit} and {to} compare only with a molar mass: {which}.",
                    f"{unit}, {to}: 몰질량이 있어야 비교할 수 있습니다. {which_ko}.",
                )
            return changed
    raise UnitError(
        f"{unit} and {to} do not measure the same thing ({one.dimensionality} and {other.dimensionality}).",
        f"{unit}, {to}: 서로 다른 것을 재는 단위입니다 ({one.dimensionality}, {other.dimensionality}).",
    )


def _same_arbitrary(source: str, target: str, unit: str, to: str) -> None:
    """Refuse where one is in arbitrary units and the other in others or none, or the annotations disagree."""
    if set(_ARBITRARY.findall(source)) != set(_ARBITRARY.findall(target)):
        raise UnitError(
            f"{unit} and {to} do not compare: arbitrary units (UCUM) convert to nothing else.",
            f"{unit}, {to}: 임의 단위(UCUM)는 다른 단위로 바꿀 수 없습니다.",
        )
    marks, others = _ANNOTATION.findall(source), _ANNOTATION.findall(target)
    if marks and others and marks != others:
        raise UnitError(
            f"{unit} and {to} do not compare: they are marked {', '.join(marks)} and {', '.join(others)}.",
            f"{unit}, {to}: 표시가 서로 다릅니다 ({', '.join(marks)} / {', '.join(others)}).",
        )


def _equivalents(source: str, target: str, of_what: Substance | None, unit: str, to: str) -> float:
    """Return what turns equivalents into moles or back: an equivalent is a mole divided by the charge."""
    one, other = bool(_EQUIVALENTS.search(source)), bool(_EQUIVALENTS.search(target))
    if one == other:
        return 1.0
    if of_what is None or not of_what.charge:
        raise UnitError(
            f"{unit} and {to} compare only with the charge of an ion: name what is measured.",
            f"{unit}, {to}: 이온의 전하를 알아야 비교할 수 있습니다. 무엇을 잰 값인지 알려 주십시오.",
        )
    return 1 / of_what.charge if one else float(of_what.charge)


def same(value: float, unit: str, other: float, other_unit: str, of: str = "", tolerance: float = 0.01) -> bool:
    """Tell whether two values are equal within ``tolerance`` (relative, 1 % by default, as rounding leaves).

    Raises
    ------
    UnitError
        When they cannot be compared.
    """
    return math.isclose(convert(value, unit, other_unit, of), other, rel_tol=tolerance, abs_tol=1e-12)
