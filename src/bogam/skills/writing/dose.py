"""A dosage instruction in words."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from bogam.record.citation import Field
from bogam.record.facts import Dosage
from bogam.skills.writing.compose import Line, Piece, hidden, joined, measured, name, number, plain
from bogam.skills.writing.words import UNITS, Language

_A = ("h", "d", "wk", "mo")


def dose(dosage: Dosage | None, language: Language) -> Piece | None:
    """Return the dosage as recorded: its text or its parts; None when nothing is recorded."""
    if dosage is None:
        return None
    if dosage.text is not None and dosage.text.text.strip():
        return plain(dosage.text)
    line = Line(language)
    if dosage.value is not None:
        amount = measured(_amount(dosage.value), dosage.unit)
        line.add(amount) if dosage.unit else line.say("dose", x=amount)
    if dosage.route is not None:
        line.add(name(dosage.route))
    _timing(line, dosage, language)
    if dosage.as_needed is not None and dosage.as_needed.text != "false":
        if dosage.as_needed.text == "true":
            line.say("as-needed", x=hidden(dosage.as_needed))
        else:
            line.say("as-needed", x=joined([Piece(" "), plain(dosage.as_needed)], ""))
    whole = line.claim("")
    return Piece(whole.text, whole.citations) if whole.text else None


def _timing(line: Line, dosage: Dosage, language: Language) -> None:
    frequency, period, unit = _whole(dosage.frequency), _whole(dosage.period), dosage.period_unit
    if unit is None or unit.text not in UNITS or period is None or (frequency is None and period == 1):
        return
    count = Piece(str(frequency), hidden(dosage.frequency).citations)
    if period == 1 and unit.text in _A:
        basis = hidden(dosage.period, unit)
        if frequency == 1:
            line.say(f"once-a-{unit.text}", n=hidden(dosage.frequency), u=basis)
        else:
            line.say(f"times-a-{unit.text}", n=count, u=basis)
        return
    word = Piece(UNITS[unit.text][language], (unit.cite(),))
    every = Piece(str(period), hidden(dosage.period).citations)
    if frequency in (None, 1):
        line.say("every", p=every, u=word, n=hidden(dosage.frequency))
    else:
        line.say("times-every", n=count, p=every, u=word)


def _whole(field: Field | None) -> int | None:
    """Return a whole number, also when written 1.0."""
    if field is None:
        return None
    try:
        value = Decimal(field.text)
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() and 0 < value < 10000 else None


def _amount(field: Field) -> Piece:
    """Show 1.0 as 1: a tablet is no measurement."""
    whole = _whole(field)
    return Piece(str(whole), (field.cite(),)) if whole is not None else number(field)


def dosed(dosage: Dosage | None) -> bool:
    """Say whether an amount is recorded: a dosage text or a value. "As needed" alone is none."""
    if dosage is None:
        return False
    return (dosage.text is not None and bool(dosage.text.text.strip())) or dosage.value is not None
