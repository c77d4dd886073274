"""The house: opens a home folder, wires the rooms, and runs the one path that every request takes.

door -> decide -> gather -> draft -> verify -> show -> sign -> record + audit
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from pydantic import ValidationError

from bogam.access.audit import Audit, AuditVerdict, Entry
from bogam.access.consent import Consent, consent_of
from bogam.access.decide import Refused, decide
from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.access.secret import secret
from bogam.access.users import Users
from bogam.evidence.draft import Draft, Filed, Signature
from bogam.evidence.drafts import Drafts, NoDraft, State
from bogam.evidence.export import fhir
from bogam.evidence.show import Shown, show
from bogam.evidence.verify import verify, verify_draft
from bogam.record import load as loading
from bogam.record.cards import Card, Sort
from bogam.record.charts import Charts, NoPatient
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.record.r4.check import CheckError
from bogam.record.search import query
from bogam.record.store import Incoming, Resource, Store
from bogam.record.transcript import resource as transcript
from bogam.record.transcript.formats import TranscriptError
from bogam.skills.skill import Skill, skills
from bogam.terms import icd10cm
from bogam.terms.imported import Library, NotImported, Report
from bogam.terms.imported.rows import NoTable
from bogam.terms.mapping.desk import Desk, NoTarget
from bogam.terms.mapping.maps import Maps, NoMap
from bogam.text import transcriber
from bogam.text.chart import with_mentions
from bogam.text.transcriber import NoTranscriber

if TYPE_CHECKING:
    from bogam.skills.deidentify import work as deidentification
    from bogam.skills.deidentify.review import Document, Review
    from bogam.skills.deidentify.reviews import Change
    from bogam.text.deid.apply import Mode

FORMATS: Final = ("text", "markdown", "html", "pdf", "csv", "fhir")


class Unknown(LookupError):
    """What was asked for does not exist."""


class BadRequest(ValueError):
    """What was asked for cannot be done as asked."""


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


def now() -> str:
    """Return the present instant, UTC, as FHIR writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def local_operator() -> Actor:
    """Return the person at this machine, who owns the home folder and so may set it up and load it."""
    return Actor("local", getpass.getuser(), Role.administrator)


class Bogam:
    """One hospital's Bogam: a home folder with its records, drafts, users and audit log.

    Parameters
    ----------
    home
        The folder; it is made when it does not exist.

    Every method that reads or writes patient data takes an ``actor`` and a ``purpose``, asks `decide`, and writes to
    the audit log, refusals too. Refused requests raise `Refused`, unknown ids `Unknown`.
    """

    def __init__(self, home: str | Path = "ward") -> None:
        self.home = Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        self.store = Store(self.home / "records.sqlite")
        self.users = Users(self.store.engine)
        self.audit = Audit(self.store.engine, self.home)
        self.terms = Library(self.home / "terms")
        self._drafts = Drafts(self.store.engine)
        self._desk = Desk(self.terms, Maps(self.store.engine), now)
        self._charts = Charts(self.store)
        self._charts.refresh()
        for unfinished in self._drafts.unfiled():
            self._file(unfinished)

    # --- record in

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

    # --- record out

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

    def read(self, type: str, id: str, *, actor: Actor, purpose: str | Purpose, version: int | None = None) -> Resource:
        """Return one resource, its current version or the one named."""
        found = self.store.get(type, id, version)
        with self._step(actor, purpose, found.patient if found else None, Action.read, f"{type}/{id}"):
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
    ) -> query.Page:
        """Search as FHIR does. What belongs to patients whose consent forbids it is left out."""
        only = actor.patient or "" if actor.role is Role.patient else None
        with self._step(actor, purpose, only, Action.search, type, query=[f"{key}={value}" for key, value in params]):
            own = None if only is None else frozenset({only})
            held = self._withheld(actor, Purpose(purpose))
            return query.search(self.store, type, params, base=base, patients=own, withheld=held, lenient=lenient)

    def everything(self, patient: str, *, actor: Actor, purpose: str | Purpose) -> list[Resource]:
        """Return every current resource of one patient (FHIR ``Patient/$everything``)."""
        with self._step(actor, purpose, patient, Action.read, "everything"):
            return self._resources(patient)

    def show(self, citation: Citation, *, actor: Actor, purpose: str | Purpose) -> Shown:
        """Open a citation: the cited version of the resource, and the span in it.

        An entry of a code system is about nobody: it is open to everyone, and not logged.
        """
        if ":" in citation.source:
            return show(citation, self.classified(citation))
        type, _, id = citation.source.partition("/")
        found = self.store.get(type, id, int(citation.version)) if citation.version.isdigit() else None
        with self._step(actor, purpose, found.patient if found else None, Action.read, citation.source):
            if found is None:
                raise Unknown(f"No {citation.source} version {citation.version} in this record.")
            newest = self.store.get(type, id)
            return show(citation, found, current=newest is not None and newest.version == found.version)

    def classified(self, citation: Citation) -> icd10cm.Document:
        """Return the entry of a code system that ``citation`` stands in."""
        found = icd10cm.cited(citation.source, citation.version)
        if found is None:
            raise Unknown(f"{citation.source} version {citation.version} is not among the code systems installed here.")
        return found

    # --- drafts

    def run(self, skill: str, *, patient: str, actor: Actor, purpose: str | Purpose, **request: Any) -> Draft:
        """Have a skill make a draft about a patient, verify it, and keep it until a person signs or rejects it.

        Raises
        ------
        Unknown
            For a skill or patient that does not exist.
        BadRequest
            When ``request`` does not fit the skill's request type.
        """
        return self.run_request(skill, request, patient=patient, actor=actor, purpose=purpose)

    def run_request(
        self,
        skill: str,
        request: Mapping[str, Any],
        *,
        patient: str,
        actor: Actor,
        purpose: str | Purpose,
        wait: bool = True,
    ) -> Draft:
        """As `run`, with the skill's request as a mapping, as it comes from outside.

        With ``wait`` False the draft waits for nobody: what a page shows on being opened.
        """
        maker = self.skill(skill)
        asked_for = {key: str(value) for key, value in request.items()}
        with self._step(actor, purpose, patient, Action.run, skill, request=asked_for):
            try:
                asked = maker.request.model_validate(dict(request))
            except ValidationError as error:
                first = error.errors()[0]
                raise BadRequest(f"{skill}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
            draft = verify_draft(maker.draft(self._timeline(patient), asked), self._fetch)
            return self._drafts.keep(draft, by=actor.id, at=now(), waiting=wait).draft

    def skill(self, name: str) -> Skill:
        """Return an installed skill."""
        if name not in skills():
            raise Unknown(f'No skill "{name}". Known: {", ".join(sorted(skills()))}.')
        return skills()[name]

    def drafts(
        self, *, actor: Actor, purpose: str | Purpose, state: State | None = "waiting", patient: str | None = None
    ) -> list[Filed]:
        """List drafts, newest first: those that wait, or of any state with ``state=None``."""
        only = actor.patient or "" if actor.role is Role.patient else patient
        with self._step(actor, purpose, only, Action.list, "drafts"):
            held = self._withheld(actor, Purpose(purpose))
            return [each for each in self._drafts.list(state=state, patient=only) if each.draft.patient not in held]

    def waiting(self, *, actor: Actor, purpose: str | Purpose) -> int:
        """Count the drafts that `drafts` would list as waiting. Not logged: a number of drafts is about nobody."""
        why, only = Purpose(purpose), actor.patient or "" if actor.role is Role.patient else None
        if not decide(actor, why, only, Action.list).allow:
            return 0
        counts, held = self._drafts.waiting(), self._withheld(actor, why)
        return sum(counts[patient] for patient in counts if patient not in held and only in (None, patient))

    def draft(self, id: str, *, actor: Actor, purpose: str | Purpose) -> Filed:
        """Return a draft."""
        filed = self._filed(id)
        with self._step(actor, purpose, filed.draft.patient, Action.read, id):
            return filed

    def edit(
        self,
        id: str,
        *,
        actor: Actor,
        texts: Mapping[int, str | None],
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
    ) -> Filed:
        """Change or remove sentences of a waiting draft; each changed one is verified again against its citations.

        Parameters
        ----------
        texts
            New text by index into ``draft.claims``; None removes the sentence.
        revision
            The revision that the editor saw. An edit of an older one raises `DraftChanged`.
        """
        filed = self._seen(id, revision)
        draft = filed.draft
        with self._step(actor, purpose, draft.patient, Action.edit, id, claims=sorted(texts)):
            wrong = [index for index in texts if not 0 <= index < len(draft.claims)]
            if wrong:
                raise BadRequest(f"{id} has sentences 0 to {len(draft.claims) - 1}; there is no {wrong[0]}.")
            changed = [
                claim if index not in texts else replace(claim, text=(texts[index] or "").strip())
                for index, claim in enumerate(draft.claims)
                if texts.get(index, "keep") is not None
            ]
            if any(not claim.text for claim in changed):
                raise BadRequest("A sentence cannot be empty: remove it instead.")
            claims = verify(changed, self._fetch, as_of=draft.as_of)
            return self._drafts.revise(filed, replace(draft, claims=claims), by=actor.id, at=now())

    def amend(
        self,
        id: str,
        *,
        actor: Actor,
        change: Callable[[Draft], Draft],
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
    ) -> Filed:
        """Change a waiting draft in a way that its skill knows; every sentence is verified again.

        Parameters
        ----------
        change
            Returns the draft changed. Only its sections and sentences are taken over: whose draft it is, and what it
            was made from, stays.
        revision
            The revision that the editor saw. A change of an older one raises `DraftChanged`.
        """
        filed = self._seen(id, revision)
        draft = filed.draft
        with self._step(actor, purpose, draft.patient, Action.edit, id, amend=filed.revision):
            made = change(draft)
            parts = {name: getattr(made, name) for name in ("sections", "claims", "missing", "conflicts")}
            changed = verify_draft(replace(draft, **parts), self._fetch)
            return self._drafts.revise(filed, changed, by=actor.id, at=now())

    def undo(
        self, id: str, *, actor: Actor, purpose: str | Purpose = Purpose.treatment, revision: int | None = None
    ) -> Filed:
        """Take back the last edit of a waiting draft."""
        filed = self._seen(id, revision)
        with self._step(actor, purpose, filed.draft.patient, Action.edit, id, undo=filed.revision):
            return self._drafts.back(filed)

    def sign(
        self,
        id: str,
        *,
        actor: Actor,
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
        despite: bool = False,
    ) -> Filed:
        """Sign a draft as it stands; it is filed in the record as a Composition with its Provenance.

        Parameters
        ----------
        despite
            Sign although sentences are not borne out by what they cite. Without it such a draft is refused, because
            nobody should do that unawares; the document marks those sentences all the same.
        """
        current, filed = self._filed(id), self._seen(id, revision)
        unsupported = [claim.text for claim in current.draft.claims if claim.support.state != "supported"]
        detail = {"unsupported": len(unsupported)} if unsupported else {}
        with self._step(actor, purpose, filed.draft.patient, Action.sign, id, revision=filed.revision, **detail):
            if unsupported and not despite and current.open and filed.revision == current.revision:
                raise BadRequest(
                    f"{len(unsupported)} sentences are not supported by what they cite: {' / '.join(unsupported)} "
                    "Correct or remove them, or say that you sign despite them."
                )
            signature = Signature(actor.id, actor.name, actor.role.value, now(), "signed")
            return self._file(self._drafts.close(filed, signature))

    def reject(
        self,
        id: str,
        *,
        actor: Actor,
        reason: str,
        purpose: str | Purpose = Purpose.treatment,
        revision: int | None = None,
    ) -> Filed:
        """Reject a draft, with the reason."""
        filed = self._seen(id, revision)
        with self._step(actor, purpose, filed.draft.patient, Action.reject, id, reason=reason):
            if not reason.strip():
                raise BadRequest("A rejection needs a reason.")
            signature = Signature(actor.id, actor.name, actor.role.value, now(), "rejected", reason.strip())
            return self._drafts.close(filed, signature)

    def export(self, id: str, format: str, *, actor: Actor, purpose: str | Purpose) -> bytes:
        """Return a draft as ``text``, ``markdown``, ``html``, ``pdf``, ``csv`` or ``fhir``."""
        filed = self._filed(id)
        with self._step(actor, purpose, filed.draft.patient, Action.export, id, format=format):
            if format == "fhir":
                return fhir.render(filed, self._cited(filed.draft))
            if format not in FORMATS:
                raise BadRequest(f'No format "{format}". Known: {", ".join(FORMATS)}.')
            renderer = import_module(f"bogam.evidence.export.{format}")
            return renderer.render(filed)

    # --- de-identification

    def deidentify(
        self,
        inputs: Sequence[tuple[str, bytes]] = (),
        *,
        actor: Actor,
        purpose: str | Purpose,
        mode: Mode,
        patient: str | None = None,
        weekdays: bool = False,
        columns: Mapping[str, str] | None = None,
        show: bool = False,
        progress: deidentification.Progress | None = None,
    ) -> deidentification.Output:
        """De-identify files, or with ``patient`` that patient's record; see `bogam.skills.deidentify.work.work`.

        With ``patient`` and ``inputs``, the inputs are about the patient, and the record's identifiers are looked for.
        The log keeps the mode, counts and rules, and no value. Surrogates are made with the key of this home.

        Raises
        ------
        BadRequest
            When an input cannot be de-identified.
        """
        from bogam.skills.deidentify import work as deidentification  # its patterns take time to compile

        target = patient or f"{len(inputs)} inputs"
        if patient is not None:
            self.require(Action.read, actor=actor, purpose=purpose, target="deidentify", patient=patient)
        with self._step(actor, purpose, patient, Action.deidentify, target, mode=mode):
            people = deidentification.people(self.store, self._resources(patient)) if patient is not None else []
            given = inputs or deidentification.bundle(patient or "", self._resources(patient or ""))
            options = deidentification.Options(
                mode, secret(self.home / "deid.key"), datetime.now(UTC).date(), weekdays, columns or {}, show
            )
            try:
                done = deidentification.work(given, options, people=people, patient=patient or "", progress=progress)
            except deidentification.WorkError as error:
                raise BadRequest(str(error)) from error
            self.audit.write(
                actor, purpose, patient, Action.deidentify, target, "allow", {"done": done.report.summary()}
            )
            return done

    # --- code systems

    def import_terms(
        self,
        system: str,
        files: Sequence[Path],
        *,
        version: str = "",
        actor: Actor | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Report:
        """Import a code system from its publisher's files; see `bogam.terms.imported.Library.import_`."""
        with self._step(actor or local_operator(), Purpose.administration, None, Action.load, f"terms {system}"):
            try:
                return self.terms.import_(system, files, version=version, say=progress)
            except NoTable as error:
                raise BadRequest(str(error)) from error
            except LookupError as error:
                raise Unknown(str(error)) from error

    @contextmanager
    def mapping(self, target: str, *, actor: Actor, purpose: str | Purpose, **detail: Any) -> Generator[Desk]:
        """Open the desk at which local codes are mapped, for one step; ``target`` and ``detail`` name it in the log."""
        with self._step(actor, purpose, None, Action.map, target, **detail):
            try:
                yield self._desk
            except (NoTable, NoTarget, NotImported) as error:
                raise BadRequest(str(error)) from error
            except NoMap as error:
                raise Unknown(str(error)) from error

    def review(
        self,
        *,
        actor: Actor,
        purpose: str | Purpose,
        mode: Mode,
        text: str = "",
        patient: str | None = None,
        note: str = "",
        part: int = 0,
        change: Change | None = None,
    ) -> Review:
        """Show what identifies people in a text, or in part ``part`` of a patient's note, and what comes out.

        With ``change`` it is made first: a finding removed, restored or added, or all confirmed. Changes are remembered
        for the document; the log keeps what kind of change it was.
        """
        from bogam.skills.deidentify import review as desk
        from bogam.skills.deidentify import work as deidentification
        from bogam.skills.deidentify.reviews import Reviews

        if patient is not None:
            self.require(Action.read, actor=actor, purpose=purpose, target="review", patient=patient)
        done = change.do if change else "look"
        with self._step(actor, purpose, patient, Action.deidentify, note or "pasted text", review=done, mode=mode):
            key, people = secret(self.home / "deid.key"), list[dict[str, Any]]()
            document: Document | None = desk.pasted(text, key)
            if patient is not None:
                people = deidentification.people(self.store, self._resources(patient))
                if note:
                    document = desk.of_note(self._timeline(patient), note, part)
                if document is None:
                    raise Unknown(f"{note} has no text {part} in this record.")
            reviews = Reviews(self.store.engine)
            return desk.review(document, mode, key, reviews, people=people, change=change, by=actor.id, at=now())

    # --- oversight

    def read_audit(
        self, *, actor: Actor, purpose: str | Purpose, patient: str = "", limit: int = 100, offset: int = 0
    ) -> list[Entry]:
        """Return entries of the audit log, newest first: all, or those about one patient."""
        with self._step(actor, purpose, None, Action.read_audit, "audit", about=patient or "all"):
            return self.audit.entries(patient=patient, limit=limit, offset=offset)

    def verify_audit(self, *, actor: Actor, purpose: str | Purpose) -> AuditVerdict:
        """Recompute the chain of the audit log, and name the first entry that is not as it was written."""
        with self._step(actor, purpose, None, Action.verify_audit, "verify"):
            return self.audit.verify()

    def require(
        self, action: Action, *, actor: Actor, purpose: str | Purpose, target: str, patient: str | None = None
    ) -> None:
        """Decide on ``action`` and log it, for what a door does itself, or must settle before it begins.

        Raises
        ------
        Refused
            When it is not allowed.
        """
        decision = decide(actor, Purpose(purpose), patient, action)
        outcome = "allow" if decision.allow else "refuse"
        self.audit.write(actor, purpose, patient, action, target, outcome, {"code": decision.code})
        if not decision.allow:
            raise Refused(decision)

    # --- inside

    @contextmanager
    def _step(
        self, actor: Actor, purpose: str | Purpose, patient: str | None, action: Action, target: str, **detail: Any
    ) -> Generator[None]:
        """Decide, write the decision to the log, and do the step; a failure of the step is logged too."""
        why = Purpose(purpose)
        decision = decide(actor, why, patient, action, self._consent(patient))
        note = detail | ({"obligations": decision.obligations} if decision.obligations else {})
        if not decision.allow:
            self.audit.write(actor, why, patient, action, target, "refuse", note | {"code": decision.code})
            raise Refused(decision)
        self.audit.write(actor, why, patient, action, target, "allow", note)
        try:
            yield
        except Exception as error:
            self.audit.write(actor, why, patient, action, target, "error", {"error": str(error)[:500]})
            raise

    def _cited(self, draft: Draft) -> list[Resource]:
        """Return the versions that a draft cites, each once."""
        cited = {
            (citation.source, citation.version)
            for claim in (*draft.claims, *draft.missing, *draft.conflicts)
            for citation in claim.citations
        }
        return [found for place in sorted(cited) if isinstance(found := self._fetch(*place), Resource)]

    def _consent(self, patient: str | None) -> Consent | None:
        if patient is None:
            return None
        found = self.store.of_type("Consent", patient=patient)
        return consent_of(found) if found else None

    def _withheld(self, actor: Actor, purpose: Purpose) -> frozenset[str]:
        """Return the patients whose consent keeps this actor out for this purpose."""
        by_patient: dict[str, list[Resource]] = {}
        for each in self.store.of_type("Consent"):
            by_patient.setdefault(each.patient or "", []).append(each)
        return frozenset(
            patient
            for patient, consents in by_patient.items()
            if not decide(actor, purpose, patient, Action.read, consent_of(consents)).allow
        )

    def _transcribed(self, content: bytes, name: str) -> transcript.Written:
        """Read a transcript, or make one of a recording. The recording itself is not kept."""
        if transcriber.is_audio(content):
            content = transcriber.as_json(transcriber.configured(self.home).transcribe(content))
            name = f"{name or 'recording'}.json"
        return transcript.transcribed(content, name)

    def _resources(self, patient: str) -> list[Resource]:
        try:
            return self._charts.resources(patient)
        except NoPatient as error:
            raise Unknown(str(error)) from error

    def _timeline(self, patient: str) -> Timeline:
        try:
            return with_mentions(self._charts.timeline(patient))
        except NoPatient as error:
            raise Unknown(str(error)) from error

    def _fetch(self, source: str, version: str) -> Resource | icd10cm.Document | None:
        if ":" in source:
            return icd10cm.cited(source, version)
        type, _, id = source.partition("/")
        return self.store.get(type, id, int(version)) if version.isdigit() else None

    def _filed(self, id: str) -> Filed:
        try:
            return self._drafts.get(id)
        except NoDraft as error:
            raise Unknown(str(error)) from error

    def _seen(self, id: str, revision: int | None) -> Filed:
        filed = self._filed(id)
        return filed if revision is None else replace(filed, revision=revision)

    def _file(self, signed: Filed) -> Filed:
        """File a signed draft. On opening, one whose filing was interrupted is filed again, to the same effect."""
        assert signed.signature is not None
        composition, provenance = (Incoming.of(body) for body in fhir.resources(signed))
        self.store.put([composition, provenance], signed.signature.at)
        self._charts.refresh()
        return self._drafts.filed(signed.draft.id, f"{composition.type}/{composition.id}")
