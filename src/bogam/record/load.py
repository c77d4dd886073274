"""Loads FHIR R4 into the store: reads, splits, names, rewrites references, checks; what fails is quarantined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from bogam.record import quarantine as _quarantine
from bogam.record.intake import Intake, LoadReport, Progress
from bogam.record.quarantine import Quarantined
from bogam.record.reader import Reader
from bogam.record.store import Store

__all__ = ["LoadError", "LoadReport", "Progress", "Quarantined", "load", "quarantine", "retry"]


class LoadError(Exception):
    """What was to be loaded does not exist or cannot be opened."""


def load(
    store: Store,
    source: str | Path | BinaryIO | bytes,
    *,
    name: str = "",
    progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """Load a file, a folder, an archive, an open binary file or bytes. Bad content never raises: it is quarantined.

    Loading the same again changes nothing.

    Parameters
    ----------
    name
        What quarantine calls the source; its own name when left out.
    progress
        Called some ten times a second.

    Raises
    ------
    LoadError
        When the path does not exist or cannot be opened.
    """
    path = Path(source) if isinstance(source, str) else source
    if isinstance(path, Path) and not path.exists():
        raise LoadError(f'"{path}" does not exist. Name a file or folder of FHIR R4 as JSON.')
    reader = Reader(path, name)
    run = Intake(store, progress, reader)
    found = None
    try:
        for found in reader.inputs():
            run.take(found)
    except PermissionError as error:
        raise LoadError(f'"{error.filename}" may not be read by this user.') from error
    if found is None:
        run.warn(f"{reader.name}: there is no file in it.")
    return run.report()


def retry(store: Store, ids: Sequence[int] | None = None, *, replacement: bytes | None = None) -> LoadReport:
    """Check what is in quarantine again, all of it or the ``ids``, and load what passes now.

    Parameters
    ----------
    replacement
        A corrected resource that stands in for the one of ``ids``.

    Raises
    ------
    LoadError
        For an id that is not in quarantine, or a replacement for more than one.
    """
    if replacement is not None and (ids is None or len(ids) != 1):
        raise LoadError("A replacement stands in for one resource: name its id.")
    run = Intake(store, None, None)
    for id in _quarantine.ids(store, ids):
        kept = _quarantine.get(store, id)
        if kept is None:
            raise LoadError(f"Nothing in quarantine has the id {id}. List the quarantine to see what is there.")
        run.again(kept, replacement)
    return run.report()


def quarantine(store: Store, *, limit: int = 100, offset: int = 0) -> list[Quarantined]:
    """Return what was refused and waits to be corrected, the oldest first."""
    return _quarantine.listing(store, limit, offset)
