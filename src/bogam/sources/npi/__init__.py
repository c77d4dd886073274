"""The registry of health care providers of the United States (NPPES, Centers for Medicare & Medicaid Services)."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.npi.live import Live
from bogam.sources.npi.mirror import NpiMirror
from bogam.sources.npi.question import Get, Search
from bogam.sources.outside.http import Http
from bogam.sources.source import Source


class NpiSource(Source):
    """NPPES by its interface, or by its monthly and weekly files."""

    name = "npi"
    title = "NPI registry (NPPES)"
    holds = (
        "Every provider and organization of the United States that has a National Provider Identifier: names, "
        "addresses, specialties, licences, deactivation.",
        "미국의 모든 의료인과 의료기관의 NPI(국가 의료 제공자 번호): 이름, 주소, 전문 과목, 면허, 번호 폐지 여부.",
    )
    publisher = "Centers for Medicare & Medicaid Services"
    licence = "Public (FOIA-disclosable data of the U.S. government)"
    licence_ko = "공개(미국 정부의 정보 공개 대상 자료)"
    home = "https://npiregistry.cms.hhs.gov/"
    base = "https://npiregistry.cms.hhs.gov"
    per_second = 3.0
    people = True
    fresh_s = 86_400
    example = ("Smith", "1234567893")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> NpiMirror:
        return NpiMirror(folder)


source = NpiSource()
