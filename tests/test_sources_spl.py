"""The text of a label's sections: lines, lists, tables, what stands inside a line, what is too long or too deep."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from bogam.sources.answer import Upstream
from bogam.sources.reading.spl import Label, bounded, date, read


def label(text: str, inside: str = "") -> Label:
    return read(
        fromstring(
            f"""<document xmlns="urn:hl7-org:v3"><setId root="A"/><versionNumber value="1"/>
            <component><structuredBody><component><section>
            <code code="34084-4" codeSystem="2.16.840.1.113883.6.1"/><title>6 ADVERSE <br/>REACTIONS</title>
            <text>{text}</text>{inside}</section></component></structuredBody></component></document>"""
        )
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<paragraph>One</paragraph>\n  <paragraph>two<br/>three</paragraph>", ["One", "two three"]),
        ("<paragraph>in <content>two </content>groups<sup>1</sup>.</paragraph>", ["in two groups1."]),
        ("<paragraph>eGFR<content> (<em>mL</em>/min)</content> low</paragraph>", ["eGFR (mL/min) low"]),
        ("bare <content styleCode='bold'>text</content> here", ["bare text here"]),
        ("<list><item>a</item><item>b</item></list>", ["- a", "- b"]),
        ("<list><item><caption>•</caption>a <linkHtml href='#x'>(1)</linkHtml></item></list>", ["- a (1)"]),
        ("<list><item><caption>1.</caption>a<list><item>b</item></list>c</item></list>", ["- 1. a", "- b", "c"]),
        ("<list><item>•<paragraph>a</paragraph><paragraph>b</paragraph></item><item/></list>", ["- a", "b"]),
        (
            "<table><caption>Table 1</caption><thead><tr><th>Arm</th><th>Dose</th></tr></thead><tbody><tr><td>"
            "<paragraph>A</paragraph><paragraph>B</paragraph></td><td/></tr></tbody></table>after",
            ["Table 1", "Arm\tDose", "A B\t", "after"],
        ),
        ("<content><paragraph>one</paragraph> two </content>three", ["one", "two", "three"]),
        ("5 &lt; 7 &amp; 기침", ["5 < 7 & 기침"]),
        ("", []),
    ],
)
def test_text_is_read_in_lines(text: str, lines: list[str]) -> None:
    assert label(text).sections["adverse_reactions"] == ["\n".join(["6 ADVERSE REACTIONS", *lines])]


def test_a_section_holds_those_inside_it_and_they_stand_by_themselves() -> None:
    inside = """<component><section><code code="42229-5" codeSystem="2.16.840.1.113883.6.1"/><title>6.1 Trials</title>
        <text>x</text><component><section><code code="34081-0" codeSystem="2.16.840.1.113883.6.1"/><text>y</text>
        </section></component></section></component>
        <component><section><code code="34081-0" codeSystem="other"/><text>z</text></section></component>"""
    sections = label("w", inside).sections
    assert sections == {"adverse_reactions": ["6 ADVERSE REACTIONS\nw\n6.1 Trials\nx\ny\nz"], "pediatric_use": ["y"]}


def test_what_is_too_deep_is_no_label() -> None:
    with pytest.raises(Upstream, match="deeper"):
        label("<content>" * 130 + "x" + "</content>" * 130)


def test_the_most_important_sections_are_kept_when_all_are_too_long() -> None:
    sections = {
        "zzz": ["z" * 60_000],
        "description": ["d" * 90_000],
        "boxed_warning": ["b" * 10],
        "warnings": ["w" * 60_000],
    }
    sections |= {"adverse_reactions": ["a" * 50_000]}
    kept, cut = bounded(sections)
    assert {name: len(texts[0]) for name, texts in kept.items()} == {
        "boxed_warning": 10,
        "warnings": 60_000,
        "adverse_reactions": 50_000,
        "description": 60_000,
        "zzz": 29_990,
    }
    assert cut == ["description: the first 60000 of 90000 characters", "zzz: the first 29990 of 60000 characters"]


def test_a_date_is_eight_digits() -> None:
    assert [date(each) for each in ("20240131", "202401311200", "2024", "２０２４０１３１", "")] == [
        "2024-01-31"
    ] * 2 + [""] * 3
