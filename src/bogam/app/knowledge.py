"""Outside knowledge: asking a source, allowing it, and importing its mirror."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bogam.access.decide import decide
from bogam.access.identity import Action, Actor, Purpose
from bogam.app.house import BadRequest, House, SourceClosed, Unknown, local_operator
from bogam.sources.answer import Answer, Item, SourceError, SourceOff
from bogam.sources.catalogue import NoSource, SourceState, Way
from bogam.sources.mirrors import Imported, Progress, Refusal
from bogam.sources.outside.egress import NotSent
from bogam.sources.reference_desk import Act


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
        SourceClosed
            For a source that is neither enabled nor mirrored.
        BadRequest
            For a question that the source cannot be asked, and for one that holds what identifies a patient and would
            leave the building.
        """
        with (
            self._step(
                actor,
                purpose,
                actor.patient,
                Action.look_up,
                f"{source} {act}"[:200],
                hindrance=lambda: self._identifying(source, act, request, way),
                asked=self._asked(request),
            ),
            _told(),
        ):
            return self.sources.ask(source, act, request, way=way)

    def source_states(self, *, actor: Actor, purpose: str | Purpose) -> list[SourceState]:
        """Return where every source stands: enabled or not, mirrored or not."""
        with self._seeing(actor, purpose, "sources"):
            return [self.sources.state(name) for name in self.sources.names()]

    def source_state(self, source: str, *, actor: Actor, purpose: str | Purpose) -> SourceState:
        """Return where one source stands."""
        with self._seeing(actor, purpose, source):
            return self.sources.state(source)

    def source_refusals(
        self, source: str, *, limit: int = 100, actor: Actor | None = None, purpose: str | Purpose | None = None
    ) -> list[Refusal]:
        """Return rows that the import of a mirror refused, with the reason and the place."""
        asks = actor or local_operator()
        with self._seeing(asks, purpose or Purpose.administration, f"{source} refused"):
            mirror = self.sources.mirror(source)
            return mirror.refusals(limit) if mirror else []

    def enable_source(
        self, source: str, *, base: str = "", key_file: Path | None = None, actor: Actor | None = None
    ) -> SourceState:
        """Allow connections to the host of one source."""
        with self._configuring(source, "enable", actor, base=base, keyed=key_file is not None):
            return self.sources.enable(source, base=base, key_file=key_file)

    def disable_source(self, source: str, *, actor: Actor | None = None) -> SourceState:
        """Allow no more connections to a source."""
        with self._configuring(source, "disable", actor):
            return self.sources.disable(source)

    def allow_tool(self, source: str, tool: str, *, actor: Actor | None = None) -> Item:
        """Allow a tool of a remote MCP server, as the server describes it now, and return its description."""
        with self._configuring(source, "allow", actor, tool=tool):
            return self.sources.allow(source, tool)

    def forbid_tool(self, source: str, tool: str, *, actor: Actor | None = None) -> None:
        """Allow a tool of a remote MCP server no more."""
        with self._configuring(source, "forbid", actor, tool=tool):
            self.sources.forbid(source, tool)

    def forget_source(self, source: str, *, actor: Actor | None = None) -> int:
        """Delete the kept responses of a source and what was shown of it, and return how many responses there were.

        What drafts cite stays.
        """
        with self._configuring(source, "forget", actor):
            return self.sources.forget(source)

    def import_source(
        self,
        source: str,
        files: Sequence[Path],
        *,
        version: str = "",
        older: bool = False,
        actor: Actor | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Imported:
        """Import a publisher's bulk files into the mirror of a source.

        A release older than the one that is mirrored is refused (`BadRequest`), unless ``older`` is given.
        """
        with self._configuring(source, "import", actor, files=[path.name for path in files], older=older):
            return self.sources.load(source, files, version=version, older=older, say=progress)

    def _identifying(self, source: str, act: Act, request: Mapping[str, Any], way: Way) -> NotSent | None:
        """Return why a question may not leave the building; what else is wrong with it is said when it is asked."""
        try:
            self.sources.may_leave(source, act, request, way=way)
        except NotSent as refusal:
            return refusal
        except (NoSource, SourceError):
            return None
        return None

    @contextmanager
    def _seeing(self, actor: Actor, purpose: str | Purpose, target: str) -> Generator[None]:
        """Decide whether a person may see where sources stand. It is about nobody, so only a refusal is logged."""
        decision = decide(actor, Purpose(purpose), actor.patient, Action.look_up, self._consent(actor.patient))
        if not decision.allow:
            with self._step(actor, purpose, actor.patient, Action.look_up, target[:200]):
                pass
        with _told():
            yield

    @contextmanager
    def _configuring(self, source: str, verb: str, actor: Actor | None, **detail: Any) -> Generator[None]:
        """Decide and log what changes what a source may do or holds."""
        operator = actor or local_operator()
        target = f"{source} {verb}"
        with self._step(operator, Purpose.administration, None, Action.configure, target, **detail), _told():
            yield


@contextmanager
def _told() -> Generator[None]:
    """Turn what sources raise into what doors know."""
    try:
        yield
    except NoSource as error:
        raise Unknown(str(error)) from error
    except SourceOff as error:
        raise SourceClosed(str(error), ko=error.ko) from error
    except SourceError as error:
        raise BadRequest(str(error), ko=error.ko) from error
