"""bogam measure terms: the ICD-10-CM index, validation, unit conversion, and mapping of local names."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import numpy as np

from bogam.measure.bootstrap import mean_interval
from bogam.measure.figure import Figure, Say
from bogam.measure.local_names import Distorted, distorted
from bogam.terms import icd10cm
from bogam.terms.icd10cm.compiled import opened
from bogam.terms.icd10cm.index import Icd10cm
from bogam.terms.mapping.matcher import Answer, Matcher, Target
from bogam.terms.mapping.targets import of_icd10cm
from bogam.terms.ucum import UnitError, convert, same

_TEST_SEED: Final = 29
"""The matcher was tuned on the set of seed 11, never on this one."""
_NAMES: Final = 1000
_LOOKUPS: Final = 2000
_QUERIES: Final = (
    "I10", "e11.9", "s72.00", "diab", "type 2 diabetes mellitus with", "fracture of neck of right femur", "pneumonia",
    "폐렴", "급성 심근경색", "우측 고관절 골절", "HTN", "acute appendicits", "hypertention", "COPD exacerbation",
    "malignant neoplasm of breast", "위암", "당뇨병성 망막병증", "chest pain", "sepsis due to", "a",
)  # fmt: skip
_UNITS: Final = (
    (5.0, "mmol/L", 90.1, "mg/dL", "glucose"), (5.0, "mmol/L", 193.3, "mg/dL", "cholesterol"),
    (1.0, "mmol/L", 88.5, "mg/dL", "triglyceride"), (100.0, "umol/L", 1.13, "mg/dL", "creatinine"),
    (5.0, "mmol/L", 14.0, "mg/dL", "bun"), (2.5, "mmol/L", 10.0, "mg/dL", "calcium"),
    (20.0, "umol/L", 1.17, "mg/dL", "bilirubin"), (400.0, "umol/L", 6.72, "mg/dL", "uric-acid"),
    (1.0, "mmol/L", 3.10, "mg/dL", "phosphate"), (1.0, "mmol/L", 2.43, "mg/dL", "magnesium"),
    (20.0, "umol/L", 111.7, "ug/dL", "iron"), (140.0, "mmol/L", 140.0, "mEq/L", "sodium"),
    (4.0, "mmol/L", 4.0, "mEq/L", "potassium"), (2.5, "mmol/L", 5.0, "mEq/L", "calcium"),
    (500.0, "nmol/L", 18.1, "ug/dL", "cortisol"), (20.0, "pmol/L", 1.55, "ng/dL", "thyroxine"),
    (75.0, "nmol/L", 30.0, "ng/mL", "vitamin-d"), (48.0, "mmol/mol", 6.54, "%", "hba1c"),
    (37.0, "Cel", 98.6, "[degF]", ""), (16.0, "kPa", 120.0, "mm[Hg]", ""), (7.5, "10*9/L", 7500.0, "/uL", ""),
    (70.0, "kg", 154.3, "[lb_av]", ""),
)  # fmt: skip
"""Pairs that mean the same. Factors of the AMA Manual of Style (SI conversion, 11th edition); HbA1c by the NGSP/IFCC
master equation; the others by definition of the units."""
_REFUSED: Final = (
    ("mg/dL", "mmol/L", ""), ("mg/dL", "mmol/L", "CRP"), ("mg/dL", "mm[Hg]", "glucose"), ("U/L", "[IU]/L", ""),
    ("meq/L", "mmol/L", ""), ("foo", "mg", ""), ("ng/mL{FEU}", "mg/L{DDU}", ""), ("kg", "m", ""),
)  # fmt: skip


def measure(data: Path | None, say: Say) -> dict[str, Figure]:
    """Measure; no data set is needed."""
    say("ICD-10-CM: building and opening")
    figures, index = _opening()
    say("look-up and search")
    figures |= _speed(index)
    say("validation")
    figures |= _validation(index)
    say("units")
    figures |= _units()
    say(f"mapping {_NAMES} distorted names")
    return figures | _mapping(index)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _opening() -> tuple[dict[str, Figure], Icd10cm]:
    with TemporaryDirectory() as folder:
        build = _seconds(lambda: opened(Path(folder)))
        again = [_seconds(lambda: Icd10cm(opened(Path(folder)))) for _ in range(5)]
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    theirs = _theirs()
    beside = {"simple_icd_10_cm import": theirs[1]} if theirs else {}
    index = icd10cm.default()
    return {
        "terms.icd_build": Figure(
            build, "s", len(list(index.codes())), note=f"release {index.release}, {size:,} bytes"
        ),
        "terms.icd_open": Figure(min(again) * 1000, "ms", 5, beside={k: v * 1000 for k, v in beside.items()}),
    }, index


def _theirs() -> tuple[Any, float] | None:
    """Import the package that carries the tabular list; importing it builds its tree. It is timed the first time."""
    if find_spec("simple_icd_10_cm") is None:
        return None
    start = time.perf_counter()
    import simple_icd_10_cm

    return cast(Any, simple_icd_10_cm), time.perf_counter() - start


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1] * 1000


def _speed(index: Icd10cm) -> dict[str, Figure]:
    codes = random.Random(5).sample(list(index.codes()), _LOOKUPS)
    own = [_seconds(lambda code=code: index.notes(code, "excludes1")) for code in codes]
    theirs = _theirs()
    beside: dict[str, float] = {}
    if theirs:
        package = theirs[0]
        beside["simple_icd_10_cm"] = _p95(
            [
                _seconds(
                    lambda code=code: [package.get_excludes1(each) for each in (code, *package.get_ancestors(code))]
                )
                for code in codes
            ]
        )
    typed = [query[:end] for query in _QUERIES for end in range(1, len(query) + 1)]
    for query in _QUERIES:
        index.search(query)
    searched = [_seconds(lambda query=query: index.search(query)) for query in typed]
    return {
        "terms.lookup_p95": Figure(_p95(own), "ms", len(own), beside=beside, note="a code's inherited excludes1 notes"),
        "terms.search_p95": Figure(_p95(searched), "ms", len(searched), note="each prefix of 20 queries, as typed"),
    }


def _validation(index: Icd10cm) -> dict[str, Figure]:
    codes = list(index.codes())
    valid = sum(index.validate(code).valid for code in codes)
    broken = _broken(index, codes)
    right = [index.validate(code).why == why for code, why in broken]
    theirs = _theirs()
    beside: dict[str, float] = {}
    if theirs:
        package = theirs[0]
        beside["simple_icd_10_cm says invalid or not a leaf"] = sum(
            not package.is_valid_item(code) or not package.is_leaf(code) for code, _ in broken
        ) / len(broken)
    return {
        "terms.valid_codes": Figure(valid / len(codes), "share", len(codes), note="official codes found valid"),
        "terms.invalid_reason": Figure(
            sum(right) / len(right), "share", len(right), mean_interval(right), beside,
            "codes broken in seven ways, each refused with the right reason",
        ),
    }  # fmt: skip


def _broken(index: Icd10cm, codes: list[str]) -> list[tuple[str, str]]:
    """Return broken codes with the reason that is right, 100 of each kind."""
    rng = random.Random(7)
    entries = [entry for entry in index.entries() if entry.kind in ("category", "subcategory")]
    plain = [code for code in codes if len(code) < 8 and not index.extensions(code)]
    short = [entry.code for entry in entries if index.extensions(entry.code) and len(entry.code) < 6]
    extended = [code for code in codes if len(code) == 8 and index.get(code[:7]) is not None]
    kinds: dict[str, list[str]] = {
        "no-subdivision": [f"{code}9" if "." in code else f"{code}.9" for code in rng.sample(plain, 100)],
        "needs-seventh": [each.code for each in rng.sample([e for e in entries if index.extensions(e.code)], 100)],
        "not-billable": [
            each.code
            for each in rng.sample([e for e in entries if not e.billable and not index.extensions(e.code)], 100)
        ],
        "wrong-seventh": [f"{code[:7]}Y" for code in rng.sample(extended, 100)],
        "placeholder": [
            f"{code if '.' in code else code + '.'}{index.extensions(code)[0][-1]}" for code in rng.sample(short, 100)
        ],
        "unknown": [f"{letter}{digit}{digit}" for letter in "U" for digit in (1, 2, 3, 4, 5, 6)] * 16,
        "shape": [f"{rng.randint(10, 99)}{letter}.{rng.randint(0, 9)}" for letter in "ABCDEFGHIJ" * 10],
    }
    return [(code, why) for why, listed in kinds.items() for code in listed if index.get(code) is None or why in _KNOWN]


_KNOWN: Final = ("needs-seventh", "not-billable")


def _units() -> dict[str, Figure]:
    right = [same(*each) and same(each[2], each[3], each[0], each[1], each[4]) for each in _UNITS]
    refused = 0
    for unit, to, of in _REFUSED:
        try:
            convert(1.0, unit, to, of)
        except UnitError:
            refused += 1
    return {
        "terms.units_right": Figure(sum(right) / len(right), "share", len(right), note="pairs, both ways, within 1 %"),
        "terms.units_refused": Figure(
            refused / len(_REFUSED), "share", len(_REFUSED), note="pairs that do not compare"
        ),
    }


def _mapping(index: Icd10cm) -> dict[str, Figure]:
    made = distorted(index, _TEST_SEED, _NAMES)
    targets = [target for target in of_icd10cm(index) if target.code[:3] not in made.absent]
    answers = Matcher(targets).answers([each.item for each in made.names])
    words, letters = _plain(targets, made.names, "word"), _plain(targets, made.names, "char_wb")
    known = [(name, place) for place, name in enumerate(made.names) if name.right]
    top1 = np.array([_hit(answers[place], name, 1) for name, place in known], float)
    top5 = np.array([_hit(answers[place], name, 5) for name, place in known], float)
    beside1, beside5 = (
        {
            label: float(np.mean([bool(set(plain[place][:most]) & name.right) for name, place in known]))
            for label, plain in (("TF-IDF words", words), ("TF-IDF letters", letters))
        }
        for most in (1, 5)
    )
    accepted = np.array(
        [
            float(not _hit(answer, name, 1))
            for answer, name in zip(answers, made.names, strict=True)
            if not answer.abstained
        ]
    )
    absent = np.array([float(answers[place].abstained) for place, name in enumerate(made.names) if not name.right])
    return {
        "map.top1": Figure(float(top1.mean()), "share", len(top1), mean_interval(top1.tolist()), beside1, _NOTE),
        "map.top5": Figure(
            float(top5.mean()), "share", len(top5), mean_interval(top5.tolist()), beside5, "the same set"
        ),
        "map.wrong_accepted": Figure(
            float(accepted.mean()),
            "share",
            len(accepted),
            mean_interval(accepted.tolist()),
            note="wrong among those proposed",
        ),
        "map.abstained_right": Figure(
            float(absent.mean()),
            "share",
            len(absent),
            mean_interval(absent.tolist()),
            note="names without a right answer, abstained on",
        ),
    }


_NOTE: Final = (
    "our own set: names of ICD-10-CM distorted by abbreviation, Korean words, order, typing errors; seed 29, tuned on "
    "seed 11; easier than a hospital's list"
)


def _hit(answer: Answer, name: Distorted, most: int) -> bool:
    return any(candidate.code in name.right for candidate in answer.candidates[:most])


def _plain(targets: list[Target], names: Sequence[Distorted], analyzer: str) -> list[list[str]]:
    """Return the five nearest codes by plain TF-IDF cosine over the names as they are written: the baseline."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    options: dict[str, Any] = {"analyzer": analyzer} | ({"ngram_range": (3, 3)} if analyzer != "word" else {})
    vectorizer: Any = TfidfVectorizer(**options)
    matrix = vectorizer.fit_transform([target.words for target in targets]).T.tocsr()
    found: list[list[str]] = []
    for start in range(0, len(names), 64):
        alike = (vectorizer.transform([each.item.name for each in names[start : start + 64]]) @ matrix).toarray()
        for row in alike:
            near = np.argpartition(-row, 30)[:30]
            ordered: list[int] = near[np.argsort(-row[near], kind="stable")].tolist()
            found.append(list(dict.fromkeys(targets[place].code for place in ordered))[:5])
    return found
