"""Where the dialogue disagrees with itself or with the chart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.citation import Field
from bogam.skills.visit_note import english, korean
from bogam.skills.visit_note.clinical import reactions
from bogam.skills.visit_note.statements import Utterance, utterances
from bogam.skills.writing.compose import Piece, joined, name, span
from bogam.skills.writing.reading import Reading
from bogam.terms.drugs import allergy_classes, classes, ingredients
from bogam.text.answer import qualifies
from bogam.text.atoms import read

_ALLERGY: Final = re.compile(r"allerg|알레르기|알러지", re.I)
_NONE: Final = re.compile(r"\bno\b[^.?]{0,30}allerg|not allergic|알레르기[^.?]{0,10}없", re.I)
_NOT_TAKING: Final = re.compile(
    r"(?:stopped|not|no longer|quit|n't|n't been) (?:been )?(?:taking|using|take|on)\b|(?:안|끊|중단|"
    r"못) ?(?:먹|복용|했)|끊었|중단했",
    re.I,
)
_CHANGE: Final = re.compile(
    r"increas|decreas|chang|instead|up to|down to|from \S+ to|double|half|switch|add|start|rais|lower|reduc|"
    r"늘리|늘려|줄이|줄여|올리|올려|"
    r"내리|바꾸|바꿔|증량|감량|시작|추가",
    re.I,
)


def conflicts(reading: Reading, text: Field | None) -> tuple[Claim, ...]:
    """Return the conflicts, the most dangerous first."""
    if text is None:
        return ()
    spoken = utterances(text.text)
    rules = (_named_drug, _new_allergy, _denied_allergy, _not_taking, _two_values)
    return tuple(dict.fromkeys(claim for rule in rules for claim in rule(reading, text, spoken)))


def _quote(text: Field, *said: Utterance) -> Piece:
    pieces = [span(text, each.start, each.end) for each in said]
    return joined(pieces, " — ") if len(pieces) > 1 else Piece(f'"{pieces[0].text}"', pieces[0].citations)


def _allergies(reading: Reading) -> list[Field]:
    return [a.name for a in reading.timeline.allergies if a.status in ("active", "unknown") and not a.none_known]


def _named_drug(reading: Reading, text: Field, spoken: Sequence[Utterance]) -> Iterator[Claim]:
    """A drug that the doctor names against a recorded allergy to it or its class."""
    for allergy in _allergies(reading):
        against = frozenset(ingredients(allergy.text)) | frozenset(allergy_classes(allergy.text))
        for each in spoken:
            if each.speaker != "doctor" or _ALLERGY.search(each.said) or each.said.endswith("?"):
                continue
            named = ingredients(each.said)
            if any(drug in against or not against.isdisjoint(classes(drug)) for drug in named):
                line = reading.line().say("conflict-drug-allergy", said=_quote(text, each), x=name(allergy))
                yield line.claim("conflicts", "conflict.drug-allergy")


def _new_allergy(reading: Reading, text: Field, spoken: Sequence[Utterance]) -> Iterator[Claim]:
    """A reaction to a drug is told that the chart's allergies do not have, or the chart says that none is known."""
    held = [each for each in reading.timeline.allergies if each.status in ("active", "unknown")]
    known = {
        each
        for one in held
        if not one.none_known
        for each in (*ingredients(one.name.text), *allergy_classes(one.name.text))
    }
    for each in spoken if held else ():
        drugs = reactions(each.said)
        against = {key for drug in drugs for key in (*ingredients(drug), *allergy_classes(drug))}
        related = {key for drug in against for key in (drug, *classes(drug))}
        if drugs and known.isdisjoint(related):
            chart = joined([name(one.name) for one in held])
            line = reading.line().say("conflict-new-allergy", said=_quote(text, each), x=chart)
            yield line.claim("conflicts", "conflict.new-allergy")


def _denied_allergy(reading: Reading, text: Field, spoken: Sequence[Utterance]) -> Iterator[Claim]:
    """Allergies are denied in the dialogue, and the chart has some."""
    known = _allergies(reading)
    for at, each in enumerate(spoken):
        answer = spoken[at + 1] if at + 1 < len(spoken) and spoken[at + 1].speaker != each.speaker else None
        said: tuple[Utterance, ...] = ()
        if _NONE.search(each.said) and not each.said.endswith("?"):
            said = (each,)
        elif answer is not None and each.said.endswith("?") and _ALLERGY.search(each.said) and _denies(answer.said):
            said = (each, answer)
        if said and known:
            chart = joined([name(allergy) for allergy in known])
            line = reading.line().say("conflict-said-allergy", said=_quote(text, *said), x=chart)
            yield line.claim("conflicts", "conflict.allergy-denied")
            return


def _denies(said: str) -> bool:
    return (english.NO.search(said) or korean.NO.search(said)) is not None and not qualifies(said)


def _not_taking(reading: Reading, text: Field, spoken: Sequence[Utterance]) -> Iterator[Claim]:
    """A drug that the patient does not take is active in the chart."""
    for drug in reading.timeline.medications:
        if drug.status != "current":
            continue
        own = frozenset(ingredients(drug.name.text))
        for each in spoken:
            if (
                each.speaker != "doctor"
                and _NOT_TAKING.search(each.said)
                and not own.isdisjoint(ingredients(each.said))
            ):
                line = reading.line().say("conflict-not-taking", said=_quote(text, each), x=name(drug.name))
                yield line.claim("conflicts", "conflict.not-taking")
                break


def _two_values(reading: Reading, text: Field, spoken: Sequence[Utterance]) -> Iterator[Claim]:
    """One drug with two doses, neither said as a change."""
    first: dict[tuple[str, str], tuple[str, Utterance]] = {}
    for each in spoken:
        if _CHANGE.search(each.said):
            continue
        got = read(each.said)
        for number, label in zip(got.quantities, got.labels, strict=True):
            drugs = sorted(key for key in label if key.startswith("d:"))
            if len(drugs) != 1 or number.unit is None:
                continue
            key = (drugs[0], number.unit)
            digits, where = first.setdefault(key, (number.digits, each))
            if float(digits) != float(number.digits) and where != each:
                line = reading.line().say("conflict-two-values", said=_quote(text, where), x=_quote(text, each))
                yield line.claim("conflicts", "conflict.two-values")
                return
