"""MedlinePlus beyond its contract: answers to another question, and topics files that are damaged or hostile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bogam.measure.contracts.medlineplus import contract
from bogam.sources import settings
from bogam.sources.answer import Answer, BadQuery
from bogam.sources.medlineplus import MedlinePlusMirror, Search
from bogam.sources.mirrors import BadFile
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.medlineplus import DAY, TOPICS, bulk, topics_file
from bogam.synthetic.upstream.server import Asked, Reply, Upstream

DIABETES = {"code": "E11.9", "code_system": "icd-10-cm"}
ENTRY = {"title": {"_value": "Made"}, "link": [{"href": "https://medlineplus.gov/made.html", "rel": "alternate"}]}


def told(home: Path, body: Any) -> Answer:
    """Ask about a code, and have that answered."""
    with Upstream(lambda asked: Reply(body)) as upstream:
        settings.write(home, "medlineplus", enabled=True, base=upstream.base)
        return ReferenceDesk(home, sleep=lambda _: None).ask("medlineplus", "search", DIABETES)


def feed(*entries: Any, code: str = "E11.9", **more: Any) -> dict[str, Any]:
    category = [{"scheme": "mainSearchCriteria.v.c", "term": code}]
    return {"feed": {"lang": "en", "category": category, "entry": list(entries), **more}}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "no feed"),
        ({"feed": []}, "no object"),
        (feed(ENTRY, code="E10.9"), "E10.9"),
        (feed(ENTRY, category=[]), "answered for"),
        (feed(ENTRY, lang="es"), "answered in"),
        (feed(entry=None), "entry is missing"),
        (feed("entry"), "no object"),
        (feed({"title": {"_value": "Made"}}), "link"),
        (feed({"link": ENTRY["link"]}), "without title"),
        (feed({**ENTRY, "link": [{"href": "javascript:alert(1)"}]}), "as the address"),
        (feed({**ENTRY, "link": [{"href": "https://medlineplus.gov/a b"}]}), "as the address"),
        (feed({**ENTRY, "title": {"_value": 7.5, "type": []}, "summary": {"_value": []}}), "_value"),
    ],
)
def test_an_answer_to_another_question_is_a_failure(tmp_path: Path, body: Any, said: str) -> None:
    answer = told(tmp_path, body)
    assert answer.status == "upstream_error"
    assert said in answer.reason


def test_a_page_without_a_summary_is_a_page(tmp_path: Path) -> None:
    answer = told(tmp_path, feed(ENTRY))
    assert answer.status == "found"
    assert answer.items[0].fields["summary"] == ""


def test_a_korean_question_is_refused_in_korean() -> None:
    with contract.desk("simulator") as (desk, upstream):
        with pytest.raises(BadQuery, match="language en") as refused:
            desk.search("medlineplus", **DIABETES, language="ko")
        assert "영어" in refused.value.ko
        assert upstream is not None
        assert upstream.requests == []


def test_a_live_failure_is_told_where_the_mirror_has_no_codes(tmp_path: Path) -> None:
    def down(asked: Asked) -> Reply:
        return Reply(b"down", 500)

    with Upstream(down) as upstream:
        settings.write(tmp_path, "medlineplus", enabled=True, base=upstream.base)
        desk = ReferenceDesk(tmp_path, sleep=lambda _: None)
        desk.load("medlineplus", bulk(tmp_path))
        answer = desk.ask("medlineplus", "search", DIABETES)
    assert answer.status == "upstream_error"


def test_the_day_of_the_file_is_told_also_without_its_name(tmp_path: Path) -> None:
    (bulk(tmp_path)[0]).rename(tmp_path / "topics.xml")
    assert MedlinePlusMirror(tmp_path).load([tmp_path / "topics.xml"]).version == DAY


def test_the_packed_file_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / f"mplus_topics_compressed_{DAY}.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"mplus_topics_{DAY}.xml", topics_file(TOPICS[:4]))
    assert MedlinePlusMirror(tmp_path).load([path]).stored == 4


def test_a_topic_of_another_shape_is_refused_with_its_place(tmp_path: Path) -> None:
    topics = [TOPICS[0], replace(TOPICS[1], title=""), replace(TOPICS[2], page="../../x"), TOPICS[4]]
    path = tmp_path / f"mplus_topics_{DAY}.xml"
    path.write_bytes(topics_file(topics).replace(b'id="4" language="English"', b'id="4" language="Korean"'))
    mirror = MedlinePlusMirror(tmp_path)
    done = mirror.load([path])
    assert (done.stored, done.refused) == (1, 3)
    assert [each.place for each in mirror.refusals()] == [f"{path.name}, topic {n}" for n in (2, 3, 4)]


def test_a_damaged_or_hostile_file_leaves_the_mirror_as_it_was(tmp_path: Path) -> None:
    mirror = MedlinePlusMirror(tmp_path)
    mirror.load(bulk(tmp_path))
    good = topics_file(TOPICS)
    laughs = good.replace(b'mplus_topics.dtd">', b'mplus_topics.dtd" [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>')
    for name, body in {
        "cut": good[:-60],
        "other": b"<rss/>",
        "html": b"<!DOCTYPE html><html><body>Sign in</body></html>",
        "empty": b"",
        "laughs": laughs.replace(b"Made Cough", b"&b;"),
        "huge": good.replace(b"invented cough", b"A" * (9 << 20)),
    }.items():
        path = tmp_path / f"{name}.xml"
        path.write_bytes(body)
        with pytest.raises(BadFile):
            mirror.load([path])
    assert mirror.search(Search.model_validate({"text": "diabetes"})).total == 1
