"""Code systems from their publishers, and the desk at which local codes are mapped."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bogam.access.identity import Action, Actor, Purpose
from bogam.terms.imported import NotImported, Report
from bogam.terms.imported.rows import NoTable
from bogam.terms.mapping.desk import Desk, NoTarget
from bogam.terms.mapping.maps import NoMap

if TYPE_CHECKING:
    pass


from bogam.app.house import BadRequest, House, Unknown, local_operator


class Codes(House):
    """The code systems of a `Bogam`."""

    def import_terms(
        self,
        system: str,
        files: Sequence[Path],
        *,
        version: str = "",
        actor: Actor | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Report:
        """Import a code system from its publisher's files; see `bogam.terms.imported.Library.import_`."""
        with self._step(actor or local_operator(), Purpose.administration, None, Action.load, f"terms {system}"):
            try:
                return self.terms.import_(system, files, version=version, say=progress)
            except NoTable as error:
                raise BadRequest(str(error)) from error
            except LookupError as error:
                raise Unknown(str(error)) from error

    @contextmanager
    def mapping(self, target: str, *, actor: Actor, purpose: str | Purpose, **detail: Any) -> Generator[Desk]:
        """Open the desk at which local codes are mapped, for one step; ``target`` and ``detail`` name it in the log."""
        with self._step(actor, purpose, None, Action.map, target, **detail):
            try:
                yield self._desk
            except (NoTable, NoTarget, NotImported) as error:
                raise BadRequest(str(error)) from error
            except NoMap as error:
                raise Unknown(str(error)) from error
