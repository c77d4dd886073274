"""Gathers what skills need to know: passages of library and mirrors, items of sources. Nothing is asked live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np

from bogam.evidence.retrieval import dense
from bogam.evidence.retrieval.features import concepts
from bogam.evidence.retrieval.find import Hit, find, text_features
from bogam.evidence.retrieval.index import Index
from bogam.evidence.retrieval.kept_index import LibraryIndex
from bogam.evidence.retrieval.need import Coming, Consult, Gathered, Looked, Need, Question
from bogam.evidence.retrieval.passage import Passage, passages
from bogam.evidence.retrieval.rank import Vector
from bogam.sources.answer import Answer, Item, SourceError
from bogam.sources.catalogue import NoSource
from bogam.sources.library.shelf import Shelf
from bogam.sources.mirrors import MirrorState, words_of
from bogam.sources.reference_desk import ReferenceDesk
from bogam.terms import guidance
from bogam.terms.bilingual import english_names, in_english

LIBRARY: Final = "library"
_ITEMS: Final = 40
_WORDS: Final = 60


@runtime_checkable
class _Near(Protocol):
    """A mirror that can be asked for what shares the most telling words."""

    def nearest(self, words: Sequence[str], limit: int) -> list[Item]: ...
    def state(self) -> MirrorState | None: ...


@runtime_checkable
class _Listing(Protocol):
    """A mirror that holds some of its items as entries of an index, without their text."""

    def listed(self) -> int: ...


class Retriever:
    """Looks things up for skills, in the sources of one home folder.

    Parameters
    ----------
    vectors
        Whether dense vectors are used where their extra is installed.
    """

    def __init__(self, desk: ReferenceDesk, *, vectors: bool = True) -> None:
        self._desk = desk
        self._model = dense.model() if vectors else None
        found = desk.mirror(LIBRARY) if LIBRARY in desk.names() else None
        self.shelf = found if isinstance(found, Shelf) else None
        self._library = (
            LibraryIndex(self.shelf, desk.folder / "library-index", self._model) if self.shelf is not None else None
        )

    def gather(self, needs: Sequence[Need]) -> Gathered:
        """Return what was found for each need."""
        hits = tuple(self._hits(each) if isinstance(each, Question) else () for each in needs)
        answers = tuple(self._consult(each) if isinstance(each, Consult) else None for each in needs)
        wanted = [each.sources for each in needs if isinstance(each, Question)]
        names = self.searched(()) if () in wanted else self.searched(tuple({n for group in wanted for n in group}))
        return Gathered(hits, answers, tuple(map(self._looked, names)) if wanted else (), self._coming(hits))

    def refresh(self) -> None:
        """Bring the index of the library up to date, so that the next question need not."""
        if self._library is not None and self.shelf is not None and self.shelf.state() is not None:
            self._library.open()

    def searched(self, sources: tuple[str, ...]) -> list[str]:
        """Return the sources that a question is looked up in: of those named, or of all, what is mirrored here."""
        return [
            name
            for name in self._desk.names()
            if (not sources or name in sources)
            and isinstance(mirror := self._desk.mirror(name), (_Near, Shelf))
            and mirror.state() is not None
        ]

    def _hits(self, need: Question) -> tuple[Hit, ...]:
        found: list[Hit] = []
        for name in self.searched(need.sources):
            found.extend(self._of_library(need) if name == LIBRARY else self._of_mirror(name, need))
        kept = [each for each in found if each.answers or not need.answers]
        kept.sort(key=lambda each: (not each.answers, -each.rank))
        return tuple(kept[: need.limit])

    def _of_library(self, need: Question) -> list[Hit]:
        if self._library is None:
            return []
        library, opened = self._library, self._library.open()
        near = self._near(need.text, opened.vectors)
        return find(
            opened.index,
            lambda number: library.passage(opened, number),
            need.text,
            near,
            2 * need.limit,
            opened.documents,
        )

    def _of_mirror(self, name: str, need: Question) -> list[Hit]:
        mirror = self._desk.mirror(name)
        items = mirror.nearest(asked_words(need.text), _ITEMS) if isinstance(mirror, _Near) else []
        held: list[Passage] = [each for item in items for each in passages(item)]
        if not held:
            return []
        vectors = self._model.vectors([each.text.text for each in held]) if self._model else None
        near = self._near(need.text, vectors)
        numbers = {ref: number for number, ref in enumerate(dict.fromkeys(each.ref for each in held))}
        documents = np.array([numbers[each.ref] for each in held], np.int64)
        index = Index.of(list(map(text_features, held)))
        return find(index, lambda number: held[number], need.text, near, need.limit, documents)

    def _near(self, question: str, vectors: Vector | None) -> Vector | None:
        if self._model is None or vectors is None or not dense.speaks(question):
            return None
        return vectors @ self._model.vectors([question])[0]

    def _consult(self, need: Consult) -> Answer | None:
        try:
            return self._desk.ask(need.source, need.act, need.request, way="mirror")
        except (SourceError, NoSource):
            return None

    def _looked(self, name: str) -> Looked:
        state = self._desk.state(name)
        held = state.mirror
        if held is None:
            return Looked(name, state.source.title, "", 0)
        mirror = self._desk.mirror(name)
        listed = mirror.listed() if isinstance(mirror, _Listing) else 0
        return Looked(name, state.source.title, held.version, held.items - listed)

    def _coming(self, hits: Sequence[Sequence[Hit]]) -> tuple[Coming, ...]:
        """Return the versions, not yet in force, of the documents that were found."""
        if self.shelf is None:
            return ()
        ids = dict.fromkeys(
            hit.passage.ref.partition(":")[2] for group in hits for hit in group if hit.passage.source == LIBRARY
        )
        later = [each for id in ids for each in self.shelf.editions(id) if each.state == "not yet in force"]
        return tuple(
            Coming(f"library:{e.id}", e.title, e.effective, e.version, self.shelf.item(e).document.sha) for e in later
        )


def asked_words(question: str) -> list[str]:
    """Return the English words to ask a mirror with: the question's own, and what its Korean and short terms mean."""
    told = [question, *in_english(question)]
    for each in concepts(question):
        for key in (key for place in each.keys for key in place):
            kind, _, name = key.partition(":")
            if kind == "k":
                told.extend(english_names(name)[:2])
            elif kind == "g":
                told.extend(guidance.english_words(name)[:2])
    return list(dict.fromkeys(word for text in told for word in words_of(text) if len(word) > 1))[:_WORDS]
