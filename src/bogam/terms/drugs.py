"""Drug names in English and Korean text: which ingredients are meant, and which classes they belong to.

The lexicon (``data/drugs.tsv``) and the suffix rules below were transcribed from general knowledge, not from a named
edition. They recognise names; they say nothing about doses, and they are no formulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from bogam.terms.cues import Cues


class Mention(NamedTuple):
    """A drug named in a text: the code points ``start`` to ``end``, and the ingredients that the name stands for."""

    start: int
    end: int
    ingredients: tuple[str, ...]


_Phrase = tuple[tuple[str, ...], bool, tuple[str, ...]]
"""Lower-case tokens, whether it must stand in capitals, and the ingredients."""


@dataclass(slots=True)
class _Lexicon:
    classes: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    phrases: dict[str, list[_Phrase]] = field(default_factory=dict[str, list[_Phrase]])
    hangul: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    korean_names: set[str] = field(default_factory=set[str])
    longest: int = 0


_TOKEN: Final = re.compile(r"[A-Za-z0-9]+|[가-힣]+")
_GAP: Final = re.compile(r"[ \-,'’/]{0,2}")
_NOT_A_DRUG: Final = re.compile(r"[ -](?:deficien|resistan|stud(?:y|ies)|saturation|binding|receptor|pen\b)", re.I)
_SHORT_NAME: Final = 5
_ANYWHERE: Final = 4
"""Korean names this long are found inside a longer run of Hangul; shorter ones only at its start."""

_SUFFIXES: Final = (
    ("pril", "프릴", "ace-inhibitor"),
    ("sartan", "사르탄", "arb"),
    ("olol", "올롤", "beta-blocker"),
    ("dipine", "디핀", "dihydropyridine"),
    ("statin", "스타틴", "statin"),
    ("cillin", "실린", "penicillin"),
    ("penem", "페넴", "carbapenem"),
    ("floxacin", "플록사신", "fluoroquinolone"),
    ("cycline", "사이클린", "tetracycline"),
    ("mycin", "마이신", "antibiotic"),
    ("conazole", "코나졸", "azole-antifungal"),
    ("prazole", "프라졸", "ppi"),
    ("tidine", "티딘", "h2-blocker"),
    ("gliptin", "글립틴", "dpp-4-inhibitor"),
    ("gliflozin", "글리플로진", "sglt2-inhibitor"),
    ("glutide", "글루티드", "glp-1-agonist"),
    ("glitazone", "글리타존", "thiazolidinedione"),
    ("xaban", "사반", "factor-xa-inhibitor"),
    ("gatran", "가트란", "direct-thrombin-inhibitor"),
    ("parin", "파린", "heparin"),
    ("grel", "그렐", "antiplatelet"),
    ("thiazide", "티아지드", "thiazide"),
    ("semide", "세미드", "loop-diuretic"),
    ("lukast", "루카스트", "leukotriene-antagonist"),
    ("setron", "세트론", "antiemetic"),
    ("triptan", "트립탄", "triptan"),
    ("azepam", "제팜", "benzodiazepine"),
    ("zolam", "졸람", "benzodiazepine"),
    ("oxetine", "옥세틴", "antidepressant"),
    ("caine", "카인", "local-anaesthetic"),
    ("dronate", "드로네이트", "bisphosphonate"),
    ("platin", "플라틴", "platinum"),
    ("taxel", "탁셀", "taxane"),
    ("rubicin", "루비신", "anthracycline"),
    ("tinib", "티닙", "kinase-inhibitor"),
    ("ciclib", "시클립", "kinase-inhibitor"),
    ("parib", "파립", "kinase-inhibitor"),
    ("zumab", "주맙", "monoclonal-antibody"),
    ("ximab", "시맙", "monoclonal-antibody"),
    ("mumab", "무맙", "monoclonal-antibody"),
    ("limus", "리무스", "immunosuppressant"),
    ("ciclovir", "시클로버", "antiviral"),
    ("tegravir", "테그라비르", "antiviral"),
)
_SUFFIX_LATIN: Final = re.compile(r"[a-z]{2,}(?:" + "|".join(s for s, _, _ in _SUFFIXES) + r")")
_SUFFIX_HANGUL: Final = re.compile(r"[가-힣]{1,8}?(?:" + "|".join(s for _, s, _ in _SUFFIXES) + r")")
_ORDINARY: Final = frozenset({"april", "antistatin", "카인", "한사반"})

_ALLERGY: Final = (
    # What an allergy entry's wording covers. Aspirin and the other NSAIDs share the common reaction.
    ("penicillin", re.compile(r"penicillins?\b|\bPCN\b|페니실린", re.I)),
    ("cephalosporin", re.compile(r"cephalosporins?\b|cefalosporins?\b|세팔로스포린|세파계|세펨", re.I)),
    ("carbapenem", re.compile(r"carbapenems?\b|카바페넴", re.I)),
    ("beta-lactam", re.compile(r"beta[- ]?lactams?\b|β[- ]?lactams?|베타[ -]?락탐", re.I)),
    (
        "sulfonamide-antibiotic",
        re.compile(r"\bsul(?:f|ph)a\b|sul(?:f|ph)onamides?\b|\bsul(?:f|ph)a drugs?|설파|설폰아미드", re.I),
    ),
    (
        "nsaid",
        re.compile(
            r"\bNSAIDs?\b|non-?steroidal anti-?inflammator|소염진통제|비스테로이드|\baspirin\b|아스피린"
            r"|acetylsalicylic|salicylates?\b",
            re.I,
        ),
    ),
    ("opioid", re.compile(r"\bopioids?\b|\bopiates?\b|\bnarcotics?\b|오피오이드|아편|마약성", re.I)),
    (
        "iodinated-contrast",
        re.compile(r"contrast (?:media|medium|agents?|dye)|iodinated|\bdye\b|조영제|radiocontrast", re.I),
    ),
    ("ace-inhibitor", re.compile(r"\bACE[- ]?(?:inhibitors?|I)\b|ACE ?억제제|안지오텐신 ?전환", re.I)),
    ("arb", re.compile(r"\bARBs?\b|angiotensin (?:II )?receptor blockers?|수용체 ?차단제", re.I)),
    ("beta-blocker", re.compile(r"beta[- ]?blockers?\b|베타 ?차단제", re.I)),
    (
        "calcium-channel-blocker",
        re.compile(r"calcium channel blockers?|\bCCBs?\b|칼슘 ?(?:통로|채널) ?(?:차단|길항)", re.I),
    ),
    ("statin", re.compile(r"\bstatins?\b|HMG[- ]CoA|스타틴(?:계|제제)?\b", re.I)),
    ("fluoroquinolone", re.compile(r"quinolones?\b|퀴놀론", re.I)),
    ("macrolide", re.compile(r"macrolides?\b|마크로라이드|마크롤라이드", re.I)),
    ("tetracycline", re.compile(r"tetracyclines?\b|테트라사이클린", re.I)),
    ("aminoglycoside", re.compile(r"aminoglycosides?\b|아미노글리코사이드", re.I)),
    ("local-anaesthetic", re.compile(r"local an(?:a)?esthetics?|국소 ?마취제", re.I)),
    ("insulin", re.compile(r"\binsulins?\b|인슐린", re.I)),
    ("heparin", re.compile(r"\bheparins?\b|\bLMWH\b|헤파린", re.I)),
    (
        "anticoagulant",
        re.compile(r"anti-?coagula(?:nts?|tion)\b|blood thinners?|항응고제|\bN?DOACs?\b|\bNOACs?\b", re.I),
    ),
    ("antiplatelet", re.compile(r"anti-?platelets?\b|항혈소판제", re.I)),
    ("diuretic", re.compile(r"\bdiuretics?\b|이뇨제", re.I)),
    ("thiazide", re.compile(r"\bthiazides?\b|티아지드|싸이아자이드", re.I)),
    ("ppi", re.compile(r"\bPPIs?\b|proton pump inhibitors?|양성자 ?펌프", re.I)),
    ("corticosteroid", re.compile(r"(?:cortico|\b)steroids?\b|glucocorticoids?|스테로이드(?!성)", re.I)),
    ("benzodiazepine", re.compile(r"benzodiazepines?\b|벤조디아제핀", re.I)),
    ("ssri", re.compile(r"\bSSRIs?\b", re.I)),
    ("antibiotic", re.compile(r"\bantibiotics?\b|항생제", re.I)),
    ("antihypertensive", re.compile(r"anti-?hypertensives?\b|혈압약|항고혈압제|강압제", re.I)),
    ("antidiabetic", re.compile(r"anti-?diabetics?\b|당뇨약|혈당강하제", re.I)),
    ("bronchodilator", re.compile(r"bronchodilators?\b|기관지 ?확장제", re.I)),
    ("antidepressant", re.compile(r"anti-?depressants?\b|항우울제", re.I)),
    ("antiepileptic", re.compile(r"anti-?(?:epileptic|convulsant|seizure drug)s?\b|항경련제|항전간제", re.I)),
)
_CROSS_REACTIVE: Final = frozenset({
    "penicillin", "cephalosporin", "carbapenem", "sulfonamide-antibiotic", "nsaid", "ace-inhibitor", "opioid",
    "iodinated-contrast", "fluoroquinolone", "macrolide", "tetracycline", "aminoglycoside",
    "local-anaesthetic-amide", "local-anaesthetic-ester", "heparin", "statin", "insulin",
})  # fmt: skip
_BROAD: Final = frozenset({"antibiotic", "antihypertensive", "antidiabetic", "beta-lactam"})
"""Dropped where the entry names something narrower beside it: a cephalosporin antibiotic is not every antibiotic."""


@cache
def _lexicon() -> _Lexicon:
    made = _Lexicon()
    classes: frozenset[str] = frozenset()
    text = (files("bogam.terms") / "data" / "drugs.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            classes = frozenset(line[1:].split(","))
        elif line.startswith("="):
            names, parts = line[1:].split("\t")
            for name in names.split(";"):
                _add(made, name, tuple(parts.split(";")))
        else:
            ingredient, korean, others = line.split("\t")
            made.classes[ingredient] = classes
            made.korean_names.update(spelling for name in korean.split(";") for spelling in _spellings(name))
            for name in (ingredient, *korean.split(";"), *others.split(";")):
                if name:
                    _add(made, name, (ingredient,))
    for options in made.phrases.values():
        options.sort(key=lambda option: -len(option[0]))
    return made


_TRANSLITERATIONS: Final = (
    ("사이클로", "시클로"), ("마이드", "미드"), ("타이드", "티드"), ("라이드", "리드"),
    ("나이드", "니드"), ("하이드", "히드"), ("싸이", "사이"),
    ("클로버", "클로비르"), ("카르바", "카바"), ("아자이드", "아지드"),
)  # fmt: skip


def _spellings(name: str) -> set[str]:
    """Return a Korean name and the spellings that other transliterations of the same English one give."""
    found = {name}
    for one, other in _TRANSLITERATIONS:
        found |= {each.replace(one, other) for each in found} | {
            each.replace(other, one) for each in found if len(other) > 1
        }
    return found if len(name) >= _ANYWHERE else {name}


def _add(made: _Lexicon, name: str, ingredients: tuple[str, ...]) -> None:
    tokens = tuple(token.lower() for token in _TOKEN.findall(name))
    if len(tokens) == 1 and tokens[0] >= "가":
        for spelling in _spellings(tokens[0]):
            made.hangul.setdefault(spelling, ingredients)
            made.longest = max(made.longest, len(spelling))
        return
    capitals = name.isupper() and len(name) <= _SHORT_NAME
    made.phrases.setdefault(tokens[0], []).append((tokens, capitals, ingredients))


@lru_cache(maxsize=16384)
def _in_hangul(run: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Find the names within one unbroken run of Hangul: compounds and particles are written without a space."""
    lexicon = _lexicon()
    found: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(run):
        for size in range(min(lexicon.longest, len(run) - at), 1, -1):
            ingredients = lexicon.hangul.get(run[at : at + size])
            if ingredients and (at == 0 or size >= _ANYWHERE):
                found.append((at, at + size, ingredients))
                at += size
                break
        else:
            at += 1
    if not found and (match := _SUFFIX_HANGUL.match(run)) and len(match[0]) > 3 and match[0] not in _ORDINARY:
        found.append((0, match.end(), (match[0],)))
    return tuple(found)


@lru_cache(maxsize=8192)
def mentions(text: str) -> tuple[Mention, ...]:
    """Return the drugs named in ``text``, in order. A Korean particle may follow a name directly."""
    lexicon = _lexicon()
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    found: list[Mention] = []
    index = 0
    while index < len(tokens):
        word, start, end = tokens[index]
        if (phrase := _phrase(lexicon, text, tokens, index)) is not None:
            count, ingredients = phrase
            end = tokens[index + count - 1][2]
            if not _NOT_A_DRUG.match(text, end):
                found.append(Mention(start, end, ingredients))
            index += count
            continue
        if word >= "가":
            found.extend(Mention(start + a, start + b, names) for a, b, names in _in_hangul(word))
        elif len(word) > 5 and _SUFFIX_LATIN.fullmatch(word.lower()) and word.lower() not in _ORDINARY:
            found.append(Mention(start, end, (word.lower(),)))
        index += 1
    return tuple(found)


def _phrase(
    lexicon: _Lexicon, text: str, tokens: list[tuple[str, int, int]], index: int
) -> tuple[int, tuple[str, ...]] | None:
    word = tokens[index][0]
    for phrase, capitals, ingredients in lexicon.phrases.get(word.lower(), ()):
        last = index + len(phrase)
        if last > len(tokens) or (capitals and not word.isupper()):
            continue
        if all(
            tokens[index + step][0].lower() == part
            and (step == 0 or _GAP.fullmatch(text, tokens[index + step - 1][2], tokens[index + step][1]))
            for step, part in enumerate(phrase)
        ):
            return len(phrase), ingredients
    return None


@lru_cache(maxsize=8192)
def ingredients(text: str) -> tuple[str, ...]:
    """Return the English ingredient names that English or Korean ``text`` names, each once, in order.

    Brands and combination products give their ingredients. A name outside the lexicon is recognised by its suffix
    (``-pril``, ``-실린``, …) and returned as written, in lower case.
    """
    return tuple(dict.fromkeys(name for mention in mentions(text) for name in mention.ingredients))


def is_generic(name: str) -> bool:
    """Tell whether a name as found by `mentions` is an ingredient's own, English or Korean, and not a brand."""
    lower = name.lower()
    lexicon = _lexicon()
    if lower in lexicon.classes:
        return True
    return lower in lexicon.korean_names or not (lower in lexicon.hangul or lower.split()[0] in lexicon.phrases)


@cache
def _suffix_classes() -> tuple[tuple[str, str], ...]:
    return tuple((suffix, name) for latin, hangul, name in _SUFFIXES for suffix in (latin, hangul))


@lru_cache(maxsize=4096)
def classes(ingredient: str) -> frozenset[str]:
    """Return the classes of an ingredient, most general ones too; empty when it is not known."""
    known = _lexicon().classes.get(ingredient)
    if known is not None:
        return known
    return frozenset(name for suffix, name in _suffix_classes() if ingredient.endswith(suffix))


_ANY_CLASS: Final = re.compile(
    "|".join(f"(?P<c{index}>{pattern.pattern})" for index, (_, pattern) in enumerate(_ALLERGY)), re.I
)


_may_name_class: Final = Cues(
    "cillin pcn phalosporin falosporin carbapenem lactam sul nsaid steroid 소염 aspirin salicyl opioid opiate "
    "narcotic contrast "
    "iodinated dye ace arb angiotensin blocker statin hmg quinolone macrolide tetracycline aminoglycoside "
    "anesthetic anaesthetic "
    "insulin heparin lmwh coagul blood doac noac platelet diuretic thiazide ppi pump benzodiazepine ssri antibiotic "
    "hypertensive "
    "diabetic dilator depressant epileptic convulsant seizure ccb 페니실린 세팔 세파 세펨 카바페넴 락탐 설파 설폰 "
    "스테로이드 아스피린 오피오이드 아편 "
    "마약 조영 억제제 전환 차단 길항 스타틴 퀴놀론 마크 테트라 아미노 마취 인슐린 헤파린 항응고 항혈소판 이뇨 "
    "티아지드 싸이아 양성자 벤조 항생 혈압약 "
    "고혈압제 강압 당뇨약 강하제 확장제 항우울 항경련 항전간"
)


def class_mentions(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return (class, start, end) for the drug classes that ``text`` names as classes ("NSAIDs", "스타틴")."""
    if not _may_name_class(text):
        return ()
    return tuple(
        (_ALLERGY[int((match.lastgroup or "c0")[1:])][0], match.start(), match.end())
        for match in _ANY_CLASS.finditer(text)
    )


def class_names(text: str) -> frozenset[str]:
    """Return the drug classes that ``text`` names as classes."""
    return frozenset(name for name, _, _ in class_mentions(text))


@lru_cache(maxsize=8192)
def allergy_classes(text: str) -> frozenset[str]:
    """Return what an allergy entry covers: the ingredients and classes it names, and their cross-reactive groups.

    A drug conflicts with the entry when its ingredient, or one of its `classes`, is in the result. Examples:
    "Penicillin" covers the class ``penicillin``; "Amoxicillin" covers ``amoxicillin`` and ``penicillin``; "Aspirin"
    covers ``nsaid``. Empty for allergies that are not to drugs.
    """
    named = ingredients(text)
    groups = class_names(text)
    covered = set(named) | (groups - _BROAD if named or groups - _BROAD else groups)
    for name in named:
        covered |= classes(name) & _CROSS_REACTIVE
    return frozenset(covered)
