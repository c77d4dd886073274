"""What can be asked of Open Targets."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bogam.sources.answer import BadQuery
from bogam.sources.source import Query

Kind = Literal["any", "target", "disease", "drug", "association"]

_TARGET: Final = re.compile(r"ENSG\d{11}", re.ASCII)
_DISEASE: Final = re.compile(r"[A-Za-z]{2,12}_[A-Za-z0-9]{1,20}", re.ASCII)
_DRUG: Final = re.compile(r"CHEMBL\d{1,10}", re.ASCII)


def _target(given: str) -> str:
    if given and not _TARGET.fullmatch(given):
        raise ValueError("a target is an Ensembl gene id such as ENSG00000157764")
    return given


def _disease(given: str) -> str:
    written = given.replace(":", "_")
    if given and not _DISEASE.fullmatch(written):
        raise ValueError("a disease is an id such as EFO_0000616 or MONDO_0007254")
    return written


class Search(Query):
    """A search by words over targets, diseases and drugs, or the associations of a target or a disease.

    Associations are those of direct evidence: for the disease itself, not for its subtypes. The best scored come first.
    """

    kind: Kind = Field("any", description="Kind of record")
    target: Annotated[str, AfterValidator(_target)] = Field(
        "", max_length=40, description="Associations of this target (ENSG00000157764)"
    )
    disease: Annotated[str, AfterValidator(_disease)] = Field(
        "", max_length=40, description="Associations of this disease (EFO_0000616)"
    )

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.target or self.disease:
            if self.kind not in ("any", "association"):
                raise ValueError("target and disease are for kind=association")
            if self.text:
                raise ValueError("associations are found by target and disease, without text")
        elif self.kind == "association":
            raise ValueError("associations are found by target or disease")
        elif not any(each.isalnum() for each in self.text):
            raise ValueError("text must hold a word to search for")
        return self


def parts_of(id: str) -> tuple[str, str, str]:
    """Return the kind of an item id and its one or two keys.

    Raises
    ------
    BadQuery
        When it has not the shape of one.
    """
    kind, *keys = id.split("/")
    if kind == "association" and len(keys) == 2 and _TARGET.fullmatch(keys[0]) and _DISEASE.fullmatch(keys[1]):
        return kind, keys[0], keys[1]
    for shape, name in ((_TARGET, "target"), (_DRUG, "drug"), (_DISEASE, "disease")):
        if shape.fullmatch(id):
            return name, id, ""
    raise BadQuery(
        f'"{id[:60]}" is no id of Open Targets: ENSG00000157764, EFO_0000616, CHEMBL1229517, '
        "association/ENSG00000157764/EFO_0000616."
    )
