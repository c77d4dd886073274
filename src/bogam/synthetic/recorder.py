"""The recorder under a chart: links, ids, language, time, and the list of resources in the order of writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bogam.synthetic.case import Case, Planted, Said, Told
from bogam.synthetic.catalog.drugs import Drug
from bogam.synthetic.elements import Value
from bogam.synthetic.people import STAFF, Json, entry, urn
from bogam.synthetic.person import person


@dataclass(slots=True)
class Problem:
    """A condition as the notes speak of it."""

    key: str
    short: str
    text: str
    id: str
    onset: str
    status: str
    side: str | None


@dataclass(slots=True)
class Med:
    """A drug order as the notes speak of it: name, dose, route, frequency. ``stop`` is None while it runs."""

    drug: Drug
    line: str
    signa: tuple[str, str, str]
    id: str
    start: datetime
    stop: datetime | None
    resource: Json


class Recorder:
    """Everything recorded of one patient, in the order of writing."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rng = case.rng
        self.now = case.now
        self.ko = case.country == "KR"
        self.site = case.country.lower()
        self.resources: list[Json] = []
        self.planted: list[Planted] = []
        self.told: list[Told] = []
        self.kin: list[tuple[str, str]] = []
        self.problems: dict[str, Problem] = {}
        self.meds: list[Med] = []
        self.values: dict[str, list[tuple[datetime, Value]]] = {}
        self.visits: list[Json] = []
        self.hospital_stay: datetime | None = None
        self.dept = "im"
        self.acute: set[str] = set()
        self.deceased: datetime | None = None
        self._counts: dict[str, int] = {}
        self._subject = self.link("Patient", case.id, case.name.text)

    def t(self, said: Said) -> str:
        """Return what is said in the language of the patient's hospital."""
        return said[0] if self.ko else said[1]

    def say(self, *said: Said) -> str:
        """Choose one wording by the seed."""
        return self.t(self.rng.choice(said))

    def at(self, day: int, time: str = "09:00", jitter: int = 0) -> datetime:
        """Return a local moment ``day`` days from today, up to ``jitter`` minutes late, never after now."""
        hour, minute = time.split(":")
        moment = (self.now + timedelta(days=day)).replace(hour=int(hour), minute=int(minute), second=0)
        moment += timedelta(minutes=self.rng.randint(0, jitter) if jitter else 0)
        return min(moment, self.now - timedelta(minutes=2)) if day <= 0 else moment

    def link(self, type_: str, id_: str, display: str = "") -> Json:
        return {"reference": urn(type_, id_), "display": display} if display else {"reference": urn(type_, id_)}

    def shared(self, type_: str, key: str, display: str = "") -> Json:
        """Link to a resource of the shared bundle, which stands outside this one."""
        reference: Json = {"reference": f"{type_}/{self.site}-{key}"}
        return reference | {"display": display} if display else reference

    def who(self, key: str) -> Json:
        return self.shared("Practitioner", key, STAFF[key].name(self.case.country))

    def concept(self, system: str, code: str, en: str, ko: str = "") -> Json:
        """Build a CodeableConcept with its text in the local language; without a code it is text only."""
        text = ko if self.ko and ko else en
        return {"coding": [{"system": system, "code": code, "display": en}], "text": text} if code else {"text": text}

    def put(self, type_: str, key: str, subject: str = "subject", /, **elements: Any) -> str:
        """Write a resource about the patient and return its id. Elements that are None are left out."""
        stem = f"{self.case.id}-{key}"
        count = self._counts[stem] = self._counts.get(stem, 0) + 1
        id_ = stem if count == 1 else f"{stem}-{count}"
        resource: Json = {"resourceType": type_, "id": id_, subject: self._subject}
        resource |= {name: value for name, value in elements.items() if value is not None}
        self.resources.append(resource)
        return id_

    def encounter_link(self) -> Json | None:
        return self.link("Encounter", self.visits[-1]["id"]) if self.visits else None

    def plant(self, kind: str, detail: Mapping[str, Any], *resources: str) -> None:
        """Note that something was planted. ``resources`` are ``Type/id``."""
        self.planted.append(Planted(self.case.id, kind, dict(detail), resources))

    def find(self, ref: str) -> Json:
        type_, id_ = ref.split("/")
        return next(r for r in self.resources if r["id"] == id_ and r["resourceType"] == type_)

    def bundle(self) -> Json:
        """Return the transaction with the Patient first."""
        made = [person(self.case, self.deceased), *self.resources]
        return {
            "resourceType": "Bundle",
            "id": f"ward-{self.case.id}",
            "type": "transaction",
            "entry": [entry(r) for r in made],
        }
