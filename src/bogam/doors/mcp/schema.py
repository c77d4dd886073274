"""JSON Schemas that cost a model's context little: what can be asked, without what an error will say anyway."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from pydantic import BaseModel

_KEPT: Final = ("type", "enum", "items", "required", "additionalProperties")
_SENTENCE: Final = re.compile(r"(?<!e\.g\.)(?<=[.;])\s")
_ASIDE: Final = re.compile(r"\s*\([^()]*\)")
_PAUSE: Final = re.compile(r"[,:;]\s")
_WORD: Final = re.compile(r"[a-z]+")
_EMPTY: Final = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "its", "of", "on", "only", "or", "such", "that"}
    | {"the", "this", "to", "with", "words", "which"}
)
WORDS: Final = 36
"""Most characters of the description of an argument in the list of tools; `describe` gives more."""
COMMON: Final = frozenset({"text", "limit", "next", "offset", "id", "patient"})
"""Arguments whose meaning the server's instructions give once for all tools."""


def compact(model: type[BaseModel], words: int = WORDS, *, more: bool = True) -> dict[str, Any]:
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
        made["enum"] = [each for each in made["enum"] if each != ""]
    if isinstance(made.get("items"), dict):
        made["items"] = _small(made["items"], named, 0)
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _small(made["additionalProperties"], named, 0)
    elif "additionalProperties" in made:
        del made["additionalProperties"]
    if "properties" in node:
        members = cast("dict[str, dict[str, Any]]", node["properties"])
        made["properties"] = {key: _small(member, named, words, key) for key, member in members.items()}
    said = brief(str(node.get("description", "")), words)
    # Choices explain themselves, and so do names that say all that the description says.
    if name and said and not (name in COMMON or "enum" in made or _says_the_name(said, name)):
        made["description"] = said
    return made


def brief(text: str, most: int) -> str:
    """Return the first sentence of a description without asides, or what fits of it up to a pause; none is also one."""
    said = _SENTENCE.split(_ASIDE.sub("", text), maxsplit=1)[0].rstrip(".;:")
    if len(said) <= most:
        return said
    pauses = [found.start() for found in _PAUSE.finditer(said) if 0.4 * most <= found.start() <= most]
    return said[: pauses[-1]] if pauses else ""


def _says_the_name(said: str, name: str) -> bool:
    """Whether a description has no word that the name of its field does not have."""
    known = _WORD.findall(name.lower())
    return all(word in _EMPTY or any(word[:5] == each[:5] for each in known) for word in _WORD.findall(said.lower()))


def output(**properties: str) -> dict[str, Any]:
    """Return the schema of a result from the types of its members; ``notice``, ``cut`` and ``rest`` may be in each."""
    return {"type": "object", "properties": {key: {"type": value} for key, value in properties.items()}}
