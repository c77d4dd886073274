"""Assertion from English cues, in the manner of NegEx (Chapman 2001) and ConText (Harkema 2009).

The cues stand in ``data/cues.en.tsv``. A cue is in force through a list ("no fever, chills or cough") and ends where a
new statement begins: a conjunction, a semicolon, a comma with a verb or with another cue behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from bogam.record.facts import Assertion


class Cue(NamedTuple):
    """Words that tell how something is meant: from token ``first`` up to ``last``."""

    what: str
    where: str
    first: int
    last: int


class Line(NamedTuple):
    """A sentence as tokens in lower case with their places, and the cues in it."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    cues: tuple[Cue, ...]
    stops: frozenset[int]
    verbs: frozenset[int]
    years: tuple[int, ...]


_TOKEN: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]{1,2}(?![A-Za-z]))?|\d+(?:\.\d+)?|[가-힣]+|[^\sA-Za-z\d가-힣]")
_PRESENCE: Final = frozenset({
    "+", "acute", "are", "chronic", "had", "has", "he", "her", "his", "increased", "increasing", "intermittent",
    "is", "it", "just", "mild", "moderate", "mostly", "new", "occasional", "only", "patient", "persistent",
    "positive", "pt", "severe", "she", "some", "tender", "there", "they", "was", "we", "were", "worsening",
})  # fmt: skip
_AUXILIARIES: Final = frozenset({"is", "are", "was", "were", "has", "have", "had", "been"})
_ONSET: Final = frozenset({
    "began", "beginning", "begun", "continues", "developed", "diagnosed", "dx", "dx'd", "dxd", "first", "known",
    "noticed", "ongoing", "onset", "persistent", "persists", "since", "started", "starting", "still",
})  # fmt: skip
_DUMMIES: Final = frozenset({"this", "that", "it", "there", "he", "she"})
_NOW: Final = frozenset({
    "currently", "now", "present", "presenting", "presents", "today",
})  # fmt: skip
_ONCE: Final = frozenset({"old", "remote", "prior", "previous", "former", "healed", "resolved"})
_OVER: Final = frozenset({
    "asymptomatic", "clean", "cured", "free", "healed", "inactive", "no", "normal", "not", "off", "quiescent",
    "remission", "resolved", "sober", "stable", "well", "without",
})  # fmt: skip
_UNABLE: Final = frozenset({"cannot", "can't", "unable", "couldn't", "never", "can"})
_GUESSES: Final = frozenset({"likely", "maybe", "possible", "possibly", "presumably", "probable", "probably"})
_REASONS: Final = frozenset({
    "and", "as", "at", "based", "because", "but", "by", "clinically", "considering", "despite", "due", "for", "from",
    "given", "here", "if", "in", "now", "on", "or", "per", "related", "secondary", "since", "than", "though", "to",
    "today", "vs", "when", "with",
})  # fmt: skip
_SHOWN: Final = frozenset({
    "audible", "continues", "ongoing", "persist", "persisting", "persists", "present", "remains", "worse", "worsening",
})  # fmt: skip
_CARE: Final = frozenset({
    "anesthesia", "chemotherapy", "operation", "procedure", "repair", "surgery", "therapy", "treatment",
})  # fmt: skip
_CAUSES: Final = frozenset({"because", "caused", "due", "from", "related", "secondary"})
_PARTING: Final = frozenset({",", ";", ".", ")", "and", "or", "with", "w", "from", "plus"})
_SMALL: Final = frozenset({"no", "none", "nil", "neg", "never"})
_ASKED: Final = frozenset({":", "-", "–", "—", "?", "=", "(", "is", "are"})
_LISTS: Final = frozenset({"include", "includes", "including"})
_ENDS: Final = frozenset({
    ".", ",", ";", ")", "/", "at", "currently", "noted", "now", "overnight", "reported", "since", "this", "today",
})  # fmt: skip
_RESULTS: Final = frozenset({"disproved", "disproven", "excluded", "negative", "nonreactive", "refuted", "ruled"})
_SEGMENT: Final = 6
_CUES: Final = 16
"""How many cues on either side of the words are weighed."""
_NEAR: Final = 6
_TAIL: Final = 2
_REACH: Final = 24
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_SELF_DENYING: Final = re.compile(
    r"(?:afebrile|anicteric|acyanotic|asymptomatic|non[- ]?[a-z]{4,}|normotensive|euvolemic)\Z"
)


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]]:
    meant: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    text = (files("bogam.text") / "data" / "cues.en.tsv").read_text(encoding="utf-8")
    for row in text.splitlines():
        if row and not row.startswith("#"):
            what, where, names = row.split("\t")
            for name in names.split(";"):
                meant.setdefault(tuple(_TOKEN.findall(name)), []).append((what, where))
    for phrase, kinds in list(meant.items()):
        if len(phrase) == 2 and phrase[0] == "not" and ("absent", "before") in kinds:
            meant.setdefault(("not", "been", phrase[1]), kinds)
    found: dict[str, list[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]] = {}
    for phrase, kinds in meant.items():
        if phrase[0] in _AUXILIARIES:
            kinds.extend(kind for kind in meant.get(phrase[1:], []) if kind not in kinds)
        found.setdefault(phrase[0], []).append((phrase, tuple(kinds)))
    for options in found.values():
        options.sort(key=lambda option: -len(option[0]))
    return found


@lru_cache(maxsize=4096)
def line(sentence: str) -> Line:
    """Return the tokens and cues of a sentence."""
    matches = list(_TOKEN.finditer(sentence))
    words = tuple(match[0].lower().replace("’", "'") for match in matches)
    phrases = _phrases()
    cues: list[Cue] = []
    stops: set[int] = {place for place, word in enumerate(words) if word == ";"}
    verbs: set[int] = set()
    place = 0
    while place < len(words):
        size, means = 0, ()
        for phrase, kinds in phrases.get(words[place], ()):
            size, means = len(phrase), kinds
            if words[place : place + size] == phrase and (
                size > 1 or words[place] != "vs" or not sentence[matches[place].start()].isupper()
            ):
                break
        else:
            place += 1
            continue
        for what, where in means:
            if what == "stop":
                stops.add(place)
            elif what == "verb":
                verbs.add(place)
            else:
                cues.append(Cue(what, where, place, place + size))
        place += size
    years = tuple(place for place, word in enumerate(words) if _YEAR.match(word))
    places = tuple(match.span() for match in matches)
    return Line(words, places, tuple(cues), frozenset(stops), frozenset(verbs), years)


def assertion(sentence: str, start: int, end: int) -> Assertion | None:
    """Return what English cues say of the words from ``start`` to ``end``; None where no cue is in force."""
    said = line(sentence)
    first, last = _target(said, start, end)
    if _SELF_DENYING.match(sentence[start:end].lower()):
        return "absent"
    found: dict[str, int] = {}
    before = [cue for cue in said.cues if cue.last <= first][-_CUES:]
    before += [short for cue in said.cues if cue.first < first < cue.last for short in _shortened(said, cue, first)]
    after = [cue for cue in said.cues if cue.first >= last][:_CUES]
    for cue in (*before, *after):
        if cue.last <= first and cue.where in _FORWARD and _FORWARD[cue.where](said, cue, first):
            found[cue.what] = min(found.get(cue.what, 999), first - cue.last)
        elif cue.first >= last and cue.where in _BACKWARD and _BACKWARD[cue.where](said, cue, last):
            found[cue.what] = min(found.get(cue.what, 999), cue.first - last)
    if found.get("absent") is not None and any(_settles(said, cue, last) for cue in after):
        found.pop("possible", None)
    if found.get("absent", 0) and _shown(said, first, last):
        del found["absent"]
    if said.words[last : last + 1] in (("is",), ("are",), ("was",)) and _CAUSES.intersection(
        said.words[last + 1 : last + 2]
    ):
        found.pop("possible", None)
    if _should(said, first, last):
        found["hypothetical"] = 0
    if said.words[first:last] and said.words[first] in _ONCE and last - first > 1:
        found.setdefault("historical", 0)
    if "historical" in found and _goes_on(said, last):
        del found["historical"]
        return None if not found and not _dated(said, first, last) else _decide(found, said, first, first)
    return _decide(found, said, first, last)


def _shown(said: Line, first: int, last: int) -> bool:
    """Tell whether a target behind a comma is itself said to be there ("without nausea, pain 4/10")."""
    after = said.words[last : last + 3]
    if said.words[max(0, first - 1) : first] != (",",) or not after:
        return False
    return after[0] in _SHOWN or (after[1:] == ("/", "10") and after[0] != "0")


def _shortened(said: Line, cue: Cue, first: int) -> list[Cue]:
    """Return the cues in what a cue has before a target that begins within it ("no" of "no residual")."""
    words = said.words[cue.first : first]
    own = [kinds for phrase, kinds in _phrases().get(words[0], ()) if phrase == words]
    means = own[0] if own else ((cue.what, cue.where),)
    return [Cue(what, where, cue.first, first) for what, where in means]


def _settles(said: Line, cue: Cue, last: int) -> bool:
    """Tell whether a cue right behind the target gives the outcome of what was looked for ("came back negative")."""
    return (
        cue.what == "absent"
        and cue.where == "before"
        and cue.first - last <= _TAIL
        and "," not in said.words[last : cue.first]
        and not _RESULTS.isdisjoint(said.words[cue.first : cue.last])
    )


def _goes_on(said: Line, last: int) -> bool:
    """Tell whether what has a history is said to be active now ("history of colitis, currently flaring")."""
    for place in range(last, min(len(said.words) - 1, last + _NEAR)):
        if place in said.stops or said.words[place] == ".":
            return False
        if said.words[place] in ("currently", "now", "active", "actively", "flaring", "ongoing"):
            return not _OVER.intersection(said.words[last : place + 4])
    return False


def _decide(found: dict[str, int], said: Line, first: int, last: int) -> Assertion | None:
    if "hypothetical" in found:
        return "hypothetical"
    if "possible" in found and found["possible"] <= found.get("absent", 999):
        return "possible"
    if "absent" in found:
        return "absent"
    if "historical" in found or _dated(said, first, last):
        return "historical"
    return None


def _target(said: Line, start: int, end: int) -> tuple[int, int]:
    first = bisect_right(said.places, start, key=lambda place: place[1])
    last = bisect_left(said.places, end, lo=first, key=lambda place: place[0])
    return first, last


def _closed(said: Line, first: int, last: int) -> bool:
    """Tell whether a bracket closes between two places that did not open there."""
    depth = 0
    for word in said.words[first:last]:
        if word in "([":
            depth += 1
        elif word in ")]":
            depth -= 1
            if depth < 0:
                return True
    return False


def _opens_cue(said: Line, place: int, what: str) -> bool:
    return any(cue.first == place and cue.what not in (what, "none") for cue in said.cues)


def _through(said: Line, cue: Cue, target: int) -> bool:
    """Tell whether a cue that precedes a list still holds at the target."""
    words = said.words
    if _closed(said, cue.last, target):
        return False
    if words[cue.first] == "without" and _UNABLE.intersection(words[max(0, cue.first - 8) : cue.first]):
        return False
    if words[cue.first : cue.first + 1] == ("risk",) and not _LISTS.isdisjoint(words[cue.last : target]):
        return False
    if (
        cue.what == "hypothetical"
        and "for" in words[cue.last : target]
        and _CARE.intersection(words[cue.last : target])
    ):
        return False
    if words[max(0, cue.first - 2) : cue.first][:1] == ("pod",) and "," in words[cue.last : target]:
        return False
    if words[cue.first] == "without" and not {"he", "she", "they", "patient", "pt"}.isdisjoint(
        words[cue.last : target]
    ):
        return False
    segment = cue.last
    for place in range(cue.last, target):
        word = words[place]
        if place in said.stops or (word == ":" and place > cue.last):
            return False
        joined = place > cue.last and words[place - 1] in (",", "and", "&")
        fresh = joined or (cue.what in ("historical", "possible") and words[place - 1] not in _DUMMIES)
        if place in said.verbs and fresh and place > cue.last:
            return False
        if joined and (word in _PRESENCE or _opens_cue(said, place, cue.what)):
            return False
        if word == ",":
            if place - segment > _SEGMENT and segment > cue.last:
                return False
            segment = place + 1
    if words[target - 1 : target] and words[target - 1] == "," and _opens_cue(said, target, cue.what):
        return False
    if cue.what in ("possible", "hypothetical") and "," in words[cue.last : target]:
        rest = words[cue.last : target + 12]
        return "or" in rest or "and" in rest
    return target - segment <= 2 * _SEGMENT or segment == cue.last


def _nearby(said: Line, cue: Cue, target: int) -> bool:
    between = said.words[cue.last : target]
    if len(between) > _NEAR or _closed(said, cue.last, target):
        return False
    if any(word in (",", ":", ")", "(") for word in between) and between[0] != ":":
        return False
    return not any(place in said.stops or place in said.verbs for place in range(cue.last, target))


def _widely(said: Line, cue: Cue, target: int) -> bool:
    return not any(word in ("but", "however", ";") for word in said.words[cue.last : target])


def _around(said: Line, cue: Cue, target: int) -> bool:
    first, last = (cue.last, target) if cue.last <= target else (target, cue.first)
    if any(place in said.stops for place in range(first, last)) or _NOW.intersection(said.words[first:last]):
        return False
    begin = max((place for place in said.stops if place < first), default=-1) + 1
    close = min((place for place in said.stops if place >= last), default=len(said.words))
    return not _ONSET.intersection(said.words[begin:close])


def _beside(said: Line, cue: Cue, target: int) -> bool:
    first, last = (cue.last, target) if cue.last <= target else (target, cue.first)
    return last - first <= 2 * _NEAR and not any(
        word in (",", ":", ";") or place in said.stops
        for place, word in zip(range(first, last), said.words[first:last], strict=True)
    )


def _backward(said: Line, cue: Cue, target: int) -> bool:
    words = said.words
    between = words[target : cue.first]
    if any(place in said.stops for place in range(target, cue.first)) or _closed(said, target, cue.first):
        return False
    if ":" in between[:-1] or any(
        other.what == "absent" and other.where == "after" and target <= other.first < cue.first for other in said.cues
    ):
        return False
    moved = False
    for place in range(target, cue.first):
        moved = moved or place in said.verbs
        if moved and words[place] in ("and", "&") and place + 1 != cue.first:
            return False
    if "," not in between:
        return True
    after_comma = len(between) - 1 - between[::-1].index(",")
    tail = between[after_comma + 1 :]
    if len(tail) <= 2 and between.count(",") == 1 and all(word in _LEADS for word in tail):
        return True
    if cue.what == "historical" and between.count(",") == 1 and len(tail) <= 3 and not _NOW.intersection(tail):
        return True
    return ("and" in tail or "or" in tail or "and" in between) and len(between) <= 4 * _SEGMENT and not moved


_LEADS: Final = frozenset({
    "all", "both", "completely", "currently", "fully", "has", "have", "is", "long", "now", "since", "since,",
    "the", "was", "which",
})  # fmt: skip


def _tailing(said: Line, cue: Cue, target: int) -> bool:
    between = said.words[target : cue.first]
    if len(between) > _TAIL or not _PARTING.isdisjoint(between):
        return False
    if cue.what == "hypothetical" and between[:1] == (":",) and len(between) == _TAIL:
        return False
    word = said.words[cue.first]
    if word in _GUESSES and _names_next(said.words[cue.last : cue.last + 1]):
        return False
    if cue.last - cue.first == 1 and word in _SMALL:
        after = said.words[cue.last : cue.last + 1]
        before = said.words[cue.first - 1]
        return before in _ASKED and (not after or after[0] in _ENDS)
    return cue.what == "possible" or "(" not in between or cue.what == "historical"


def _names_next(words: tuple[str, ...]) -> bool:
    """Tell whether a guess is at the noun that follows it ("consolidation, likely pneumonia") and not before it."""
    return bool(words) and words[0].isalpha() and words[0] not in _REASONS and not words[0].endswith("ly")


def _should(said: Line, first: int, last: int) -> bool:
    """Tell whether the target stands between "should" and a verb of happening ("should a fever develop")."""
    words = said.words
    for place in range(max(0, first - 8), first):
        if words[place] == "should" and any(word in _HAPPENS for word in words[last : last + 5]):
            return True
    return False


_HAPPENS: Final = frozenset({
    "appear", "arise", "come", "develop", "emerge", "happen", "occur", "persist", "recur", "return", "start",
    "worsen",
})  # fmt: skip


def _dated(said: Line, first: int, last: int) -> bool:
    """Tell whether a year or an age dates the target ("hip fracture 2019"), and not the beginning of what goes on."""
    words = said.words
    if words[last : last + 1] in (("age",), ("aged",)) and words[last + 1 : last + 2] and words[last + 1].isdigit():
        return True
    if not said.years:
        return False
    begin = max((place for place in said.stops if place < first), default=-1) + 1
    close = min((place for place in said.stops if place >= last), default=len(words))
    begin, close = max(begin, first - _REACH), min(close, last + _REACH)
    if not any(begin <= place < close for place in said.years):
        return False
    if _ONSET.intersection(words[begin:close]) or _NOW.intersection(words[begin:close]):
        return False
    for place in range(begin, close):
        if _YEAR.match(words[place]) and not (
            set(words[place - 1 : place] + words[place + 1 : place + 2]) & {"-", "/"}
        ):
            if place >= last:
                between = words[last:place]
                if between.count(",") <= 1 and len(between) <= 8:
                    return True
            elif first - place <= 10 and words[place - 1] in ("in", ","):
                return True
    return False


_FORWARD: Final = {
    "after": _through,
    "near": _nearby,
    "wide": _widely,
    "clause": _around,
    "both": _beside,
}
_BACKWARD: Final = {"before": _backward, "tail": _tailing, "clause": _around, "both": _beside}
