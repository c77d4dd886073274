"""MedlinePlus Connect as documented: a feed in JSON for a code; and the file of health topics; made topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

DAY: Final = "2026-11-18"
_MADE_AT: Final = "2026-11-25T10:11:12Z"
_SITE: Final = "https://medlineplus.gov"
_SYSTEMS: Final = {
    "2.16.840.1.113883.6.90": "ICD10CM",
    "2.16.840.1.113883.6.103": "ICD9CM",
    "2.16.840.1.113883.6.96": "SNOMEDCT",
    "2.16.840.1.113883.6.88": "RXNORM",
    "2.16.840.1.113883.6.69": "NDC",
    "2.16.840.1.113883.6.1": "LOINC",
}
_PARAMETERS: Final = {
    "mainSearchCriteria.v.cs",
    "mainSearchCriteria.v.c",
    "mainSearchCriteria.v.dn",
    "mainSearchCriteria.v.ot",
    "informationRecipient",
    "informationRecipient.languageCode.c",
    "knowledgeResponseType",
    "callback",
}


@dataclass(frozen=True)
class Topic:
    """A made page. ``codes`` are those that lead to it."""

    page: str
    title: str
    language: str
    summary: str
    codes: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    mesh: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    other: tuple[str, str] | None = None
    names: tuple[str, ...] = field(default=())

    @property
    def url(self) -> str:
        return f"{_SITE}/{self.page}.html"


TOPICS: Final = [
    Topic(
        "madediabetes",
        "Made Diabetes",
        "en",
        '<h3>What is made diabetes?</h3><p>An <a href="https://medlineplus.gov/x.html">invented</a> summary: blood '
        "sugar is high &amp; stays so.</p><ul><li>Thirst</li><li>Fatigue</li></ul>",
        ("E11.9", "44054006"),
        ("Made sugar disease",),
        ("Made Disorders",),
        (("D0000001", "Made Diabetes Mellitus"),),
        (("Made Kidney Disease", "madekidney"),),
        ("spanish/madediabetes", "Diabetes inventada"),
    ),
    Topic("madekidney", "Made Kidney Disease", "en", "<p>An invented summary about kidneys.</p>", ("E11.9", "N18.9")),
    Topic("madefeet", "Made Foot Care", "en", "<p>An invented summary about feet: check them daily.</p>", ("E11.9",)),
    Topic(
        "spanish/madediabetes",
        "Diabetes inventada",
        "es",
        "<p>Un resumen inventado: el azúcar en la sangre está alto.</p>",
        ("E11.9",),
        other=("madediabetes", "Made Diabetes"),
    ),
    Topic("madecough", "Made Cough", "en", "<p>An invented cough, 기침 in Korean.</p>", ("R05.9",)),
    Topic(
        "druginfo/meds/a000001",
        "Glucaveril",
        "en",
        "<p>An invented drug.</p>",
        ("9990001", "60001-101"),
        names=("glucaveril",),
    ),
    Topic("lab-tests/made-a1c-test", "Made A1C Test", "en", "<p>An invented test.</p>", ("4548-4",)),
]
_IN_FILE: Final = [each for each in TOPICS if "/" not in each.page.removeprefix("spanish/")]


def simulator() -> Simulator:
    """Return MedlinePlus Connect over the made pages."""
    return _answer


def bulk(folder: Path) -> list[Path]:
    """Write the made topics as the file of health topics."""
    path = folder / f"mplus_topics_{DAY}.xml"
    path.write_bytes(topics_file(_IN_FILE))
    return [path]


def topics_file(topics: list[Topic]) -> bytes:
    """Return topics as the publisher's XML."""
    body = "\n".join(_topic(at, each) for at, each in enumerate(topics, 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<!DOCTYPE health-topics PUBLIC "-//NLM//DTD health-topics //EN" "{_SITE}/xml/mplus_topics.dtd">\n'
        f'<health-topics total="{len(topics)}" date-generated="11/18/2026 02:30:32">\n{body}\n</health-topics>\n'
    ).encode()


def _topic(at: int, topic: Topic) -> str:
    language = {"en": "English", "es": "Spanish"}[topic.language]
    parts = [f"<also-called>{escape(each)}</also-called>" for each in topic.called]
    parts.append(f"<full-summary>{escape(topic.summary)}</full-summary>")
    parts += [f'<group url="{_SITE}/g.html" id="{n}">{escape(each)}</group>' for n, each in enumerate(topic.groups, 1)]
    if topic.other:
        page, title = topic.other
        other = "Spanish" if topic.language == "en" else "English"
        parts.append(
            f'<language-mapped-topic url="{_SITE}/{page}.html" id="9" language="{other}">{escape(title)}'
            "</language-mapped-topic>"
        )
    parts += [
        f'<mesh-heading><descriptor id="{code}">{escape(name)}</descriptor></mesh-heading>' for code, name in topic.mesh
    ]
    parts += [
        f'<related-topic url="{_SITE}/{page}.html" id="7">{escape(title)}</related-topic>'
        for title, page in topic.related
    ]
    head = f'title={quoteattr(topic.title)} url="{topic.url}" id="{at}" language="{language}" date-created="01/07/2003"'
    return f'<health-topic meta-desc="Made." {head}>\n' + "\n".join(parts) + "\n</health-topic>"


def _answer(asked: Asked) -> Reply:
    if asked.path != "/service":
        return Reply(b"Not found", 404, "text/plain")
    system, code = asked.one("mainSearchCriteria.v.cs"), asked.one("mainSearchCriteria.v.c")
    name, language = asked.one("mainSearchCriteria.v.dn"), asked.one("informationRecipient.languageCode.c", "en")
    if not set(asked.query) <= _PARAMETERS or system not in _SYSTEMS or not (code or name):
        return Reply(b"<html><body>Bad request</body></html>", 400, "text/html")
    if asked.one("knowledgeResponseType") != "application/json":
        return Reply(b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', 200, "text/xml")
    found = [
        each
        for each in TOPICS
        if each.language == language and (code in each.codes if code else name.lower() in each.names)
    ]
    return Reply({"feed": _feed(system, code, name, language, found[:3])})


def _feed(system: str, code: str, name: str, language: str, found: list[Topic]) -> dict[str, Any]:
    short = _SYSTEMS[system]
    return {
        "base": f"{_SITE}/",
        "lang": language,
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "title": {"type": "text", "_value": "MedlinePlus Connect"},
        "updated": {"_value": _MADE_AT},
        "id": {"_value": ""},
        "author": {
            "name": {"_value": "U.S. National Library of Medicine"},
            "uri": {"_value": "https://www.nlm.nih.gov"},
        },
        "subtitle": {"type": "text", "_value": f"MedlinePlus Connect results for {short} {code}"},
        "category": [
            {"scheme": "mainSearchCriteria.v.c", "term": code},
            {"scheme": "mainSearchCriteria.v.cs", "term": short},
            {"scheme": "mainSearchCriteria.v.dn", "term": name},
            {"scheme": "informationRecipient", "term": "PAT"},
        ],
        "entry": [
            {
                "title": {"_value": each.title, "type": "text"},
                "link": [{"href": f"{each.url}?utm_source=mplusconnect&utm_medium=service", "rel": "alternate"}],
                "id": {"_value": f"tag: medlineplus.gov, 2026-25-11:/{each.page}.html"},
                "summary": {"type": "html", "_value": each.summary},
                "updated": {"_value": _MADE_AT},
            }
            for each in found
        ],
    }
