"""The home folder and its stores, and the one step in which a request is decided, logged and done."""

from __future__ import annotations

import getpass
import logging
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bogam.access.audit import Audit
from bogam.access.consent import Consent, consent_of
from bogam.access.decide import Decision, Refused, Work, decide
from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.access.users import Users
from bogam.evidence.drafts import Drafts
from bogam.evidence.retrieval.retriever import Retriever
from bogam.record.charts import Charts, NoPatient
from bogam.record.facts import Timeline
from bogam.record.store import Resource, Store
from bogam.sources.answer import Document
from bogam.sources.outside.egress import NotSent
from bogam.sources.reference_desk import ReferenceDesk
from bogam.terms import icd10cm
from bogam.terms.imported import Library
from bogam.terms.mapping.desk import Desk
from bogam.terms.mapping.maps import Maps
from bogam.text.chart import with_mentions

if TYPE_CHECKING:
    pass


_log: Final = logging.getLogger(__name__)


class Unknown(LookupError):
    """What was asked for does not exist."""


class BadRequest(ValueError):
    """What was asked for cannot be done as asked. ``ko`` is the message in Korean, where there is one."""

    def __init__(self, message: str = "", *, ko: str = "") -> None:
        super().__init__(message)
        self.ko = ko or message


class SourceClosed(BadRequest):
    """A source that is neither enabled nor mirrored here."""


def now() -> str:
    """Return the present instant, UTC, as FHIR writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def local_operator() -> Actor:
    """Return the person at this machine, who owns the home folder and so may set it up and load it."""
    return Actor("local", getpass.getuser(), Role.administrator)


def _close_to_others(home: Path) -> None:
    """Make the database its owner's alone where there is none yet, and warn of a folder that others may read."""
    with suppress(FileExistsError):
        os.close(os.open(home / "records.sqlite", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if home.stat().st_mode & 0o007:
        _log.warning("%s holds patients' records and is open to other users of this machine: chmod 700 it.", home)


class House:
    """What every part of `Bogam` stands on: the home folder, its stores, and the step that decides and logs.

    Parameters
    ----------
    home
        The folder; it is made when it does not exist.
    """

    def __init__(self, home: str | Path = "ward") -> None:
        self.home = Path(home)
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(self.home)
        self.store = Store(self.home / "records.sqlite")
        self.users = Users(self.store.engine)
        self.audit = Audit(self.store.engine, self.home)
        self.terms = Library(self.home / "terms")
        self._drafts = Drafts(self.store.engine)
        self._desk = Desk(self.terms, Maps(self.store.engine), now)
        self._charts = Charts(self.store)
        self._charts.refresh()
        self.sources = ReferenceDesk(self.home, people=self._charts.cards.known)

    @cached_property
    def retriever(self) -> Retriever:
        """What looks things up for skills."""
        return Retriever(self.sources)

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

    def keep_to(
        self,
        only: str | None,
        patient: str | None,
        *,
        actor: Actor,
        purpose: str | Purpose,
        action: Action,
        target: str,
    ) -> None:
        """Refuse, and log, what is not in the record of ``only``, to whom an access token is confined.

        Parameters
        ----------
        only
            The one patient; None confines nothing.
        patient
            In whose record ``target`` is; None for nobody's, and for what does not exist.

        Raises
        ------
        Refused
            With the code ``not-token-patient``, in the same words whether ``target`` exists or not.
        """
        if only is None or patient == only:
            return
        note = {"code": "not-token-patient", "token": only[:64]}
        self.audit.write(actor, purpose, patient, action, target[:200], "refuse", note)
        said = f"The access token is about Patient/{only[:64]} only, and {target[:100]} is not in that record."
        said_ko = (
            f"이 접근 토큰으로는 환자 {only[:64]}의 기록만 볼 수 있으며, {target[:100]} 항목은 그 기록에 없습니다."
        )
        raise Refused(Decision(False, note["code"], said, said_ko))

    @contextmanager
    def _step(
        self,
        actor: Actor,
        purpose: str | Purpose,
        patient: str | None,
        action: Action,
        target: str,
        *,
        work: Work | None = None,
        hindrance: Callable[[], NotSent | None] = lambda: None,
        **detail: Any,
    ) -> Generator[None]:
        """Decide, write the decision to the log, and do the step; a failure of the step is logged too.

        ``hindrance`` says why what is allowed is not done after all. Where ``asked`` stands for a question that is not
        in the log, neither is what an error may quote of it.
        """
        why = Purpose(purpose)
        decision = decide(actor, why, patient, action, self._consent(patient), work)
        note = detail | ({"obligations": decision.obligations} if decision.obligations else {})
        if not decision.allow:
            self.audit.write(actor, why, patient, action, target, "refuse", note | {"code": decision.code})
            raise Refused(decision)
        hindered = hindrance()
        if hindered is not None:
            self.audit.write(actor, why, patient, action, target, "refuse", note | {"code": "identifies-patient"})
            raise BadRequest(str(hindered), ko=hindered.ko) from hindered
        self.audit.write(actor, why, patient, action, target, "allow", note)
        try:
            yield
        except Exception as error:
            said = type(error).__name__ if "asked" in detail else str(error)[:500]
            self.audit.write(actor, why, patient, action, target, "error", {"error": said})
            raise

    def _asked(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the log keeps of a question: the fields given, its length, and a keyed digest, never its text."""
        told = {key: str(value) for key, value in sorted(request.items())}
        length = sum(map(len, told.values()))
        return {"fields": [*told], "length": length, "digest": self.audit.digest(repr(told))}

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

    def _fetch(self, source: str, version: str) -> Resource | icd10cm.Document | Document | None:
        if ":" in source:
            return icd10cm.cited(source, version) or self.sources.cited(source, version)
        type, _, id = source.partition("/")
        return self.store.get(type, id, int(version)) if version.isascii() and version.isdigit() else None
