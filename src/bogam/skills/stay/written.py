"""A skill that writes one document of a stay: its sections in order, what it misses, and what conflicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from bogam.evidence.claim import Claim
from bogam.evidence.draft import Draft
from bogam.record.citation import Citation
from bogam.record.facts import Timeline
from bogam.skills.record_summary.conflicts import conflicts
from bogam.skills.record_summary.sections import allergies, medications
from bogam.skills.stay.course import Stay, stay_of
from bogam.skills.stay.request import StayRequest
from bogam.skills.stay.said import Said, lines
from bogam.skills.writing.draft import put_together
from bogam.skills.writing.reading import Part as Part
from bogam.skills.writing.reading import Reading, read
from bogam.skills.writing.words import Words


@dataclass(frozen=True, slots=True)
class Course:
    """What every section reads from.

    Parameters
    ----------
    said
        The lines of the stay's notes, newest note first.
    listed
        What allergies, current drugs and conflicts cite of notes.
    """

    reading: Reading
    request: StayRequest
    stay: Stay | None
    said: tuple[Said, ...]
    listed: tuple[Citation, ...] = ()

    def told(self, said: Said) -> bool:
        """Say whether allergies, current drugs or conflicts already tell what a line says."""
        line = said.line.cite()
        return any(
            (c.source, c.pointer) == (line.source, line.pointer) and line.start <= c.start < line.end
            for c in self.listed
        )


Section = Callable[[Course], Iterable[Part]]
Rule = Callable[[Course], Iterable[Claim]]


@dataclass(frozen=True, slots=True)
class StaySkill:
    """One document of a stay. ``sections`` chooses them by the request; ``rules`` find what is missing.

    Deterministic: the same record and request give the same bytes. ``engine`` is raised with every change of that.
    """

    name: str
    folder: Path
    request: type[StayRequest]
    engine: str
    words: Callable[[StayRequest], Words]
    sections: Callable[[StayRequest], Sequence[Section]]
    rules: Sequence[Rule]

    def draft(self, evidence: Timeline, request: BaseModel) -> Draft:
        """Write the document. The claims come back unchecked.

        Raises
        ------
        TypeError
            When ``request`` is not this skill's own.
        """
        if not isinstance(request, self.request):
            raise TypeError(f"{self.name} takes its own request, not a {type(request).__name__}")
        reading = read(evidence, request, self.words(request))
        stay = stay_of(reading)
        notes = [note for note in reading.timeline.notes if stay is not None and stay.has(note)]
        differing = conflicts(reading)
        listed = (*allergies(reading).claims, *medications(reading).claims, *differing)
        sources = {note.origin.source for note in notes}
        cited = tuple(c for claim in listed for c in claim.citations if c.source in sources)
        course = Course(reading, request, stay, tuple(lines(notes)), cited)
        return put_together(
            self.name,
            self.engine,
            request,
            reading,
            [part for section in self.sections(request) for part in section(course)],
            missing=tuple(claim for rule in self.rules for claim in rule(course)),
            conflicts=differing,
        )
