"""The contract of the NPI registry."""

from __future__ import annotations

from typing import Any

from bogam.measure.contracts.contract import EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream.npi import BACK, GONE, bulk, simulator
from bogam.synthetic.upstream.nppes import npi

FIRST = npi(120000001)


def _ids(answer: Answer) -> list[str]:
    return [item.id for item in answer.items]


def _lasts(answer: Answer) -> list[Any]:
    return [item.fields.get("last_name") for item in answer.items]


def _first(answer: Answer) -> bool:
    fields = answer.items[0].fields
    return (
        fields["status"] == "active"
        and fields["enumeration_type"] == "NPI-1"
        and fields["taxonomies"][0] == {"code": "207RC0000X", "desc": "Cardiovascular Disease Physician",
                                        "primary": True, "state": "CA", "license": "A10001"}
        and {each["address_purpose"]: each["city"] for each in fields["addresses"]}
        == {"MAILING": "OLDHAVEN", "LOCATION": "ASHBROOK"}
        and answer.items[0].title == "MARIGOLD T QUILLFEATHER, M.D."
        and answer.items[0].version == "2024-04-17"
        and "name_prefix" not in fields
    )  # fmt: skip


contract = Contract(
    source="npi",
    simulator=simulator,
    bulk=bulk,
    faults=[("get", {"id": FIRST}), ("search", {"text": "Quillfeather", "limit": 20})],
    cases=[
        Case("a number is found with addresses and specialties", "get", {"id": FIRST}, "found", _first),
        Case("an unknown number", "get", {"id": npi(129999999)}, "unknown_id", where=EVERYWHERE),
        Case("a wrong check digit is not asked", "get", {"id": "1234567890"}, "refused", where=EVERYWHERE),
        Case("nine digits are not asked", "get", {"id": "123456789"}, "refused", where=EVERYWHERE),
        Case("digits of another script are not asked", "get", {"id": "１２３４５６７８９３"}, "refused"),
        Case("a deactivated number is found and says so", "get", {"id": GONE}, "found",
             lambda a: a.items[0].fields["status"] == "deactivated" and "2023-06-30" in a.reason),
        Case("a number that came back is active", "get", {"id": BACK}, "found",
             lambda a: a.items[0].fields["status"] == "active" and not a.reason),
        Case("an organization with its official and identifiers", "get", {"id": npi(120000011)}, "found",
             lambda a: a.items[0].fields["authorized_official_last_name"] == "ROWE"
             and a.items[0].fields["identifiers"][0]["desc"] == "MEDICAID"),
        Case("a number as text", "search", {"text": FIRST}, "found", lambda a: _ids(a) == [FIRST]),
        Case("an unknown number as text matches nothing", "search", {"text": npi(129999999)}, "none"),
        Case("a name finds people by legal name first, then organizations", "search",
             {"text": "quillfeather"}, "found",
             lambda a: _lasts(a) == ["QUILLFEATHER"] * 3 + ["O'DRISCOLL", None]),
        Case("first and last name", "search", {"text": "Marigold Quillfeather"}, "found", lambda a: _ids(a) == [FIRST]),
        Case("last name, first name", "search", {"text": "Quillfeather, Rob"}, "found",
             lambda a: [i.fields["first_name"] for i in a.items] == ["ROBERT"]),
        Case("the exact name only", "search", {"last_name": "Quillfeather", "state": "CA"}, "found",
             lambda a: _lasts(a) == ["QUILLFEATHER"] * 2),
        Case("a name's beginning", "search", {"last_name": "Quillf*", "city": "Ashbrook"}, "found",
             lambda a: _lasts(a) == ["QUILLFEATHER", "QUILLFEATHER", "QUILLFEATHERSON"]),
        Case("by another name", "search", {"last_name": "Quillfeather", "first_name": "Siobhan"}, "found",
             lambda a: _lasts(a) == ["O'DRISCOLL"]),
        Case("an organization by what it does business as", "search", {"organization_name": "hearts of*"}, "found",
             lambda a: _ids(a) == [npi(120000010)]),
        Case("an ampersand", "search", {"organization_name": "Mercy Lantern Pharmacy & Gifts"}, "found"),
        Case("people only", "search", {"text": "Quillfeather", "enumeration_type": "NPI-1"}, "found",
             lambda a: all(i.fields["enumeration_type"] == "NPI-1" for i in a.items)),
        Case("by specialty and city", "search", {"taxonomy_description": "Cardiovascular", "city": "ASHBROOK"}, "found",
             lambda a: _ids(a) == [FIRST]),
        Case("by specialty and state", "search", {"taxonomy_description": "Internal Medicine", "state": "CA"}, "found",
             lambda a: _ids(a) == [FIRST]),
        Case("by postal code", "search", {"postal_code": "90001"}, "found", lambda a: len(a.items) == 3),
        Case("by the mailing address", "search", {"city": "Oldhaven", "address_purpose": "MAILING"}, "found"),
        Case("not by another address", "search", {"city": "Oldhaven", "address_purpose": "LOCATION"}, "none"),
        Case("accents are folded", "search", {"first_name": "José", "last_name": "de la Cruz-Moon"}, "found"),
        Case("by country", "search", {"country_code": "KR"}, "found", lambda a: _lasts(a) == ["KIM"]),
        Case("nobody of that name", "search", {"last_name": "Zzyzxqv"}, "none"),
        Case("a Korean name is asked to be romanised", "search", {"text": "김민지"}, "refused"),
        Case("the romanised one is found", "search", {"text": "Kim, Minji"}, "found"),
        Case("a state alone is refused", "search", {"state": "CA"}, "refused", where=EVERYWHERE),
        Case("a kind alone is refused", "search", {"enumeration_type": "NPI-2"}, "refused", where=EVERYWHERE),
        Case("nothing is refused", "search", {}, "refused", where=EVERYWHERE),
        Case("one letter and * is refused", "search", {"last_name": "q*"}, "refused", where=EVERYWHERE),
        Case("a * within is refused", "search", {"last_name": "qu*l"}, "refused", where=EVERYWHERE),
        Case("signs that no name has are refused", "search", {"last_name": "x'; DROP TABLE\x00"}, "refused"),
        Case("SQL in a name finds nothing", "search", {"last_name": "X' OR '1'='1"}, "refused"),
        Case("a quote and a percent sign", "search", {"organization_name": "MERCY \"LANTERN"}, "none"),
        Case("a wrong place to go on from is refused", "search", {"text": "Fernwick", "next": "9.9.9"}, "refused"),
        Case("a page says that more follow", "search", {"last_name": "Fernwick"}, "truncated",
             lambda a: len(a.items) == 10 and a.next != ""),
        Case("200 at once", "search", {"last_name": "Fernwick", "limit": 200}, "truncated",
             lambda a: len(a.items) == 200),
        Case("the registry's last page says how to narrow", "search",
             {"last_name": "Fernwick", "limit": 200, "next": "0.1000"}, "truncated",
             lambda a: len(a.items) == 200 and "1,200" in a.reason and not a.next, where=("simulator",)),
        Case("small pages reach the last results too", "search",
             {"last_name": "Fernwick", "limit": 10, "next": "0.1190"}, "truncated",
             lambda a: a.items[-1].fields["first_name"] == "ALDA1199" and not a.next, where=("simulator",)),
        Case("a mirror goes on to the end", "search",
             {"last_name": "Fernwick", "limit": 200, "next": "0.1200"}, "found",
             lambda a: len(a.items) == 50, where=("mirror",)),
    ],
)  # fmt: skip
