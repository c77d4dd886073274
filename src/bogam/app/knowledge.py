"""Outside knowledge: asking a source, allowing it, and importing its mirror."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bogam.access.identity import Action, Actor, Purpose
from bogam.app.house import BadRequest, House, Unknown, local_operator
from bogam.sources.answer import Answer, SourceError
from bogam.sources.mirror import Imported, Progress
from bogam.sources.reference_desk import Act, NoSource, SourceState, Way


class Knowledge(House):
    """The sources of a `Bogam`."""

    def look_up(
        self,
        source: str,
        act: Act,
        request: Mapping[str, Any],
        *,
        actor: Actor,
        purpose: str | Purpose,
        way: Way = "auto",
    ) -> Answer:
        """Ask a source; see `bogam.sources.reference_desk.ReferenceDesk.ask`.

        Raises
        ------
        Unknown
            For a source that is not installed.
        BadRequest
            For a question that the source cannot be asked, and for a source that is neither enabled nor mirrored.
        """
        with self._step(actor, purpose, None, Action.look_up, f"{source} {act}", request=dict(request)):
            try:
                return self.sources.ask(source, act, request, way=way)
            except NoSource as error:
                raise Unknown(str(error)) from error
            except SourceError as error:
                raise BadRequest(str(error)) from error

    def source_states(self, *, actor: Actor, purpose: str | Purpose) -> list[SourceState]:
        """Return where every source stands: enabled or not, mirrored or not."""
        with self._step(actor, purpose, None, Action.look_up, "sources"):
            return [self.sources.state(name) for name in self.sources.names()]

    def enable_source(self, source: str, *, base: str = "", actor: Actor | None = None) -> SourceState:
        """Allow connections to the host of one source."""
        return self._configure(source, "enable", lambda: self.sources.enable(source, base=base), actor, base=base)

    def disable_source(self, source: str, *, actor: Actor | None = None) -> SourceState:
        """Allow no more connections to a source."""
        return self._configure(source, "disable", lambda: self.sources.disable(source), actor)

    def _configure(
        self, source: str, verb: str, do: Callable[[], SourceState], actor: Actor | None, **detail: str
    ) -> SourceState:
        operator = actor or local_operator()
        with self._step(operator, Purpose.administration, None, Action.configure, f"{source} {verb}", **detail):
            try:
                return do()
            except NoSource as error:
                raise Unknown(str(error)) from error
            except SourceError as error:
                raise BadRequest(str(error)) from error

    def import_source(
        self,
        source: str,
        files: Sequence[Path],
        *,
        version: str = "",
        actor: Actor | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Imported:
        """Import a publisher's bulk files into the mirror of a source."""
        named = [path.name for path in files]
        with self._step(
            actor or local_operator(), Purpose.administration, None, Action.load, f"source {source}", files=named
        ):
            try:
                return self.sources.load(source, files, version=version, say=progress)
            except NoSource as error:
                raise Unknown(str(error)) from error
            except SourceError as error:
                raise BadRequest(str(error)) from error
