"""The NPPES data dissemination file: 330 columns, every value in double quotes, which no value has within.

Layout after the publisher's "Data Dissemination Readme" (February 2025), the same for both versions of the file. The
names of code values were transcribed from general knowledge of its "Code Values" document.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from bogam.sources.answer import Item
from bogam.sources.npi.number import is_npi
from bogam.sources.npi.provider import item_of

TAXONOMIES: Final = 47
IDENTIFIERS: Final = 107
TAIL: Final = 307
HEAD: Final = 51
"""The values before the code of a second specialty: what most rows need."""
_GROUPS: Final = 314
WIDTH: Final = 330

LOCATION, MAILING, SECONDARY = 0, 1, 2
"""What an address is for, as the mirror keeps it."""


def _address(kind: str) -> list[str]:
    return [
        f"Provider First Line Business {kind} Address", f"Provider Second Line Business {kind} Address",
        *(f"Provider Business {kind} Address {each}" for each in (
            "City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)", "Telephone Number", "Fax Number"
        )),
    ]  # fmt: skip


COLUMNS: Final[tuple[str, ...]] = (
    "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)", "Provider First Name",
    "Provider Middle Name", "Provider Name Prefix Text", "Provider Name Suffix Text", "Provider Credential Text",
    "Provider Other Organization Name", "Provider Other Organization Name Type Code", "Provider Other Last Name",
    "Provider Other First Name", "Provider Other Middle Name", "Provider Other Name Prefix Text",
    "Provider Other Name Suffix Text", "Provider Other Credential Text", "Provider Other Last Name Type Code",
    *_address("Mailing"), *_address("Practice Location"),
    "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code", "NPI Deactivation Date",
    "NPI Reactivation Date", "Provider Sex Code", "Authorized Official Last Name", "Authorized Official First Name",
    "Authorized Official Middle Name", "Authorized Official Title or Position", "Authorized Official Telephone Number",
    *(f"{each}_{number}" for number in range(1, 16) for each in (
        "Healthcare Provider Taxonomy Code", "Provider License Number", "Provider License Number State Code",
        "Healthcare Provider Primary Taxonomy Switch",
    )),
    *(f"{each}_{number}" for number in range(1, 51) for each in (
        "Other Provider Identifier", "Other Provider Identifier Type Code", "Other Provider Identifier State",
        "Other Provider Identifier Issuer",
    )),
    "Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN",
    "Authorized Official Name Prefix Text", "Authorized Official Name Suffix Text",
    "Authorized Official Credential Text", *(f"Healthcare Provider Taxonomy Group_{each}" for each in range(1, 16)),
    "Certification Date",
)  # fmt: skip
_OLD_NAMES: Final = {"Provider Gender Code": "Provider Sex Code"}

_SWITCH: Final = {"Y": True, "N": False}
_YES_NO: Final = {"Y": "YES", "N": "NO", "X": "Not Answered"}
_IDENTIFIER: Final = {"01": "Other", "05": "MEDICAID"}
_OTHER_NAME: Final = {"1": "Former Name", "2": "Professional Name", "3": "Doing Business As",
                      "4": "Former Legal Business Name", "5": "Other Name"}  # fmt: skip
_BETWEEN: Final = '","'
_REST: Final = WIDTH - HEAD - 1
_DATES: Final = ("enumeration", "last update", "deactivation", "reactivation", "certification")


class BadRow(ValueError):
    """A row that is not taken; the message says why."""


def heading_wrong(cells: Sequence[str]) -> str:
    """Say how a heading differs from that of the data file; nothing when it is the one."""
    named = [_OLD_NAMES.get(cell.strip(), cell.strip()) for cell in cells]
    if len(named) != WIDTH:
        return f"{len(named)} columns instead of {WIDTH}"
    return next(
        (f'column {at} is "{have[:60]}" instead of "{due}"'
         for at, (have, due) in enumerate(zip(named, COLUMNS, strict=True), 1) if have.casefold() != due.casefold()),
        "",
    )  # fmt: skip


class Row(NamedTuple):
    """One row, split as far as most rows need it: the values up to the first specialty, and what follows as it stands
    in the file, from the code of a second specialty on."""

    head: list[str]
    rest: str

    def values(self) -> list[str]:
        """Return all values."""
        return [*self.head, *self.rest[:-1].split(_BETWEEN)]


def row_of(raw: bytes) -> Row:
    """Read one line.

    Raises
    ------
    BadRow
        When it is not UTF-8, no CSV, or has another number of columns.
    """
    try:
        line = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise BadRow("not UTF-8") from None
    head = line.split(_BETWEEN, HEAD)
    rest = head.pop()
    whole = rest.count(_BETWEEN) == _REST and rest.count('"') == 2 * _REST + 1 and rest[-1] == '"'
    if whole and line[0] == '"' and line.count('"', 0, len(line) - len(rest)) == 2 * HEAD + 1:
        head[0] = head[0][1:]
        return Row(head, rest)
    return _parsed(line)


def _parsed(line: str) -> Row:
    """Read a line that is CSV of another kind; a double quote within a value becomes a single one, as in the file."""
    try:
        cells = next(csv.reader([line], strict=True), list[str]())
    except csv.Error as error:
        raise BadRow(f"no CSV ({error})") from None
    if len(cells) != WIDTH:
        raise BadRow(f"{len(cells)} columns instead of {WIDTH}")
    cells = [cell.replace('"', "'") for cell in cells]
    return Row(cells[:HEAD], _BETWEEN.join(cells[HEAD:]) + '"')


class Dates:
    """Month/day/year as ISO 8601; the few thousand days that there are, each read once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {"": ""}

    def hold(self, texts: Sequence[str]) -> bool:
        """Say whether all were read before."""
        return self._known.keys() >= {*texts}

    def iso(self, text: str) -> str:
        """Return the ISO date. Raises `BadRow` for what is no day."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = _iso(text)
        return known


def _iso(text: str) -> str:
    month, slash, rest = text.strip().partition("/")
    day, slash, year = rest.partition("/") if slash else ("", "", "")
    try:
        made = date(int(year), int(month), int(day))
    except ValueError:
        made = None
    if made is None or not slash or not 1900 <= made.year < 2200:
        raise BadRow(f'"{text[:20]}" is no date (month/day/year)')
    return made.isoformat()


def check(row: Row, dates: Dates) -> None:
    """Raise `BadRow` for a row that cannot be right: its NPI, its type, its dates."""
    head = row.head
    if not is_npi(head[0]):
        raise BadRow(f'"{head[0][:20]}" is no NPI: its check digit or length is wrong')
    if head[1] not in ("1", "2") and not (head[1] == "" and head[39]):
        raise BadRow(f'entity type "{head[1][:10]}" is neither 1 nor 2')
    days = (head[36], head[37], head[39], head[40], row.rest[row.rest.rfind(_BETWEEN) + 3 : -1])
    if not dates.hold(days):
        for text, name in zip(days, _DATES, strict=True):
            try:
                dates.iso(text)
            except BadRow as error:
                raise BadRow(f"{name} date: {error}") from None


def _rows(cells: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (cells[at : at + size] for at in range(0, len(cells), size))


def _said(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def address(purpose: str, cells: Sequence[str]) -> dict[str, Any]:
    """Return one address: lines, city, state, postal code, country, telephone and fax in the file's order."""
    names = ("address_1", "address_2", "city", "state", "postal_code", "country_code", "telephone_number", "fax_number")
    made = _said(**dict(zip(names, cells, strict=True)))
    return (
        {"address_purpose": purpose, "address_type": "DOM" if cells[5] in ("", "US") else "FGN", **made} if made else {}
    )


def provider(
    cells: Sequence[str],
    extra_names: Sequence[tuple[str, str]],
    places: Sequence[Sequence[str]],
    specialties: dict[str, str],
    deactivated: str,
) -> Item:
    """Return the item of a row.

    Parameters
    ----------
    extra_names
        Names of the other name file: name and type code.
    places
        Addresses of the practice location file.
    specialties
        Names of taxonomy codes, of the table that was imported.
    deactivated
        The date that the deactivation report gives, if it lists the number.
    """
    iso = Dates().iso
    kind = {"1": "NPI-1", "2": "NPI-2"}.get(cells[1], "")
    basic = {
        "organization_name": cells[4], "last_name": cells[5], "first_name": cells[6], "middle_name": cells[7],
        "name_prefix": cells[8], "name_suffix": cells[9], "credential": cells[10], "replacement_npi": cells[2],
        "enumeration_date": iso(cells[36]), "last_updated": iso(cells[37]), "deactivation_reason_code": cells[38],
        "deactivation_date": deactivated or iso(cells[39]), "reactivation_date": iso(cells[40]), "sex": cells[41],
        "authorized_official_last_name": cells[42], "authorized_official_first_name": cells[43],
        "authorized_official_middle_name": cells[44], "authorized_official_title_or_position": cells[45],
        "authorized_official_telephone_number": cells[46],
        "sole_proprietor": _YES_NO.get(cells[307], cells[307]) if kind == "NPI-1" else "",
        "organizational_subpart": _YES_NO.get(cells[308], cells[308]) if kind == "NPI-2" else "",
        "parent_organization_legal_business_name": cells[309], "authorized_official_name_prefix": cells[311],
        "authorized_official_name_suffix": cells[312], "authorized_official_credential": cells[313],
        "certification_date": iso(cells[329]),
    }  # fmt: skip
    return item_of(cells[0], kind, basic, {
        "other_names": _other_names(cells, extra_names),
        "addresses": [each for each in (address("MAILING", cells[20:28]), address("LOCATION", cells[28:36])) if each],
        "practiceLocations": [made for each in places if (made := address("LOCATION", each))],
        "taxonomies": [
            _said(code=code, desc=specialties.get(code, ""), primary=_SWITCH.get(switch), state=state, license=licence,
                  taxonomy_group=cells[_GROUPS + at])
            for at, (code, licence, state, switch) in enumerate(_rows(cells[TAXONOMIES:IDENTIFIERS], 4)) if code
        ],
        "identifiers": [
            _said(code=code, desc=_IDENTIFIER.get(code, ""), identifier=identifier, state=state, issuer=issuer)
            for identifier, code, state, issuer in _rows(cells[IDENTIFIERS:TAIL], 4) if identifier
        ],
    })  # fmt: skip


def _other_names(cells: Sequence[str], more: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for name, code in ((cells[11], cells[12]), *more):
        row = _said(organization_name=name, code=code, type=_OTHER_NAME.get(code, ""))
        if name and row not in made:
            made.append(row)
    if cells[13] or cells[14]:
        last, first, middle, prefix, suffix, credential, code = cells[13:20]
        made.append(_said(last_name=last, first_name=first, middle_name=middle, prefix=prefix, suffix=suffix,
                          credential=credential, code=code, type=_OTHER_NAME.get(code, "")))  # fmt: skip
    return made
