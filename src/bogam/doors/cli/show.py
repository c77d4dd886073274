"""bogam show"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bogam.doors.cli import options
from bogam.doors.cli.chart import print_timeline
from bogam.doors.cli.exits import UnknownId, UsageError
from bogam.doors.cli.house import Caller, caller, opened
from bogam.doors.cli.paper import print_draft
from bogam.doors.cli.printing import emit

if TYPE_CHECKING:
    from bogam.app import Bogam
    from bogam.evidence.draft import Filed


def show(
    id: Annotated[str, typer.Argument(help="A patient, a draft, or a resource as Type/id.")],
    draft: Annotated[bool, typer.Option("--draft", help="The id is that of a draft.")] = False,
    version: Annotated[int | None, typer.Option("--version", min=1, help="An older version of a resource.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many entries in each section.")] = 12,
    sources: options.Sources = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Show a patient's timeline, a draft with its marks and sources, or a stored resource.

    Marks: ✓ supported by what it cites, ✕ not supported, ≠ the sources contradict each other, ○ not in the record.
    """
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        if "/" in id:
            _resource(bogam, asks, id, version)
        elif version is not None:
            raise UsageError("--version is for a resource: name it as Type/id.")
        elif not draft and bogam.store.get("Patient", id) is not None:
            timeline = bogam.timeline(id, actor=asks.actor, purpose=asks.purpose)
            if json:
                emit(timeline)
            else:
                print_timeline(timeline, limit=limit)
        else:
            filed = _draft(bogam, asks, id)
            if json:
                emit(filed)
            else:
                print_draft(filed, sources=sources)


def _draft(bogam: Bogam, asks: Caller, id: str) -> Filed:
    from bogam.app import Unknown

    try:
        return bogam.draft(id, actor=asks.actor, purpose=asks.purpose)
    except Unknown:
        raise UnknownId(f'No patient and no draft "{id}". bogam patients and bogam drafts list them.') from None


def _resource(bogam: Bogam, asks: Caller, reference: str, version: int | None) -> None:
    type, _, id = reference.partition("/")
    found = bogam.read(type, id, actor=asks.actor, purpose=asks.purpose, version=version)
    typer.echo(found.body)


commands = (show,)
