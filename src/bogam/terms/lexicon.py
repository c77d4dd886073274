"""Problems, symptoms, laboratory values, procedures, anatomy and devices named in English, Korean and mixed text.

The names stand in ``data/entities.tsv`` and ``data/terms.tsv``. Tokens are runs of one script, so a Korean particle
that follows an English term (``DM으로``) is a token of its own. Within Hangul names are looked up by their letters,
because Korean notes write compounds with and without spaces (``가슴통증``, ``가슴 통증``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

Kind = str
"""problem, symptom, lab, vital, procedure, device, anatomy or substance."""


class Named(NamedTuple):
    """A term that a text names: its kind and key, and the code points ``start`` to ``end``."""

    kind: Kind
    key: str
    start: int
    end: int


class Token(NamedTuple):
    """A run of one script: letters, digits or Hangul."""

    text: str
    start: int
    end: int


_TOKEN: Final = re.compile(r"[A-Za-z]+|[가-힣]+|\d+")
_GAP: Final = re.compile(r"[ \-/.,'’]{0,2}|'s ?")
_DEPARTMENT: Final = re.compile(r"(?:내과|외과|과학|의학|센터|클리닉|전문의|교수)")
_CAPITALS: Final = 5
_LETTERS: Final = 2
"""Names in Hangul of this many letters begin a word; longer ones are found within one too."""

_PARTICLE: Final = re.compile(
    r"(?:으로|로|은|는|이|가|을|를|의|에|와|과|도|만|및|등|임|인|시|후|전|중|성|증|상|력|나|랑|이나|이며|이고|에서"
    r"|까지|부터|보다"
    r"|처럼|있|없|호소|의심|소견|발생|동반|증상|악화|호전|지속|심|감|치료|환자|진단|재발|위험|예방|양상|부위|수치"
    r"|검사|때문|관련"
    r"|병력|과거력|가능|조절|관리|교육|확인|관찰|수술|여부|정도|이라|이었|였|라고|하|되|된|됨|함)"
)


@dataclass(slots=True)
class _Lexicon:
    phrases: dict[str, list[tuple[tuple[str, ...], str, str, str]]] = field(
        default_factory=dict[str, list[tuple[tuple[str, ...], str, str, str]]]
    )
    hangul: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    single: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


def tokens(text: str) -> list[Token]:
    """Return the runs of Latin letters, of digits and of Hangul in ``text``, in order."""
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _rows(name: str) -> list[str]:
    text = (files("bogam.terms") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _lexicon() -> _Lexicon:
    made = _Lexicon()
    terms = {key: (english, korean) for key, english, korean in (row.split("\t") for row in _rows("terms.tsv"))}
    kind = ""
    for row in _rows("entities.tsv"):
        if row.startswith("@"):
            kind = row[1:]
            continue
        key, english, korean = row.split("\t")
        more = terms.get(key, ("", ""))
        for name in (*english.split(";"), *more[0].split(";"), *korean.split(";"), *more[1].split(";")):
            if name:
                _add(made, name, kind, key)
    for options in made.phrases.values():
        options.sort(key=lambda option: -len(option[0]))
    sizes: dict[str, set[int]] = {}
    for name in made.hangul:
        sizes.setdefault(name[:_LETTERS], set()).add(len(name))
    made.sizes = {start: tuple(sorted(lengths, reverse=True)) for start, lengths in sizes.items()}
    return made


def _add(made: _Lexicon, name: str, kind: Kind, key: str) -> None:
    parts = tuple(token.text.lower() for token in tokens(name))
    if all(part >= "가" for part in parts):
        letters = "".join(parts)
        (made.hangul if len(letters) >= _LETTERS else made.single).setdefault(letters, (kind, key))
        return
    capitals = name if len(parts) == 1 and len(name) <= _CAPITALS and name != name.lower() else ""
    forms = {parts}
    if not capitals and len(parts[-1]) > 3 and parts[-1] < "가" and not parts[-1].endswith("s"):
        forms.add((*parts[:-1], _plural(parts[-1])))
    for form in forms:
        made.phrases.setdefault(form[0], []).append((form, capitals, kind, key))


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("x", "ch", "sh")) else "s")


def named(text: str, of: list[Token] | None = None) -> list[Named]:
    """Return the terms that ``text`` names, longest first at each place, in order and without overlap.

    ``of`` are the text's `tokens`, where the caller has them.
    """
    found: list[Named] = []
    all_tokens = tokens(text) if of is None else of
    lexicon = _lexicon()
    index, count = 0, len(all_tokens)
    while index < count:
        token = all_tokens[index]
        options = lexicon.phrases.get(token.text if token.text >= "가" else token.text.lower())
        size = _phrase(text, all_tokens, index, options, found) if options else 0
        if size:
            index += size
        elif token.text >= "가":
            index = _hangul(text, all_tokens, index, found)
        else:
            index += 1
    return found


def _phrase(
    text: str,
    all_tokens: list[Token],
    index: int,
    options: list[tuple[tuple[str, ...], str, str, str]],
    found: list[Named],
) -> int:
    word = all_tokens[index]
    for phrase, capitals, kind, key in options:
        size = len(phrase)
        last = index + size - 1
        if last >= len(all_tokens) or not _written(word.text, capitals, kind):
            continue
        end = word.end
        for step in range(1, size):
            token = all_tokens[index + step]
            if not (
                token.text.lower() == phrase[step]
                or (step == size - 1 and token.text >= "가" and token.text.startswith(phrase[step]))
            ):
                break
            if not _GAP.fullmatch(text, all_tokens[index + step - 1].end, token.start):
                break
            end = token.start + len(phrase[step])
        else:
            found.append(Named(kind, key, word.start, end))
            return size
    return 0


def _written(word: str, capitals: str, kind: Kind) -> bool:
    """Tell whether a word is written as a name with capitals must be: so, in capitals, a value's also as ``Plt``."""
    if not capitals or word == capitals or word.isupper():
        return True
    return kind in ("lab", "vital") and len(word) > 2 and word.istitle()


def _hangul(text: str, all_tokens: list[Token], index: int, found: list[Named]) -> int:
    """Look up the names in the Hangul words from ``index`` on that single spaces join; return the index after "
    "them."""
    lexicon = _lexicon()
    places: list[int] = []
    opens: set[int] = set()
    closes: dict[int, int] = {}
    while index < len(all_tokens):
        token = all_tokens[index]
        if token.text < "가" or (places and text[places[-1] + 1 : token.start] != " "):
            break
        opens.add(len(places))
        places.extend(range(token.start, token.end))
        closes[len(places)] = index
        index += 1
    letters = "".join([text[place] for place in places])
    word_ends = sorted(closes)
    at, word, free = 0, 0, True
    while at < len(letters):
        if at in opens:
            free = True
        while at >= word_ends[word]:
            word += 1
        hit = _longest(lexicon, letters, at, word_ends[word], free)
        if hit:
            name = lexicon.hangul.get(letters[at : at + hit]) or lexicon.single[letters[at : at + hit]]
            found.append(Named(name[0], name[1], places[at], places[at + hit - 1] + 1))
            at += hit
            free = True
        else:
            at += 1
            free = False
    return index


def _longest(lexicon: _Lexicon, letters: str, at: int, word_end: int, free: bool) -> int:
    for size in lexicon.sizes.get(letters[at : at + _LETTERS], ()):
        end = at + size
        if end > len(letters) or letters[at:end] not in lexicon.hangul:
            continue
        if end > word_end and (not free or size <= _LETTERS):
            continue
        if size > _LETTERS or (free and (end >= word_end or _PARTICLE.match(letters, end))):
            return 0 if _DEPARTMENT.match(letters, end) else size
    if free and letters[at] in lexicon.single and (at + 1 == word_end or _PARTICLE.match(letters, at + 1)):
        return 1
    return 0
