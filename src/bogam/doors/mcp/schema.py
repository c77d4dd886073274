"""JSON Schemas that cost a model's context little: what can be asked, without what an error will say anyway."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from pydantic import BaseModel

_KEPT: Final = ("type", "enum", "items", "required", "additionalProperties")
_SENTENCE: Final = re.compile(r"(?<!e\.g\.)(?<=[.;:])\s")
_ASIDE: Final = re.compile(r"\s*\([^()]*\)")
COMMON: Final = frozenset({"text", "limit", "next", "offset"})
"""Arguments whose meaning the server's instructions give once for all tools."""


def compact(model: type[BaseModel], words: int = 60, *, more: bool = True) -> dict[str, Any]:
    """Return the schema of a request without titles, defaults and bounds, its references resolved.

    Parameters
    ----------
    words
        Most characters of a description: its first sentence, and none where that is longer.
    more
        Whether the argument that continues a cut answer is added.
    """
    whole = model.model_json_schema()
    small = _small(whole, cast("dict[str, Any]", whole.get("$defs", {})), words)
    properties = cast("dict[str, Any]", small.setdefault("properties", {}))
    if more:
        properties["more"] = {"type": "string"}
    return small


def _small(node: dict[str, Any], named: dict[str, Any], words: int, name: str = "") -> dict[str, Any]:
    if "$ref" in node:
        node = named[str(node["$ref"]).rpartition("/")[2]] | {k: v for k, v in node.items() if k != "$ref"}
    choices = [each for each in cast("list[dict[str, Any]]", node.get("anyOf", [])) if each.get("type") != "null"]
    if len(choices) == 1:
        node = choices[0] | {k: v for k, v in node.items() if k in ("description",)}
        return _small(node, named, words, name)
    made: dict[str, Any] = {key: node[key] for key in _KEPT if key in node}
    if choices:
        made["anyOf"] = [_small(each, named, 0) for each in choices]
    if "const" in node:
        made["enum"] = [node["const"]]
    if "enum" in made:
        made.pop("type", None)
    if isinstance(made.get("items"), dict):
        made["items"] = _small(made["items"], named, 0)
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _small(made["additionalProperties"], named, 0)
    elif "additionalProperties" in made:
        del made["additionalProperties"]
    if "properties" in node:
        members = cast("dict[str, dict[str, Any]]", node["properties"])
        made["properties"] = {key: _small(member, named, words, key) for key, member in members.items()}
    said = _SENTENCE.split(_ASIDE.sub("", str(node.get("description", ""))), maxsplit=1)[0].rstrip(".;:")
    if name and name not in COMMON and said and len(said) <= words:
        made["description"] = said
    return made


def output(*required: str, **properties: Any) -> dict[str, Any]:
    """Return the schema of a result. Values are types (``"string"``) or schemas; ``cut`` is part of each."""
    made = {key: {"type": value} if isinstance(value, str) else value for key, value in properties.items()}
    told: dict[str, Any] = {"type": "object", "properties": made | {"cut": {"type": "array"}}}
    return told | ({"required": list(required)} if required else {})
