"""The words of a clinical text as keys that are equal across English and Korean, and across common abbreviations.

A key is ``pneumonia`` for a term of the lexicon (``data/terms.tsv``), ``d:warfarin`` for an ingredient, ``c:statin``
for a class of drugs, and ``w:limp`` for any other content word (stemmed). Function words and the words that clinical
sentences are built from have no key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from bogam.terms import drugs


class Key(NamedTuple):
    """A key and the code points it stands for. ``strong``: a term of the lexicon or a drug."""

    name: str
    start: int
    end: int
    strong: bool


_TOKEN: Final = re.compile(r"[A-Za-z]+\d*[A-Za-z]*|[가-힣]+|\d+|[^\s]")
_GAP: Final = re.compile(r"[ \-/.,'’\u200b]{0,2}")
_CAPITALS: Final = 5

_PARTICLES: Final = re.compile(
    r"(?:으로부터|으로서|으로써|에서는|에서도|에게서|이라고|이라는|이었음|이었다|였으며|이었으며|이었고|이며|이고"
    r"|이나|이다|였음|였다|였고|입니다|합니다|됩니다|하였다|하였음|하였으며|하였고"
    r"|했다|했음|했으며|했고|하며|하고|하여|해서|하지|하는|한다|함|됨|되어|되며|되었다|되었음|에서|으로|까지|부터"
    r"|에는|에도|처럼|보다|라는|라고|은|는|이|가|을|를|의|에|와|과|도|만|로|임|중|시)$"
)
_VERB: Final = re.compile(
    r"않|없|아니|못하|^(?:확인|관찰|시행|복용|투여|호소|부인|진단|기록|처방|사용|측정|중단|시작|내원|입원|퇴원|발생"
    r"|동반|보고|의심|지속|유지)"
)
_SUFFIX: Final = re.compile(r"(?:ies|ing|edly|ed|es|ly|s)$")
_NOT_IN: Final = {"간질": "성", "유산": "소", "불안": "정", "부인": "과"}
_WEAK: Final = frozenset({
    "operation", "infection", "home", "culture", "oral", "pain", "chemotherapy", "allergy", "oxygen", "catheter",
    "childbirth", "kidney", "weight", "height", "temperature", "alcohol", "transfusion", "inhalation",
    "vaccination", "fall", "milk", "fish", "ct", "mri", "ultrasound", "endoscopy", "family-history",
    "drug-allergy", "married", "widowed", "protein", "albumin", "rash", "bleeding", "weakness",
})  # fmt: skip
"""Terms so general, or so often implied, that a claim may use them beside what it cites."""

_PARENTS: Final = {
    "sbp": ("bp",), "dbp": ("bp",), "hepatitis-b": ("hepatitis",), "hepatitis-c": ("hepatitis",),
    "septic-shock": ("sepsis", "shock"), "ldl": ("cholesterol",), "hdl": ("cholesterol",), "drug-allergy": ("allergy",),
    "pulmonary-edema": ("edema",), "gi-bleeding": ("bleeding",), "home-oxygen": ("oxygen", "home"),
    "chest-pain": ("pain",),
    "abdominal-pain": ("pain",), "back-pain": ("pain",), "flank-pain": ("pain",),
    "headache": ("pain",), "migraine": ("headache",), "uti": ("infection",), "sepsis": ("infection",),
    "pneumonia": ("infection",),
    "pci": ("coronary",), "esrd": ("ckd",), "blood-culture": ("culture",), "colonoscopy": ("endoscopy",),
    "cabg": ("operation",),
    "nstemi": ("myocardial-infarction",), "spo2": ("oxygen",), "colon-cancer": ("cancer",),
    "gastric-cancer": ("cancer",),
    "lung-cancer": ("cancer",), "breast-cancer": ("cancer",), "liver-cancer": ("cancer",),
    "prostate-cancer": ("cancer",),
    "thyroid-cancer": ("cancer",), "pancreatic-cancer": ("cancer",), "leukemia": ("cancer",), "lymphoma": ("cancer",),
    "alzheimer": ("dementia",), "rebound": ("tenderness",), "urticaria": ("rash",), "anaphylaxis": ("allergy",),
    "appendectomy": ("operation",), "cholecystectomy": ("operation",), "arthroplasty": ("operation",),
    "osteoarthritis": ("arthritis",),
    "gout": ("arthritis",), "rheumatoid-arthritis": ("arthritis",), "cesarean": ("operation", "childbirth"),
    "hba1c": (),
}  # fmt: skip


@cache
def _function_words() -> frozenset[str]:
    text = (files("bogam.terms") / "data" / "function_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def function_words() -> frozenset[str]:
    """Return the words, English and Korean, that clinical sentences are built from and that name nothing."""
    return _function_words()


@dataclass(slots=True)
class _Terms:
    phrases: dict[str, list[tuple[tuple[str, ...], bool, str]]] = field(
        default_factory=dict[str, list[tuple[tuple[str, ...], bool, str]]]
    )
    hangul: dict[str, str] = field(default_factory=dict[str, str])
    longest: int = 0


@cache
def _terms() -> _Terms:
    made = _Terms()
    text = (files("bogam.terms") / "data" / "terms.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        key, english, korean = line.split("\t")
        for name in (*english.split(";"), *korean.split(";")):
            tokens = tuple(token.lower() for token in _TOKEN.findall(name) if token[0].isalnum())
            if len(tokens) == 1 and tokens[0] >= "가":
                made.hangul[tokens[0]] = key
                made.longest = max(made.longest, len(tokens[0]))
            elif tokens:
                capitals = len(tokens) == 1 and name[0].isupper() and len(name) <= _CAPITALS and name != name.lower()
                made.phrases.setdefault(tokens[0], []).append((tokens, capitals, key))
    for options in made.phrases.values():
        options.sort(key=lambda option: -len(option[0]))
    return made


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return an English word without its inflection, roughly; a Korean one without its particles."""
    if word >= "가":
        shorter = _PARTICLES.sub("", word) if len(word) > 2 else word
        return shorter if len(shorter) > 1 else word
    word = word.lower()
    if len(word) <= 4:
        return word[:-1] if word.endswith("s") and len(word) == 4 and word[-2] not in "sui" else word
    if word.endswith("ies"):
        return word[:-3] + "y"
    shorter = _SUFFIX.sub("", word)
    return shorter.rstrip("e") if len(shorter) > 3 else word


@lru_cache(maxsize=16384)
def _in_hangul(run: str) -> tuple[tuple[int, int, str], ...]:
    terms = _terms()
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(run):
        for size in range(min(terms.longest, len(run) - at), 0, -1):
            name = run[at : at + size]
            key = terms.hangul.get(name)
            if key is None or (size == 1 and (at or (run[1:] and not _PARTICLES.fullmatch(run[1:])))):
                continue
            if run[at + size :].startswith(_NOT_IN.get(name, "\0")) or (
                name == "하지" and at and run[at - 1] not in "좌우양"
            ):
                continue
            found.append((at, at + size, key))
            at += size
            break
        else:
            at += 1
    return tuple(found)


_AGED: Final = re.compile(r"\d ?(?:yo|y/o|y\.o\.|yr|세)? ?\Z", re.I)
_SINGLE_LETTER: Final = {"F": "female", "M": "male"}


@lru_cache(maxsize=8192)
def keys(text: str) -> tuple[Key, ...]:
    """Return the keys of ``text`` in order, without duplicates at the same place."""
    named = drugs.mentions(text)
    found = [Key("d:" + name, mention.start, mention.end, True) for mention in named for name in mention.ingredients]
    covered = {at for mention in named for at in range(mention.start, mention.end)}
    for name, start, end in drugs.class_mentions(text):
        if start not in covered:
            found.append(Key("c:" + name, start, end, True))
            covered.update(range(start, end))
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    index = 0
    while index < len(tokens):
        word, start, end = tokens[index]
        index += 1
        if start in covered or not word[0].isalpha():
            continue
        phrase = _phrase(text, tokens, index - 1)
        if phrase is not None:
            count, key = phrase
            index += count - 1
            found.append(Key(key, start, tokens[index - 1][2], key not in _WEAK))
        elif word >= "가":
            found.extend(_korean(word, start))
        elif word in _SINGLE_LETTER and (
            "/" in text[max(0, start - 1) : end + 1] or _AGED.search(text, max(0, start - 8), start)
        ):
            found.append(Key(_SINGLE_LETTER[word], start, end, False))
        elif len(word) > 2 and word.lower() not in _function_words():
            found.append(Key("w:" + stem(word), start, end, False))
    found.sort(key=lambda key: key.start)
    return tuple(found)


@lru_cache(maxsize=16384)
def _korean_word(word: str) -> tuple[tuple[int, int, str, bool], ...]:
    if word in _function_words():
        return ()
    terms = _in_hangul(word)
    if terms:
        return tuple((a, b, key, key not in _WEAK) for a, b, key in terms)
    root = stem(word)
    if len(root) < 2 or root in _function_words() or _VERB.search(word):
        return ()
    return ((0, len(root), "w:" + root, False),)


def _korean(word: str, start: int) -> list[Key]:
    return [Key(key, start + a, start + b, strong) for a, b, key, strong in _korean_word(word)]


def _phrase(text: str, tokens: list[tuple[str, int, int]], index: int) -> tuple[int, str] | None:
    word, start, _ = tokens[index]
    for phrase, capitals, key in _terms().phrases.get(word.lower(), ()):
        last = index + len(phrase)
        if last > len(tokens) or (capitals and not word[0].isupper()):
            continue
        if capitals and len(word) == 1 and not re.match(r"\s?[:=(+\d]", text[start + 1 : start + 3]):
            continue
        if all(
            tokens[index + step][0].lower() == part
            and (step == 0 or _GAP.fullmatch(text, tokens[index + step - 1][2], tokens[index + step][1]))
            for step, part in enumerate(phrase)
        ):
            return len(phrase), key
    folded = stem(word)
    if word < "가" and folded != word.lower() and folded in _terms().phrases and word.lower() not in _function_words():
        for phrase, capitals, key in _terms().phrases[folded]:
            if len(phrase) == 1 and not capitals:
                return 1, key
    return None


@lru_cache(maxsize=16384)
def with_parents(names: frozenset[str]) -> frozenset[str]:
    """Return the keys and what they imply: a systolic pressure is a blood pressure, simvastatin is a statin."""
    more = set(names)
    for name in names:
        if name.startswith("d:"):
            more |= {"c:" + group for group in drugs.classes(name[2:])}
            if name.startswith("d:insulin"):
                more.add("d:insulin")
        for parent in _PARENTS.get(name, ()):
            more.add(parent)
            more.update(_PARENTS.get(parent, ()))
    return frozenset(more)
