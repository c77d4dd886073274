"""bogam mcp"""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from bogam.access.identity import Action, Purpose
from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, UnknownId
from bogam.doors.cli.house import allow, caller, main_purpose, opened, operator
from bogam.doors.cli.printing import emit

app: Final = typer.Typer(epilog=EPILOG, rich_markup_mode=None)


@app.callback(invoke_without_command=True, epilog=EPILOG)
def serve(
    context: typer.Context,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    compact: Annotated[
        bool, typer.Option("--compact", help="Offer find, describe and call in the place of all tools.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Serve the Model Context Protocol on standard input and output, for a program on this machine."""
    if context.invoked_subcommand:
        return
    with opened(home, json=json) as bogam:
        started = caller(bogam, who, purpose)
        import anyio

        from bogam.doors.mcp.asker import at_this_machine
        from bogam.doors.mcp.server import Door

        reason = os.environ.get("BOGAM_EMERGENCY_REASON", "").strip()
        asking = at_this_machine(bogam, started.actor, purpose, reason)
        anyio.run(Door(bogam, asking, few=compact).run_stdio_async)


@app.command(epilog=EPILOG)
def token(
    user: Annotated[str, typer.Argument(help="As whom the program acts.")],
    scope: Annotated[
        list[str], typer.Option("--scope", help='What it may do, such as "user/Condition.rs". May be repeated.')
    ],
    patient: Annotated[str, typer.Option("--patient", help="Whom scopes of patient/ are about.")] = "",
    purpose: Annotated[
        Purpose | None, typer.Option("--purpose", help="What it may ask for; else the role's main purpose.")
    ] = None,
    hours: Annotated[float, typer.Option("--hours", help="How long it lives, a week at most.")] = 8,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Make an access token with scopes for /mcp of the server."""
    with opened(home, json=json) as bogam:
        account = bogam.users.get(user)
        if account is None:
            raise UnknownId(f'No user "{user}". bogam user list shows who there is.')
        scopes = [each for given in scope for each in given.split()]
        allow(
            bogam, operator(bogam, who, None), Action.manage_users, f"mcp token {account.actor.id} {' '.join(scopes)}"
        )
        from bogam.doors.mcp import own

        why = purpose or main_purpose(account.actor)
        secret = own.make(bogam.home, account.actor, why, scopes, patient=patient, hours=hours)
        if json:
            emit({"user": account.actor.id, "purpose": why, "scopes": scopes, "hours": hours, "token": secret})
        else:
            typer.echo(f"{secret}\nShown once; good for {hours:g} hours. Send it as: Authorization: Bearer …")
