"""bogam init"""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from bogam.access.identity import Action, Role
from bogam.doors.cli import options, passwords
from bogam.doors.cli.house import allow, opened, operator
from bogam.doors.cli.printing import emit


def init(
    home: options.Home = options.HOME,
    admin: Annotated[str, typer.Option("--admin", help="User name of the administrator.")] = "admin",
    password_stdin: passwords.FromStdin = False,
    json: options.Json = False,
) -> None:
    """Make a home folder, with an administrator.

    Where nobody can type a password, one is made up and printed once. A home that has users is left as it is.
    """
    with opened(home, json=json, make=True) as bogam:
        users = bogam.users.list()
        made_up = None
        if not users:
            given = passwords.ask(stdin=password_stdin)
            made_up = None if given else secrets.token_urlsafe(12)
            allow(bogam, operator(bogam, "", None), Action.manage_users, f"add {admin}")
            bogam.users.add(admin, "", Role.administrator, given or made_up or "")
        if json:
            emit({"home": str(home), "made": not users, "administrator": admin, "password": made_up})
            return
        if users:
            typer.echo(f"{home} is a home folder already, with {len(users)} users. Nothing was changed.")
            return
        typer.echo(f"Made {home} with the administrator {admin}.")
        if made_up:
            typer.echo(f"Password: {made_up}   (shown once; change it with bogam user password {admin})")
        typer.echo("Next: bogam user add NAME --role physician, then bogam load FILE.")


commands = (init,)
