"""What can be asked of ChEMBL: the requests, and which filters go with which kind of record."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bogam.sources.answer import BadQuery
from bogam.sources.source import Query

Kind = Literal["molecule", "target", "activity", "mechanism", "indication"]
AssayType = Literal["", "B", "F", "A", "T", "P", "U"]

_CHEMBL: Final = re.compile(r"CHEMBL[1-9]\d{0,9}", re.ASCII)
_NUMBERED: Final = re.compile(r"(activity|mechanism|indication)/([1-9]\d{0,14})", re.ASCII)
_INCHI_KEY: Final = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", re.ASCII)
_FOR: Final[dict[str, tuple[str, ...]]] = {
    "molecule": ("molecule", "smiles", "inchi_key", "max_phase"),
    "target": ("target", "gene", "organism"),
    "activity": ("molecule", "target", "standard_type", "assay_type", "pchembl", "organism"),
    "mechanism": ("molecule", "target"),
    "indication": ("molecule", "max_phase", "efo_id"),
}
_FILTERS: Final = tuple(dict.fromkeys(name for names in _FOR.values() for name in names))


def _chembl_id(given: str) -> str:
    written = given.upper()
    if given and not _CHEMBL.fullmatch(written):
        raise ValueError(f'"{given[:40]}" is no ChEMBL id such as CHEMBL25')
    return written


def _key(given: str) -> str:
    if given and not _INCHI_KEY.fullmatch(given):
        raise ValueError("an InChIKey has 14, 10 and 1 capital letters with hyphens between")
    return given


ChemblId = Annotated[str, AfterValidator(_chembl_id)]


class Search(Query):
    """A search of one kind of record. Filters of another kind are refused."""

    kind: Kind = Field("molecule", description="Kind of record")
    molecule: ChemblId = Field("", max_length=40, description="ChEMBL id of a molecule (CHEMBL25)")
    target: ChemblId = Field("", max_length=40, description="ChEMBL id of a target (CHEMBL203)")
    gene: str = Field("", max_length=40, description="Gene symbol of a target, whole (EGFR)")
    organism: str = Field("", max_length=100, description="Organism of the target, whole (Homo sapiens)")
    smiles: str = Field("", max_length=1800, description="Canonical SMILES exactly as ChEMBL writes it")
    inchi_key: Annotated[str, AfterValidator(_key)] = Field("", max_length=40, description="Standard InChIKey, whole")
    max_phase: float | None = Field(None, ge=-1, le=4, description="At least this clinical phase; 4 is approved")
    standard_type: str = Field("", max_length=60, description="Type of activity: IC50, Ki, EC50, Kd …")
    assay_type: AssayType = Field("", description="Binding, Functional, ADME, Toxicity, Physicochemical, Unclassified")
    pchembl: float | None = Field(None, ge=0, le=20, description="At least this pChEMBL value (-log10 of molar)")
    efo_id: str = Field("", max_length=40, description="Disease of an indication by its EFO id (EFO:0000400)")

    @model_validator(mode="after")
    def _fit(self) -> Self:
        given = self.given()
        strange = [name for name in given if name not in _FOR[self.kind]]
        if strange:
            fitting = ", ".join(_FOR[self.kind])
            raise ValueError(f"{', '.join(strange)} does not go with kind={self.kind}; these do: {fitting}")
        if not (given or self.text):
            raise ValueError(f"give text or one of {', '.join(_FOR[self.kind])}")
        if self.text and not any(each.isalnum() for each in self.text):
            raise ValueError("text has no word to search for")
        if self.kind in ("molecule", "target") and self.text and given:
            raise ValueError(f"ChEMBL searches names of a {self.kind} without filters: give text or {', '.join(given)}")
        if self.kind == "activity" and not (self.molecule or self.target):
            raise ValueError("activities are found by molecule or target")
        return self

    def given(self) -> list[str]:
        """Return the filters that were given."""
        return [name for name in _FILTERS if getattr(self, name) not in ("", None)]


def kind_and_key(id: str) -> tuple[str, str]:
    """Return kind and number of an item id; the kind is empty for a ChEMBL id, which alone does not tell it.

    Raises
    ------
    BadQuery
        When it has not the shape of one.
    """
    written = id.upper()
    if _CHEMBL.fullmatch(written):
        return "", written
    numbered = _NUMBERED.fullmatch(id)
    if numbered is None:
        raise BadQuery(f'"{id[:60]}" is no id of ChEMBL: CHEMBL25, activity/31863, mechanism/13, indication/22606.')
    return numbered[1], numbered[2]
