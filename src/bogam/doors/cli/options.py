"""The options that most commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bogam.access.identity import Purpose

Home = Annotated[Path, typer.Option("--home", envvar="BOGAM_HOME", help="The home folder.", show_default=True)]
As = Annotated[str, typer.Option("--as", metavar="USER", envvar="BOGAM_USER", help="Who asks: a user of this home.")]
For = Annotated[
    Purpose | None,
    typer.Option("--purpose", help="What for; by default what the user's role is mostly for.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]

HOME = Path("ward")
Sources = Annotated[bool, typer.Option("--sources", help="List the cited places and words too.")]
