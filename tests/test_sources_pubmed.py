"""PubMed beyond its contract: paging to the end, failures told with status 200, bulk files that are damaged or late."""

from __future__ import annotations

import gzip
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bogam.measure.contracts.pubmed import contract
from bogam.sources import settings
from bogam.sources.answer import Answer, BadQuery
from bogam.sources.mirrors import BadFile
from bogam.sources.pubmed.mirror import PubMedMirror
from bogam.sources.reference_desk import ReferenceDesk
from bogam.synthetic.upstream.pubmed import ARTICLES, Article, article_set, bulk, simulator
from bogam.synthetic.upstream.server import FAULTS, Asked, Fault, Reply, Upstream

SERIES = "heart failure made series"

DEEP = (
    article_set([ARTICLES[0]])
    .replace(b"<ArticleTitle>", b"<ArticleTitle>" + b"<i>" * 5000)
    .replace(b"</ArticleTitle>", b"</i>" * 5000 + b"</ArticleTitle>")
)


def told(home: Path, act: str, given: dict[str, Any], **wrong: Reply) -> Answer:
    """Ask a simulator whose utilities named in ``wrong`` answer that."""
    good = simulator()

    def broken(asked: Asked) -> Reply:
        return next((reply for name, reply in wrong.items() if name in asked.path), None) or good(asked)

    home.mkdir(exist_ok=True)
    with Upstream(broken) as upstream:
        settings.write(home, "pubmed", enabled=True, base=upstream.base)
        return ReferenceDesk(home, sleep=lambda _: None).ask("pubmed", act, given)  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["simulator", "mirror"])
def test_pages_follow_each_other_without_gap_or_double(where: Any) -> None:
    with contract.desk(where) as (desk, _):
        seen: list[str] = []
        answer = desk.search("pubmed", text=SERIES, limit=2)
        while answer.next:
            assert answer.status == "truncated"
            seen += [item.id for item in answer.items]
            answer = desk.search("pubmed", text=SERIES, limit=2, next=answer.next)
        seen += [item.id for item in answer.items]
    assert answer.status == "found"
    assert sorted(seen) == [str(38_000_000 + number) for number in range(7, 12)]


@pytest.mark.parametrize(
    ("utility", "reply", "said"),
    [
        ("esearch", Reply({"error": "API rate limit exceeded", "api-key": "192.0.2.1", "count": "4"}), "rate limit"),
        ("esearch", Reply({"esearchresult": {"ERROR": "Search Backend failed: timeout"}}), "Backend failed"),
        ("esearch", Reply({"header": {}}), "esearchresult"),
        ("esearch", Reply({"esearchresult": {"count": "3", "retstart": "0", "idlist": []}}), "instead of 3"),
        ("esearch", Reply({"esearchresult": {"count": "1", "retstart": "0", "idlist": [7]}}), "no list of PMIDs"),
        ("esearch", Reply({"esearchresult": {"count": None, "retstart": "0", "idlist": []}}), "count"),
        ("esearch", Reply({"esearchresult": {"count": "9", "retstart": "4", "idlist": ["1"]}}), "page from 4"),
        ("efetch", Reply({"error": "API rate limit exceeded"}), "rate limit"),
        ("efetch", Reply(b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"), "obtain query"),
        ("efetch", Reply(b"<PubmedArticleSet></PubmedArticleSet>"), "none of them"),
        ("efetch", Reply(article_set([ARTICLES[0]])), "not asked for"),
        ("efetch", Reply(article_set([Article("x", "No PMID.")])), "without a PMID"),
        ("efetch", Reply(b'<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet>&b;</PubmedArticleSet>'), "damaged XML"),
    ],
)
def test_a_failure_told_with_status_200_is_one(tmp_path: Path, utility: str, reply: Reply, said: str) -> None:
    answer = told(tmp_path, "search", {"text": SERIES}, **{utility: reply})
    assert (answer.status, answer.items) == ("upstream_error", ())
    assert said in answer.reason


@pytest.mark.parametrize("reply", [Reply({"result": {"uids": []}}), Reply({"error": "down"}), Reply(b"<html>")])
def test_an_id_is_unknown_only_when_pubmed_says_so(tmp_path: Path, reply: Reply) -> None:
    assert told(tmp_path, "get", {"id": "999999999"}).status == "unknown_id"
    assert told(tmp_path / "other", "get", {"id": "999999999"}, esummary=reply).status == "upstream_error"
    older = Reply({"error": "UID=999999999: cannot get document summary"})
    assert told(tmp_path / "third", "get", {"id": "999999999"}, esummary=older).status == "unknown_id"


def test_a_refused_key_is_told_and_not_shown(tmp_path: Path) -> None:
    settings.write(tmp_path, "pubmed", key="secret-123")
    answer = told(tmp_path, "search", {"text": "asthma"})
    assert answer.status == "upstream_error"
    assert "API key" in answer.reason
    assert "secret-123" not in str(answer.json())


@pytest.mark.parametrize("id", ["", "x", "0", "38000001 OR 1=1", "１２３", "1234567890", "-5"])
def test_what_is_no_pmid_is_not_asked(id: str) -> None:
    with contract.desk("simulator") as (desk, upstream):
        with pytest.raises(BadQuery):
            desk.get("pubmed", id)
        assert upstream is not None
        assert upstream.requests == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "!!!"},
        {"mindate": "2024/13"},
        {"mindate": "24"},
        {"mindate": "2024/02", "maxdate": "2024/01"},
        {"language": "Korean"},
        {"author": 'x"[au] OR "y'},
        {"text": "a", "next": "9999"},
        {"text": "a", "next": "-1"},
        {"text": "a", "limit": 0},
        {"words": "a"},
    ],
)
def test_what_cannot_be_asked_is_not_sent(given: dict[str, Any]) -> None:
    with contract.desk("simulator") as (desk, upstream):
        with pytest.raises(BadQuery):
            desk.ask("pubmed", "search", given)
        assert upstream is not None
        assert upstream.requests == []


@pytest.mark.parametrize("where", ["simulator", "mirror"])
def test_a_place_beyond_the_end_is_no_empty_answer(where: Any) -> None:
    with contract.desk(where) as (desk, _), pytest.raises(BadQuery, match="search anew"):
        desk.search("pubmed", text=SERIES, next="77")


@pytest.mark.parametrize("text", ["asthma[mh]", "asthma OR sepsis", "asthma NOT child", "asthm*", "...", ""])
def test_a_mirror_refuses_what_only_pubmed_understands(text: str) -> None:
    with contract.desk("mirror") as (desk, _), pytest.raises(BadQuery):
        desk.search("pubmed", text=text)


def test_a_row_that_cannot_be_read_is_refused_with_its_place() -> None:
    with contract.desk("mirror") as (desk, _):
        mirror = desk.mirror("pubmed")
        assert mirror is not None
        (refusal,) = mirror.refusals()
        state = mirror.state()
    assert (refusal.file, refusal.place) == ("pubmed25n0001.xml.gz", "article 13")
    assert "PMID" in refusal.reason
    assert state is not None
    assert (state.version, state.items) == ("pubmed25n1275", 11)


def test_a_title_nested_without_end_is_a_refused_row(tmp_path: Path) -> None:
    (tmp_path / "pubmed26n0001.xml").write_bytes(DEEP)
    done = PubMedMirror("pubmed", tmp_path / "mirror").load([tmp_path / "pubmed26n0001.xml"])
    assert (done.stored, done.refused) == (0, 1)


def test_an_update_that_comes_late_undoes_nothing(tmp_path: Path) -> None:
    mirror = PubMedMirror("pubmed", tmp_path)
    update, baseline = bulk(tmp_path)
    mirror.load([update])
    late = mirror.load([baseline])
    assert late.version == "pubmed25n1275"
    assert not mirror.items(["38000001"])[0].title.startswith("Older")
    assert sum("newer version" in refusal.reason for refusal in mirror.refusals()) == 4


def test_an_import_goes_on_with_new_files_alone(tmp_path: Path) -> None:
    mirror = PubMedMirror("pubmed", tmp_path)
    files = bulk(tmp_path)
    mirror.load(files)
    again = mirror.load(files)
    assert (again.stored, again.resumed) == (0, 18)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html></html>", "no PubMed file"),
        (b"\x1f\x8bnonsense", "cannot be unpacked"),
        (b'<!DOCTYPE PubmedArticleSet [<!ENTITY a "b">]><PubmedArticleSet>&a;</PubmedArticleSet>', "entities"),
        (
            b'<!-- <PubmedArticleSet --><!DOCTYPE PubmedArticleSet [<!ENTITY a "b">]><PubmedArticleSet>&a;'
            b"</PubmedArticleSet>",
            "damaged after row 0",
        ),
        (gzip.compress(article_set(ARTICLES))[:-200], "cannot be unpacked"),
        (gzip.compress(article_set(replace(ARTICLES[0], pmid=f"{at}") for at in range(99)))[:-50], "is damaged"),
        (article_set(ARTICLES)[:-30], "damaged after row"),
        (article_set([Article("1", "&bomb;")]), "damaged after row 0"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_by_name(tmp_path: Path, body: bytes, said: str) -> None:
    place = tmp_path / "pubmed25n0001.xml.gz"
    place.write_bytes(body)
    with pytest.raises(BadFile, match=f"pubmed25n0001.*{said}"):
        PubMedMirror("pubmed", tmp_path).load([place])


def test_memory_stays_flat_whatever_a_file_holds(tmp_path: Path) -> None:
    """An article leaves next to nothing behind, and one without end is refused before it fills the memory."""
    few, many = tmp_path / "pubmed25n0001.xml", tmp_path / "pubmed25n0002.xml"
    peaks: list[int] = []
    for place, count in ((few, 50), (many, 450)):
        place.write_bytes(article_set(Article(str(1000 + at), f"Article {at}.") for at in range(count)))
        tracemalloc.start()
        assert sum(1 for _ in PubMedMirror("pubmed", tmp_path).read(place)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 400 < 500
    bomb = tmp_path / "pubmed25n0003.xml.gz"
    with gzip.open(bomb, "wb", 1) as out:
        out.write(b"<PubmedArticleSet><PubmedArticle>")
        for _ in range(70):
            out.write(b" " * (1 << 20))
    with pytest.raises(BadFile, match="more than 64 MB"):
        PubMedMirror("pubmed", tmp_path / "bomb").load([bomb])


def test_what_shares_the_telling_words_is_nearest() -> None:
    with contract.desk("mirror") as (desk, _):
        mirror = desk.mirror("pubmed")
        assert isinstance(mirror, PubMedMirror)
        near = mirror.nearest(["children", "salbutamol", "budesonide", "unheard"], 3)
    assert near[0].id == "38000001"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", [0, 1])
def test_a_fault_while_an_id_is_looked_for_leaves_it_undecided(fault: Fault, step: int) -> None:
    with contract.desk("simulator") as (desk, upstream):
        assert upstream is not None
        upstream.break_at(step, fault)
        answer = desk.get("pubmed", "999999999")
    assert answer.status == ("stale" if fault == "skew" else "upstream_error")
    assert answer.reason


def test_ncbi_is_told_who_asks_and_nobody_else_is() -> None:
    with contract.desk("simulator") as (desk, upstream):
        assert upstream is not None
        answer = desk.search("pubmed", text=SERIES)
        for asked in upstream.requests:
            assert (asked.one("tool"), asked.one("api_key")) == ("bogam", "made-key")
            assert asked.one("email") == "library@hospital.example"
    assert "made-key" not in str(answer.json())
    assert "library@" not in str(answer.json())


def test_of_several_editions_the_latest_is_read(tmp_path: Path) -> None:
    first, second = (replace(ARTICLES[0], title=f"Edition {number}.") for number in (1, 2))
    both = article_set([second, first]).replace(b'<PMID Version="1">38000001', b'<PMID Version="2">38000001', 1)
    assert told(tmp_path, "get", {"id": "38000001"}, efetch=Reply(both)).items[0].title == "Edition 2."
