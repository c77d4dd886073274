"""Read CodiEsp: clinical cases with their ICD-10 diagnosis codes (Miranda-Escalada et al. 2020, CC BY 4.0)."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Final, Literal, NamedTuple

ARCHIVE: Final = "codiesp/codiesp-en-train-dev.tar.gz"
Split = Literal["train", "dev"]


class Said(NamedTuple):
    """A place that an annotator gave for a code: the Spanish words, and where they begin in the Spanish text."""

    code: str
    spanish: str
    place: int


class Case(NamedTuple):
    """A case in English (machine-translated): its codes in capitals, and the Spanish words that they rest on."""

    id: str
    text: str
    codes: frozenset[str]
    said: tuple[Said, ...]


def cases(data: Path, split: Split) -> list[Case]:
    """Return the cases of a split, ordered by id.

    Raises
    ------
    FileNotFoundError
        When ``data`` does not hold CodiEsp.
    """
    texts: dict[str, str] = {}
    codes: dict[str, set[str]] = {}
    said: dict[str, list[Said]] = {}
    with tarfile.open(data / ARCHIVE) as archive:
        for member in archive:
            parts = member.name.removeprefix("./").split("/")
            opened = archive.extractfile(member) if member.isfile() and parts[0] == split else None
            if opened is None or ".ipynb_checkpoints" in parts:
                continue
            body = opened.read().decode("utf-8")
            if parts[-1].endswith(".txt"):
                texts[parts[-1].removesuffix(".txt")] = body
            elif parts[-1] == f"{split}D.tsv":
                for line in body.splitlines():
                    case, code = line.split("\t")
                    codes.setdefault(case, set()).add(code.upper())
            elif parts[-1] == f"{split}X.tsv":
                for line in body.splitlines():
                    case, kind, code, words, places = line.split("\t")
                    if kind == "DIAGNOSTICO":
                        said.setdefault(case, []).append(Said(code.upper(), words, int(places.split()[0])))
    return [Case(id, texts[id], frozenset(codes.get(id, ())), tuple(said.get(id, ()))) for id in sorted(texts)]
