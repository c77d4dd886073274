"""Drugs against allergies, and the same drug twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from bogam.evidence.claim import Claim
from bogam.record.facts import Allergy, Medication
from bogam.skills.writing.compose import Piece, day, hidden, joined, label, name
from bogam.skills.writing.dose import dose
from bogam.skills.writing.drugs import current
from bogam.skills.writing.reading import Reading
from bogam.terms.drugs import allergy_classes, classes, ingredients

_RUNNING: Final = ("current", "on-hold", "planned")
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_SAME_TIME: Final = timedelta(days=3)


@lru_cache(maxsize=4096)
def _ingredients(text: str) -> frozenset[str]:
    return frozenset(ingredients(text))


@lru_cache(maxsize=4096)
def _covered(text: str) -> frozenset[str]:
    return frozenset(allergy_classes(text))


def _wording(fact: Medication | Allergy) -> str:
    """Return the words that a drug is known by: its name, or its codes' displays where the name says nothing."""
    if _ingredients(fact.name.text) or _covered(fact.name.text):
        return fact.name.text
    return " / ".join(coding.display.text for coding in fact.codes if coding.display is not None)


_AMINO: Final = frozenset({"amoxicillin", "ampicillin", "bacampicillin"})
_AMINO_LIKE: Final = frozenset({"cefaclor", "cephalexin", "cefadroxil", "cefprozil", "cefradine", "cephradine"})
"""Cephalosporins with the side chain of an aminopenicillin: the ones that cross-react with penicillins in practice."""


def drug_allergy(reading: Reading) -> Iterator[Claim]:
    """Each running drug against each allergy that is not refuted, resolved or inactive.

    Same ingredient: ``conflict.drug-allergy``. Otherwise a class that the allergy is recorded for, or that the recorded
    allergen belongs to, or a shared side chain: ``conflict.drug-allergy-class``. Carbapenems and cephalosporins of
    another side chain are not told for a penicillin allergy: cross-reaction is rare and they are given on purpose. A
    name that the drug lexicon does not know is compared as a word: an unknown drug is no reason to stay silent.
    """
    allergies = [a for a in reading.timeline.allergies if a.status in ("active", "unknown") and not a.none_known]
    if not allergies:
        return
    for entries in current(reading):
        drug = entries[0]
        for allergy in allergies:
            yield from _against(reading, drug, allergy)


def _against(reading: Reading, drug: Medication, allergy: Allergy) -> Iterator[Claim]:
    given, allergen = _ingredients(_wording(drug)), _wording(allergy)
    allergens, allergic = _ingredients(allergen), _covered(allergen)
    pieces = {
        "drug": _order(reading, drug),
        "allergy": joined([name(allergy.name), hidden(allergy.status_field)], ""),
    }
    if given & allergens or _word_in(allergy.name.text, drug.name.text):
        yield reading.line().say("conflict-allergy", **pieces).claim("conflicts", "conflict.drug-allergy")
        return
    if {group for one in given for group in classes(one)} & allergic:
        yield reading.line().say("conflict-class", **pieces).claim("conflicts", "conflict.drug-allergy-class")
    elif (given & _AMINO_LIKE and "penicillin" in allergic) or (given & _AMINO and allergens & _AMINO_LIKE):
        yield reading.line().say("conflict-side-chain", **pieces).claim("conflicts", "conflict.drug-allergy-class")


def _word_in(allergen: str, drug: str) -> bool:
    """Say whether an allergen of one word, unknown to the lexicon, is a word of the drug's name."""
    word = re.sub(r"(?i)\b(allergy|to|알레르기|substance|drug)\b|[()]", " ", allergen).strip().casefold()
    return len(word) >= 5 and " " not in word and word in re.findall(r"[\w-]+", drug.casefold())


def _order(reading: Reading, drug: Medication) -> Piece:
    return joined([name(drug.name), hidden(drug.status_field)], "")


_FORMS: Final = (
    ("topical", r"cream|ointment|topical|lotion|gel\b|shampoo|transdermal|patch|크림|연고|로션|겔|패치"),
    ("eye", r"ophthalmic|eye drop|점안"),
    ("ear", r"otic\b|ear drop|점이"),
    ("nose", r"nasal|비강|나잘"),
    ("inhaled", r"inhal|metered dose|actuat|nebuli|dry powder|흡입|네뷸"),
    ("rectal", r"rectal|suppositor|enema|좌약|관장"),
    ("vaginal", r"vaginal|intrauterine|implant|질정"),
    (
        "injected",
        r"inject|prefilled syringe|\biv\b|intraven|infusion|\bim\b|\bsc\b|subcut|auto-injector|pen\b|주사|주\b"
        r"|정맥|피하|수액",
    ),
)
_FORM_WORDS: Final = tuple((form, re.compile(words, re.IGNORECASE)) for form, words in _FORMS)
_LOCAL: Final = frozenset({"topical", "eye", "ear", "nose", "inhaled", "rectal", "vaginal"})
_NOT_COUNTED: Final = re.compile(
    r"sodium chloride|saline|dextrose|ringer|water for|생리식염|포도당|하트만|수액|플라즈마", re.IGNORECASE
)


def form(drug: Medication) -> str:
    """Return how a drug is given, from its name and route; ``oral`` when nothing says otherwise."""
    text = drug.name.text
    if drug.dosage is not None:
        text += "".join(" " + field.text for field in (drug.dosage.route, drug.dosage.text) if field is not None)
    return next((which for which, words in _FORM_WORDS if words.search(text)), "oral")


def duplicate_drugs(reading: Reading) -> Iterator[Claim]:
    """Two orders of the same ingredient that run at the same time and are given the same way.

    Not a conflict: a local form beside a systemic one; an injection beside a tablet (a switch of route, often on
    purpose); different insulins (basal and mealtime are meant together); as-needed beside scheduled opioids, and
    slow-release beside immediate release, of the same drug; infusion fluids; a renewal, which is the same drug and
    dose ordered again more than three days later; a statement, dispense or administration of a drug that is ordered
    too. A combination beside one of its single ingredients is a conflict: the dose adds up.
    """
    orders = [
        m
        for m in reading.timeline.medications
        if m.status == "current" and m.kind == "request" and not _NOT_COUNTED.search(m.name.text)
    ]
    statements = [m for m in reading.timeline.medications if m.status == "current" and m.kind == "statement"]
    known = {one for order in orders for one in _keys(order)}
    orders += [m for m in statements if not known & _keys(m)]
    told: set[frozenset[str]] = set()
    for i, later in enumerate(orders):
        for earlier in orders[i + 1 :]:
            if not _twice(later, earlier):
                continue
            names = frozenset((label(later.name), label(earlier.name), *sorted(_keys(later) & _keys(earlier))))
            if names not in told:
                told.add(names)
                yield _duplicate(reading, later, earlier)


def _keys(drug: Medication) -> frozenset[str]:
    """Return the ingredients of a drug, or its name where the lexicon knows none."""
    return _ingredients(_wording(drug)) or frozenset({label(drug.name)})


def _twice(one: Medication, other: Medication) -> bool:
    shared = _keys(one) & _keys(other)
    if not shared or form(one) != form(other) or not _overlap(one, other):
        return False
    if shared == frozenset({"insulin"}) and label(one.name) != label(other.name):
        return False
    if _slow(one) != _slow(other) or (_as_needed(one) != _as_needed(other) and _opioid(shared)):
        return False
    apart = one.at is None or other.at is None or abs(one.at - other.at) > _SAME_TIME
    return not (apart and label(one.name) == label(other.name) and _dose(one) == _dose(other))


def _overlap(one: Medication, other: Medication) -> bool:
    first, second = one.end_at or _NEVER, other.end_at or _NEVER
    return (one.at is None or one.at < second) and (other.at is None or other.at < first)


def _as_needed(drug: Medication) -> bool:
    if drug.dosage is None:
        return False
    if drug.dosage.as_needed is not None and drug.dosage.as_needed.text != "false":
        return True
    return (
        drug.dosage.text is not None
        and re.search(r"\bprn\b|as needed|필요", drug.dosage.text.text.casefold()) is not None
    )


def _opioid(shared: frozenset[str]) -> bool:
    return any("opioid" in classes(one) for one in shared)


def _slow(drug: Medication) -> bool:
    return re.search(r"extended|12 hr|24 hr|\b(er|sr|xr|cr|la)\b|서방", drug.name.text.casefold()) is not None


def _dose(drug: Medication) -> str:
    shown = dose(drug.dosage, "en")
    return shown.text if shown else ""


def _duplicate(reading: Reading, one: Medication, other: Medication) -> Claim:
    def told(drug: Medication) -> Piece:
        parts: Iterable[Piece | None] = (
            name(drug.name),
            dose(drug.dosage, reading.language) if _dose(one) != _dose(other) else None,
            day(drug.start) if drug.start is not None else None,
        )
        shown = [part for part in parts if part is not None]
        detail = joined(shown[1:])
        tail = Piece(f" ({detail.text})", detail.citations) if detail.text else Piece("")
        return joined([shown[0], tail, hidden(drug.status_field)], "")

    return (
        reading.line()
        .say("conflict-duplicate", a=told(one), b=told(other))
        .claim("conflicts", "conflict.duplicate-drug")
    )
