"""Opening the home folder, and saying who is at the keyboard."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bogam.access.identity import Action, Actor, Purpose
from bogam.doors.cli.exits import UnknownId, UsageError, reporting

if TYPE_CHECKING:
    from bogam.app import Bogam


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what for."""

    actor: Actor
    purpose: Purpose


@contextmanager
def opened(home: Path, *, json: bool, make: bool = False) -> Generator[Bogam]:
    """Open a home folder for one command, and report what the command fails with.

    Parameters
    ----------
    make
        Whether a folder that is not a home yet becomes one.
    """
    with reporting(json=json):
        if not make and not (home / "records.sqlite").exists():
            raise UsageError(f"{home} is no home folder: make one with bogam init, or name yours with --home.")
        from bogam.app import Bogam

        yield Bogam(home)


def caller(bogam: Bogam, user: str, purpose: Purpose | None) -> Caller:
    """Return the user who asks for patient data.

    Raises
    ------
    UsageError
        When nobody is named, or an emergency has no reason.
    UnknownId
        When there is no such user, or the account is disabled.
    """
    if not user:
        accounts = [f"{each.actor.id} ({each.actor.role})" for each in bogam.users.list() if not each.disabled]
        who = f"Users: {', '.join(accounts)}" if accounts else "There are none yet: bogam user add"
        raise UsageError(f"Say who asks, with --as USER or BOGAM_USER. {who}.")
    found = bogam.users.get(user)
    if found is None:
        raise UnknownId(f'No user "{user}". bogam user list shows who there is.')
    if found.disabled:
        raise UnknownId(f'The account "{user}" is disabled. bogam user enable {user} opens it again.')
    if purpose is Purpose.emergency:
        _log_emergency(bogam, found.actor)
    return Caller(found.actor, purpose or main_purpose(found.actor))


def _log_emergency(bogam: Bogam, actor: Actor) -> None:
    """Ask why, and write it to the audit log: the obligation under which `decide` opens a record in an emergency."""
    from bogam.access.decide import decide

    if not decide(actor, Purpose.emergency, None, Action.read).allow:
        return  # the request itself will be refused, with the reason
    reason = os.environ.get("BOGAM_EMERGENCY_REASON", "").strip()
    if not reason and sys.stdin.isatty():
        reason = str(typer.prompt("Reason for emergency access (it is logged)", err=True)).strip()
    if not reason:
        raise UsageError("Emergency access needs a reason: set BOGAM_EMERGENCY_REASON.")
    bogam.audit.write(actor, Purpose.emergency, None, Action.read, "emergency", "allow", {"reason": reason})


def operator(bogam: Bogam, user: str, purpose: Purpose | None) -> Caller:
    """Return the user named, otherwise the operator of this machine, who may set up and mend but open no record."""
    if user:
        return caller(bogam, user, purpose)
    from bogam.app import local_operator

    return Caller(local_operator(), purpose or Purpose.administration)


def main_purpose(actor: Actor) -> Purpose:
    """Return what the actor's role mostly asks for."""
    from bogam.access import decide

    return decide.main_purpose(actor.role)


def allow(bogam: Bogam, who: Caller, action: Action, target: str) -> None:
    """Decide on what concerns no patient, and write the decision to the audit log.

    Raises
    ------
    Refused
        When it is not allowed.
    """
    from bogam.access.decide import Refused, decide

    decision = decide(who.actor, who.purpose, None, action)
    outcome = "allow" if decision.allow else "refuse"
    bogam.audit.write(who.actor, who.purpose, None, action, target, outcome, {"code": decision.code})
    if not decision.allow:
        raise Refused(decision)
