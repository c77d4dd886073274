"""Puts the ward together: who is in it, their stories, what is planted, and the bundles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Final

import orjson

from bogam.synthetic import papers, plant, stories
from bogam.synthetic.build import Chart
from bogam.synthetic.case import Case, Planted, Story, Told
from bogam.synthetic.people import ZONES, Country, Name, korean, names, shared
from bogam.synthetic.plan import Plan

ANCHOR: Final = date(2026, 11, 20)
"""The ward's today: it is nine in the morning of this day in Seoul."""

_ROSTER: Final[dict[str, str]] = {  # story: the country of each of its patients in turn
    "sepsis": "KUKU",
    "heart_failure": "KUK",
    "copd": "KUU",
    "diabetes": "KUK",
    "stroke": "UKU",
    "hip_fracture": "UK",
    "infarction": "KU",
    "kidney": "KU",
    "chemotherapy": "KUKU",
    "asthma": "KUKU",
    "pregnancy": "KU",
    "depression": "UK",
    "sleep_apnoea": "KU",
    "checkup": "KU",
    "atrial_fibrillation": "U",
    "pneumonia": "K",
    "cirrhosis": "K",
    "rheumatoid": "U",
}

_CAST: Final[dict[tuple[str, int], tuple[Name, str, date, str, str]]] = {  # name, sex, birth, number, bed
    ("sepsis", 0): (korean(("김", "Kim"), ("서연", "Seo-yeon")), "F", date(1959, 3, 2), "10023417", "712-3"),
    ("heart_failure", 0): (korean(("박", "Park"), ("민호", "Min-ho")), "M", date(1952, 6, 18), "10019862", "705-1"),
    ("hip_fracture", 0): (Name("Olivia Brown", "Brown", "Olivia"), "F", date(1975, 4, 9), "20047731", "718-2"),
}
"""Patients of the first ward whose names the documentation uses."""


@dataclass(frozen=True, slots=True)
class Ward:
    """The demonstration ward: bundles to load in order (the shared one first), and what was planted in them.

    ``told`` is what each note says: all drugs, allergies, values and problems, and the symptoms that its words name.
    """

    bundles: list[bytes]
    planted: list[Planted]
    told: list[Told]


def ward(seed: int = 7, patients: int = 42, anchor: date = ANCHOR) -> Ward:
    """Make the demonstration ward. The same arguments give the same bytes.

    Parameters
    ----------
    seed
        Draws names, ages, courses, wordings and what is planted where.
    patients
        How many patients; more than 42 begins the roster again with new variants.
    anchor
        The ward's today.

    Returns
    -------
    Ward
        One FHIR R4 transaction Bundle of what is shared (organizations, practitioners, locations), then one a patient.

    Raises
    ------
    ValueError
        For fewer than one patient.
    """
    if patients < 1:
        raise ValueError(f"a ward needs at least 1 patient, not {patients}")
    told = _stories()
    cases = _cases(seed, patients, anchor, told)
    plan = Plan(cases, told, Random(f"{seed}/plan"))
    charts: list[Chart] = []
    for case in cases:
        chart = Chart(case)
        told[case.story].tell(chart)
        plant.absent(chart)
        case.gaps.discard("missing.dose")
        for clash in plan.clashes.get(case.id, ()):
            plant.clash(chart, *clash)
        charts.append(chart)
    plan.after(charts)
    beds: dict[Country, list[str]] = {"KR": [], "US": []}
    for chart in charts:
        papers.insurance(chart)
        beds[chart.case.country].append(chart.case.bed)
    bundles = [shared(beds), *(chart.bundle() for chart in charts)]
    planted, told = [p for chart in charts for p in chart.planted], [t for chart in charts for t in chart.told]
    return Ward([orjson.dumps(b) for b in bundles], planted, told)


@cache
def _stories() -> dict[str, Story]:
    found = [import_module(f"{stories.__name__}.{each.name}").STORY for each in iter_modules(stories.__path__)]
    return {story.name: story for story in found}


def _roster(patients: int) -> list[tuple[str, int, Country]]:
    """List (story, variant, country): the first of each story, then the second, and so on."""
    turns = max(map(len, _ROSTER.values()))
    once = [(s, v, who[v]) for v in range(turns) for s, who in _ROSTER.items() if v < len(who)]
    listed = [(s, v + turns * (n // len(once)), k) for n in range(patients) for s, v, k in (once[n % len(once)],)]
    return [(s, v, "KR" if k == "K" else "US") for s, v, k in listed]


def _cases(seed: int, patients: int, anchor: date, told: dict[str, Story]) -> list[Case]:
    taken = {who[0].text for who in _CAST.values()}
    free = {c: _beds({who[4] for who in _CAST.values()}) for c in ZONES}
    made: list[Case] = []
    for number, (name, variant, country) in enumerate(_roster(patients), 1):
        rng = Random(f"{seed}/{number}/{name}")
        story = told[name]
        # Nine in the morning in Seoul is the evening before in Arizona; each hospital counts its own days.
        now = datetime(anchor.year, anchor.month, anchor.day, 9, tzinfo=ZONES["KR"]).astimezone(ZONES[country])
        sex = rng.choice(story.sexes)
        born = now.date() - timedelta(days=round(rng.uniform(story.ages[0] + 0.05, story.ages[1] + 0.95) * 365.25))
        mrn = f"{1 if country == 'KR' else 2}00{rng.randint(20000, 79999)}"
        person, bed = names(country, rng, taken, sex), free[country].pop(rng.randrange(8))
        cast = _CAST.get((name, variant))
        if cast:
            person, sex, born, mrn, bed = cast
        made.append(Case(number, name, variant, country, sex, born, person, mrn, bed, rng, now))
    return made


def _beds(taken: set[str]) -> list[str]:
    rooms = [f"{floor}{room:02}-{bed}" for floor in (7, 8, 5) for room in range(1, 41) for bed in range(1, 5)]
    return [bed for bed in rooms if bed not in taken] * 5
