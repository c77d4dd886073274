"""All commands together."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from bogam.doors.cli import (
    ask,
    audit,
    code,
    deidentify,
    demo,
    drafts,
    init,
    library,
    load,
    maps,
    mcp,
    measure,
    patients,
    quarantine,
    serve,
    show,
    skills,
    source,
    terms,
    train,
    transcript,
    user,
    version,
)
from bogam.doors.cli.exits import EPILOG

_WHO: Final = """Bogam: one patient record, cited drafts, a person's signature.

Whoever can read the home folder can do what its files allow, so the command line asks for no password: --as USER (or
BOGAM_USER) says who is at the keyboard, that person's role decides, and the audit log keeps it. Setting up (init, load,
quarantine, user, audit verify) needs no --as: it is done as the operator of this machine, who sees no patient's record.
"""

app: Final = typer.Typer(
    name="bogam",
    help=_WHO,
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(help=_WHO)
def root(
    show_version: Annotated[
        bool, typer.Option("--version", callback=version.on_request, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The options that stand before a command."""


for module in (
    init,
    load,
    patients,
    show,
    skills,
    drafts,
    ask,
    transcript,
    code,
    deidentify,
    serve,
    measure,
    train,
    demo,
    version,
):
    for command in module.commands:
        app.command(epilog=EPILOG)(command)
for name, group in (
    ("transcript", transcript.app),
    ("quarantine", quarantine.app),
    ("terms", terms.app),
    ("map", maps.app),
    ("source", source.app),
    ("mcp", mcp.app),
    ("library", library.app),
    ("user", user.app),
    ("audit", audit.app),
):
    app.add_typer(group, name=name)
