"""The public dialogue sets: MTS-Dialog and ACI-Bench, as their publishers lay the files out."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final, Literal, NamedTuple

Split = Literal["train", "validation", "test1"]
_MTS: Final = {
    "train": "MTS-Dialog-TrainingSet.csv",
    "validation": "MTS-Dialog-ValidationSet.csv",
    "test1": "MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv",
}
_ACI: Final = {"train": "train.csv", "validation": "valid.csv", "test1": "clinicalnlp_taskB_test1.csv"}


class Pair(NamedTuple):
    """A dialogue and the text that a person wrote of it. ``header`` is MTS-Dialog's section, ``note`` in ACI-Bench."""

    dialogue: str
    header: str
    note: str


def mts(data: Path, split: Split) -> list[Pair]:
    """Read a split of MTS-Dialog (Ben Abacha et al. 2023). Raises `FileNotFoundError` where the file is absent."""
    rows = _rows(data / "mts-dialog" / _MTS[split])
    return [Pair(row["dialogue"], row["section_header"], row["section_text"]) for row in rows]


def aci(data: Path, split: Split) -> list[Pair]:
    """Read a split of ACI-Bench (Yim et al. 2023). Raises `FileNotFoundError` where the file is absent."""
    return [Pair(row["dialogue"], "note", row["note"]) for row in _rows(data / "aci-bench" / _ACI[split])]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_HEADING: Final = re.compile(r"^[ \t]*([A-Z][A-Z ,/&]{3,60}):?[ \t]*$", re.M)


def parts(note: str) -> dict[str, str]:
    """Cut an ACI-Bench note at its headings into subjective, exam, results and plan."""
    cuts = list(_HEADING.finditer(note))
    found: dict[str, str] = {}
    for at, cut in enumerate(cuts):
        end = cuts[at + 1].start() if at + 1 < len(cuts) else len(note)
        name = _part(cut[1])
        found[name] = found.get(name, "") + note[cut.end() : end]
    return found


def _part(heading: str) -> str:
    if re.search(r"EXAM|VITAL", heading):
        return "exam"
    if "RESULT" in heading:
        return "results"
    if re.search(r"ASSESSMENT|PLAN|IMPRESSION|INSTRUCTION", heading):
        return "plan"
    return "subjective"
