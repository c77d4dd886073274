"""The record in and out: loading, transcripts, patients, timelines, search, a citation opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.evidence.claim import Claim
from bogam.evidence.show import Shown, show
from bogam.record import load as loading
from bogam.record.cards import Card, Sort
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.record.r4.check import CheckError
from bogam.record.search import query
from bogam.record.store import Resource
from bogam.record.transcript import resource as transcript
from bogam.record.transcript.formats import TranscriptError
from bogam.skills.skill import skills
from bogam.sources.answer import Document
from bogam.terms import icd10cm
from bogam.text import transcriber
from bogam.text.transcriber import NoTranscriber

if TYPE_CHECKING:
    pass


from bogam.app.house import BadRequest, House, Unknown, local_operator, now


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient in a list, with how many drafts wait for a signature."""

    card: Card
    waiting: int


@dataclass(frozen=True, slots=True)
class PatientPage:
    """One page of a patient list; ``total`` counts all that match."""

    rows: tuple[PatientRow, ...]
    total: int


class Records(House):
    """The record of a `Bogam`, in and out."""

    def load(
        self,
        source: str | Path | bytes | BinaryIO,
        *,
        actor: Actor | None = None,
        name: str = "",
        progress: Callable[[loading.Progress], None] | None = None,
    ) -> loading.LoadReport:
        """Load FHIR R4 from a file, a folder, an archive, a stream or bytes; see `bogam.record.load.load`."""
        operator = actor or local_operator()
        content = Path(source) if isinstance(source, str) else source
        label = name or (str(content) if isinstance(content, Path) else "input")
        with self._step(operator, Purpose.administration, None, Action.load, label):
            report = loading.load(self.store, content, name=name, progress=progress)
            self._charts.refresh()
        return report

    def retry(
        self, ids: Sequence[int] | None = None, *, actor: Actor | None = None, replacement: bytes | None = None
    ) -> loading.LoadReport:
        """Check quarantined resources again: all, or those named; ``replacement`` stands in for a single one."""
        with self._step(actor or local_operator(), Purpose.administration, None, Action.quarantine, "retry"):
            report = loading.retry(self.store, ids, replacement=replacement)
            self._charts.refresh()
        return report

    def quarantine(self, *, actor: Actor | None = None, limit: int = 100, offset: int = 0) -> list[loading.Quarantined]:
        """List what was refused on loading, with the place and the reason."""
        with self._step(actor or local_operator(), Purpose.administration, None, Action.quarantine, "list"):
            return loading.quarantine(self.store, limit=limit, offset=offset)

    def add_transcript(
        self,
        patient: str,
        content: bytes,
        *,
        actor: Actor,
        purpose: str | Purpose,
        name: str = "",
        encounter: str = "",
        at: str = "",
    ) -> str:
        """Put the dialogue of a visit into a patient's record, and return its reference ("DocumentReference/…").

        Parameters
        ----------
        content
            A transcript (see `bogam.record.transcript.formats`), or audio where a transcriber is configured (see
            `bogam.text.transcriber`). The same file about the same visit is stored once.
        name
            What the file is called.
        encounter
            Id of the Encounter that it is of; it must be the patient's.
        at
            When the visit was, an ISO date and time with its zone; now when empty.

        Raises
        ------
        BadRequest
            When it cannot be read, with the place and the reason.
        Unknown
            For a patient or an encounter that is not in the record.
        """
        with self._step(actor, purpose, patient, Action.add, "transcript", name=name[:200], encounter=encounter):
            self._resources(patient)
            visit = self.store.get("Encounter", encounter) if encounter else None
            if encounter and (visit is None or visit.patient != patient):
                raise Unknown(f"No Encounter/{encounter} in the record of Patient/{patient}.")
            id = transcript.id_of(patient, encounter, content)
            ref = f"DocumentReference/{id}"
            if not self.store.linked([ref]):
                recorded = now()
                try:
                    written = self._transcribed(content, name)
                    made = transcript.document_reference(
                        written,
                        id=id,
                        patient=patient,
                        encounter=encounter,
                        author=actor.name,
                        at=at or recorded,
                        recorded=recorded,
                    )
                except (TranscriptError, NoTranscriber, CheckError) as error:
                    raise BadRequest(f"{name or 'The transcript'}: {error}") from error
                self.store.put([made], recorded)
                self._charts.refresh()
            return ref

    def patients(
        self,
        *,
        actor: Actor,
        purpose: str | Purpose,
        text: str = "",
        sort: Sort = "name",
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> PatientPage:
        """List patients. A patient's own account sees itself alone."""
        only = actor.patient or "" if actor.role is Role.patient else None
        with self._step(actor, purpose, only, Action.list, "patients", text=text):
            cards, total = self._charts.cards.find(
                text=text, only=only, sort=sort, descending=descending, limit=limit, offset=offset
            )
            waiting = self._drafts.waiting()
        return PatientPage(tuple(PatientRow(each, waiting.get(each.id, 0)) for each in cards), total)

    def timeline(self, patient: str, *, actor: Actor, purpose: str | Purpose) -> Timeline:
        """Return the typed facts of one patient."""
        with self._step(actor, purpose, patient, Action.read, "timeline"):
            return self._timeline(patient)

    def conflicts(self, patient: str, *, actor: Actor, purpose: str | Purpose) -> tuple[Claim, ...]:
        """Return where a patient's record contradicts itself, as the record summary tells it; no draft is kept."""
        with self._step(actor, purpose, patient, Action.read, "conflicts"):
            summary = skills()["record-summary"]
            return summary.draft(self._timeline(patient), summary.request()).conflicts

    def read(
        self,
        type: str,
        id: str,
        *,
        actor: Actor,
        purpose: str | Purpose,
        version: int | None = None,
        only: str | None = None,
    ) -> Resource:
        """Return one resource, its current version or the one named; with ``only``, out of that patient's record."""
        found = self.store.get(type, id, version)
        patient, target = found.patient if found else None, f"{type}/{id}"
        self.keep_to(only, patient, actor=actor, purpose=purpose, action=Action.read, target=target)
        with self._step(actor, purpose, patient, Action.read, target):
            if found is None:
                which = f" version {version}" if version else ""
                raise Unknown(f"No {type}/{id}{which} in this record. Search {type} to see which there are.")
            return found

    def history(self, type: str, id: str, *, actor: Actor, purpose: str | Purpose) -> list[Resource]:
        """Return all versions of a resource, newest first."""
        self.read(type, id, actor=actor, purpose=purpose)
        return self.store.history(type, id)

    def search(
        self,
        type: str,
        params: Sequence[tuple[str, str]],
        *,
        actor: Actor,
        purpose: str | Purpose,
        base: str = "/fhir",
        lenient: bool = False,
        only: str | None = None,
    ) -> query.Page:
        """Search as FHIR does. What belongs to patients whose consent forbids it is left out.

        With ``only`` the answer keeps to that patient's record; a patient's own account is kept to its own in any case.
        """
        only = actor.patient or "" if actor.role is Role.patient else only
        with self._step(actor, purpose, only, Action.search, type, query=[f"{key}={value}" for key, value in params]):
            own = None if only is None else frozenset({only})
            held = self._withheld(actor, Purpose(purpose))
            return query.search(self.store, type, params, base=base, patients=own, withheld=held, lenient=lenient)

    def everything(self, patient: str, *, actor: Actor, purpose: str | Purpose) -> list[Resource]:
        """Return every current resource of one patient (FHIR ``Patient/$everything``)."""
        with self._step(actor, purpose, patient, Action.read, "everything"):
            return self._resources(patient)

    def show(self, citation: Citation, *, actor: Actor, purpose: str | Purpose, only: str | None = None) -> Shown:
        """Open a citation: the cited version of the resource, and the span in it.

        With ``only``, the cited version must be in that patient's record. To open an entry of a code system or a
        document of a source is to look something up.
        """
        if ":" in citation.source:
            own = actor.patient if actor.role is Role.patient else None
            with self._step(actor, purpose, own, Action.look_up, citation.source, version=citation.version[:200]):
                current = self.sources.current(citation.source, citation.version)
                return show(citation, self.outside(citation), current=current)
        type, _, id = citation.source.partition("/")
        version = _number(citation.version)
        found = self.store.get(type, id, version) if version else None
        patient = found.patient if found else None
        self.keep_to(only, patient, actor=actor, purpose=purpose, action=Action.read, target=citation.source)
        with self._step(actor, purpose, patient, Action.read, citation.source):
            if found is None:
                raise Unknown(f"No {citation.source} version {citation.version} in this record.")
            newest = self.store.get(type, id)
            return show(citation, found, current=newest is not None and newest.version == found.version)

    def outside(self, citation: Citation) -> icd10cm.Document | Document:
        """Return what ``citation`` stands in beside the record: an entry of a code system, a document of a source."""
        source, version = citation.source, citation.version
        found = icd10cm.cited(source, version) or self.sources.cited(source, version)
        if found is None:
            raise Unknown(f"{source} version {version} is not among the code systems and sources kept here.")
        return found

    def _transcribed(self, content: bytes, name: str) -> transcript.Written:
        """Read a transcript, or make one of a recording. The recording itself is not kept."""
        if transcriber.is_audio(content):
            content = transcriber.as_json(transcriber.configured(self.home).transcribe(content))
            name = f"{name or 'recording'}.json"
        return transcript.transcribed(content, name)


def _number(version: str) -> int | None:
    """Return the version of a resource; None for what cannot be one (``²`` is a digit, and no number)."""
    return int(version) if version.isascii() and version.isdigit() and len(version) < 19 else None
