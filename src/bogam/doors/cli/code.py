"""bogam code"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import UsageError, korean, reporting
from bogam.doors.cli.printing import console, emit

if TYPE_CHECKING:
    from bogam.skills.coding.suggest import Suggestion

_LONGEST: Final = 2 << 20


class Place(StrEnum):
    """Where the encounter took place, which decides what becomes of an uncertain diagnosis."""

    outpatient = "outpatient"
    inpatient = "inpatient"


def code(
    source: Annotated[str, typer.Argument(metavar="FILE", help='A note as plain text; "-" is standard input.')],
    setting: Annotated[Place, typer.Option("--setting", help="Where the encounter took place.")] = Place.outpatient,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many suggestions.")] = 20,
    json: options.Json = False,
) -> None:
    """Suggest ICD-10-CM codes for a note, in English, Korean or both, with the words that each rests on.

    No patient, no record, nothing is kept or filed. For a patient's encounter: bogam run coding PATIENT.
    """
    with reporting(json=json):
        text = _read(source)
        from bogam.skills.coding.gather import of_plain
        from bogam.skills.coding.suggest import explained, suggestions
        from bogam.terms import icd10cm

        index = icd10cm.default()
        found = suggestions(of_plain(text, index), setting.value, index)
        kept = [each for each in found if each.allowed][:limit]
        others = [each for each in found if not each.allowed]
        codes = index.arranged([each.code for each in kept])
        kept.sort(key=lambda each: codes.index(each.code))
        if json:
            release = {"system": icd10cm.URI, "release": index.release}
            emit(release | {"suggested": [_told(e) for e in kept], "considered": [_told(e) for e in others]})
        else:
            _print(kept, others, explained(found))


def _read(source: str) -> str:
    body = sys.stdin.buffer.read(_LONGEST + 1) if source == "-" else Path(source).read_bytes()
    if len(body) > _LONGEST:
        raise UsageError(f"{source} is larger than {_LONGEST >> 20} MiB: give one note at a time.")
    from bogam.text.deid.table import decoded

    text, encoding = decoded(body)
    if encoding == "cp1252" or "\0" in text:
        raise UsageError(f"{source} is no text in UTF-8, UTF-16 or CP949.")
    return text


def _told(each: Suggestion) -> dict[str, Any]:
    best = max((support.probability for support in each.supports if support.how == "model"), default=None)
    return {
        "code": each.code,
        "title": each.title,
        "confidence": each.band,
        "probability": None if best is None else round(best, 3),
        "reason": each.reason,
        "evidence": [
            {"start": s.words.offset, "end": s.words.offset + len(s.words.text), "words": s.words.text,
             "assertion": s.assertion, "by": s.how}
            for s in each.supports
        ],
    }  # fmt: skip


def _print(kept: list[Suggestion], others: list[Suggestion], beside: frozenset[str]) -> None:
    from bogam.skills.coding.words import PHRASES
    from bogam.terms import icd10cm

    language = "ko" if korean() else "en"
    terminal = console()
    for each in (*kept, *others):
        told = _told(each)
        words = list(dict.fromkeys(f"“{' '.join(place['words'].split())}”" for place in told["evidence"]))[:3]
        why = PHRASES[each.reason][language].replace("{x}", "")
        notes = [PHRASES["symptom"][language].replace("{x}", "").strip("; ")] if each.code in beside else []
        verdict = icd10cm.default().validate(each.code)
        if each.allowed and not verdict.valid:
            notes.append(verdict.reason_ko if language == "ko" else verdict.reason)
        chance = "" if told["probability"] is None else f" {told['probability']:.2f}"
        band = f"{PHRASES[each.band][language].strip()}{chance}" if each.allowed else "–"
        terminal.print(f"{each.code:8} {each.title}", markup=False, highlight=False, soft_wrap=True)
        terminal.print(f"         {band}  {why}: {', '.join(words)}", markup=False, highlight=False, soft_wrap=True)
        for note in notes:
            terminal.print(f"         {note}", markup=False, highlight=False, soft_wrap=True)
    if not kept and not others:
        terminal.print({"en": "Nothing to code was found.", "ko": "코딩할 내용을 찾지 못했습니다."}[language])


commands = (code,)
