"""bogam ask, bogam consider: answers made of sources"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from bogam.doors.cli import options
from bogam.doors.cli.exits import Exit, korean
from bogam.doors.cli.house import caller, opened
from bogam.doors.cli.paper import print_draft
from bogam.doors.cli.printing import emit

if TYPE_CHECKING:
    from pathlib import Path

    from bogam.access.identity import Purpose

Patient = Annotated[str, typer.Option("--patient", help="Id of a patient: what the record has to do with it is told.")]
Language = Annotated[str, typer.Option("--language", help="ko or en, of the words around the quotations.")]
From = Annotated[str, typer.Option("--sources", help="Sources to look in, with commas; the library and every mirror.")]

Keep = Annotated[bool, typer.Option("--keep", help="Have the draft about a patient wait for a signature.")]


def ask(
    question: Annotated[str, typer.Argument(help="A question, in Korean or English.")],
    patient: Patient = "",
    language: Language = "",
    sources: From = "",
    keep: Keep = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """Answer a question with sentences of the library and the mirrored literature, each with its place.

    With --patient and --keep the answer is a draft that waits until a person signs it; otherwise it is shown. Where
    nothing is found the exit code is 7.
    """
    request = {"question": question, "sources": sources}
    _answer("ask", request, patient, language, home, who, purpose, keep=keep, json=json)


def consider(
    findings: Annotated[str, typer.Argument(help='Findings with commas, e.g. "sudden dyspnea, no fever".')] = "",
    patient: Patient = "",
    language: Language = "",
    sources: From = "",
    keep: Keep = False,
    home: options.Home = options.HOME,
    who: options.As = "",
    purpose: options.For = None,
    json: options.Json = False,
) -> None:
    """List conditions to consider and what to check next, each resting on cited passages; red flags first.

    The findings are those typed and, with --patient, those of the record.
    """
    request = {"findings": findings, "sources": sources}
    _answer("consider", request, patient, language, home, who, purpose, keep=keep, json=json)


def _answer(
    skill: str,
    request: dict[str, str],
    patient: str,
    language: str,
    home: Path,
    who: str,
    purpose: Purpose | None,
    *,
    keep: bool,
    json: bool,
) -> None:
    with opened(home, json=json) as bogam:
        asks = caller(bogam, who, purpose)
        given = request | {"language": language or ("ko" if korean() else "en")}
        if patient:
            made = bogam.run_request(skill, given, patient=patient, actor=asks.actor, purpose=asks.purpose, wait=keep)
            filed = bogam.draft(made.id, actor=asks.actor, purpose=asks.purpose)
        else:
            from bogam.app import now
            from bogam.evidence.draft import Filed

            made = bogam.answer(skill, given, actor=asks.actor, purpose=asks.purpose)
            filed = Filed(made, 1, "shown", now(), asks.actor.id)
        if json:
            emit(filed)
        else:
            print_draft(filed, sources=True)
    if any(each.kind in _NOTHING for each in made.missing):
        raise typer.Exit(Exit.nothing.value)


_NOTHING: Final = ("missing.answer", "missing.library", "missing.question")
commands = (ask, consider)
