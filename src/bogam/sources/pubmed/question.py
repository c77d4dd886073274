"""What PubMed can be asked, and how a question is said to E-utilities and to the mirror."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from bogam.sources.answer import BadQuery
from bogam.sources.mirrors import words_of
from bogam.sources.source import Lookup, Query

_NAME: Final = r'^[^"\[\]\x00-\x1f]*$'
_DATE: Final = r"^(\d{4}(/\d{2}(/\d{2})?)?)?$"
_PMID: Final = re.compile(
    r"(?:pmid[:\s]*|https?://(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/)?([1-9][0-9]{0,8})/?", re.IGNORECASE | re.ASCII
)
_STOPWORDS: Final = frozenset(re.findall(r"\w+", """
a about again all almost also although always among an and another any are as at be because been before being between
both but by can could did do does done due during each either enough especially etc for found from further had has
have having here how however i if in into is it its itself just kg km made mainly make may mg might ml mm most mostly
must nearly neither no nor obtained of often on our overall perhaps pmid quite rather really regarding seem seen
several should show showed shown shows significantly since so some such than that the their theirs them then there
therefore these they this those through thus to upon use used using various very was we were what when which while
with within without would
"""))  # fmt: skip
"""Words that PubMed does not search for (PubMed User Guide, "Stopwords"); the mirror leaves them out as well."""
_PHRASE: Final = re.compile(r'"([^"]*)"')


class PubMedSearch(Query):
    """Words and filters. Live, ``text`` may use PubMed's own syntax: AND, OR, NOT, field tags such as ``[mh]``."""

    publication_type: str = Field(
        "", max_length=80, pattern=_NAME, description="Publication type, such as Randomized Controlled Trial"
    )
    author: str = Field("", max_length=80, pattern=_NAME, description="Author as PubMed writes it, such as Kim MJ")
    journal: str = Field("", max_length=120, pattern=_NAME, description="Journal, its title or its NLM abbreviation")
    language: str = Field("", pattern=r"^([a-z]{3})?$", description="MEDLINE language code: eng, kor")
    mindate: str = Field("", pattern=_DATE, description="Published from: YYYY, YYYY/MM or YYYY/MM/DD")
    maxdate: str = Field("", pattern=_DATE, description="Published until: YYYY, YYYY/MM or YYYY/MM/DD")
    has_abstract: bool = Field(False, description="Only articles with an abstract")
    sort: Literal["relevance", "pub_date"] = Field("relevance", description="Best match first, or newest first")

    @field_validator("mindate", "maxdate")
    @classmethod
    def _a_real_day(cls, value: str) -> str:
        if value:
            year, month, day = (*(int(part) for part in value.split("/")), 1, 1)[:3]
            date(year, month, day)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> PubMedSearch:
        if self.maxdate and self.mindate > f"{self.maxdate}~":
            raise ValueError(f"mindate {self.mindate} is after maxdate {self.maxdate}")
        return self


class PubMedLookup(Lookup):
    """Which article: a PMID, ``PMID: 123``, or its page's address."""

    id: str = Field(min_length=1, max_length=200, description="PMID, such as 31535829")

    @field_validator("id")
    @classmethod
    def _a_pmid(cls, value: str) -> str:
        found = _PMID.fullmatch(value)
        if found is None:
            raise ValueError("a PMID is a number of up to 9 digits, such as 31535829")
        return found.group(1)


def term_of(request: PubMedSearch) -> str:
    """Return the question in PubMed's own syntax; dates are said beside it.

    Raises
    ------
    BadQuery
        When there is nothing to search for.
    """
    text = " ".join(request.text.split())
    named = (
        (request.publication_type, "pt"),
        (request.author, "au"),
        (request.journal, "ta"),
        (request.language, "la"),
    )
    parts = [f"({text})"] if text else []
    parts += [f'"{value}"[{tag}]' for value, tag in named if value]
    parts += ["hasabstract"] if request.has_abstract else []
    if not parts and not (request.mindate or request.maxdate):
        raise BadQuery("pubmed search: say what to search for: words in `text`, or a filter.")
    if text and not words_of(text):
        raise BadQuery(f'pubmed search: "{text[:40]}" holds no word to search for.')
    return " AND ".join(parts or ["all[sb]"])


def words_for_mirror(request: PubMedSearch) -> list[str]:
    """Return the words and quoted phrases that an article of the mirror must have, all of them.

    Raises
    ------
    BadQuery
        For what only PubMed itself understands, and when there is nothing to search for.
    """
    term_of(request)
    only_live = re.search(r"\[[^\]]*\]|\*|\bOR\b|\bNOT\b", request.text)
    if only_live:
        raise BadQuery(
            f'pubmed search: the mirror searches for words and "phrases"; only PubMed itself reads "{only_live[0]}". '
            "Use the filters (publication_type, author, journal, language, mindate, maxdate)."
        )
    phrases = [" ".join(words_of(phrase)) for phrase in _PHRASE.findall(request.text)]
    rest = re.sub(r"\bAND\b", " ", _PHRASE.sub(" ", request.text))
    words = words_of(rest)
    return [*filter(None, phrases), *([word for word in words if word.lower() not in _STOPWORDS] or words)]
