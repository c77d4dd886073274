"""bogam skills"""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import typer

from bogam.doors.cli import options
from bogam.doors.cli.printing import emit


def skills(json: options.Json = False) -> None:
    """List the installed skills, and what can be asked of each (bogam run SKILL PATIENT -o NAME=VALUE)."""
    from bogam.skills.skill import skills as installed

    listed = {name: _asked(skill.request) for name, skill in sorted(installed().items())}
    if json:
        emit({"skills": [{"name": name, "request": asked} for name, asked in listed.items()]})
        return
    for name, asked in listed.items():
        typer.echo(name)
        for field, about in asked.items():
            default = "" if about["default"] in (None, "") else f" (default {about['default']})"
            typer.echo(f"  {field}: {about['values']}{default}")


def _asked(request: Any) -> dict[str, dict[str, Any]]:
    return {
        name: {"values": _values(field.annotation), "default": field.get_default(call_default_factory=True)}
        for name, field in request.model_fields.items()
    }


def _values(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(str(each) for each in get_args(annotation))
    kinds = [each for each in get_args(annotation) if each is not type(None)]
    return " or ".join(_values(each) for each in kinds) if kinds else getattr(annotation, "__name__", str(annotation))


commands = (skills,)
