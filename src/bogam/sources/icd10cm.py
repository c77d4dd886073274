"""ICD-10-CM, the part of Bogam that codes diagnoses, as a source: searched as it is typed, in English or Korean."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from pydantic import Field

from bogam.record.citation import Field as CitedField
from bogam.sources.answer import BadQuery, Document, Item, Result, UnknownId
from bogam.sources.mirrors import start_of
from bogam.sources.source import Lookup, Query, Source
from bogam.terms import icd10cm
from bogam.terms.icd10cm import Entry, Icd10cm

_MOST: Final = 500
"""Matches that a search looks at; what fits worse cannot be paged to."""
_SECTIONS: Final = ("includes", "excludes1", "excludes2", "code_first", "use_additional", "code_also", "notes")


class Code(Item):
    """An entry of the tabular list. Its document is the one that a code is cited by everywhere in Bogam."""

    @cached_property
    def document(self) -> Document:
        found = icd10cm.default().document(self.id)
        assert found is not None
        return Document(found.ref, self.version, found.body, str(found.version))

    def field(self, pointer: str = "/title") -> CitedField:
        """Return the text at a JSON pointer; the members of the document stand in ``fields`` under the same names."""
        return super().field(pointer.removeprefix("/fields"))


class Search(Query):
    """A search of the tabular list. Without words it browses: what stands right below ``within``, or the chapters."""

    within: str = Field("", max_length=20, description="Only at or below this code, block (I10-I1A) or chapter (9)")
    billable: bool | None = Field(None, description="Only codes that may (true) or may not (false) be reported")


class _TabularList:
    """The backend: the compiled release, in memory."""

    def search(self, request: Search) -> Result:
        index = icd10cm.default()
        above = self._above(index, request.within)
        if request.text:
            matches = index.search(request.text, _MOST)
            found = [(each.entry, {"words": each.words, "pointer": each.pointer}) for each in matches]
            if above is not None:
                found = [each for each in found if _below(index, each[0], above)]
        else:
            listed = index.children(above.code) if above is not None else index.chapters()
            found = [(entry, None) for entry in listed]
        if request.billable is not None:
            found = [each for each in found if each[0].billable == request.billable]
        start = start_of(request.next)
        page = found[start : start + request.limit]
        end = start + len(page)
        items = tuple(self._item(index, entry, matched) for entry, matched in page)
        return Result(items, len(found), str(end) if end < len(found) else "", version=index.release)

    def get(self, request: Lookup) -> Result:
        index = icd10cm.default()
        entry = index.get(request.id)
        if entry is None:
            verdict = index.validate(request.id)
            if verdict.why == "shape":
                raise BadQuery(verdict.reason)
            raise UnknownId(verdict.reason)
        return Result((self._item(index, entry),), 1, version=index.release)

    def _above(self, index: Icd10cm, within: str) -> Entry | None:
        if not within:
            return None
        found = index.get(within)
        if found is None:
            raise BadQuery(f'within: "{within}" is no code, block or chapter of ICD-10-CM {index.release}.')
        return found

    def _item(self, index: Icd10cm, entry: Entry, matched: dict[str, str] | None = None) -> Code:
        document = index.document(entry.code)
        assert document is not None
        fields: dict[str, Any] = document.json()
        fields["ancestors"] = [_named(above) for above in index.ancestors(entry.code)]
        fields["children"] = [_named(below) for below in index.children(entry.code)]
        fields["inherited"] = [
            {"section": section, "text": note.text, "source": f"{icd10cm.SYSTEM}:{note.code}", "pointer": note.pointer}
            for section in _SECTIONS
            for note in index.notes(entry.code, section)
            if note.code != entry.code
        ]
        if matched is not None:
            fields["matched"] = matched
        year = int(index.release[:4]) + (index.release[5:7] >= "10")
        url = f"https://icd10cmtool.cdc.gov/?fy=FY{year}&query={entry.code}"
        return Code(icd10cm.SYSTEM, entry.code, entry.title, url, index.release, fields)


def _named(entry: Entry) -> dict[str, Any]:
    return {"code": entry.code, "title": entry.title, "billable": entry.billable}


def _below(index: Icd10cm, entry: Entry, above: Entry) -> bool:
    return entry.code == above.code or any(each.code == above.code for each in index.ancestors(entry.code))


class Icd10cmSource(Source):
    """ICD-10-CM as it is installed with Bogam."""

    name = icd10cm.SYSTEM
    title = "ICD-10-CM"
    holds = (
        "Diagnosis codes of the United States' clinical modification of ICD-10: titles, hierarchy, notes.",
        "미국판 ICD-10 임상 수정 분류의 진단 코드: 제목, 계층, 주석.",
    )
    publisher = "CDC, National Center for Health Statistics"
    licence = "Public domain (United States government); ICD-10 itself is by the World Health Organization"
    licence_ko = "공공 영역(미국 정부). ICD-10 자체는 세계보건기구의 것"
    home = "https://www.cdc.gov/nchs/icd/icd-10-cm/index.html"
    example = ("고혈압", "I10")
    Search = Search

    def built_in(self) -> _TabularList:
        return _TabularList()


source = Icd10cmSource()
