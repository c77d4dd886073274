"""RxNorm by RxNav: names of drugs, what they are made of, what is sold, package codes, classes (NLM)."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.outside.http import Http
from bogam.sources.rxnav.live import Live
from bogam.sources.rxnav.mirror import RxNormMirror
from bogam.sources.rxnav.question import Get, Search
from bogam.sources.source import Source


class RxNavSource(Source):
    """RxNorm live, or from a release's RRF files.

    It tells no interactions: their interface was closed by its publisher in January 2024.
    """

    name = "rxnav"
    title = "RxNorm (RxNav)"
    holds = (
        "Names of drugs of the United States: ingredients, strengths, forms, brands, package codes (NDC), classes, "
        "and what became of old concepts.",
        "미국 의약품의 표준 이름: 성분, 함량, 제형, 상품명, 포장 코드(NDC), 약물 분류, 폐지되거나 바뀐 개념.",
    )
    publisher = "U.S. National Library of Medicine"
    licence = "RxNorm: UMLS licence, RXNORM's own names are free to use"
    licence_ko = "RxNorm: UMLS 이용 조건. RXNORM 자체의 이름은 자유롭게 사용"
    home = "https://lhncbc.nlm.nih.gov/RxNav/"
    base = "https://rxnav.nlm.nih.gov"
    per_second = 20.0
    example = ("acetaminophen", "161")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> RxNormMirror:
        return RxNormMirror(folder)


source = RxNavSource()
