"""bogam library"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, Exit, korean
from bogam.doors.cli.house import opened, operator
from bogam.doors.cli.printing import emit, show_table
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from bogam.sources.library.shelf import Edition
    from bogam.sources.mirrors import Progress

app: Final = typer.Typer(
    help="The hospital's own documents: guidelines, regulations, formularies, with their versions and effective dates.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
)
Id = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Id of a document, as bogam library list prints it.")]

Version = Annotated[str, typer.Option("--version", help="As bogam library list prints it.")]


@app.command(epilog=EPILOG)
def add(
    paths: Annotated[list[Path], typer.Argument(help="PDF, DOCX, HTML, Markdown or text files, or folders.")],
    effective: Annotated[
        str, typer.Option("--effective", metavar="DATE", help="From when they apply, if they do not say it themselves.")
    ] = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Take documents into the library. One that is there already in other words becomes a new version of it.

    A file that cannot be read is refused with the reason, the rest is taken; the exit code is then 5.
    """
    with opened(home, json=json) as bogam:
        actor = operator(bogam, who, None).actor
        done = bogam.library_add(paths, effective=effective, actor=actor, progress=_progress)
        if json:
            emit({"documents": done})
        else:
            for each in done:
                if each.outcome != "refused":
                    typer.echo(f"{say(each.outcome):<8} {each.id}  {each.version.partition('~')[0]}  {each.title}")
                for note in each.notes:
                    typer.echo(f"! {each.name}: {_told(note)}", err=True)
        refused = [each for each in done if each.outcome == "refused"]
        for each in refused:
            typer.echo(f"{say('refused')}: {each.name}: {_told(each.reason)}.", err=True)
        if refused:
            raise typer.Exit(Exit.quarantined.value)


def _told(text: str) -> str:
    from bogam.sources.library.told import korean as in_korean  # pulls in what help never needs

    return in_korean(text) if korean() else text


def _progress(progress: Progress) -> None:
    if progress.size > 20 and progress.done % 20 == 0:
        typer.echo(f"{progress.done:,} of {progress.size:,} files", err=True)


@app.command("list", epilog=EPILOG)
def listed(
    all: Annotated[bool, typer.Option("--all", help="Also what was taken off the shelf.")] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """List the documents, every version with its effective date and whether it is in force today."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, None)
        found = bogam.library(actor=asks.actor, purpose=asks.purpose, removed=all)
        if json:
            emit({"documents": found})
            return
        rows = (
            (e.id, e.effective or say("not stated"), say(e.state), e.language, str(e.pages), e.title, e.version)
            for e in found
        )
        columns = tuple(map(say, ("document", "effective", "state", "language", "pages", "title", "version")))
        show_table(columns, rows, empty="The library is empty: bogam library add DIR fills it.")


@app.command(epilog=EPILOG)
def show(
    id: Id,
    version: Version = "",
    page: Annotated[int | None, typer.Option("--page", min=1, help="Only this page; all by default.")] = None,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Show a document: page by page, its paragraphs under their headings."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, None)
        edition, item = bogam.library_document(id, version, actor=asks.actor, purpose=asks.purpose)
        pages = [each for each in item.fields["pages"] if page is None or each["number"] == page]
        if json:
            emit({"document": edition, "pages": pages})
            return
        typer.echo(f"{edition.title}\n{edition.id} · {edition.effective or say('not stated')} · {say(edition.state)}")
        for note in edition.unread.splitlines():
            typer.echo(f"! {_told(note)}")
        for each in pages:
            typer.echo(f"\n[{each['number']}]")
            above = ""
            for heading, text in zip(each["headings"], each["paragraphs"], strict=True):
                if heading != above:
                    typer.echo(f"\n{heading}")
                    above = heading
                typer.echo(f"  {text}")


@app.command(epilog=EPILOG)
def remove(
    id: Id,
    version: Version = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Take a document off the shelf, all its versions or one. What cites it stays citable; put-back undoes it."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, None)
        if not yes:
            found = [e for e in bogam.library(actor=asks.actor, purpose=asks.purpose) if e.id == id]
            named = [e.version for e in found if version in ("", e.version)]
            typer.confirm(say("Take off: {x}?").replace("{x}", ", ".join(named) or id), abort=True, err=True)
        _moved(id, bogam.library_remove(id, version, actor=asks.actor), "taken off the shelf", json)


@app.command("put-back", epilog=EPILOG)
def put_back(
    id: Id, version: Version = "", home: options.Home = options.HOME, who: options.As = "", json: options.Json = False
) -> None:
    """Put a document back that was taken off the shelf, all its versions or one."""
    with opened(home, json=json) as bogam:
        done = bogam.library_put_back(id, version, actor=operator(bogam, who, None).actor)
        _moved(id, done, "put back", json)


def _moved(id: str, done: list[Edition], what: str, json: bool) -> None:
    if json:
        emit({"document": id, "versions": [each.version for each in done]})
    else:
        typer.echo(f"{id}: {say(what)}: {', '.join(each.version for each in done)}")


@app.command(epilog=EPILOG)
def search(
    text: Annotated[str, typer.Argument(help="Words, in Korean or English.")],
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Find documents in force by their words; bogam ask finds passages."""
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, None)
        found = bogam.look_up("library", "search", {"text": text, "limit": 20}, actor=asks.actor, purpose=asks.purpose)
        if json:
            emit(found.json())
            return
        rows = ((item.id, item.version or say("not stated"), item.title) for item in found.items)
        show_table(tuple(map(say, ("document", "effective", "title"))), rows, empty=say("Nothing fits."))
