"""Answers out of sources without a patient, and the library that they come from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.app.drafting import Drafting
from bogam.app.house import BadRequest, Unknown, local_operator
from bogam.evidence.draft import Draft
from bogam.skills.skill import Informed
from bogam.sources.answer import Item, SourceError, UnknownId
from bogam.sources.library.shelf import Added, Edition, Shelf
from bogam.sources.mirrors import Progress


class Asking(Drafting):
    """Questions about nobody, and the hospital's own documents."""

    def answer(self, skill: str, request: Mapping[str, Any], *, actor: Actor, purpose: str | Purpose) -> Draft:
        """Have a skill answer out of sources, without a patient. The answer is verified and logged, and not kept.

        Raises
        ------
        Unknown
            For a skill that does not exist.
        BadRequest
            For a skill that needs a patient, or a request that does not fit it.
        """
        maker = self.skill(skill)
        whom = actor.patient if actor.role is Role.patient else None
        asked_for = {key: str(value) for key, value in request.items()}
        with self._step(actor, purpose, whom, Action.look_up, skill, request=asked_for):
            if not isinstance(maker, Informed):
                raise BadRequest(f"{skill} needs a patient.")
            return self._drafted(maker, None, self._requested(maker, request))

    def library(self, *, actor: Actor, purpose: str | Purpose, removed: bool = False) -> list[Edition]:
        """Return the documents of the library, every version with its state today."""
        with self._browsing(actor, purpose, "list") as shelf:
            return shelf.editions(removed=removed)

    def library_document(
        self, id: str, version: str = "", *, actor: Actor, purpose: str | Purpose
    ) -> tuple[Edition, Item]:
        """Return one version of a document, by default the one in force."""
        with self._browsing(actor, purpose, f"document {id}"[:200]) as shelf:
            edition = shelf.edition(id, version)
            return edition, shelf.item(edition)

    def library_add(
        self,
        paths: Sequence[Path],
        *,
        effective: str = "",
        actor: Actor | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> list[Added]:
        """Take files and folders into the library; each file's outcome is told, refusals with the reason."""
        named = [path.name for path in paths]
        with self._filling(actor, "library add", files=named, effective=effective) as shelf:
            done = shelf.add(paths, effective=effective, say=progress)
            self.retriever.refresh()
            return done

    def library_upload(self, content: bytes, name: str, *, effective: str = "", actor: Actor) -> Added:
        """Take one uploaded file into the library."""
        with self._filling(actor, "library add", files=[name[:200]], effective=effective) as shelf:
            done = shelf.add_bytes(content, name, effective=effective)
            self.retriever.refresh()
            return done

    def library_remove(self, id: str, *, actor: Actor | None = None) -> int:
        """Take a document off the shelf; what cites it stays citable. Returns how many versions it had."""
        with self._filling(actor, f"library remove {id}"[:200]) as shelf:
            return shelf.remove(id)

    @contextmanager
    def _browsing(self, actor: Actor, purpose: str | Purpose, what: str) -> Generator[Shelf]:
        whom = actor.patient if actor.role is Role.patient else None
        with self._step(actor, purpose, whom, Action.look_up, f"library {what}"), _telling():
            yield self._shelf()

    @contextmanager
    def _filling(self, actor: Actor | None, what: str, **detail: Any) -> Generator[Shelf]:
        operator = actor or local_operator()
        with self._step(operator, Purpose.administration, None, Action.load, what, **detail), _telling():
            yield self._shelf()

    def _shelf(self) -> Shelf:
        shelf = self.retriever.shelf
        if shelf is None:
            raise Unknown("The source library is not installed.")
        return shelf


@contextmanager
def _telling() -> Generator[None]:
    """Tell the failures of the library as the house does."""
    try:
        yield
    except UnknownId as error:
        raise Unknown(str(error)) from error
    except SourceError as error:
        raise BadRequest(str(error)) from error
