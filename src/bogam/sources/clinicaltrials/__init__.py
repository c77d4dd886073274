"""ClinicalTrials.gov: registered studies, with their criteria as lists."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.clinicaltrials.live import Live
from bogam.sources.clinicaltrials.mirror import ClinicalTrialsMirror
from bogam.sources.clinicaltrials.request import Get, Search
from bogam.sources.outside.http import Http
from bogam.sources.source import Source


class ClinicalTrialsSource(Source):
    """Studies in people: who may take part, where, and what became of them."""

    name = "clinicaltrials"
    title = "ClinicalTrials.gov"
    holds = (
        "Registered clinical studies: status, phase, criteria for taking part, sites and contacts",
        "등록된 임상시험: 모집 상태, 단계, 선정·제외 기준, 실시 기관과 연락처",
    )
    publisher = "US National Library of Medicine"
    licence = "Public domain where not stated otherwise; name ClinicalTrials.gov and the date"
    licence_ko = "따로 적히지 않은 것은 공공 영역. ClinicalTrials.gov와 날짜를 밝힐 것"
    english = True
    home = "https://clinicaltrials.gov"
    base = "https://clinicaltrials.gov"
    per_second = 0.8
    example = ("type 2 diabetes", "NCT04280705")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> ClinicalTrialsMirror:
        return ClinicalTrialsMirror(self.name, folder)


source = ClinicalTrialsSource()
