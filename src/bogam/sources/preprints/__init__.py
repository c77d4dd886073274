"""bioRxiv and medRxiv: preprints, which nobody has reviewed, by openRxiv's API (https://api.biorxiv.org) or from its
saved answers. One interface, two servers."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from bogam.sources.outside.http import Http
from bogam.sources.preprints.live import PreprintLive
from bogam.sources.preprints.mirror import PreprintMirror
from bogam.sources.preprints.preprint import BIORXIV, MEDRXIV, Server
from bogam.sources.preprints.question import PreprintLookup, PreprintSearch
from bogam.sources.source import Source


class _Preprints(Source):
    server: ClassVar[Server]
    publisher = "openRxiv"
    licence = "Each preprint has its own licence, chosen by its authors: see its field `license`."
    licence_ko = "논문마다 저자가 고른 이용 조건이 있습니다: `license` 항목을 보십시오"
    english = True
    base = "https://api.biorxiv.org"
    per_second = 3.0
    Search = PreprintSearch
    Get = PreprintLookup

    def live(self, http: Http) -> PreprintLive:
        return PreprintLive(http, self.server)

    def mirror(self, folder: Path) -> PreprintMirror:
        return PreprintMirror(self.server, folder)


class BioRxiv(_Preprints):
    server = BIORXIV
    name = BIORXIV.name
    title = BIORXIV.label
    holds = (
        "Preprints of biology, not peer reviewed, every version with its abstract.",
        "동료 심사를 거치지 않은 생물학 프리프린트의 모든 판과 초록.",
    )
    home = "https://www.biorxiv.org/"
    example = ("platelet ageing", "10.1101/2020.03.20.001008")


class MedRxiv(_Preprints):
    server = MEDRXIV
    name = MEDRXIV.name
    title = MEDRXIV.label
    holds = (
        "Preprints of medicine and public health, not peer reviewed, every version with its abstract.",
        "동료 심사를 거치지 않은 의학·공중보건 프리프린트의 모든 판과 초록.",
    )
    home = "https://www.medrxiv.org/"
    example = ("sepsis early warning", "10.1101/2020.09.09.20191205")


biorxiv, medrxiv = BioRxiv(), MedRxiv()

__all__ = ["BioRxiv", "MedRxiv", "biorxiv", "medrxiv"]
