"""What ClinicalTrials.gov must answer."""

from __future__ import annotations

from collections.abc import Callable

from bogam.measure.contracts.contract import EVERYWHERE, Case, Contract
from bogam.sources.answer import Answer
from bogam.synthetic.upstream.clinicaltrials import EMPTY_404, NOT_OURS, bulk, simulator

_SIMULATOR = ("simulator",)


def _numbers(*wanted: int) -> Callable[[Answer], bool]:
    """Say whether an answer has these studies and no others, in any order, and counts them."""
    ids = sorted(f"NCT9{each:07}" for each in wanted)
    return lambda answer: sorted(item.id for item in answer.items) == ids and answer.total == len(ids)


_SEARCHES = (
    Case("a condition by its words", "search", {"condition": "diabetes type 2"}, "found", _numbers(1, 2, 3, 4, 6)),
    Case("words anywhere in a study", "search", {"text": "long covid"}, "found", _numbers(8)),
    Case("nothing has these words", "search", {"text": "zebrafish teleportation"}, "none"),
    Case("an intervention", "search", {"intervention": "metformin"}, "found", _numbers(2)),
    Case(
        "several statuses, each as the registry writes it",
        "search",
        {"condition": "diabetes", "status": "recruiting, not yet recruiting"},
        "found",
        lambda answer: (
            _numbers(1, 3, 5)(answer)
            and {each.fields["status"] for each in answer.items} == {"RECRUITING", "NOT_YET_RECRUITING"}
        ),
    ),
    Case("a phase among two", "search", {"phase": "PHASE2"}, "found", _numbers(3, 7)),
    Case("a country", "search", {"country": "South Korea"}, "found", _numbers(1, 6, 9)),
    Case("a city", "search", {"location": "Seoul"}, "found", _numbers(1, 9)),
    Case("a title", "search", {"title": "weekly insulin"}, "found", _numbers(1)),
    Case(
        "open to a boy of 15: below the upper limit and over the lower, or without limits",
        "search",
        {"age": 15, "sex": "MALE", "condition": "diabetes"},
        "found",
        _numbers(3, 4),
    ),
    Case(
        "open to a woman of 50, where the upper limit may be missing",
        "search",
        {"age": 50, "sex": "FEMALE", "condition": "diabetes"},
        "found",
        _numbers(1, 2, 4, 6),
    ),
    Case("observational studies", "search", {"study_type": "OBSERVATIONAL"}, "found", _numbers(4)),
    Case("with results posted", "search", {"has_results": True}, "found", _numbers(2)),
    Case("updated from a day on", "search", {"updated_from": "2026-06-01"}, "found", _numbers(1, 8, 9)),
    Case("near a place", "search", {"near": "37.5,127.0,30km"}, "found", _numbers(1, 9), where=_SIMULATOR),
    Case("in the registry's own language", "search", {"advanced": "AREA[Phase]PHASE4 AND NOT AREA[HasResults]true"},
         "found", _numbers(9), where=_SIMULATOR),
    Case("a number is found as text", "search", {"text": "NCT90000003"}, "found", _numbers(3)),
    Case("Korean words", "search", {"text": "고혈압 복약"}, "found", _numbers(9)),
    Case("accents may be left out", "search", {"condition": "meniere"}, "found", _numbers(10)),
    Case(
        "signs and operators of the registry's language are plain words",
        "search",
        {"text": 'weekly) OR AREA[Phase]"PHASE4" \x00‮'},
        "none",
    ),
    Case(
        "a part says that it is one, and of how many",
        "search",
        {"condition": "type 2 diabetes", "limit": 2},
        "truncated",
        lambda answer: answer.total == 5 and len(answer.items) == 2 and bool(answer.next),
    ),
)  # fmt: skip

_GETS = (
    Case(
        "a study has its criteria as two lists, each criterion citable with what hangs on it",
        "get",
        {"id": "NCT90000001"},
        "found",
        lambda answer: (
            answer.items[0].fields["eligibility"]
            == {
                "inclusion": [
                    "Adults with type 2 diabetes for one year or more",
                    "HbA1c >= 7.5% at screening",
                    "At least one of:\n• metformin for 3 months\n• a documented intolerance of metformin",
                ],
                "exclusion": [
                    "eGFR < 30 mL/min/1.73m2",
                    "Pregnancy or breast-feeding, or the intention to become pregnant",
                ],
            }
            and answer.items[0].cite("/fields/eligibility/exclusion/0").quote == "eGFR < 30 mL/min/1.73m2"
        ),
    ),
    Case(
        "and its sites, limits, sponsor, dates and the date of the data",
        "get",
        {"id": "nct90000001"},
        "found",
        lambda answer: (
            [each["city"] for each in answer.items[0].fields["locations"]] == ["Seoul", "Busan"]
            and answer.items[0].fields["minimum_age_years"] == 18
            and "maximum_age" not in answer.items[0].fields
            and answer.items[0].fields["sponsor"] == "Bogam Trial Group"
            and answer.items[0].version == "2026-09-01"
            and answer.version == "2026-10-02"
            and answer.url == "https://clinicaltrials.gov/study/NCT90000001"
        ),
    ),
    Case(
        "criteria without headings are lost neither way",
        "get",
        {"id": "NCT90000010"},
        "found",
        lambda answer: (
            answer.items[0].fields["eligibility"]["other"]
            == ["Definite disease after the Bárány criteria. No surgery of the ear."]
        ),
    ),
    Case(
        "an obsolete number is told, not mistaken",
        "get",
        {"id": "NCT90000099"},
        "found",
        lambda answer: answer.items[0].id == "NCT90000001" and "NCT90000099 is obsolete" in answer.reason,
    ),
    Case(
        "a withheld study with almost nothing",
        "get",
        {"id": "NCT90000011"},
        "found",
        lambda answer: answer.items[0].fields["status"] == "WITHHELD",
    ),
    Case(
        "why a study was stopped",
        "get",
        {"id": "NCT90000006"},
        "found",
        lambda answer: answer.items[0].fields["why_stopped"] == "Slow enrolment",
    ),
    Case("no such study", "get", {"id": "NCT99999999"}, "unknown_id"),
    Case(
        "another study than the one asked for is a failure", "get", {"id": NOT_OURS}, "upstream_error", where=_SIMULATOR
    ),
    Case("a 404 that does not say so is a failure", "get", {"id": EMPTY_404}, "upstream_error", where=_SIMULATOR),
    Case(
        "a known study",
        "get",
        {"id": "NCT04280705"},
        "found",
        lambda answer: "Remdesivir" in str(answer.items[0].fields["interventions"]),
        where=("real",),
    ),
    Case("a number that nobody has", "get", {"id": "NCT99999999"}, "unknown_id", where=EVERYWHERE[2:]),
)

contract = Contract(
    "clinicaltrials",
    (*_SEARCHES, *_GETS),
    simulator,
    bulk,
    faults=(
        ("search", {"condition": "diabetes", "status": "RECRUITING"}),
        ("get", {"id": "NCT90000002"}),
        ("get", {"id": "NCT90000099"}),
    ),
)
