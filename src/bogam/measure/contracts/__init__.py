"""What each source must answer, the same for its simulator, its mirror and the real interface. One file a source."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bogam.measure.contracts.contract import Contract


@cache
def contracts() -> dict[str, Contract]:
    """Return the contracts by the name of their source: ``contract`` of every module of this folder that has one."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    made = [module.contract for module in modules if hasattr(module, "contract")]
    return {each.source: each for each in sorted(made, key=lambda each: each.source)}
