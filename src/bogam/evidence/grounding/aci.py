"""ACI-Bench (Yim et al. 2023, CC BY 4.0): dialogues of whole visits with the note that a clinician wrote."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SPLITS: Final = {"train": "train", "valid": "valid", "test1": "clinicalnlp_taskB_test1"}
_HEADING: Final = re.compile(r"[A-Z][A-Z &/,'\-]{2,60}:?")
_END: Final = re.compile(r"(?<=[a-z0-9)%][.!?])\s+(?=[A-Z])")
_BULLET: Final = "•-* \t"
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_WHOLE: Final = re.compile(r"\d{1,3}(?:\.0)?")
_FEWEST: Final = 3
"""Words of the shortest sentence that says something about a patient."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. ``age`` is the patient's as the record would know it, None where it is not in whole years."""

    id: str
    dialogue: str
    sentences: tuple[str, ...]
    age: int | None


def visits(data: Path, split: str) -> list[Visit]:
    """Return the visits of a split: ``train``, ``valid`` or ``test1``."""
    folder, name = data / "aci-bench", SPLITS[split]
    ages = {row["encounter_id"]: row["patient_age"].strip() for row in _rows(folder / f"{name}_metadata.csv")}
    return [
        Visit(row["encounter_id"], row["dialogue"], tuple(sentences(row["note"])), _age(ages.get(row["encounter_id"])))
        for row in _rows(folder / f"{name}.csv")
    ]


def sentences(note: str) -> list[str]:
    """Return the sentences of a note without its headings and bullets."""
    lines = (line.strip().lstrip(_BULLET).strip() for line in note.splitlines())
    parts = (part.strip() for line in lines if line and not _HEADING.fullmatch(line) for part in _END.split(line))
    return [part for part in parts if len(_WORD.findall(part)) >= _FEWEST]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _age(written: str | None) -> int | None:
    return int(float(written)) if written and _WHOLE.fullmatch(written) else None
