"""Words on the terminal: JSON, tables, and text that cannot do anything to the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PIPED: Final = 200


def plain(text: object) -> str:
    """Return text from a record without control and direction characters: a note must not move the cursor."""
    return _CONTROL.sub("\ufffd", str(text).replace("\r\n", "\n"))


def emit(value: Any) -> None:
    """Print a value as JSON, indented."""
    import orjson

    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(value, default=_plainer, option=option), nl=False)


def emit_line(value: Any) -> None:
    """Print a value as one line of JSON."""
    import orjson

    typer.echo(orjson.dumps(value, default=_plainer, option=orjson.OPT_APPEND_NEWLINE), nl=False)


def console(*, err: bool = False) -> Console:
    """Return a terminal that prints what it is given: no markup, no guessing at what is a number."""
    from rich.console import Console

    piped = not (sys.stderr if err else sys.stdout).isatty()
    return Console(stderr=err, markup=False, highlight=False, emoji=False, width=_PIPED if piped else None)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print rows under their columns, or the sentence ``empty`` when there are none."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    if table.row_count:
        console().print(table)
    else:
        typer.echo(empty)


def _plainer(value: Any) -> Any:
    import msgspec

    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, set | frozenset):
        return sorted(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value, enc_hook=str)
    return str(value)
