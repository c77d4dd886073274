"""bogam deidentify"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import UsageError
from bogam.doors.cli.house import caller, opened, operator
from bogam.doors.cli.printing import console, emit

if TYPE_CHECKING:
    from bogam.skills.deidentify.report import Report

_ENDINGS = frozenset({".txt", ".json", ".ndjson", ".jsonl", ".csv", ".tsv"})


class ModeOf(StrEnum):
    """What takes the place of an identifier."""

    mask = "mask"
    tag = "tag"
    surrogate = "surrogate"


def deidentify(
    source: Annotated[
        list[str] | None, typer.Argument(help='Files or folders of notes, FHIR or CSV; "-" is standard input.')
    ] = None,
    patient: Annotated[
        str, typer.Option("--patient", help="Id of a patient: the record, or whose the notes are.")
    ] = "",
    mode: Annotated[ModeOf, typer.Option("--mode", help="What takes the place of an identifier.")] = ModeOf.tag,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File or folder to write; one input may go to standard output.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write what was found and how: .json or .md. Numbers, no values.")
    ] = None,
    show: Annotated[bool, typer.Option("--show-values", help="List the identifiers themselves in the report.")] = False,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="NAME=KIND", help="What a CSV column holds; text, keep too.")
    ] = None,
    weekdays: Annotated[bool, typer.Option("--weekdays", help="Move dates by whole weeks.")] = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Take out what identifies people: notes (.txt), FHIR R4 (.json, .ndjson) and tables (.csv), Korean and English.

    Files need no --as; a patient's record needs a user who may read it for the purpose operations. Nothing that exists
    is written over.
    """
    with opened(home, json=json, make=not patient) as bogam:
        asks = caller(bogam, who, purpose) if patient else operator(bogam, who, purpose)
        if not source and not patient:
            raise UsageError("Nothing to de-identify: name files, folders, - or --patient ID.")
        inputs = _read(source or [])
        several = len(inputs) > 1
        if out is None and (several or json):
            raise UsageError("Name where to write with --out.")
        if several and out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(f"{out} exists and is not empty: name another folder for --out.")
        _free(out if not several else None, report)
        with _progress() as progress:
            done = bogam.deidentify(
                inputs,
                actor=asks.actor,
                purpose=asks.purpose,
                mode=mode.value,
                patient=patient or None,
                weekdays=weekdays,
                columns=_columns(column or []),
                show=show,
                progress=progress,
            )
        written = _write(done.contents, out, several=several)
        if report is not None:
            _report(done.report, report)
        if json:
            emit(done.report.json() | {"written": written})
        else:
            _tell(done.report, written)


def _read(sources: list[str]) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in sources:
        path = Path(each)
        if each == "-":
            found.append(("standard input", sys.stdin.buffer.read()))
        elif path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if file.is_file() and file.suffix.lower() in _ENDINGS]
            if not files:
                raise UsageError(f"{each} holds no file that ends in {', '.join(sorted(_ENDINGS))}.")
            found += [(file.relative_to(path).as_posix(), file.read_bytes()) for file in files]
        else:
            found.append((path.name, path.read_bytes()))
    names = [name for name, _ in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UsageError(f"Two inputs are called {min(twice)}: what comes out would have the same name.")
    return found


def _free(*paths: Path | None) -> None:
    for path in paths:
        if path is not None and path.exists() and not path.is_dir():
            raise UsageError(f"{path} exists and is not written over: name another place.")


def _columns(given: list[str]) -> dict[str, str]:
    pairs = [each.rpartition("=") for each in given]
    wrong = [each for each, (name, _, kind) in zip(given, pairs, strict=True) if not name or not kind]
    if wrong:
        raise UsageError(f'"{wrong[0]}" says no column: give NAME=KIND.')
    return {name: kind for name, _, kind in pairs}


def _write(contents: dict[str, bytes], out: Path | None, *, several: bool) -> list[str]:
    if out is None:
        for content in contents.values():
            sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return []
    written: list[str] = []
    for name, content in contents.items():
        path = out / name if several or out.is_dir() else out
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
        written.append(str(path))
    return written


def _report(report: Report, path: Path) -> None:
    import orjson

    if path.suffix.lower() == ".json":
        body = orjson.dumps(report.json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    else:
        body = report.markdown().encode()
    with path.open("xb") as file:
        file.write(body)


def _tell(report: Report, written: list[str]) -> None:
    total: dict[str, Any] = report.summary()
    found = ", ".join(f"{name} {count:,}" for name, count in report.by_category.items()) or "nothing"
    typer.echo(f"{total['units']:,} resources, notes or rows; found in text: {found}.", err=True)
    if report.elements:
        typer.echo(f"Elements: {', '.join(f'{name} {count:,}' for name, count in report.elements.items())}.", err=True)
    if report.unread:
        typer.echo(f"Not readable, removed whole: {sum(report.unread.values()):,} attachments.", err=True)
    if written:
        typer.echo(f"Wrote {written[0]}." if len(written) == 1 else f"Wrote {len(written)} files.", err=True)


@contextmanager
def _progress() -> Generator[Callable[[str, int, int], None] | None]:
    """Give a callback that draws a bar on standard error, or None where nobody watches."""
    shown = console(err=True)
    if not shown.is_terminal:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=shown, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def draw(name: str, done: int, of: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=of)
            bar.update(tasks[name], completed=done, total=of)

        yield draw


commands = (deidentify,)
