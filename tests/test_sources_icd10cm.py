"""ICD-10-CM as a source: paging to the end, and citations that the house resolves."""

from __future__ import annotations

from pathlib import Path

from bogam import Bogam
from bogam.evidence.resolve import resolve_all
from bogam.sources.outside.kept import Kept
from bogam.sources.reference_desk import ReferenceDesk


def test_pages_follow_each_other_without_gap_or_double(tmp_path: Path) -> None:
    desk = ReferenceDesk(tmp_path)
    whole = [item.id for item in desk.search("icd-10-cm", text="diabetes", limit=100).items]
    seen: list[str] = []
    next = ""
    while True:
        page = desk.search("icd-10-cm", text="diabetes", limit=30, next=next)
        seen += [item.id for item in page.items]
        next = page.next
        if not next:
            break
    assert seen[:100] == whole
    assert len(seen) == len(set(seen)) == page.total


def test_the_house_resolves_what_the_source_cites(tmp_path: Path) -> None:
    house = Bogam(tmp_path)
    item = house.sources.get("icd-10-cm", "E11.9").items[0]
    fields = ["/title", "/code", "/fields/title"]
    assert resolve_all([item.cite(each) for each in fields], house._fetch) == [item.title, "E11.9", item.title]
    found = house.sources.cited(item.ref, item.document.version)
    assert found is not None
    assert found.sha == item.document.sha


def test_a_kept_document_keeps_the_version_it_is_cited_by(tmp_path: Path) -> None:
    item = ReferenceDesk(tmp_path).get("icd-10-cm", "I10").items[0]
    kept = Kept(tmp_path / "kept.sqlite")
    kept.keep([item])
    found = kept.document(item.ref, item.document.version)
    assert found is not None
    assert (found.version, found.sha) == (item.document.version, item.document.sha)
