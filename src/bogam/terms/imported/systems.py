"""The code systems that can be imported: what each is, who publishes it, which files are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from bogam.terms.imported.piece import Piece

Reader = Callable[[list[Path]], Iterator[Piece]]


@dataclass(frozen=True, slots=True)
class System:
    """A code system. ``files`` says what to give to `bogam terms import`, ``where`` who gives it."""

    id: str
    name: str
    name_ko: str
    uri: str
    files: str
    where: str
    reader: str

    def read(self, paths: list[Path]) -> Iterator[Piece]:
        """Read the publisher's files, one after another, without holding them in memory."""
        module, _, function = self.reader.partition(":")
        reader = cast(Reader, getattr(import_module(f"bogam.terms.imported.readers.{module}"), function))
        return reader(paths)


SYSTEMS: Final[dict[str, System]] = {
    each.id: each
    for each in (
        System(
            "kcd", "KCD (Korean Standard Classification of Diseases)", "한국표준질병사인분류(KCD)",
            "urn:bogam:terms:kcd", "the disease master as xlsx, xls, csv or txt",
            "Statistics Korea (KSSC) and KOICD give it; HIRA gives the disease master (상병마스터) of claims",
            "korean:kcd",
        ),
        System(
            "loinc", "LOINC", "LOINC", "http://loinc.org", "Loinc.csv, or the release's zip or folder",
            "loinc.org, free after registration", "loinc:read",
        ),
        System(
            "snomed", "SNOMED CT", "SNOMED CT", "http://snomed.info/sct",
            "an RF2 release's zip or folder (Snapshot), or its Concept, Description and Relationship files",
            "your national release centre (in Korea the Ministry of Health and Welfare), under its licence",
            "snomed:read",
        ),
        System(
            "rxnorm", "RxNorm", "RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm",
            "RXNCONSO.RRF and RXNREL.RRF, or the release's zip or folder",
            "the U.S. National Library of Medicine (UMLS licence; the prescribable subset needs none)", "rxnorm:read",
        ),
        System(
            "hcpcs", "HCPCS Level II", "HCPCS Level II", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
            "the alpha-numeric file (ANWEB) as txt, xlsx or csv", "cms.gov, quarterly", "hcpcs:read",
        ),
        System(
            "edi", "EDI procedure codes of Korean health insurance", "건강보험 수가코드(EDI)", "urn:bogam:terms:edi",
            "the fee master (수가마스터) as xlsx, xls, csv or txt", "HIRA (건강보험심사평가원)", "korean:edi",
        ),
        System(
            "kdrug", "Korean drug codes", "의약품 코드(약가·표준코드)", "urn:bogam:terms:kdrug",
            "the price list (약제급여목록) or the standard code list (의약품표준코드) as xlsx, xls, csv or txt",
            "HIRA (건강보험심사평가원)", "korean:drugs",
        ),
    )
}  # fmt: skip
