"""Compare a claim's words with what it cites: drugs and terms, sides, denials, and words of status."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bogam.evidence.claim import Failure
from bogam.evidence.context import clause_keys
from bogam.evidence.gather import Evidence
from bogam.terms import drugs
from bogam.terms.concepts import Key, with_parents
from bogam.text.atoms import Reading, read
from bogam.text.polarity import AFFIRMED, DENIED

_HANGUL: Final = re.compile(r"[가-힣]")


def terms(claim: Reading, got: Evidence, failed: bool) -> list[Failure]:
    found: list[Failure] = []
    words = [key for key in claim.keys if not _is_neutral(claim, key)]
    hits = 0
    for key in words:
        if key.name in got.names or _in_words(claim, key, got):
            hits += 1
            if key.name[:2] == "d:" and not _same_brand(claim, key, got):
                found.append(Failure("drug", claim.text[key.start : key.end], _drugs(got)))
        elif key.name[:2] == "d:":
            found.append(Failure("drug", claim.text[key.start : key.end], _drugs(got)))
        elif key.strong:
            found.append(Failure("term", claim.text[key.start : key.end], ""))
    if not found and words and _names_no_drug(claim, words, got):
        return [Failure("drug", claim.text[words[0].start : words[0].end], _drugs(got))]
    if hits or found or not words:
        return found
    borne_out = not failed and bool(claim.quantities or claim.dates or claim.codes or claim.frequencies)
    if borne_out and not _HANGUL.search(got.text) and all(_HANGUL.search(key.name) or not key.strong for key in words):
        return [] if all(_HANGUL.search(claim.text[key.start : key.end]) for key in words) else _unnamed(claim, words)
    return _unnamed(claim, words)


def _names_no_drug(claim: Reading, words: list[Key], got: Evidence) -> bool:
    """Tell whether a claim that cites medications opens with a name that nothing cited has, and names no drug."""
    first = words[0]
    if first.name[:2] != "w:" or any(key.name[:2] in ("d:", "c:") for key in words):
        return False
    medicines = any(scope.type.startswith("Medication") for scope in got.scopes.values())
    return medicines and claim.text[: first.start].strip() == "" and not _in_words(claim, first, got)


def _unnamed(claim: Reading, words: list[Key]) -> list[Failure]:
    return [Failure("term", claim.text[words[0].start : words[0].end], "")]


def _is_neutral(claim: Reading, key: Key) -> bool:
    return key.name[:2] == "w:" and len(key.name) < 5 and not _HANGUL.search(key.name)


def _in_words(claim: Reading, key: Key, got: Evidence) -> bool:
    """Look for the claim's own word in the cited words: for terms the lexicon files differently, and for stems."""
    if key.name[:2] == "d:":
        return False
    word = claim.text[key.start : key.end].lower()
    if key.name[:2] == "w:":
        root = key.name[2:]
        return (
            root in got.text
            if len(root) > 3 or _HANGUL.search(root)
            else bool(re.search(rf"\b{re.escape(root)}", got.text))
        )
    return bool(re.search(rf"(?<![a-z가-힣]){re.escape(word)}(?![a-z])", got.text)) if len(word) > 1 else False


def _drugs(got: Evidence) -> str:
    return ", ".join(sorted(name[2:] for name in got.keys if name[:2] == "d:")[:6])


def _same_brand(claim: Reading, key: Key, got: Evidence) -> bool:
    """Accept a brand where the evidence names it or the ingredient; not where it names only another brand of it."""
    name = claim.text[key.start : key.end].lower()
    ingredient = key.name[2:]
    if name in got.text or ingredient.split()[0] in got.text or drugs.is_generic(name):
        return True
    surfaces = {
        text[mention.start : mention.end].lower()
        for text in (*(scope.names for scope in got.scopes.values()), *(piece.text for piece in got.pieces))
        for mention in drugs.mentions(text)
        if ingredient in mention.ingredients
    }
    return not surfaces or any(drugs.is_generic(surface) for surface in surfaces)


def sides(claim: Reading, got: Evidence) -> list[Failure]:
    if not claim.sides:
        return []
    cited = [side for piece in got.pieces for side in piece.sides]
    cited += [(side.side, side.of) for scope in got.scopes.values() for side in read(scope.names).sides]
    found: list[Failure] = []
    for side in claim.sides:
        near = [
            (name, of) for name, of in cited if with_parents(frozenset(of)) & with_parents(frozenset(side.of))
        ] or cited
        sides = {name for name, _ in near}
        if {"left", "right"} <= sides and side.side == "bilateral":
            continue
        if side.side not in sides:
            found.append(Failure("side", claim.text[side.start : side.end], ", ".join(sorted(sides))))
            continue
        first = [name for name, of in near if side.of and side.of[0] in of[:1]]
        if first and side.side not in first and not (side.side == "bilateral" and {"left", "right"} <= set(first)):
            found.append(Failure("side", claim.text[side.start : side.end], ", ".join(sorted(set(first)))))
    return found


_NO_LONGER: Final = re.compile(
    r"no longer|not (?:currently|now|active|presently|ongoing)|any ?more|더 ?이상|현재|활성", re.I
)


def denials(claim: Reading, got: Evidence) -> list[Failure]:
    """A claim may not deny what is affirmed, nor affirm what is denied, nor deny where nothing does."""
    sense = claim.polarity
    ended = bool(_NO_LONGER.search(claim.text)) and any("ended" in scope.statuses for scope in got.scopes.values())
    denied = sense.any or any(state & 1 << DENIED for state in got.keys.values())
    masks = _masks(got) if denied else {}
    for key in claim.keys if denied else ():
        mask = masks.get(key.name, 0)
        state = sense.at(key.start)
        if state == DENIED and mask == 1 << AFFIRMED and not (ended and _ends(key, got)):
            return [Failure("negation", _clause(claim, key), "affirmed")]
        if state == AFFIRMED and mask == 1 << DENIED and not _says_refuted(claim):
            return [Failure("negation", _clause(claim, key), "denied")]
    if sense.any and not got.denies and not ended:
        span = next(span for span in sense.denied if span.state == DENIED)
        return [Failure("negation", claim.text[span.start : span.end].strip(), "affirmed")]
    if (
        not sense.any
        and got.scopes
        and all(scope.refuted for scope in got.scopes.values())
        and not _says_refuted(claim)
    ):
        return [Failure("negation", claim.text[:60], "refuted, not done or entered in error")]
    return []


@lru_cache(maxsize=8192)
def _parents(name: str) -> frozenset[str]:
    return with_parents(frozenset({name}))


def _masks(got: Evidence) -> dict[str, int]:
    masks = dict(got.keys)
    for name, state in got.keys.items():
        for parent in _parents(name):
            masks[parent] = masks.get(parent, 0) | state
    return masks


def _ends(key: Key, got: Evidence) -> bool:
    return all("ended" in scope.statuses for scope in got.scopes.values() if key.name in scope.label)


_REFUTED: Final = re.compile(
    r"refuted|ruled out|entered in error|not[- ](?:done|given|performed)|오류|배제|미시행|반박", re.I
)


def _says_refuted(claim: Reading) -> bool:
    return bool(_REFUTED.search(claim.text))


def _clause(claim: Reading, key: Key) -> str:
    return claim.text[key.start : key.end]


_OPPOSITE: Final = {"current": "ended", "ended": "current", "planned": "ended"}


def statuses(claim: Reading, got: Evidence) -> list[Failure]:
    quoted = _quoted(claim, got)
    for group, place in claim.polarity.statuses:
        if any(start <= place < end for start, end in quoted):
            continue
        names = clause_keys(claim, place)
        said = _said_of(names, got)
        if claim.polarity.at(place) == DENIED:
            continue
        word = claim.text[place : place + 12]
        if said and group not in said and _OPPOSITE[group] in said:
            return [Failure("negation", word, ", ".join(sorted(said)))]
        if group == "ended" and not said and word.lower()[:4] not in got.text:
            return [Failure("negation", word, "")]
    return []


def _quoted(claim: Reading, got: Evidence) -> list[tuple[int, int]]:
    """Return where the claim repeats a cited name: "active immunity" does not say that it is active."""
    lower = claim.text.lower()
    found: list[tuple[int, int]] = []
    for piece in got.pieces:
        words = piece.text.lower()
        if " " in words and (start := lower.find(words)) >= 0:
            found.append((start, start + len(words)))
    return found


def _said_of(names: frozenset[str], got: Evidence) -> set[str]:
    """Return the status groups of what ``names`` names, or of everything cited where nothing fits."""
    all_names = with_parents(names)
    near = [
        scope for scope in got.scopes.values() if scope.statuses and all_names & with_parents(frozenset(scope.label))
    ]
    said = {group for scope in near for group in scope.statuses}
    written = [(group, of) for piece in got.pieces for group, of in piece.statuses if not piece.scope.statuses]
    said |= {group for group, of in written if of & all_names}
    if not said:
        said = {group for scope in got.scopes.values() for group in scope.statuses} | {group for group, _ in written}
    return said
