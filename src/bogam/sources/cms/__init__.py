"""The Medicare Coverage Database: national and local coverage determinations, and billing and coding articles."""

from __future__ import annotations

from pathlib import Path

from bogam.sources.cms.live import Live
from bogam.sources.cms.mirror import CmsMirror
from bogam.sources.cms.request import Get, Search
from bogam.sources.outside.http import Http
from bogam.sources.source import Source


class CmsSource(Source):
    """What Medicare covers, and with which codes.

    ::

        [sources.cms]
        enabled = true
        accept_license = true    # the hospital accepts the AMA, ADA and AHA licences: texts and codes of LCDs, articles
    """

    name = "cms"
    title = "Medicare Coverage Database"
    holds = (
        "National and local coverage determinations and billing articles of Medicare, with HCPCS and ICD-10 codes",
        "미국 메디케어의 국가·지역 급여 결정과 청구 안내문, 그리고 그 HCPCS·ICD-10 코드",
    )
    publisher = "Centers for Medicare & Medicaid Services"
    licence = "US government work; CPT, CDT and UB-04 codes are licensed by the AMA, ADA and AHA"
    licence_ko = "미국 정부 저작물. CPT, CDT, UB-04 코드는 AMA, ADA, AHA의 사용 허락이 필요합니다"
    english = True
    home = "https://www.cms.gov/medicare-coverage-database"
    base = "https://api.coverage.cms.gov"
    per_second = 5.0
    example = ("oxygen", "NCD 240.2")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> CmsMirror:
        return CmsMirror(self.name, folder)


source = CmsSource()
