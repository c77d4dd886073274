"""Text of HTML fields."""

from __future__ import annotations

from time import perf_counter

import pytest

from bogam.sources.reading.prose import paragraphs, text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two <b>bold</b>.</p>", ["One.", "Two bold."]),
        ("&lt;p&gt;Escaped &amp;ldquo;twice&amp;rdquo;&lt;&sol;p&gt;", ["Escaped “twice”"]),
        ("Vitamin B<sub>12</sub> and PO<sub>2</sub>", ["Vitamin B12 and PO2"]),
        ("<ul><li>first</li><li>second</li></ul>", ["• first", "• second"]),
        ("platelets <50 and >10, x < y", ["platelets <50 and >10, x < y"]),
        ("a &lt;b and c&gt; d", ["a <b and c> d"]),
        (
            "<table><tr><td>Code</td><td>Units</td></tr><tr><td>E1390</td><td>1</td></tr></table>",
            ["Code Units", "E1390 1"],
        ),
        ("<script>alert(1)</script>kept<style>p{}</style>", ["kept"]),
        ("한국어 <em>문장</em>\x00끝", ["한국어 문장 끝"]),
        ("<p></p>&nbsp;<br>", []),
        ("", []),
    ],
)
def test_text_of_html(html: str, expected: list[str]) -> None:
    assert paragraphs(html) == expected


def test_one_line() -> None:
    assert text("<div>Urine\r\nDrug</div><div>Testing</div>") == "Urine Drug Testing"


@pytest.mark.parametrize(
    "hostile", ["<p " * 200_000, "&amp;" * 200_000, "<script>" * 100_000, "<" * 500_000, "&" * 500_000]
)
def test_hostile_markup_takes_no_time(hostile: str) -> None:
    started = perf_counter()
    paragraphs(hostile)
    assert perf_counter() - started < 3
