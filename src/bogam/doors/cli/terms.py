"""bogam terms"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import EPILOG, Exit, UnknownId, UsageError, korean
from bogam.doors.cli.house import opened, operator
from bogam.doors.cli.printing import emit, show_table

if TYPE_CHECKING:
    from bogam.app import Bogam

app: Final = typer.Typer(
    help="Code systems: ICD-10-CM, and those you import from their publishers' files.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
)
System = Annotated[str, typer.Argument(help="icd-10-cm, kcd, loinc, snomed, rxnorm, hcpcs, edi or kdrug.")]
Code = Annotated[str, typer.Argument(help="A code.")]


@app.command("list", epilog=EPILOG)
def listed(home: options.Home = options.HOME, json: options.Json = False) -> None:
    """List the code systems: which are here, in which version, and where the others are given."""
    with opened(home, json=json) as bogam:
        from bogam.terms import icd10cm
        from bogam.terms.imported import SYSTEMS

        index = icd10cm.default()
        found = [{"system": "icd-10-cm", "version": index.release, "codes": sum(1 for _ in index.codes())}]
        for id, system in SYSTEMS.items():
            told = bogam.terms.meta(id) if bogam.terms.has(id) else {}
            found.append(
                {
                    "system": id,
                    "version": told.get("version", ""),
                    "codes": int(told.get("term", 0)),
                    "where": system.where,
                }
            )
        if json:
            emit({"systems": found})
            return
        rows = ((each["system"], each["version"], f"{each['codes']:,}", each.get("where", "")) for each in found)
        show_table(("system", "version", "codes", "publisher"), rows, empty="")


@app.command("import", epilog=EPILOG)
def import_(
    system: System,
    files: Annotated[list[Path], typer.Argument(help="The publisher's files, a folder or a zip.", exists=True)],
    version: Annotated[str, typer.Option("--version", help="What to call the edition, if the files do not tell.")] = "",
    home: options.Home = options.HOME,
    who: options.As = "",
    json: options.Json = False,
) -> None:
    """Import a code system; what was imported of it before is replaced when all is read."""
    with opened(home, json=json) as bogam:
        report = bogam.import_terms(
            system, files, version=version, actor=operator(bogam, who, None).actor, progress=_progress
        )
        if json:
            emit(report)
        else:
            typer.echo(f"{report.system} {report.version}: {report.terms:,} codes, {report.names:,} names.")
        if report.bad:
            for bad in bogam.terms.quarantine(system, 5):
                typer.echo(f"  {bad.file} line {bad.line}: {bad.reason}", err=True)
            typer.echo(f"{report.bad:,} rows were not taken; bogam terms bad {system} lists them.", err=True)
            raise typer.Exit(Exit.quarantined.value)


@contextmanager
def _naming() -> Generator[None]:
    """Turn a system that is not here into an unknown id."""
    try:
        yield
    except UnknownId:
        raise
    except LookupError as error:
        raise UnknownId(str(error)) from error


def _progress(rows: int) -> None:
    typer.echo(f"\r{rows:,} rows", err=True, nl=False)


@app.command(epilog=EPILOG)
def bad(
    system: System,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    home: options.Home = options.HOME,
    json: options.Json = False,
) -> None:
    """List the rows that an import did not take, with their reasons."""
    with opened(home, json=json) as bogam, _naming():
        rows = bogam.terms.quarantine(system, limit)
        if json:
            emit({"rows": rows})
        else:
            columns = ("file", "line", "reason", "row")
            shown = ((each.file, str(each.line), each.reason, each.raw[:80]) for each in rows)
            show_table(columns, shown, empty="All rows were taken.")


@app.command(epilog=EPILOG)
def get(system: System, code: Code, home: options.Home = options.HOME, json: options.Json = False) -> None:
    """Show a code: its names, what is above and below it, and its notes."""
    with opened(home, json=json) as bogam, _naming():
        found = _found(bogam, system, code)
        if json:
            emit(found)
            return
        for label, value in found.items():
            if value or value is False:
                for line in _lines(value):
                    typer.echo(f"{label:<16} {line}")


def _lines(value: Any) -> list[str]:
    """Return a value as lines: a list one a line, an object as its values."""
    if isinstance(value, list):
        return [line for each in cast("list[Any]", value) for line in _lines(each)]
    return ["  ".join(map(str, cast("dict[str, Any]", value).values()))] if isinstance(value, dict) else [str(value)]


def _found(bogam: Bogam, system: str, code: str) -> dict[str, Any]:
    from bogam.terms.lookup import told

    found = told(bogam.terms, system, code)
    if found is None:
        raise UnknownId(f'{system} has no code "{code[:40]}". bogam terms search {system} TEXT finds codes.')
    return found


@app.command(epilog=EPILOG)
def search(
    system: System,
    text: Annotated[str, typer.Argument(help="Words or the beginning of a code, in English or Korean.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many.")] = 20,
    home: options.Home = options.HOME,
    json: options.Json = False,
) -> None:
    """Find codes by words or by the beginning of a code."""
    with opened(home, json=json) as bogam, _naming():
        from bogam.terms.lookup import searched

        found = searched(bogam.terms, system, text, limit)
        if json:
            emit({"codes": found})
            return
        shown = ((each.code, each.name, each.words if each.words != each.name else "") for each in found)
        show_table(("code", "name", "found by"), shown, empty="Nothing fits.")


@app.command(epilog=EPILOG)
def validate(
    system: System,
    codes: Annotated[list[str], typer.Argument(help="Codes.")],
    home: options.Home = options.HOME,
    json: options.Json = False,
) -> None:
    """Say of each code whether it is valid, and why not; codes of ICD-10-CM also whether they may stand together."""
    with opened(home, json=json) as bogam, _naming():
        from bogam.terms.lookup import checked, together

        verdicts = [checked(bogam.terms, system, code) for code in codes]
        beside = together(system, codes)
        if json:
            emit({"codes": verdicts, "together": beside})
        else:
            for each in verdicts:
                typer.echo(
                    f"{'valid' if each.valid else 'NOT valid':<10} {each.reason_ko if korean() else each.reason}"
                )
            for line in beside:
                typer.echo(f"{'together':<10} {line.reason_ko if korean() else line.reason}")
        if not all(each.valid for each in verdicts):
            raise typer.Exit(Exit.unknown.value)


@app.command(epilog=EPILOG)
def convert(
    value: Annotated[float, typer.Argument(help="A value.")],
    unit: Annotated[str, typer.Argument(help="Its unit.")],
    to: Annotated[str, typer.Argument(help="The unit wanted.")],
    of: Annotated[str, typer.Option("--of", help="What it is a value of: needed between mass and amount.")] = "",
    json: options.Json = False,
) -> None:
    """Convert a value between units (UCUM, or as people write them)."""
    from bogam.doors.cli.exits import reporting

    with reporting(json=json):
        from bogam.terms import ucum

        try:
            found = ucum.convert(value, unit, to, of)
        except ucum.UnitError as error:
            raise UsageError(error.reason_ko if korean() else error.reason) from error
        if json:
            emit({"value": found, "unit": ucum.ucum(to)})
        else:
            typer.echo(f"{found:.6g} {to}")
