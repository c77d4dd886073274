"""openFDA: drug labels, reports of adverse events and the National Drug Code directory, from the FDA's interface or its
bulk files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bogam.sources.openfda.live import Live
from bogam.sources.openfda.mirror import OpenFdaMirror
from bogam.sources.openfda.question import Get, Search
from bogam.sources.source import Source

if TYPE_CHECKING:
    from bogam.sources.outside.http import Http


class OpenFda(Source):
    """The drug part of https://api.fda.gov."""

    name = "openfda"
    title = "openFDA"
    holds = (
        "US drug labels, spontaneous reports of adverse events, and the National Drug Code directory.",
        "미국 의약품 허가사항(라벨), 자발적 이상사례 보고, 국가의약품코드(NDC) 목록.",
    )
    publisher = "US Food and Drug Administration"
    licence = "CC0 1.0 with exceptions (https://open.fda.gov/license/); not validated for clinical use by the FDA"
    licence_ko = "CC0 1.0, 예외 있음(https://open.fda.gov/license/). 임상용으로 FDA가 검증하지 않음"
    home = "https://open.fda.gov/apis/drug/"
    base = "https://api.fda.gov"
    per_second = 4.0
    """240 a minute; without a key no more than 1,000 a day."""
    example: ClassVar[tuple[str, str]] = ("metformin", "label/9aa7140c-012c-4ea6-866d-4732e915dab6")
    Search = Search
    Get = Get

    def live(self, http: Http) -> Live:
        return Live(http)

    def mirror(self, folder: Path) -> OpenFdaMirror:
        return OpenFdaMirror(folder)


source = OpenFda()
