"""Compare a claim's figures with what it cites: numbers, frequencies, dates, codes, direction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bogam.evidence import derive
from bogam.evidence.claim import Failure
from bogam.evidence.context import Measured
from bogam.evidence.gather import Chosen, Evidence
from bogam.terms.concepts import with_parents
from bogam.terms.units import kind
from bogam.text.atoms import Reading
from bogam.text.dates import When, agrees
from bogam.text.quantities import Quantity, same_number

# What a bare number in a note is measured in, when nobody writes it.
_UNWRITTEN: Final = {
    "mmhg": frozenset({"sbp", "dbp", "bp"}), "/min": frozenset({"heart-rate", "respiratory-rate"}),
    "%": frozenset({"spo2", "hba1c", "lvef"}),
    "°c": frozenset({"temperature"}), "a": frozenset({"w:age"}), "kg": frozenset({"weight"}),
    "cm": frozenset({"height"}),
}  # fmt: skip
_FORMS: Final = {
    "tab": ("tablet", "정"), "cap": ("capsule", "캡슐"), "puff": ("actuat", "inhal", "흡입"), "patch": ("patch",
    "transdermal"),
    "spray": ("spray",), "vial": ("vial",), "amp": ("inject",), "times": (), "count": (), "score": (),
}  # fmt: skip


def _unit_fits(number: Quantity, label: frozenset[str], cited: Measured, got: Evidence) -> bool:
    if number.unit is None or number.unit in cited.units:
        return True
    if number.unit.endswith("/d") and number.unit[:-2] in cited.units:
        return any(abs(each.frequency.high - 1) < 1e-9 for each in got.often)
    if cited.units:
        return False
    if number.unit in ("times", "count"):
        return True
    if number.unit in _FORMS:
        return any(form in got.text for form in _FORMS[number.unit])
    if number.unit == "a":
        return "age" in got.text or "세" in got.text
    usual = _UNWRITTEN.get(number.unit, frozenset())
    return bool(usual & (label | cited.label)) and not cited.structured


def _comparator_fits(number: Quantity, cited: Measured) -> bool:
    if number.comparator == cited.comparator:
        return True
    return number.worded and not cited.comparator


def number(
    claim: Reading,
    number: Quantity,
    label: frozenset[str],
    got: Evidence,
    as_of: str,
    chosen: Chosen,
) -> list[Failure]:
    shown = claim.text[number.start : number.end]
    around = _as_date(claim, number)
    if around is not None and any(agrees(around, when) for when, _ in got.dates):
        return []
    if _in_name(claim, number, got):
        return []
    same = [cited for cited in got.measured if same_number(number.digits, cited.digits)]
    fitting = [cited for cited in same if _unit_fits(number, label, cited, got)]
    exact = [cited for cited in fitting if _comparator_fits(number, cited)]
    exact = _of_right_kind(claim, number, exact, got)
    about = label & got.labels if number.pair and label & got.labels else with_parents(label) & got.labels
    dose = any(name[:2] == "d:" for name in label) and kind(number.unit) in ("dose", "other")
    if exact:
        bound = _bound(about, exact, number, got)
        if bound:
            chosen.append((number, bound))
            return []
    if around is not None and not same:
        return [Failure("date", shown, _cited_dates(got))]
    if derive.holds(
        claim, number, got.measured, [when for when, _ in got.dates], len(got.scopes), as_of, len(got.pieces)
    ):
        return []
    others = [cited for cited in got.measured if _near(about, cited)] if about else got.measured
    if same and not fitting:
        return [Failure("unit", shown, _list(cited.shown for cited in same))]
    return [Failure("dose" if dose else "number", shown, _list(cited.shown for cited in others))]


_RANGE: Final = re.compile(
    r"(?:range|reference|ref\.?|limits?|upper|lower|ULN|범위|참고치|정상치|상한|하한)(?: (?:from|of|up to|is|normal))*"
    r"[\s:]*(?:\S{1,12}\s?(?:-|–|~|to)\s?)?\Z",
    re.I,
)


def _of_right_kind(claim: Reading, number: Quantity, exact: list[Measured], got: Evidence) -> list[Measured]:
    """Keep limits for numbers that are given as a range, and values for those that are not."""
    if not any(cited.limit for cited in got.measured) or all(cited.limit for cited in got.measured):
        return exact
    if _RANGE.search(claim.text, 0, number.start):
        return [cited for cited in exact if cited.limit or not cited.structured]
    return exact if number.comparator else [cited for cited in exact if not cited.limit]


_NUMBERED: Final = re.compile(r"제\s?\d+\s?(?:형|기|도|급)|\b(?:type|stage|grade|class|phase|group)\s\d+[a-z]?\b", re.I)


def _in_name(claim: Reading, number: Quantity, got: Evidence) -> bool:
    """Tell whether a number is part of a name that the evidence has as well, such as "type 2" or "제2형"."""
    return any(
        match.start() <= number.start < match.end() and match[0].lower() in got.text
        for match in _NUMBERED.finditer(claim.text)
    )


def _as_date(claim: Reading, number: Quantity) -> When | None:
    return next((when for when in claim.dates if number.start < when.end and when.start < number.end), None)


def _strong(names: frozenset[str]) -> frozenset[str]:
    drugs_named = frozenset(name for name in names if name[:2] == "d:")
    return drugs_named or frozenset(name for name in names if name[:2] not in ("w:", "c:")) or names


def _near(about: frozenset[str], cited: Measured) -> bool:
    return bool(_strong(about) & with_parents(cited.label))


def _bound(about: frozenset[str], exact: list[Measured], number: Quantity, got: Evidence) -> list[Measured]:
    """Keep the cited numbers that are the value of what the claim speaks about.

    One that is the value of something else counts only where nothing says so: its own label is empty, or the claim's
    subject has no other number of that unit in the evidence.
    """
    if not about:
        return exact
    near = [cited for cited in exact if _near(about, cited)]
    if near:
        return near
    drug = any(name[:2] == "d:" for name in about)
    loose = [cited for cited in exact if not (cited.label if not drug else [n for n in cited.label if n[:2] == "d:"])]
    if loose:
        return loose
    if drug or any(cited.structured for cited in exact):
        return []
    rivals = [
        cited for cited in got.measured if _near(about, cited) and (not number.unit or number.unit in cited.units)
    ]
    return [] if rivals else exact


def _list(shown: Iterable[str]) -> str:
    words = list(dict.fromkeys(shown))
    return ", ".join(words[:4])


def _cited_dates(got: Evidence) -> str:
    return ", ".join(dict.fromkeys(piece.text[:40] for piece in got.pieces if piece.dates))


def frequencies(claim: Reading, got: Evidence) -> list[Failure]:
    found: list[Failure] = []
    for each in claim.frequencies:
        same = [
            cited
            for cited in got.often
            if abs(cited.frequency.low - each.low) < 1e-6 and abs(cited.frequency.high - each.high) < 1e-6
        ]
        before = [key for key in claim.keys if key.name[:2] == "d:" and key.start < each.start]
        names = frozenset(key.name for key in before if key.start == before[-1].start) if before else frozenset[str]()
        named = frozenset[str]().union(*(cited.label for cited in got.often))
        if same and (not names & named or any(names & cited.label or not cited.label for cited in same)):
            continue
        shown = claim.text[each.start : each.end]
        if not same and shown.lower() in got.text:
            continue
        rates = (f"{cited.frequency.low:g} to {cited.frequency.high:g} a day" for cited in got.often)
        found.append(Failure("dose", shown, _list(rates)))
    return found


_AS_OF: Final = re.compile(r"as of|기준|현재|until|까지|today|오늘", re.I)


def dates(claim: Reading, got: Evidence, as_of: str, chosen: Chosen) -> list[Failure]:
    found: list[Failure] = []
    for when in claim.dates:
        if not when.certain and any(number.start < when.end and when.start < number.end for number in claim.quantities):
            continue
        shown = claim.text[when.start : when.end]
        fitting = [(cited, scope) for cited, scope in got.dates if _date_fits(when, cited, got)]
        if not fitting:
            if as_of and derive.is_as_of(when, as_of) and _AS_OF.search(claim.text):
                continue
            found.append(Failure("date", shown, _cited_dates(got)))
        elif wrong := _of_another(claim, when, fitting, got, chosen):
            found.append(Failure("date", shown, wrong))
    return found


def _date_fits(claimed: When, cited: When, got: Evidence) -> bool:
    if agrees(claimed, cited):
        return True
    if all(reading[0] is not None for reading in cited.readings):
        return False
    years = {reading[0] for when, _ in got.dates for reading in when.readings if reading[0] is not None}
    years |= {int(year) for piece in got.pieces for year in re.findall(r"\b(?:19|20)\d\d\b", piece.pointer)}
    return any(
        agrees(claimed, cited._replace(readings=tuple((year, *reading[1:]) for reading in cited.readings)))
        for year in years
    )


def _of_another(
    claim: Reading,
    when: When,
    fitting: list[tuple[When, str]],
    got: Evidence,
    chosen: Chosen,
) -> str:
    """Tell whether a date stands with a value that was measured on another cited date. Returns that date, else nothing.

    Only where the claim gives each of its structured values a date of its own, so that which belongs to which is clear.
    """
    values = [
        (number, cited) for number, cited in chosen if cited[0].structured and not cited[0].limit and number.unit != "a"
    ]
    if len({scope for _, scope in got.dates}) < 2 or len(values) < 2 or len(claim.dates) != len(values):
        return ""
    pairs = list(zip(values, claim.dates, strict=True))
    if all(pair[0].start < each.start for pair, each in pairs) or all(
        pair[0].start > each.start for pair, each in pairs
    ):
        _, cited = next(pair for pair, each in pairs if each is when)
    else:
        _, cited = min(values, key=lambda pair: max(when.start - pair[0].end, pair[0].start - when.end))
    scopes = {each.scope for each in cited}
    own = [day for day, scope in got.dates if scope in scopes]
    if own and not any(agrees(when, day) for day in own) and all(scope not in scopes for _, scope in fitting):
        return ", ".join(piece.text for piece in got.pieces if piece.scope.id in scopes and piece.dates)
    return ""


def codes(claim: Reading, got: Evidence) -> list[Failure]:
    return [
        Failure("code", code.text, "")
        for code in claim.codes
        if not re.search(rf"(?<![a-z0-9.]){re.escape(code.text.lower())}(?![a-z0-9]|\.\d)", got.text)
    ]


_HIGH: Final = re.compile(
    r"\b(?:high|elevated|raised|above (?:the )?(?:normal|range|reference|limit))\b|높음|높다|높은|상승|초과", re.I
)
_LOW: Final = re.compile(
    r"\b(?:low|below (?:the )?(?:normal|range|reference|limit)|reduced)\b|낮음|낮다|낮은|저하|미달", re.I
)
_NORMAL: Final = re.compile(r"\b(?:normal|within (?:the )?(?:normal|reference) (?:range|limits))\b|정상", re.I)


_FROM_KO: Final = re.compile(r"\s?[^\s,]{0,20}?에서")


def _ends_of_change(claim: Reading, chosen: Chosen) -> tuple[Quantity, Quantity] | None:
    """Return the earlier and the later value: "from 4.1", "4.1에서" is the earlier, else the first that is written."""
    values = [
        number
        for number, cited in chosen
        if not number.pair and not cited[0].limit and cited[0].units == chosen[0][1][0].units
    ]
    if len(values) != 2 or len({number.unit for number in values} - {None}) > 1:
        return None
    first, last = values
    if kind(first.unit or last.unit) == "time" or (
        re.fullmatch(r"\s*\S*\s*(?:to|-|~)\s*", claim.text[first.end : last.start])
        and not re.search(r"\bfrom\s*$", claim.text[: first.start], re.I)
    ):
        return None
    for base, other in ((first, last), (last, first)):
        if re.search(r"\bfrom\s*$", claim.text[: base.start], re.I) or _FROM_KO.match(claim.text, base.end):
            return base, other
    return first, last


def trend(claim: Reading, got: Evidence, chosen: Chosen) -> list[Failure]:
    """Compare words of direction with the values in the claim, and high, low and normal with the record's flag."""
    if claim.trend and len(chosen) > 1 and (ends := _ends_of_change(claim, chosen)) is not None:
        before, after = ends
        if (after.value - before.value) * claim.trend < 0 or (
            after.value == before.value and before is not chosen[0][0]
        ):
            return [Failure("term", "rise" if claim.trend > 0 else "fall", f"{before.digits} → {after.digits}")]
    if claim.trend:
        told = {piece.reading.trend for piece in got.pieces if piece.reading.trend}
        if told == {-claim.trend}:
            return [Failure("term", "rise" if claim.trend > 0 else "fall", "the opposite")]
    flags = {scope.flag for scope in got.scopes.values() if scope.flag}
    if len(flags) == 1 and not claim.polarity.any and not claim.trend:
        (flag,) = flags
        for name, pattern in (("high", _HIGH), ("low", _LOW), ("normal", _NORMAL)):
            match = pattern.search(claim.text)
            if (
                match
                and name != flag
                and match[0].lower() not in got.text
                and not any(
                    each.search(claim.text)
                    for other, each in (("high", _HIGH), ("low", _LOW), ("normal", _NORMAL))
                    if other == flag
                )
            ):
                return [Failure("term", match[0], flag)]
    return []
