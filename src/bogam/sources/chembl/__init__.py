"""ChEMBL: molecules, their targets, what was measured of them, mechanisms and indications (EMBL-EBI)."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.chembl.live import Live
from bogam.sources.chembl.question import Search
from bogam.sources.chembl.release import Release
from bogam.sources.outside.http import Http
from bogam.sources.source import Source


class ChemblSource(Source):
    """ChEMBL, live or from a release of its SQLite file.

    Values of different types, assay types or formats are not pooled: each activity says what it may be compared with
    (``comparable``). Structures are found by exact canonical SMILES or InChIKey; there is no substructure search.
    """

    name = "chembl"
    title = "ChEMBL"
    holds = (
        "Bioactive molecules and drugs: structures, targets, measured activities, mechanisms of action, indications.",
        "생리활성 분자와 의약품: 구조, 표적, 측정된 활성, 작용 기전, 적응증.",
    )
    publisher = "EMBL-EBI"
    licence = "CC BY-SA 3.0"
    home = "https://www.ebi.ac.uk/chembl/"
    base = "https://www.ebi.ac.uk"
    per_second = 5.0
    example = ("imatinib", "CHEMBL941")
    Search = Search

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> Release:
        return Release(folder)


source = ChemblSource()
