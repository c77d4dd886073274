"""Which version of a document stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bogam.sources.cms.document import Kind, Listing


def standing(listings: Iterable[Listing]) -> Listing | None:
    """Return the version that stands: the newest that is not still to come; else the one to come."""
    return max(listings, key=lambda each: (each.status != "future", int(each.version)), default=None)


def ids_of(listings: Iterable[Listing]) -> dict[tuple[tuple[Kind, str], str], str]:
    """Return the id of each version, by document and version: plain for the one that stands, else with its number."""
    grouped: dict[tuple[Kind, str], list[Listing]] = {}
    for each in listings:
        grouped.setdefault(each.key, []).append(each)
    made: dict[tuple[tuple[Kind, str], str], str] = {}
    for key, versions in grouped.items():
        stands = standing(versions)
        for each in versions:
            plain = stands is not None and each.version == stands.version
            made[key, each.version] = replace(each.name, version="" if plain else each.version).id
    return made
