"""A tool as its server describes it: the description kept as given, its digest, and arguments checked against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, cast

import orjson
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

from bogam.sources.answer import BadQuery, Upstream
from bogam.sources.remote_mcp.untrusted import plain, plain_json

NAME: Final = re.compile(r"[A-Za-z0-9_./-]{1,128}", re.ASCII)
_LARGEST: Final = 100_000
"""Bytes of a description; a larger one is not offered."""
_STEPS: Final = 5_000
"""References that one check may follow."""
_WRONG: Final = (ValidationError, SchemaError, Unresolvable, RecursionError)
_MEMBERS: Final = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")


@dataclass(frozen=True, slots=True)
class Definition:
    """One tool. ``given`` is the server's description, untouched: it is data, never an instruction."""

    name: str
    given: dict[str, Any]

    @property
    def digest(self) -> str:
        """The fingerprint of all that the server says of the tool; what a person allows is this."""
        said = {name: self.given[name] for name in _MEMBERS if name in self.given}
        return "sha256:" + sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def title(self) -> str:
        return plain(str(self.given.get("title") or self.name), 200)

    @property
    def description(self) -> str:
        return plain(str(self.given.get("description") or ""), 4000)

    def shown(self) -> dict[str, Any]:
        """Return the description as it may be shown."""
        return {
            "name": self.name,
            "description": self.description,
            "input_schema": plain_json(self.given.get("inputSchema", {}), 2000),
            "output_schema": plain_json(self.given.get("outputSchema"), 2000),
            "annotations": plain_json(self.given.get("annotations"), 2000),
            "digest": self.digest,
        }

    def check(self, arguments: dict[str, Any]) -> None:
        """Check arguments against the tool's input schema. Raises `BadQuery` naming the argument."""
        try:
            _check(self.given.get("inputSchema", {}), arguments)
        except _WRONG as error:
            raise BadQuery(f"{self.name}: {_reason(error)}") from error

    def check_output(self, structured: Any) -> None:
        """Check what the tool returned against its output schema. Raises `Upstream`."""
        schema = self.given.get("outputSchema")
        if schema is None:
            return
        try:
            _check(schema, structured)
        except _WRONG as error:
            raise Upstream(f"{self.name} did not return what it promises: {_reason(error)}") from error


def definition(given: dict[str, Any]) -> Definition | None:
    """Return a tool; None for one whose name or size cannot be offered."""
    name = given.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(orjson.dumps(given)) > _LARGEST:
        return None
    return Definition(name, given)


def _check(schema: Any, value: Any) -> None:
    """Validate without reaching for anything: no reference leads outside, and what could hold up everything here is not
    run (patterns, comparison of all with all) or is bounded (references). The server checks them itself."""
    bare = deepcopy(schema)
    _drop_costly(bare)
    known: Any = validators.validator_for(bare, default=Draft202012Validator)
    known.check_schema(bare)
    left = iter(range(_STEPS))

    def followed(name: str) -> Any:
        def follow(validator: Any, reference: Any, instance: Any, within: Any) -> Iterator[Any]:
            if next(left, None) is None:
                raise RecursionError
            yield from known.VALIDATORS[name](validator, reference, instance, within) or ()

        return follow

    names = [name for name in ("$ref", "$dynamicRef", "$recursiveRef") if name in known.VALIDATORS]
    kind = cast(Any, validators).extend(known, {name: followed(name) for name in names})
    kind(bare, registry=cast(Any, Registry)()).validate(value)


def _drop_costly(schema: Any) -> None:
    if isinstance(schema, dict):
        members = cast(dict[str, Any], schema)
        if isinstance(members.get("uniqueItems"), bool):
            del members["uniqueItems"]
        if isinstance(members.get("pattern"), str):
            del members["pattern"]
        if isinstance(members.pop("patternProperties", None), dict):
            members.pop("additionalProperties", None)
            members.pop("unevaluatedProperties", None)
        for each in members.values():
            _drop_costly(each)
    elif isinstance(schema, list):
        for each in cast(list[Any], schema):
            _drop_costly(each)


def _reason(error: ValidationError | SchemaError | Unresolvable | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "its schema refers to itself without end."
    if isinstance(error, Unresolvable):
        return f"its schema refers to what is not in it ({plain(str(error), 100)})."
    path: Any = error.absolute_path
    where = ".".join(str(each) for each in path)
    prefix = "its schema is not valid: " if isinstance(error, SchemaError) else f"{where}: " if where else ""
    return plain(f"{prefix}{error.message}", 300) + "."
