"""Files of NPPES and beside it, in the shape that their publishers document, and many made rows.

All providers are invented; any resemblance of a made number to one that is in use is chance.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

SPECIALTIES: Final = {
    "207R00000X": "Internal Medicine Physician",
    "207RC0000X": "Cardiovascular Disease Physician",
    "207Q00000X": "Family Medicine Physician",
    "208000000X": "Pediatrics Physician",
    "363L00000X": "Nurse Practitioner",
    "1223G0001X": "General Practice Dentistry",
    "183500000X": "Pharmacist",
    "282N00000X": "General Acute Care Hospital",
    "261QM1300X": "Multi-Specialty Clinic/Center",
}
_PLACES: Final = ("Mailing", "Practice Location")
_OFFICIAL: Final = ("Last Name", "First Name", "Middle Name", "Title or Position", "Telephone Number")


def _columns() -> Iterator[str]:
    """Give the names of the 330 columns of the data file, as its Readme of February 2025 lists them."""
    yield from ("NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)")
    yield "Provider Organization Name (Legal Business Name)"
    yield from ("Provider Last Name (Legal Name)", "Provider First Name", "Provider Middle Name")
    yield from ("Provider Name Prefix Text", "Provider Name Suffix Text", "Provider Credential Text")
    yield from ("Provider Other Organization Name", "Provider Other Organization Name Type Code")
    for each in ("Last Name", "First Name", "Middle Name", "Name Prefix Text", "Name Suffix Text", "Credential Text",
                 "Last Name Type Code"):  # fmt: skip
        yield f"Provider Other {each}"
    for kind in _PLACES:
        yield from (f"Provider {line} Line Business {kind} Address" for line in ("First", "Second"))
        for each in ("City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)", "Telephone Number",
                     "Fax Number"):  # fmt: skip
            yield f"Provider Business {kind} Address {each}"
    yield from ("Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code")
    yield from ("NPI Deactivation Date", "NPI Reactivation Date", "Provider Sex Code")
    yield from (f"Authorized Official {each}" for each in _OFFICIAL)
    for at in range(1, 16):
        yield from (f"Healthcare Provider Taxonomy Code_{at}", f"Provider License Number_{at}")
        yield from (f"Provider License Number State Code_{at}", f"Healthcare Provider Primary Taxonomy Switch_{at}")
    for at in range(1, 51):
        yield from (f"Other Provider Identifier{each}_{at}" for each in ("", " Type Code", " State", " Issuer"))
    yield from ("Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN")
    yield from (f"Authorized Official {each} Text" for each in ("Name Prefix", "Name Suffix", "Credential"))
    yield from (f"Healthcare Provider Taxonomy Group_{at}" for at in range(1, 16))
    yield "Certification Date"


COLUMNS: Final = tuple(_columns())


def npi(nine: int) -> str:
    """Return the NPI that begins with nine digits: its check digit is that of Luhn over 80840 and the nine."""
    total = 0
    for at, digit in enumerate(reversed(f"80840{nine}")):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{nine}{-total % 10}"


def quoted(cells: Sequence[str]) -> str:
    """Return a line as the publisher writes it: every value in double quotes."""
    return '"' + '","'.join(cells) + '"\n'


def specialties(folder: Path) -> Path:
    """Write a table of specialties in the shape of the National Uniform Claim Committee's, a few rows of it."""
    path = folder / "nucc_taxonomy_260.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Code", "Grouping", "Classification", "Specialization", "Definition", "Notes", "Display Name",
                       "Section"])  # fmt: skip
        for code, name in SPECIALTIES.items():
            rows.writerow([code, "", name, "", "", "", name, "Individual"])
    return path


_STARTS: Final = [
    "BAL",
    "BEN",
    "CAR",
    "COL",
    "DAN",
    "DEL",
    "FAR",
    "GAR",
    "HAL",
    "HAR",
    "KEN",
    "LAN",
    "LIN",
    "MAR",
    "MER",
    "MON",
    "NOR",
    "PAL",
    "PAR",
    "RAN",
    "ROS",
    "SAN",
    "SEL",
    "TAN",
    "TOR",
    "VAL",
    "WAL",
    "WEN",
    "WIL",
    "YOR",
]
_ENDS: Final = [
    "SON",
    "TON",
    "LEY",
    "FORD",
    "WICK",
    "MAN",
    "BERG",
    "WOOD",
    "FIELD",
    "SHAW",
    "STEIN",
    "WORTH",
    "BY",
    "ELL",
    "ER",
    "ES",
    "INGTON",
]
_COMMON: Final = [
    "SMITH",
    "JOHNSON",
    "WILLIAMS",
    "BROWN",
    "JONES",
    "GARCIA",
    "MILLER",
    "DAVIS",
    "RODRIGUEZ",
    "MARTINEZ",
    "LEE",
    "KIM",
    "PATEL",
    "NGUYEN",
]
_FIRST: Final = [
    "JAMES",
    "MARY",
    "ROBERT",
    "PATRICIA",
    "JOHN",
    "JENNIFER",
    "MICHAEL",
    "LINDA",
    "DAVID",
    "ELIZABETH",
    "WILLIAM",
    "BARBARA",
    "SARAH",
    "KAREN",
    "DANIEL",
    "LISA",
]
_STATES: Final = [
    "CA",
    "TX",
    "FL",
    "NY",
    "PA",
    "IL",
    "OH",
    "GA",
    "NC",
    "MI",
    "NJ",
    "VA",
    "WA",
    "AZ",
    "MA",
    "TN",
    "IN",
    "MO",
    "MD",
    "WI",
    "CO",
    "MN",
    "SC",
    "AL",
    "LA",
    "KY",
    "OR",
    "OK",
    "CT",
    "UT",
]
BAD_EVERY: Final = 50_000
"""One row in so many is wrong, each in another way."""


def big(path: Path, rows: int, seed: int = 1) -> int:
    """Write a data file of ``rows`` made rows, all 330 columns, and return how many of them are wrong on purpose.

    Names, cities and specialties are drawn with the skew that real ones have: few very common, many rare. The same seed
    gives the same bytes.
    """
    wrong = 0
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as file:
        file.write(quoted(COLUMNS))
        for at, line in enumerate(_lines(rows, seed), 1):
            if at % BAD_EVERY == 0:
                wrong += 1
                line = _broken(line, at // BAD_EVERY)
            file.write(line)
    return wrong


def _broken(line: str, turn: int) -> str:
    """Return a line with a wrong check digit, a missing column, or a date that is none."""
    if turn % 3 == 0:
        return '"' + line[1:10] + str((int(line[10]) + 1) % 10) + line[11:]
    return line.replace('"",', "", 1) if turn % 3 == 1 else line.replace('"05/06/', '"13/45/', 1)


def _skewed(random: Random, values: Sequence[str], count: int) -> list[str]:
    return random.choices(values, [1 / (rank + 6) for rank in range(len(values))], k=count)


def _lines(rows: int, seed: int) -> Iterator[str]:
    random = Random(seed)
    lasts = [*_COMMON, *(a + b + c for a in _STARTS for b in ("", "A", "E", "I", "O") for c in _ENDS)]
    firsts = [*_FIRST, *(a + b for a in _STARTS for b in ("A", "IE", "INE", "ON", "US", "Y"))]
    cities = [(a + b + c, random.choice(_STATES)) for a in _STARTS for b in ("", " ", "E") for c in _ENDS]
    random.shuffle(cities)
    for begin in range(0, rows, 1000):
        count = min(1000, rows - begin)
        people = zip(_skewed(random, lasts, count), _skewed(random, firsts, count), strict=True)
        places = random.choices(cities, [1 / (rank + 20) for rank in range(len(cities))], k=count)
        for at, ((last, first), place) in enumerate(zip(people, places, strict=True), begin):
            pick = random.getrandbits(30)
            other = lasts[pick % len(lasts)] if pick % 16 == 1 else ""
            mail = cities[pick % len(cities)] if pick % 10 < 3 else place
            yield _line(100_000_000 + at * 48_271 % 200_000_000, last, first, other, place, mail, pick)


_NONE: Final = '"",'
_WORDS: Final = ("FAMILY", "REGIONAL", "VALLEY", "SAINT", "COMMUNITY", "LAKE", "PREMIER", "UNITED")
_KINDS: Final = (
    "HOSPITAL",
    "CLINIC",
    "DENTAL GROUP",
    "PHARMACY",
    "HOME CARE LLC",
    "MEDICAL ASSOCIATES PC",
    "THERAPY INC",
)
_CODES: Final = tuple(SPECIALTIES)


def _line(
    nine: int, last: str, first: str, other: str, place: tuple[str, str], mail: tuple[str, str], pick: int
) -> str:
    """Return one row; three in four are people. ``pick`` decides what else it says."""
    state = place[1]
    if pick % 4:
        head = f'"1",{_NONE * 3}"{last}","{first}","{"ABCDEJKLMR"[pick % 10]}",{_NONE * 2}"M.D.",{_NONE * 2}'
        head += f'"{other}","{first}",{_NONE * 4}"1",' if other else _NONE * 7
        official, sex, owner = _NONE * 5, "FM"[pick % 2], '"N",' + _NONE * 6
    else:
        name = f"{_WORDS[pick % 8]} {last} {_KINDS[pick % 7]}"
        head = f'"2",{_NONE * 2}"{name}",{_NONE * 6}'
        head += f'"{last} {_KINDS[(pick + 1) % 7]}","3",{_NONE * 7}' if pick % 3 == 0 else _NONE * 9
        official, sex, owner = f'"{last}","{first}","","OWNER","555-010-0199",', "", _NONE + '"N",' + _NONE * 5
    zip_code, day = (
        f"{10000 + pick % 88000}{pick % 9973:04d}",
        f"{1 + pick % 12:02d}/{1 + pick % 28:02d}/{2010 + pick % 15}",
    )
    street, tail = f'"{pick % 9000} {last} ST","",', '"US","555-010-0100","555-010-0101",'
    specialty = f'"{_CODES[pick % 9]}","L{pick % 99999}","{state}","Y",'
    specialty += f'"{_CODES[(pick + 3) % 9]}","","{state}","N",' if pick % 5 == 0 else _NONE * 4
    identifier = f'"{pick}","05","{state}","",' if pick % 3 == 0 else _NONE * 4
    return (
        f'"{npi(nine)}",{head}{street}"{mail[0]}","{mail[1]}","{zip_code}",{tail}'
        f'{street}"{place[0]}","{state}","{zip_code}",{tail}"05/06/2008","{day}",{_NONE * 3}"{sex}",{official}'
        f'{specialty}{_NONE * 52}{identifier}{_NONE * 196}{owner}{_NONE * 15}"{day}"\n'
    )
