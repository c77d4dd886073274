"""Who asks through this door, what for, and with which scopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bogam.access.audit import Audit
from bogam.access.decide import Decision, Refused, main_purpose
from bogam.access.identity import Action, Actor, Purpose
from bogam.app import Bogam
from bogam.doors.mcp.scopes import Scopes


class ScopeMissing(Exception):
    """A token that does not allow what is asked with it. ``scopes`` are those that would be needed."""

    def __init__(self, reason: str, scopes: Sequence[str]) -> None:
        super().__init__(reason)
        self.scopes = tuple(scopes)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. Without ``scopes`` the role alone decides: somebody at this machine, or a token of Bogam's own."""

    actor: Actor
    purpose: Purpose
    scopes: Scopes | None = None

    def may(self, need: str, patient: str | None) -> bool:
        """Whether the scopes cover ``need`` for what is in the record of ``patient`` (None: in nobody's)."""
        if self.scopes is None:
            return True
        level = self.scopes.level(need)
        return level == "user" or (level == "patient" and patient is not None and patient == self.scopes.patient)

    def confined(self, needs: Sequence[str], *, everyone: bool = False) -> str | None:
        """Return the one patient to whom the answer must be kept; None where it need not be.

        Parameters
        ----------
        everyone
            The answer is about everyone, so that scopes about one patient do not cover it.

        Raises
        ------
        ScopeMissing
            When the scopes do not cover ``needs``.
        """
        if self.scopes is None:
            return None
        missing = [self.scopes.written(each) for each in needs if self.scopes.level(each) is None]
        if missing:
            raise ScopeMissing(f"The access token lacks the scope {' '.join(missing)}.", missing)
        if all(self.scopes.level(each) == "user" for each in needs):
            return None
        if everyone or not self.scopes.patient:
            wider = [f"user/{each}" for each in needs if self.scopes.level(each) == "patient"]
            why = "is about one patient" if everyone else "has patient/ scopes and names no patient"
            raise ScopeMissing(f"The access token {why}.", wider)
        return self.scopes.patient

    def confined_logged(
        self, audit: Audit, needs: Sequence[str], action: Action, target: str, *, everyone: bool = False
    ) -> str | None:
        """As `confined`; a refusal is written to the audit log."""
        try:
            return self.confined(needs, everyone=everyone)
        except ScopeMissing as error:
            note = {"code": "insufficient-scope", "needed": list(error.scopes)}
            audit.write(self.actor, self.purpose, None, action, target[:200], "refuse", note)
            raise


def at_this_machine(bogam: Bogam, actor: Actor, purpose: Purpose | None, reason: str = "") -> Callable[[], Asker]:
    """Return what tells, at each call, as whom a program on this machine acts.

    Parameters
    ----------
    actor
        Who started the program. The account is looked up at each call: it may have been closed, or have another role.
    purpose
        What for; None for the main purpose of the role.
    reason
        Why, for an emergency; logged at each call.
    """

    def asking() -> Asker:
        account = bogam.users.get(actor.id)
        if account is None or account.disabled:
            note = {"code": "account-closed"}
            bogam.audit.write(actor, purpose or "", None, Action.read, "mcp", "refuse", note)
            said = f'The account "{actor.id}" is closed: an administrator can open it again.'
            said_ko = f"‘{actor.id}’ 계정은 닫혀 있습니다. 관리자가 다시 열 수 있습니다."
            raise Refused(Decision(False, note["code"], said, said_ko))
        why = purpose or main_purpose(account.actor.role)
        if why is Purpose.emergency:
            bogam.audit.write(account.actor, why, None, Action.read, "emergency", "allow", {"reason": reason[:500]})
        return Asker(account.actor, why)

    return asking
