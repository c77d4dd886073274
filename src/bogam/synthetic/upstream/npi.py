"""The NPI registry as its publisher documents it: ``/api/?version=2.1``, and the monthly download.

All providers are invented; any resemblance of a made number to one that is in use is chance.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Final

from bogam.synthetic.upstream.nppes import COLUMNS, SPECIALTIES, npi, quoted, specialties
from bogam.synthetic.upstream.server import Asked, Reply, Simulator

_PARAMETERS: Final = frozenset({
    "version", "number", "enumeration_type", "taxonomy_description", "first_name", "use_first_name_alias", "last_name",
    "organization_name", "address_purpose", "city", "state", "postal_code", "country_code", "limit", "skip", "pretty",
    "name_purpose",
})  # fmt: skip
_ALIASES: Final = {"ROBERT": {"BOB", "ROB"}, "BOB": {"ROBERT"}}


Made = dict[str, Any]


def _person(nine: int, last: str, first: str, city: str, state: str, zip: str, code: str, **more: Any) -> Made:
    return {"nine": nine, "kind": "1", "last": last, "first": first, "city": city, "state": state, "zip": zip,
            "codes": [code], "updated": "04/17/2024", **more}  # fmt: skip


def _organization(nine: int, name: str, city: str, state: str, zip: str, code: str, **more: Any) -> Made:
    return {"nine": nine, "kind": "2", "organization": name, "city": city, "state": state, "zip": zip, "codes": [code],
            "updated": "02/09/2025", "official": ("ROWE", "DANA", "CHIEF EXECUTIVE"), **more}  # fmt: skip


MADE: Final[tuple[Made, ...]] = (
    _person(120000001, "QUILLFEATHER", "MARIGOLD", "ASHBROOK", "CA", "900010001", "207RC0000X", middle="T",
            credential="M.D.", licence="A10001", mail=("OLDHAVEN", "NV", "891010002"), second="207R00000X"),
    _person(120000002, "QUILLFEATHER", "ROBERT", "ASHBROOK", "CA", "900010002", "207Q00000X"),
    _person(120000003, "QUILLFEATHERSON", "ANN", "ASHBROOK", "CA", "900020003", "363L00000X"),
    _person(120000004, "QUILLFEATHER", "OLIVE", "BIRCHTON", "OR", "970010004", "208000000X", sex="F"),
    _person(120000005, "DE LA CRUZ-MOON", "JOSE", "CEDAR FALLS", "TX", "750010005", "207R00000X"),
    _person(120000006, "O'DRISCOLL", "SIOBHAN", "BIRCHTON", "OR", "970010006", "1223G0001X",
            other=("QUILLFEATHER", "SIOBHAN", "1")),
    _person(120000007, "KIM", "MINJI", "SEOUL", "ZZ", "03080", "207R00000X", country="KR"),
    _organization(120000010, "QUILLFEATHER HEART CLINIC LLC", "ASHBROOK", "CA", "900010010", "261QM1300X",
                  other_name=("HEARTS OF ASHBROOK", "3")),
    _organization(120000011, "MERCY LANTERN HOSPITAL", "BIRCHTON", "OR", "970010011", "282N00000X",
                  identifiers=[("500123", "05", "OR", ""), ("AB-77", "01", "OR", "LANTERN HEALTH PLAN")]),
    _organization(120000012, "MERCY LANTERN PHARMACY & GIFTS", "BIRCHTON", "OR", "970010012", "183500000X"),
    *(_person(120001000 + at, "FERNWICK", f"ALDA{at:04d}", "DUNMORE", "PA", f"18512{at:04d}", "207Q00000X")
      for at in range(1250)),
)  # fmt: skip
GONE: Final = npi(120000090)
"""A deactivated number: the file has a row with its date alone."""
BACK: Final = npi(120000004)
"""Deactivated once and active again."""


def simulator() -> Simulator:
    """Return the interface over the made providers."""
    known = [_result(each) for each in MADE]
    gone = {"status": "D", "deactivation_date": "2023-06-30"}
    known.append({"number": GONE, "enumeration_type": "NPI-1", "basic": gone, "other_names": []})

    def answer(asked: Asked) -> Reply:
        if asked.path.rstrip("/") != "/api" or asked.method != "GET":
            return Reply(b"<html><body>Not Found</body></html>", 404, "text/html")
        errors = _errors(asked)
        if errors:
            return Reply({"Errors": errors})
        limit, skip = min(int(asked.one("limit", "10")), 200), int(asked.one("skip", "0"))
        found = [each for each in known if _matches(each, asked)]
        rows = found[skip : skip + limit]
        return Reply({"result_count": len(rows), "results": rows})

    return answer


def _errors(asked: Asked) -> list[dict[str, str]]:
    def error(number: str, field: str, description: str) -> list[dict[str, str]]:
        return [{"description": description, "field": field, "number": number}]

    unknown = set(asked.query) - _PARAMETERS
    if asked.one("version") != "2.1":
        return error("17", "version", "Unsupported Version")
    if unknown:
        return error("05", sorted(unknown)[0], "Unknown parameter")
    given = {name for name, values in asked.query.items() if values[0]} - {"version", "limit", "skip", "pretty"}
    if not given - {"use_first_name_alias"}:
        return error("01", "", "No valid search criteria provided")
    number = asked.one("number")
    if number and not (len(number) == 10 and number.isdigit()):
        return error("06", "number", "NPI must be 10 digits")
    for name in given:
        value = asked.one(name)
        if "*" in value and (value.index("*") < 2 or not value.endswith("*")):
            return error("03", name, "Wildcards require at least two leading characters")
        if not value.isascii():
            return error("05", name, "Field contains special character(s) or wrong number of characters")
    if asked.one("enumeration_type") not in ("", "NPI-1", "NPI-2"):
        return error("05", "enumeration_type", "Field contains special character(s) or wrong number of characters")
    for name in ("limit", "skip"):
        if not asked.one(name, "0").isdigit() or int(asked.one(name, "0")) > (1000 if name == "skip" else 10_000):
            return error("05", name, "Field contains special character(s) or wrong number of characters")
    weak = {"state", "enumeration_type", "address_purpose", "use_first_name_alias"}
    if given <= weak:
        return error("07", "state", "Field state requires additional search criteria")
    return []


def _is(value: str, asked: str) -> bool:
    value, asked = value.upper(), asked.upper()
    return value.startswith(asked[:-1]) if asked.endswith("*") else value == asked


def _matches(result: dict[str, Any], asked: Asked) -> bool:
    basic, kind = result["basic"], result["enumeration_type"]
    others = result["other_names"]
    if asked.one("number"):
        return result["number"] == asked.one("number")
    if basic["status"] != "A" or asked.one("enumeration_type") not in ("", kind):
        return False
    for name in ("last_name", "organization_name"):
        wanted = asked.one(name)
        if wanted and not any(_is(each.get(name, ""), wanted) for each in (basic, *others) if each.get(name)):
            return False
    first = asked.one("first_name")
    if first and not any(_is(basic.get("first_name", ""), each) for each in (first, *_alias(first, asked))):
        return False
    words = asked.one("taxonomy_description").upper().rstrip("*").split()
    if words and not any(all(w in t["desc"].upper() for w in words) for t in result["taxonomies"]):
        return False
    purpose = asked.one("address_purpose")
    wanted = {"PRIMARY": "LOCATION"}.get(purpose, purpose)
    places = [each for each in result["addresses"] if wanted in ("", each["address_purpose"])]
    return any(_at(place, asked) for place in places)


def _alias(first: str, asked: Asked) -> set[str]:
    return set() if asked.one("use_first_name_alias") == "False" else _ALIASES.get(first.upper(), set())


def _at(place: dict[str, str], asked: Asked) -> bool:
    code = asked.one("postal_code")
    return all(
        not asked.one(name) or _is(place.get(name, ""), asked.one(name)) for name in ("city", "state", "country_code")
    ) and (not code or _is(place["postal_code"], code + "*" if len(code) == 5 and code.isdigit() else code))


def _iso(day: str) -> str:
    return f"{day[6:]}-{day[:2]}-{day[3:5]}"


def _result(made: Made) -> dict[str, Any]:
    """Return a made provider as the interface shows it: empty prefixes as two dashes, postal codes without hyphen."""
    person = made["kind"] == "1"
    basic: dict[str, Any] = {"status": "A", "enumeration_date": "2008-05-06", "last_updated": _iso(made["updated"])}
    if person:
        basic |= {"last_name": made["last"], "first_name": made["first"], "middle_name": made.get("middle", "--"),
                  "name_prefix": "--", "sole_proprietor": "NO"}  # fmt: skip
        basic |= {each: made[each] for each in ("credential", "sex") if each in made}
    else:
        last, first, title = made["official"]
        basic |= {"organization_name": made["organization"], "organizational_subpart": "NO",
                  "authorized_official_last_name": last, "authorized_official_first_name": first,
                  "authorized_official_title_or_position": title}  # fmt: skip
    number = npi(made["nine"])
    if number == BACK:
        basic |= {"deactivation_date": "2020-01-15", "reactivation_date": "2020-03-02"}
    others: list[dict[str, str]] = []
    if "other" in made:
        last, first, code = made["other"]
        others.append({"type": "Former Name", "code": code, "last_name": last, "first_name": first, "prefix": "--"})
    if "other_name" in made:
        name, code = made["other_name"]
        others.append({"type": "Doing Business As", "code": code, "organization_name": name})
    place = (made["city"], made["state"], made["zip"])
    codes = [*made["codes"], *([made["second"]] if "second" in made else [])]
    return {
        "number": number, "enumeration_type": f"NPI-{made['kind']}", "created_epoch": "1210032000000",
        "last_updated_epoch": "1713312000000", "basic": basic, "other_names": others,
        "addresses": [_place("MAILING", made.get("mail", place), made), _place("LOCATION", place, made)],
        "practiceLocations": [],
        "taxonomies": [
            {"code": code, "desc": SPECIALTIES[code], "primary": at == 0, "state": made["state"],
             "license": made.get("licence") if at == 0 else None, "taxonomy_group": ""}
            for at, code in enumerate(codes)
        ],
        "identifiers": [
            {"identifier": identifier, "code": code, "desc": {"05": "MEDICAID"}.get(code, "Other"), "state": state,
             "issuer": issuer}
            for identifier, code, state, issuer in made.get("identifiers", [])
        ],
        "endpoints": [],
    }  # fmt: skip


def _place(purpose: str, place: tuple[str, str, str], made: Made) -> dict[str, str]:
    country = made.get("country", "US")
    return {"address_purpose": purpose, "address_type": "DOM" if country == "US" else "FGN", "address_1": "1 MADE ST",
            "city": place[0], "state": place[1], "postal_code": place[2], "country_code": country,
            "telephone_number": "555-010-0100"}  # fmt: skip


def _row(made: Made) -> list[str]:
    """Return a made provider as a row of the data file."""
    place = (made["city"], made["state"], made["zip"])
    country = made.get("country", "US")
    said = {"NPI": npi(made["nine"]), "Entity Type Code": made["kind"], "Provider Enumeration Date": "05/06/2008",
            "Last Update Date": made["updated"]}  # fmt: skip
    for kind, (city, state, code) in (("Mailing", made.get("mail", place)), ("Practice Location", place)):
        said |= {f"Provider First Line Business {kind} Address": "1 MADE ST",
                 f"Provider Business {kind} Address City Name": city,
                 f"Provider Business {kind} Address State Name": state,
                 f"Provider Business {kind} Address Postal Code": code,
                 f"Provider Business {kind} Address Country Code (If outside U.S.)": country,
                 f"Provider Business {kind} Address Telephone Number": "555-010-0100"}  # fmt: skip
    if made["kind"] == "1":
        said |= {"Provider Last Name (Legal Name)": made["last"], "Provider First Name": made["first"],
                 "Provider Middle Name": made.get("middle", ""), "Provider Credential Text": made.get("credential", ""),
                 "Provider Sex Code": made.get("sex", ""), "Is Sole Proprietor": "N"}  # fmt: skip
        last, first, code = made.get("other", ("", "", ""))
        said |= {"Provider Other Last Name": last, "Provider Other First Name": first,
                 "Provider Other Last Name Type Code": code}  # fmt: skip
    else:
        last, first, title = made["official"]
        name, code = made.get("other_name", ("", ""))
        said |= {"Provider Organization Name (Legal Business Name)": made["organization"],
                 "Provider Other Organization Name": name, "Provider Other Organization Name Type Code": code,
                 "Authorized Official Last Name": last, "Authorized Official First Name": first,
                 "Authorized Official Title or Position": title, "Is Organization Subpart": "N"}  # fmt: skip
    codes = [*made["codes"], *([made["second"]] if "second" in made else [])]
    for at, code in enumerate(codes, 1):
        said |= {f"Healthcare Provider Taxonomy Code_{at}": code,
                 f"Provider License Number State Code_{at}": made["state"],
                 f"Healthcare Provider Primary Taxonomy Switch_{at}": "Y" if at == 1 else "N"}  # fmt: skip
    said["Provider License Number_1"] = made.get("licence", "")
    for at, (identifier, code, state, issuer) in enumerate(made.get("identifiers", []), 1):
        said |= {f"Other Provider Identifier_{at}": identifier, f"Other Provider Identifier Type Code_{at}": code,
                 f"Other Provider Identifier State_{at}": state,
                 f"Other Provider Identifier Issuer_{at}": issuer}  # fmt: skip
    if said["NPI"] == BACK:
        said |= {"NPI Deactivation Date": "01/15/2020", "NPI Reactivation Date": "03/02/2020"}
    return [said.get(column, "") for column in COLUMNS]


def bulk(folder: Path) -> list[Path]:
    """Write the monthly download (a zip with the data file) and the table of specialties."""
    gone = [{"NPI": GONE, "NPI Deactivation Date": "06/30/2023"}.get(column, "") for column in COLUMNS]
    data = quoted(COLUMNS) + "".join(quoted(row) for row in (*map(_row, MADE), gone))
    monthly = folder / "NPPES_Data_Dissemination_January_2026_V2.zip"
    with zipfile.ZipFile(monthly, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("npidata_pfile_20050523-20260111.csv", data)
        archive.writestr("npidata_pfile_20050523-20260111_fileheader.csv", quoted(COLUMNS))
        archive.writestr("NPPES_Data_Dissemination_Readme.pdf", b"%PDF-1.4")
    return [monthly, specialties(folder)]
