"""PubMed: citations and abstracts of the biomedical literature, by NCBI's E-utilities or from NLM's bulk files."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.outside.http import Http
from bogam.sources.pubmed.live import PubMedLive
from bogam.sources.pubmed.mirror import PubMedMirror
from bogam.sources.pubmed.question import PubMedLookup, PubMedSearch
from bogam.sources.source import Source


class PubMed(Source):
    name = "pubmed"
    title = "PubMed"
    holds = (
        "Citations and abstracts of the biomedical literature, with MeSH terms, publication types and retractions.",
        "생의학 문헌의 서지와 초록, MeSH 주제어, 문헌 유형, 철회 여부.",
    )
    publisher = "US National Library of Medicine"
    licence = "Free to use with attribution; an abstract may be under its publisher's copyright."
    licence_ko = "출처를 밝히고 자유롭게 사용. 초록에는 출판사의 저작권이 있을 수 있습니다"
    english = True
    home = "https://pubmed.ncbi.nlm.nih.gov/"
    base = "https://eutils.ncbi.nlm.nih.gov"
    per_second = 3.0
    per_second_with_key = 10.0
    example = ("heart failure sodium-glucose transporter 2 inhibitors", "31535829")
    Search = PubMedSearch
    Get = PubMedLookup

    def live(self, http: Http) -> PubMedLive:
        return PubMedLive(http)

    def mirror(self, folder: Path) -> PubMedMirror:
        return PubMedMirror(self.name, folder)


source = PubMed()

__all__ = ["PubMed", "source"]
