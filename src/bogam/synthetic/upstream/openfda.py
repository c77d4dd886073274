"""https://api.fda.gov/drug as its publisher documents it and as its published source code answers; made records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode
from zipfile import ZIP_DEFLATED, ZipFile

import orjson

from bogam.synthetic.upstream.server import Asked, Reply, Simulator

UPDATED: Final = "2026-11-18"
DISCLAIMER: Final = "Made for tests: no record here describes a real product or person."
_PARAMETERS: Final = {"search", "sort", "count", "limit", "skip", "search_after", "api_key"}
_SUPPORTED: Final = re.compile(r"[0-9a-zA-Z@%/',._:()\"\[\]{}\-+><= ]+")
_TOKEN: Final = re.compile(
    r'\s*(?:(\()|(\))|(AND|OR|NOT)\b|(?:([\w.]+):)?(?:"([^"]*)"|\[(\w+) TO (\w+)\]|([^\s()":]+)))'
)
KEY: Final = "made-key"


def _label(at: int, brand: str, generic: str, maker: str, day: str, **sections: str | list[str]) -> dict[str, Any]:
    text = {name: [value] if isinstance(value, str) else value for name, value in sections.items()}
    code = f"60000-{100 + at}"
    return {
        "spl_product_data_elements": [f"{brand} {generic}"],
        **text,
        "set_id": f"0a5e0000-0000-4000-8000-0000000000{at:02}",
        "id": f"1b5e0000-0000-4000-8000-0000000000{at:02}",
        "effective_time": day,
        "version": str(at + 1),
        "openfda": {
            "brand_name": [brand],
            "generic_name": [generic],
            "substance_name": [generic.upper()],
            "manufacturer_name": [maker],
            "product_type": ["HUMAN PRESCRIPTION DRUG"],
            "route": ["ORAL"],
            "product_ndc": [code],
            "package_ndc": [f"{code}-01", f"{code}-30"],
            "rxcui": [f"99900{at}"],
            "spl_set_id": [f"0a5e0000-0000-4000-8000-0000000000{at:02}"],
            "is_original_packager": [True],
        },
    }


LABELS: Final[list[dict[str, Any]]] = [
    _label(
        1,
        "Glucaveril",
        "Metformin Hydrochloride",
        "Hansol Made Pharma",
        "20260901",
        boxed_warning="WARNING: LACTIC ACIDOSIS Made text: stop the drug when lactic acidosis is suspected.",
        indications_and_usage="1 INDICATIONS AND USAGE An invented label for type 2 diabetes in adults.",
        contraindications="4 CONTRAINDICATIONS Severe renal impairment (eGFR below 30 mL/min/1.73 m2).",
        drug_interactions="7 DRUG INTERACTIONS Iodinated contrast: hold on the day of the study.",
        adverse_reactions="6 ADVERSE REACTIONS Diarrhea and nausea were the most frequent made events.",
        adverse_reactions_table="<table><tr><td>Nausea</td></tr></table>",
        use_in_specific_populations="8 USE IN SPECIFIC POPULATIONS Older adults: check renal function more often.",
    ),
    _label(
        2,
        "Glucaveril XR",
        "Metformin Hydrochloride",
        "Hansol Made Pharma",
        "20260815",
        indications_and_usage="1 INDICATIONS AND USAGE The once daily form of the invented label.",
        dosage_and_administration=["2 DOSAGE Take with the evening meal.", "2.4 A second part of the same section."],
    ),
    _label(3, "Cardoprilen", "Lisinopril", "Made Generics LLC", "20260701", warnings="WARNINGS Fetal toxicity: stop."),
    _label(4, "Thromboxan", "Warfarin Sodium", "Made Generics LLC", "20260630", boxed_warning="WARNING: BLEEDING RISK"),
    _label(
        5, "Metfo Combi", "Metformin and Sitagliptin", "O'Made & Sons", "20260501", warnings="WARNINGS Pancreatitis."
    ),
    {
        "spl_product_data_elements": ["Hand Foam ALCOHOL"],
        "purpose": ["Purpose Antiseptic"],
        "keep_out_of_reach_of_children": ["Keep out of reach of children."],
        "set_id": "0a5e0000-0000-4000-8000-000000000006",
        "id": "1b5e0000-0000-4000-8000-000000000006",
        "effective_time": "20210101",
        "version": "1",
        "openfda": {},
    },
    _label(7, "Longinol", "Longinate", "Made Generics LLC", "20200229", description="Long text. " * 9_000),
]


def _event(
    at: int, day: str, drugs: Sequence[tuple[str, str, str]], reactions: Sequence[str], **more: str
) -> dict[str, Any]:
    sex, serious = more.pop("sex", "2"), more.pop("serious", "1")
    return {
        "safetyreportid": f"9100{at:04}",
        "safetyreportversion": "2",
        "receivedateformat": "102",
        "receivedate": day,
        "receiptdate": "20260930",
        "serious": serious,
        **more,
        "occurcountry": "KR" if at % 3 == 0 else "US",
        "primarysource": {"reportercountry": "US", "qualification": "1"},
        "receiver": None,
        "patient": {
            "patientonsetage": str(40 + at),
            "patientonsetageunit": "801",
            "patientsex": sex,
            "patientdeath": {"patientdeathdate": None},
            "reaction": [{"reactionmeddrapt": each, "reactionoutcome": "1"} for each in reactions],
            "drug": [
                {
                    "drugcharacterization": role,
                    "medicinalproduct": name,
                    "drugindication": "Type 2 diabetes mellitus",
                    "activesubstance": {"activesubstancename": generic},
                    "openfda": {"generic_name": [generic], "substance_name": [generic], "brand_name": [name.title()]},
                }
                for name, generic, role in drugs
            ],
        },
    }


_METFORMIN: Final = ("GLUCAVERIL", "METFORMIN HYDROCHLORIDE", "1")
_WARFARIN: Final = ("THROMBOXAN", "WARFARIN SODIUM", "2")
EVENTS: Final[list[dict[str, Any]]] = [
    _event(1, "20260110", [_METFORMIN], ["Nausea", "Diarrhoea"], seriousnesshospitalization="1"),
    _event(2, "20260111", [_METFORMIN], ["Nausea"], serious="2"),
    _event(3, "20260215", [_METFORMIN, _WARFARIN], ["Lactic acidosis", "Nausea"], seriousnessdeath="1", sex="1"),
    _event(4, "20260301", [_WARFARIN], ["Haemorrhage"], sex="1"),
    _event(5, "20260301", [_METFORMIN], ["Diarrhoea"], serious="2", sex="1"),
    _event(6, "20250601", [_METFORMIN], ["Crohn's disease"], seriousnessother="1"),
    _event(7, "20250602", [("KIMCHI TEA", "GREEN TEA LEAF", "3")], ["Drug ineffective"], serious="2", sex="0"),
]


def _code(at: int, brand: str, generic: str, form: str, labeler: str, strength: str) -> dict[str, Any]:
    product = f"60000-{100 + at}"
    return {
        "product_ndc": product,
        "product_id": f"{product}_1b5e0000-0000-4000-8000-0000000000{at:02}",
        "spl_id": f"1b5e0000-0000-4000-8000-0000000000{at:02}",
        "generic_name": generic,
        "brand_name": brand,
        "labeler_name": labeler,
        "dosage_form": form,
        "route": ["ORAL"],
        "product_type": "HUMAN PRESCRIPTION DRUG",
        "marketing_category": "ANDA",
        "application_number": f"ANDA99900{at}",
        "marketing_start_date": f"202{at}0102",
        "listing_expiration_date": "20271231",
        "finished": True,
        "active_ingredients": [{"name": generic.upper(), "strength": strength}],
        "packaging": [
            {
                "package_ndc": f"{product}-30",
                "description": f"30 {form} in 1 BOTTLE ({product}-30)",
                "marketing_start_date": f"202{at}0102",
                "sample": False,
            }
        ],
        "openfda": {"spl_set_id": [f"0a5e0000-0000-4000-8000-0000000000{at:02}"], "rxcui": [f"99900{at}"]},
    }


CODES: Final[list[dict[str, Any]]] = [
    _code(1, "Glucaveril", "Metformin Hydrochloride", "TABLET", "Hansol Made Pharma", "500 mg/1"),
    _code(2, "Glucaveril XR", "Metformin Hydrochloride", "TABLET, EXTENDED RELEASE", "Hansol Made Pharma", "750 mg/1"),
    _code(3, "Cardoprilen", "Lisinopril", "TABLET", "Made Generics LLC", "10 mg/1"),
    _code(4, "Thromboxan", "Warfarin Sodium", "TABLET", "Made Generics LLC", "2 mg/1"),
]

_OF: Final[dict[str, tuple[list[dict[str, Any]], str]]] = {
    "/drug/label.json": (LABELS, "set_id"),
    "/drug/event.json": (EVENTS, "safetyreportid"),
    "/drug/ndc.json": (CODES, "product_id"),
}
_DATES: Final = {"effective_time", "receivedate", "receiptdate", "marketing_start_date", "listing_expiration_date"}


def simulator() -> Simulator:
    """Return the interface over the made records."""
    return _answer


def bulk(folder: Path) -> list[Path]:
    """Write the made records as openFDA's downloads, labels in two parts."""
    parts = {
        "drug-label-0001-of-0002": LABELS[:4],
        "drug-label-0002-of-0002": LABELS[4:],
        "drug-event-0001-of-0001": EVENTS,
        "drug-ndc-0001-of-0001": CODES,
    }
    return [write(folder / f"{name}.json.zip", records) for name, records in parts.items()]


def write(path: Path, records: Sequence[Any]) -> Path:
    """Write records as one of openFDA's downloads."""
    meta = {**_meta(), "results": {"skip": 0, "limit": len(records), "total": len(records)}}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        body = orjson.dumps({"meta": meta, "results": records}, option=orjson.OPT_INDENT_2)
        archive.writestr(path.name.removesuffix(".zip"), body)
    return path


def _meta() -> dict[str, Any]:
    site = "https://open.fda.gov"
    return {"disclaimer": DISCLAIMER, "terms": f"{site}/terms/", "license": f"{site}/license/", "last_updated": UPDATED}


def _answer(asked: Asked) -> Reply:
    if asked.path not in _OF:
        return Reply(b"<!DOCTYPE html><html><body>Not Found</body></html>", 404, "text/html")
    if asked.one("api_key") not in ("", KEY):
        return _error(403, "API_KEY_INVALID", "An invalid api_key was supplied.")
    try:
        return _page(asked, *_OF[asked.path])
    except ValueError as error:
        return _error(400, "BAD_REQUEST", str(error))


def _error(status: int, code: str, message: str) -> Reply:
    return Reply({"error": {"code": code, "message": message}}, status)


def _page(asked: Asked, records: list[dict[str, Any]], id: str) -> Reply:
    strange = set(asked.query) - _PARAMETERS
    if strange:
        raise ValueError(f"Invalid parameter: {', '.join(sorted(strange))}")
    limit, skip = _number(asked, "limit", 0), _number(asked, "skip", 0)
    count, after, sort = asked.one("count"), asked.one("search_after"), asked.one("sort")
    if limit > 1000:
        raise ValueError("Limit cannot exceed 1000 results for search requests. Use the skip or search_after param.")
    if skip > 25_000:
        raise ValueError("Skip value must 25000 or less.")
    if skip and count:
        raise ValueError("Should not use skip param when using count.")
    if skip and after:
        raise ValueError("The skip parameter is not supported when using search_after.")
    matching = _matching(records, asked.one("search"))
    if not matching:
        return _error(404, "NOT_FOUND", "No matches found!")
    if count:
        return _counted(matching, count, limit or 100)
    limit = limit or 1
    matching = _sorted(matching, sort, id)
    marks = [_mark(each, sort, id) for each in matching]
    start = marks.index(after) + 1 if after in marks else skip
    page = matching[start : start + limit]
    if not page:
        return _error(404, "NOT_FOUND", "No matches found!")
    headers: dict[str, str] = {}
    if start + limit < len(matching):
        onward: dict[str, Any] = {"search": asked.one("search"), "limit": limit, "sort": sort, "skip": 0}
        onward |= {"skip": skip + limit} if skip else {"search_after": marks[start + limit - 1]}
        headers["Link"] = f'<https://api.fda.gov{asked.path}?{urlencode(onward)}>; rel="next"'
    meta = {**_meta(), "results": {"skip": skip, "limit": limit, "total": len(matching)}}
    return Reply({"meta": meta, "results": page}, headers=headers)


def _number(asked: Asked, name: str, default: int) -> int:
    given = asked.one(name)
    if given and not given.isdigit():
        raise ValueError(f"Invalid {name} parameter value.")
    return int(given) if given else default


def _sorted(records: list[dict[str, Any]], sort: str, id: str) -> list[dict[str, Any]]:
    field, _, order = sort.partition(":")
    if field and field not in _DATES:
        raise ValueError(f"Sorting allowed by exact or date fields only: {field}")
    by_id = sorted(records, key=lambda each: str(each[id]))
    return sorted(by_id, key=lambda each: str(each.get(field, "")), reverse=order == "desc") if field else by_id


def _mark(record: dict[str, Any], sort: str, id: str) -> str:
    field = sort.partition(":")[0]
    return f"0={record.get(field)}000;1=record%23{record[id]}" if field else f"0=--{record[id]}"


def _counted(records: list[dict[str, Any]], field: str, limit: int) -> Reply:
    if not field.endswith(".exact"):
        raise ValueError(f"Counting is done here by exact fields: {field}")
    path = field.removesuffix(".exact").split(".")
    counts = Counter(term for each in records for term in {value.upper() for value in _along(each, path)})
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:limit]
    return Reply({"meta": _meta(), "results": [{"term": term, "count": n} for term, n in ranked]})


# --- the search expression, as Elasticsearch's query string reads it

_Test = Callable[[dict[str, Any]], bool]


def _matching(records: list[dict[str, Any]], search: str) -> list[dict[str, Any]]:
    if not search:
        return records
    if not _SUPPORTED.fullmatch(search):
        raise ValueError(f"Search not supported: {search}")
    tokens: list[tuple[str, ...]] = []
    at = 0
    while at < len(search.rstrip()):
        found = _TOKEN.match(search, at)
        if found is None or found.end() == at:
            raise ValueError(f"Search not supported: {search}")
        tokens.append(tuple(each or "" for each in found.groups()))
        at = found.end()
    left = iter([*tokens, ("",) * 8])
    test, end = _either(left, next(left))
    if any(end):
        raise ValueError(f"Search not supported: {search}")
    return [each for each in records if test(each)]


def _either(tokens: Iterator[tuple[str, ...]], token: tuple[str, ...]) -> tuple[_Test, tuple[str, ...]]:
    """Read clauses side by side: AND binds them, OR or nothing between them leaves a choice."""
    groups: list[list[_Test]] = []
    joined = False
    while any(token) and not token[1]:
        test, token = _clause(tokens, token)
        if joined:
            groups[-1].append(test)
        else:
            groups.append([test])
        joined = token[2] == "AND"
        if token[2] in ("AND", "OR"):
            token = next(tokens)
    if not groups:
        raise ValueError("Search not supported: nothing between brackets")
    return lambda record: any(all(test(record) for test in group) for group in groups), token


def _clause(tokens: Iterator[tuple[str, ...]], token: tuple[str, ...]) -> tuple[_Test, tuple[str, ...]]:
    opening, _, operator, field, phrase, first, last, word = token
    if operator == "NOT":
        test, token = _clause(tokens, next(tokens))
        return lambda record: not test(record), token
    if operator:
        raise ValueError(f"Search not supported: {operator} stands alone")
    if opening:
        test, token = _either(tokens, next(tokens))
        if not token[1]:
            raise ValueError("Search not supported: a bracket is not closed")
        return test, next(tokens)
    path = field.split(".") if field else []
    if first:
        return lambda record: any(first <= each <= last for each in _along(record, path)), next(tokens)
    if path and path[-1] == "exact":
        return lambda record: (phrase or word).upper() in map(str.upper, _along(record, path[:-1])), next(tokens)
    wanted = _words(phrase or word)
    return lambda record: any(_holds(_words(each), wanted) for each in _along(record, path)), next(tokens)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower())


def _holds(words: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return bool(size) and any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def _along(value: Any, path: Sequence[str]) -> list[str]:
    """Return the texts at the end of a path of members; all texts below it where the path ends early."""
    if isinstance(value, list):
        return [text for each in cast("list[Any]", value) for text in _along(each, path)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        below = [members.get(path[0])] if path else list(members.values())
        return [text for each in below for text in _along(each, path[1:])]
    return [str(value)] if not path and value is not None else []
