"""The Open Targets Platform: targets, diseases, drugs, and how strongly evidence associates targets with diseases."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.opentargets.live import Live
from bogam.sources.opentargets.parquet import ParquetMirror
from bogam.sources.opentargets.question import Search
from bogam.sources.outside.http import Http
from bogam.sources.source import Source


class OpenTargetsSource(Source):
    """Open Targets, live or from the Parquet files of a release."""

    name = "opentargets"
    title = "Open Targets Platform"
    holds = (
        "Drug targets, diseases, drugs, and scored associations between targets and diseases.",
        "약물 표적, 질환, 의약품, 그리고 표적과 질환의 연관 점수.",
    )
    publisher = "Open Targets (EMBL-EBI, Wellcome Sanger Institute and partners)"
    licence = "CC0 1.0"
    home = "https://platform.opentargets.org/"
    base = "https://api.platform.opentargets.org"
    per_second = 3.0
    example = ("melanoma", "ENSG00000157764")
    Search = Search

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> ParquetMirror:
        return ParquetMirror(folder)


source = OpenTargetsSource()
