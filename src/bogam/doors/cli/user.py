"""bogam user"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from bogam.access.identity import Action, Purpose, Role
from bogam.doors.cli import options, passwords
from bogam.doors.cli.exits import EPILOG, UnknownId, UsageError
from bogam.doors.cli.house import allow, main_purpose, opened, operator
from bogam.doors.cli.printing import emit, show_table

app: Final = typer.Typer(
    help="The people who may sign in, and tokens for programs.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
)
User = Annotated[str, typer.Argument(help="User name.")]


@app.command(epilog=EPILOG)
def add(
    user: User,
    role: Annotated[Role, typer.Option("--role", help="What the person is here to do.")],
    name: Annotated[str, typer.Option("--name", help="How the person is shown.")] = "",
    patient: Annotated[str, typer.Option("--patient", help="Patient id, for a patient's own account.")] = "",
    practitioner: Annotated[str, typer.Option("--practitioner", help="Practitioner id in the record.")] = "",
    password_stdin: passwords.FromStdin = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Add an account."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.manage_users, f"add {user}")
        password = _password(stdin=password_stdin)
        made = bogam.users.add(user, name, role, password, patient=patient or None, practitioner=practitioner or None)
        if json:
            emit(made)
        else:
            typer.echo(f"Added {made.id}, {made.role}.")


@app.command("list", epilog=EPILOG)
def listed(home: options.Home = options.HOME, who: options.As = "", json: options.Json = False) -> None:
    """List the accounts."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.manage_users, "list")
        found = bogam.users.list()
        if json:
            emit({"users": found})
            return
        rows = (
            (each.actor.id, each.actor.name, each.actor.role, each.actor.patient or "", "disabled" * each.disabled)
            for each in found
        )
        show_table(("user", "name", "role", "patient", ""), rows, empty="There are no users yet.")


@app.command(epilog=EPILOG)
def disable(user: User, home: options.Home = options.HOME, who: options.As = "", json: options.Json = False) -> None:
    """Close an account: its sessions end and its tokens rest."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.manage_users, f"disable {user}")
        bogam.users.disable(user)
        _said({"user": user, "disabled": True}, f"{user} is disabled.", json=json)


@app.command(epilog=EPILOG)
def enable(user: User, home: options.Home = options.HOME, who: options.As = "", json: options.Json = False) -> None:
    """Open a disabled account again."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.manage_users, f"enable {user}")
        bogam.users.disable(user, disabled=False)
        _said({"user": user, "disabled": False}, f"{user} is enabled.", json=json)


@app.command(epilog=EPILOG)
def password(
    user: User,
    password_stdin: passwords.FromStdin = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Set a new password: the account's sessions end, its tokens stay."""
    with opened(home, json=json) as bogam:
        allow(bogam, operator(bogam, who, None), Action.manage_users, f"password {user}")
        bogam.users.set_password(user, _password(stdin=password_stdin))
        _said({"user": user}, f"The password of {user} is changed.", json=json)


@app.command(epilog=EPILOG)
def token(
    user: User,
    name: Annotated[str, typer.Option("--name", help="Make a token of this name.")] = "",
    purpose: Annotated[
        Purpose | None, typer.Option("--purpose", help="What the program may ask for; else the role's main purpose.")
    ] = None,
    days: Annotated[float, typer.Option("--days", help="How long it lives.")] = 90,
    revoke: Annotated[str, typer.Option("--revoke", metavar="NAME", help="Revoke the token of this name.")] = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """List the bearer tokens of a user; make one with --name, revoke one with --revoke."""
    with opened(home, json=json) as bogam:
        account = bogam.users.get(user)
        if account is None:
            raise UnknownId(f'No user "{user}". bogam user list shows who there is.')
        id, tokens = account.actor.id, bogam.users.tokens
        what = f"token {id} {name or revoke}".strip()
        allow(bogam, operator(bogam, who, None), Action.manage_users, what)
        if revoke:
            if not tokens.revoke(id, revoke):
                raise UnknownId(f'{id} has no token "{revoke}". bogam user token {id} lists them.')
            _said({"user": id, "revoked": revoke}, f"Revoked {revoke}.", json=json)
        elif name:
            purpose = purpose or main_purpose(account.actor)
            secret = tokens.create(account.actor, name=name, purpose=purpose, days=days)
            said = f"{secret}\nShown once. Send it as: Authorization: Bearer {secret[:9]}…"
            _said({"user": id, "name": name, "purpose": purpose, "token": secret}, said, json=json)
        else:
            found = tokens.list(id)
            if json:
                emit({"tokens": found})
                return
            rows = ((each.name, each.purpose, _day(each.made), _day(each.expires)) for each in found)
            show_table(("name", "purpose", "made", "expires"), rows, empty=f"{id} has no tokens.")


def _password(*, stdin: bool) -> str:
    given = passwords.ask(stdin=stdin)
    if given is None:
        raise UsageError("Nobody can type a password here: give it with --password-stdin.")
    return given


def _said(value: dict[str, object], sentence: str, *, json: bool) -> None:
    if json:
        emit(value)
    else:
        typer.echo(sentence)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
