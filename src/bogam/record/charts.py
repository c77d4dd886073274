"""Charts: the timeline of a patient as the store has it now, and the cards of all patients kept up with it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from sqlalchemy import func, select

from bogam.record.cards import Cards, card, keys
from bogam.record.facts import Timeline
from bogam.record.schema import resource as _resource
from bogam.record.store import Resource, Store
from bogam.record.timeline import timeline, wanted

_REMEMBERED: Final = 64
"""Timelines kept in memory, and cards written at once."""


class NoPatient(LookupError):
    """There is no patient of that id."""


class Charts:
    """Reads patients out of one store.

    Timelines are remembered until something of the patient is written; their facts are immutable and may be shared.
    """

    def __init__(self, store: Store) -> None:
        self.cards = Cards(store.engine)
        self._store = store
        self._kept: OrderedDict[str, tuple[tuple[int, int], Timeline]] = OrderedDict()
        self._lock = Lock()

    def resources(self, patient: str) -> list[Resource]:
        """Return every current resource of a patient.

        Raises
        ------
        NoPatient
            When there is none of that id.
        """
        found = self._store.patient(patient)
        if not any(each.type == "Patient" for each in found):
            raise NoPatient(f'No patient "{patient}" in this record. List the patients to see which there are.')
        return found

    def timeline(self, patient: str) -> Timeline:
        """Return a patient's timeline.

        Raises
        ------
        NoPatient
            When there is none of that id.
        """
        with self._store.engine.connect() as db:
            state = select(func.count(), func.max(_resource.c.pk)).where(_resource.c.patient == patient)
            count, newest = db.execute(state).one()
        with self._lock:
            kept = self._kept.get(patient)
            if kept is not None and kept[0] == (count, newest):
                self._kept.move_to_end(patient)
                return kept[1]
        built = self._build(patient)
        with self._lock:
            self._kept[patient] = ((count, newest), built)
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return built

    def refresh(self) -> None:
        """Make the cards of the patients written to since the last refresh, also one that was cut short."""
        done = self.cards.mark
        with self._store.engine.connect() as db:
            newest: int = db.execute(select(func.max(_resource.c.pk))).scalar() or 0
            if newest == done:
                return
            touched = select(_resource.c.patient).where(_resource.c.pk > done, _resource.c.patient.is_not(None))
            patients = list(db.execute(touched.distinct().order_by(_resource.c.patient)).scalars())
        known = [patient for patient in patients if self._store.get("Patient", patient) is not None]
        for start in range(0, len(known), _REMEMBERED):
            built = map(self._build, known[start : start + _REMEMBERED])
            self.cards.keep((card(each), keys(each)) for each in built)
        self.cards.mark = newest

    def _build(self, patient: str) -> Timeline:
        resources = self.resources(patient)
        return timeline(resources, self._store.linked(wanted(resources)))
