"""bogam source NAME search, bogam source NAME get: commands made of what each source can be asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

import typer

from bogam.doors.cli import options
from bogam.doors.cli.answer import show
from bogam.doors.cli.exits import EPILOG, Exit, stop
from bogam.doors.cli.house import opened, operator

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from bogam.sources.reference_desk import Act
    from bogam.sources.source import Source

_Way = Annotated[
    Literal["auto", "live", "mirror"],
    typer.Option(
        "--way", help="Ask the live source or the mirror alone; by default live where enabled, else the mirror."
    ),
]
_SHARED: Final = (
    ("way", _Way, "auto"),
    ("home", options.Home, options.HOME),
    ("who", options.As, ""),
    ("purpose", options.For, None),
    ("json", options.Json, False),
)


def _sources(home: Path) -> Mapping[str, Source]:
    from bogam.sources.remote_mcp import remotes
    from bogam.sources.source import sources

    return {**remotes(home), **sources()}


def known(home: Path) -> list[str]:
    """Return the names of the sources: those installed, and the remote servers configured in a home folder."""
    return sorted(_sources(home))


def group(name: str, home: Path) -> Any:
    """Return the group of commands of one source; None for a name that no source has."""
    source = _sources(home).get(name)
    if source is None:
        return None
    made = typer.Typer(
        name=name,
        help=f"{source.title}\n\n{source.holds[0]}",
        epilog=EPILOG,
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=False,
    )
    made.command("search", epilog=EPILOG)(_command(source, "search", source.Search, leads="text"))
    made.command("get", epilog=EPILOG)(_command(source, "get", source.Get, leads="id"))
    return typer.main.get_group(made)


def _command(source: Source, act: Act, shape: type[BaseModel], *, leads: str) -> Callable[..., None]:
    """Make the function whose signature has what the source can be asked; the field ``leads`` is no option."""
    fields = shape.model_fields
    own = [(field, *_parameter(field, about, argument=field == leads)) for field, about in fields.items()]
    own.sort(key=lambda each: each[0] != leads)
    taken = {field for field, _, _ in own}
    # Where a field of the source has the name of an option of every command, the field has it.
    shared = [(f"_{key}", key, kind, default) for key, kind, default in _SHARED if key not in taken]
    rest = {key: default for key, _, default in _SHARED if key in taken}

    def run(**values: Any) -> None:
        given = {key: values[key] for key in taken if values[key] not in (None, [], ())}
        _ask(source.name, act, given, **rest, **{key: values[param] for param, key, _, _ in shared})

    parameters = [_named(field, kind, default) for field, kind, default in own]
    parameters += [_named(param, kind, default) for param, _, kind, default in shared]
    cast(Any, run).__signature__ = inspect.Signature(parameters)
    run.__annotations__ = {}
    run.__doc__ = _about(source, act)
    return run


def _named(name: str, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _about(source: Source, act: Act) -> str:
    if act == "search":
        return f"Search {source.title}. {source.holds[0]}"
    example = f" Example: bogam source {source.name} get {source.example[1]}" if source.example[1] else ""
    return f"Get one item of {source.title} by its id.{example}"


def _parameter(name: str, field: FieldInfo, *, argument: bool) -> tuple[Any, Any]:
    """Return the annotation and default of one field: numbers, dates and the like are texts that the source checks."""
    kind, many = _kind(field.annotation)
    shown = field.description or name
    required = field.is_required()
    if argument:
        return Annotated[kind, typer.Argument(help=shown)], inspect.Parameter.empty if required else ""
    flags = list(dict.fromkeys((f"--{name.replace('_', '-')}", f"--{name}")))
    if kind is bool:
        return Annotated[bool | None, typer.Option(f"{flags[0]}/--no-{flags[0][2:]}", help=shown)], None
    if many:
        return Annotated[list[kind] | None, typer.Option(*flags, help=shown)], None
    if required:
        return Annotated[kind, typer.Option(*flags, help=shown)], inspect.Parameter.empty
    default = field.get_default(call_default_factory=True)
    told = f" [default: {default}]" if default not in ("", None) else ""
    return Annotated[kind | None, typer.Option(*flags, help=f"{shown}{told}", show_default=False)], None


def _kind(annotation: Any) -> tuple[Any, bool]:
    """Return the type that the command line reads, and whether it may be given more than once."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    inner = [each for each in get_args(annotation) if each is not type(None)]
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return _kind(inner[0])[0], True
    if get_origin(annotation) is Literal:
        chosen = tuple(each for each in inner if each != "")  # empty is what leaving it out means
        return (Literal[chosen] if all(isinstance(each, str) for each in chosen) else str), False
    if type(None) in get_args(annotation) or get_origin(annotation) is Union:
        return _kind(inner[0]) if len(inner) == 1 else (str, False)
    return (annotation if annotation in (bool, int, float) else str), False


def _ask(
    name: str, act: Act, given: dict[str, Any], *, way: Any, home: Any, who: str, purpose: Any, json: bool
) -> None:
    with opened(home, json=json) as bogam:
        asks = operator(bogam, who, purpose)
        answer = bogam.look_up(name, act, given, actor=asks.actor, purpose=asks.purpose, way=way)
        title = bogam.sources.source(name).title
        show(answer, title, whole=act == "get", json=json)
    exits = {"none": Exit.nothing, "unknown_id": Exit.unknown, "upstream_error": Exit.upstream}
    code = exits.get(answer.status, Exit.ok)
    if code is Exit.nothing:
        raise typer.Exit(code.value)
    if code is not Exit.ok:
        stop(code, f"{name}: {answer.status.replace('_', ' ')}: {answer.reason}", json=json)
