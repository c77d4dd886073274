"""The audit log: who did what, and proof that it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bogam.access.audit import AuditVerdict, Entry
from bogam.access.identity import Action, Actor, Purpose

if TYPE_CHECKING:
    pass


from bogam.app.house import House


class Oversight(House):
    """The oversight of a `Bogam`."""

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
