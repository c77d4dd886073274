"""Answers out of sources without a patient, and the library that they come from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bogam.access.decide import Work
from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.app.drafting import Drafting
from bogam.app.house import BadRequest, Unknown, local_operator
from bogam.evidence.claim import Claim, Support
from bogam.evidence.draft import Draft, Language
from bogam.record.cards import LONGEST
from bogam.skills.answering.words import say
from bogam.skills.skill import Informed
from bogam.sources.answer import Item, SourceError, UnknownId
from bogam.sources.library.shelf import Added, Edition, Shelf
from bogam.sources.mirrors import Progress
from bogam.sources.outside.egress import NotSent, check

_LONGEST: Final = 2000
"""Code points that are read on of a question that holds a name."""


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

        Notes
        -----
        The name or number of a patient in it is left out, and the answer says so.
        """
        maker = self.skill(skill)
        asked = {key: self._nameless(value) if isinstance(value, str) else value for key, value in request.items()}
        with self._answering(actor, purpose, skill, asked=self._asked(asked)):
            if not isinstance(maker, Informed):
                raise BadRequest(f"{skill} needs a patient.")
            made = self._drafted(maker, None, self._requested(maker, asked))
            return made if asked == request else replace(made, missing=(*made.missing, _left_out(made.language)))

    def require_asking(self, skill: str, *, actor: Actor, purpose: str | Purpose) -> None:
        """Decide whether this person may have a skill answer, and log it: before a form is shown.

        Raises
        ------
        Refused
            When it is not allowed.
        """
        with self._answering(actor, purpose, f"{skill} page", work=Work(skill)):
            pass

    def _answering(
        self, actor: Actor, purpose: str | Purpose, skill: str, *, work: Work | None = None, **detail: Any
    ) -> AbstractContextManager[None]:
        """Answers are written for professionals: a patient's account is refused them as it is every such skill."""
        if actor.role is Role.patient:
            whom = actor.patient
            return self._step(actor, purpose, whom, Action.run, skill, work=work or Work(skill), **detail)
        return self._step(actor, purpose, None, Action.look_up, skill, **detail)

    def _nameless(self, text: str) -> str:
        """Return a text without the words that are the name or a number of a patient."""
        if not self._names_somebody(text):
            return text
        words = text[:_LONGEST].split()
        for size in range(1, LONGEST + 1):
            start = 0
            while start + size <= len(words):
                if self._names_somebody(" ".join(words[start : start + size])):
                    del words[start : start + size]
                else:
                    start += 1
        return " ".join(words)

    def _names_somebody(self, text: str) -> bool:
        try:
            check({"text": text}, self._charts.cards.known)
        except NotSent:
            return True
        return False

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
            self._refusals(actor, done)
            return done

    def library_upload(self, content: bytes, name: str, *, effective: str = "", actor: Actor) -> Added:
        """Take one uploaded file into the library."""
        with self._filling(actor, "library add", files=[name[:200]], effective=effective) as shelf:
            done = shelf.add_bytes(content, name, effective=effective)
            self.retriever.refresh()
            self._refusals(actor, [done])
            return done

    def library_remove(self, id: str, version: str = "", *, actor: Actor | None = None) -> list[Edition]:
        """Take a document off the shelf, all its versions or one; what cites it stays citable. Returns the versions."""
        named = self._versions(id, version, removed=False)
        with self._filling(actor, f"library remove {id}"[:200], versions=named) as shelf:
            return shelf.remove(id, version)

    def library_put_back(self, id: str, version: str = "", *, actor: Actor | None = None) -> list[Edition]:
        """Put a document back that was taken off the shelf, all its versions or one. Returns the versions."""
        named = self._versions(id, version, removed=True)
        with self._filling(actor, f"library put back {id}"[:200], versions=named) as shelf:
            found = shelf.put_back(id, version)
            self.retriever.refresh()
            return found

    def _versions(self, id: str, version: str, *, removed: bool) -> list[str]:
        """Return the versions that a step means, for the log."""
        found = self._shelf().editions(id, removed=True)
        return [each.version for each in found if bool(each.removed_at) == removed and version in ("", each.version)]

    def _refusals(self, actor: Actor | None, done: Sequence[Added]) -> None:
        """Write each file that was not taken to the log, with the reason."""
        for each in done:
            if each.outcome == "refused":
                note = {"file": each.name[:200], "reason": each.reason[:300]}
                who = actor or local_operator()
                self.audit.write(who, Purpose.administration, None, Action.load, "library add", "refuse", note)

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


def _left_out(language: Language) -> Claim:
    return Claim(say("person", language), (), Support("absence"), kind="missing.person", searched="–")


@contextmanager
def _telling() -> Generator[None]:
    """Tell the failures of the library as the house does."""
    try:
        yield
    except UnknownId as error:
        raise Unknown(str(error)) from error
    except SourceError as error:
        raise BadRequest(str(error)) from error
