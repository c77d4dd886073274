"""bogam patients"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bogam.doors.cli import options
from bogam.doors.cli.house import caller, opened
from bogam.doors.cli.printing import emit, show_table

if TYPE_CHECKING:
    from bogam.app import PatientRow


Order = Literal["name", "birth_date", "location", "last_entry", "resources"]


def patients(
    text: Annotated[str, typer.Argument(help="Part of a name, number, place or problem.")] = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    sort: Annotated[Order, typer.Option("--sort", help="What to sort by.")] = "name",
    descending: Annotated[bool, typer.Option("--descending", help="Largest or latest first.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Pass over so many.")] = 0,
    json: options.Json = False,
) -> None:
    """List patients."""
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        page = bogam.patients(
            actor=asks.actor,
            purpose=asks.purpose,
            text=text,
            sort=sort,
            descending=descending,
            limit=limit,
            offset=offset,
        )
        if json:
            emit({"total": page.total, "patients": page.rows})
            return
        columns = ("id", "number", "name", "born", "sex", "place", "problems", "allergies", "last entry", "waiting")
        show_table(columns, map(_cells, page.rows), empty="No patient fits.")
        if page.total > len(page.rows):
            typer.echo(f"{offset + 1} to {offset + len(page.rows)} of {page.total}: --limit and --offset show others.")


def _cells(row: PatientRow) -> tuple[object, ...]:
    card = row.card
    problems = "; ".join(card.problems.splitlines()[:2])
    more = card.problem_count - min(2, len(card.problems.splitlines()))
    allergies = "; ".join(card.allergies.splitlines()) or ("none" if card.allergies_known else "not recorded")
    return (
        card.id,
        card.identifier,
        card.name,
        card.birth_date,
        card.gender,
        card.location,
        f"{problems} (+{more})" if more > 0 else problems,
        allergies,
        card.last_entry[:10],
        row.waiting or "",
    )


commands = (patients,)
