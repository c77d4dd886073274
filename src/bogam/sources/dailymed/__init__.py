"""DailyMed: the labels of US drugs as their makers submitted them, from the web service or the bulk release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bogam.sources.dailymed.label import Get, Search
from bogam.sources.dailymed.live import Live
from bogam.sources.dailymed.mirror import DailyMedMirror
from bogam.sources.source import Source

if TYPE_CHECKING:
    from bogam.sources.outside.http import Http


class DailyMed(Source):
    """https://dailymed.nlm.nih.gov, web services version 2."""

    name = "dailymed"
    title = "DailyMed"
    holds = (
        "Structured product labels of US drugs: sections, products, packages, images, versions.",
        "미국 의약품의 구조화된 허가사항(SPL): 항목별 본문, 제품, 포장, 그림, 버전.",
    )
    publisher = "US National Library of Medicine"
    licence = "Public; label texts are their submitters' (https://dailymed.nlm.nih.gov/dailymed/about-dailymed.cfm)"
    licence_ko = "공개. 라벨의 글은 제출한 회사의 것(https://dailymed.nlm.nih.gov/dailymed/about-dailymed.cfm)"
    english = True
    home = "https://dailymed.nlm.nih.gov/dailymed/app-support-web-services.cfm"
    base = "https://dailymed.nlm.nih.gov/dailymed/services/v2"
    example: ClassVar[tuple[str, str]] = ("metformin", "9aa7140c-012c-4ea6-866d-4732e915dab6")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> DailyMedMirror:
        return DailyMedMirror(folder)


source = DailyMed()
