"""Splitting gives the same resources as decoding the whole, wherever the blocks end, and loses nothing damaged."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.record.piece import LARGEST, Close, Damage, Entry, Open, Piece, Value
from bogam.record.split import split

BLOCKS = st.sampled_from([1, 2, 3, 7, 64, 1 << 20])


def pieces(raw: bytes, block: int = 1 << 20, name: str = "") -> list[Piece]:
    return list(split(io.BufferedReader(io.BytesIO(raw), 1 << 20), name, block))  # type: ignore[arg-type]


_text = st.text(alphabet=st.one_of(st.sampled_from('"\\{}[]:,\n é한'), st.characters(codec="utf-8")), max_size=12)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), _text),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_text, inner, max_size=4)),
    max_leaves=12,
)
_resource = st.dictionaries(_text, _json, max_size=4).map(lambda rest: {"resourceType": "Basic", **rest})
_style = st.sampled_from([{}, {"indent": 1}, {"separators": (",", ":")}, {"ensure_ascii": False}])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"fullUrl": _text, "resource": _resource}), max_size=5),
    _json,
    BLOCKS,
    _style,
    st.booleans(),
)
def test_bundle_entries_are_cut_as_decoding_the_whole_cuts_them(
    entries: list[Any], other: Any, block: int, style: dict[str, Any], last: bool
) -> None:
    head = {"resourceType": "Bundle", "type": "collection"}
    bundle = {"x": other, "entry": entries} | head if last else head | {"x": other, "entry": entries, "y": other}
    raw = json.dumps(bundle, **style).encode()
    found = pieces(raw, block)
    if last and not entries:
        assert [json.loads(each.raw) for each in found if isinstance(each, Value)] == [bundle]
        return
    cut = [each for each in found if isinstance(each, Entry)]
    assert [json.loads(each.raw) for each in cut] == entries
    assert [raw[each.place.offset : each.place.offset + len(each.raw)] for each in cut] == [each.raw for each in cut]
    assert [each.place.entry for each in cut] == list(range(len(entries)))
    assert isinstance(found[0], Open)
    assert found[-1] == Close("collection")
    assert len(found) == len(entries) + 2


@settings(max_examples=100, deadline=None)
@given(st.lists(_resource, min_size=1, max_size=6), BLOCKS, st.sampled_from(["lines", "array", "pretty"]))
def test_other_arrangements_are_cut_alike(resources: list[Any], block: int, kind: str) -> None:
    if kind == "array":
        raw = json.dumps(resources).encode()
    elif kind == "lines":
        raw = b"\r\n\r\n".join(json.dumps(each).encode() for each in resources)
    else:
        raw = b"\n".join(json.dumps(each, indent=2).encode() for each in resources)
    cut = [each for each in pieces(raw, block) if isinstance(each, Value)]
    assert [json.loads(each.raw) for each in cut] == resources


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200),
    BLOCKS,
    st.sampled_from([b"", b"{", b'{"resourceType":"Bundle","entry":[', b"[", b'{"a":1}\n']),
)
def test_bytes_of_any_kind_do_not_crash_and_blocks_do_not_matter(raw: bytes, block: int, start: bytes) -> None:
    assert pieces(start + raw, block) == pieces(start + raw)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_is_whole_before_the_damage_is_cut(data: st.DataObject) -> None:
    entries = [{"resource": {"resourceType": "Basic", "id": str(n), "s": 'x\\"}' * n}} for n in range(6)]
    raw = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    cut_at = data.draw(st.integers(40, len(raw) - 1))
    found = pieces(raw[:cut_at])
    whole = [each for each in found if isinstance(each, Entry)]
    assert [json.loads(each.raw) for each in whole] == entries[: len(whole)]
    if len(whole) < len(entries):
        following = raw.find(b'{"resource"', whole[-1].place.offset + 1 if whole else 30)
        assert cut_at < following + len(json.dumps(entries[len(whole)]))
    (damage,) = [each for each in found if isinstance(each, Damage)]
    assert damage.reason.startswith("the input ends within")
    assert raw[:cut_at].endswith(damage.sample.head)


def test_a_damaged_line_costs_itself_only() -> None:
    raw = b'{"resourceType":"Basic","id":"1"}\n{"resourceType":"Basic","id":\n\n{"resourceType":"Basic","id":"3"}'
    found = pieces(raw)
    assert [(str(each.place), each.raw) for each in found if isinstance(each, Value)] == [
        ("line 1", b'{"resourceType":"Basic","id":"1"}'),
        ("line 2", b'{"resourceType":"Basic","id":'),
        ("line 4", b'{"resourceType":"Basic","id":"3"}'),
    ]


def test_a_list_is_not_a_bundle_whatever_the_order_of_its_keys() -> None:
    raw = b'{"date":"2020","entry":[{"item":{"reference":"Patient/1"}}],"mode":"working","resourceType":"List"}'
    (value,) = pieces(raw, 5)
    assert isinstance(value, Value)
    assert value.raw == raw


def test_a_bundle_is_known_by_its_entries_when_its_type_stands_last() -> None:
    raw = b'{"entry":[{"resource":{"resourceType":"Basic"}}],"resourceType":"Bundle","type":"history"}'
    assert [type(each) for each in pieces(raw, 9)] == [Open, Entry, Close]
    assert pieces(raw)[-1] == Close("history")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the input is empty"),
        (b" \n ", "the input is empty"),
        (b"\x89PNG\r\n", "not JSON: it begins with neither { nor ["),
        (b"<Patient/>", "XML or HTML, and only FHIR R4 as JSON is read"),
        ('{"a":1}'.encode("utf-16"), "not UTF-8: convert it from UTF-16 or UTF-32 first"),
        (b'{"a":1}]{"b":2}', "a bracket here does not match; nothing after it can be told apart"),
        (b'{"a":1} x {"b":2}', "there are other bytes between the resources"),
    ],
)
def test_what_is_not_json_is_told(raw: bytes, reason: str) -> None:
    assert [each.reason for each in pieces(raw) if isinstance(each, Damage)] == [reason]


def test_a_byte_order_mark_is_passed_over() -> None:
    (value,) = pieces(b'\xef\xbb\xbf{"resourceType":"Basic"}')
    assert isinstance(value, Value)
    assert value.raw == b'{"resourceType":"Basic"}'
    assert value.place.offset == 3


def test_what_is_too_large_is_told_by_its_ends_and_the_next_is_cut() -> None:
    large = b'{"resource":{"resourceType":"Basic","id":"1","x":"' + b"a" * LARGEST + b'"}}'
    small = b'{"resource":{"resourceType":"Basic","id":"2"}}'
    found = pieces(b'{"resourceType":"Bundle","entry":[' + large + b"," + small + b"]}")
    assert [type(each) for each in found] == [Open, Damage, Entry, Close]
    assert isinstance(found[1], Damage)
    assert found[1].sample.size == len(large)
    assert not found[1].sample.whole
    assert large.startswith(found[1].sample.head)
    assert large.endswith(found[1].sample.tail)


def test_the_end_of_something_large_does_not_hide_what_follows_in_its_block() -> None:
    large = b'{"resourceType":"Basic","x":"' + b"a" * LARGEST + b'","y":[{"z":[{}]}]}'
    small = b'{"resourceType":"Basic","id":"2"}'
    bundle = b'{"resourceType":"Bundle","entry":[{"resource":' + small + b"}]}"
    assert [type(each) for each in pieces(large + bundle + small)] == [Damage, Open, Entry, Close, Value]
    assert [type(each) for each in pieces(b"[" + large + b"," + small + b"]")] == [Damage, Value]
