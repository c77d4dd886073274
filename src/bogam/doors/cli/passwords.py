"""Asking for a password without showing it or leaving it in the shell's history."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bogam.doors.cli.exits import UsageError

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def ask(*, stdin: bool) -> str | None:
    """Return a password: from standard input, or typed twice; None where nobody can type one.

    Raises
    ------
    UsageError
        When standard input is empty.
    """
    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise UsageError("There is no password on standard input.")
        return given
    if not sys.stdin.isatty():
        return None
    return typer.prompt("Password (at least 10 characters)", hide_input=True, confirmation_prompt=True, err=True)
