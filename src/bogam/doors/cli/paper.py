"""A draft on the terminal: each sentence with its mark, its sources numbered below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from bogam.doors.cli.printing import console, plain
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from bogam.evidence.claim import Claim
    from bogam.evidence.draft import Filed
    from bogam.record.citation import Citation

_MARKS: Final = {
    "supported": ("✓", "green"),
    "unsupported": ("✕", "bold red"),
    "conflicting": ("≠", "bold yellow"),
    "absence": ("○", "cyan"),
    "unchecked": ("?", "bold red"),
}
_QUOTE: Final = 120


class _Sources:
    """Numbers citations in the order in which they are first used."""

    def __init__(self) -> None:
        self.numbers: dict[Citation, int] = {}

    def number(self, citation: Citation) -> int:
        return self.numbers.setdefault(citation, len(self.numbers) + 1)


def print_draft(filed: Filed, *, sources: bool = True) -> None:
    """Print a draft as it stands; the number before a sentence is what ``bogam edit`` calls it."""
    from rich.text import Text

    terminal, draft, used = console(), filed.draft, _Sources()
    terminal.print(Text(plain(draft.title), style="bold"))
    terminal.print(Text(plain(draft.subject)))
    state = f"{draft.id} · {say(filed.state)} · {say('revision')} {filed.revision} · {draft.engine} · {draft.as_of}"
    terminal.print(Text(state, style="dim"))
    if filed.signature is not None:
        by = f"{filed.signature.name} ({filed.signature.role}), {filed.signature.at}"
        reason = f": {filed.signature.reason}" if filed.signature.reason else ""
        terminal.print(Text(plain(f"{say(filed.signature.verdict)}: {by}{reason}"), style="bold"))
    numbered = list(enumerate(draft.claims))
    for section in draft.sections:
        claims = [(str(index), claim) for index, claim in numbered if claim.section == section.key]
        if claims or section.left_out:
            _part(terminal, section.title, claims, used)
        if section.left_out:
            terminal.print(Text(f"       + {section.left_out} {say('left out for length')}", style="dim"))
    known = {section.key for section in draft.sections}
    _part(terminal, "", [(str(index), claim) for index, claim in numbered if claim.section not in known], used)
    _part(terminal, say("Conflicts"), [("!", claim) for claim in draft.conflicts], used)
    _part(terminal, say("Missing"), [("-", claim) for claim in draft.missing], used)
    if sources and used.numbers:
        _print_sources(terminal, used.numbers)


def marks(claims: Iterable[Claim]) -> str:
    """Count the sentences by mark, e.g. ``✓ 41  ✕ 1``."""
    states = [claim.support.state for claim in claims]
    return "  ".join(f"{mark} {states.count(state)}" for state, (mark, _) in _MARKS.items() if state in states)


def _part(terminal: Console, title: str, claims: Sequence[tuple[str, Claim]], used: _Sources) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if not claims:
        return
    terminal.print()
    if title:
        terminal.print(Text(plain(title), style="bold cyan"))
    for number, claim in claims:
        mark, style = _MARKS[claim.support.state]
        cited = "".join(f"[{used.number(citation)}]" for citation in claim.citations)
        line = Text(f"{number:>3} ", style="dim")
        line.append(f"{mark} ", style=style).append(plain(claim.text)).append(f" {cited}" if cited else "", style="dim")
        terminal.print(line, soft_wrap=True)
        for failure in claim.support.failed:
            found = f"; {say('record says')} {failure.found}" if failure.found else ""
            said = f"{failure.kind}: {failure.text}{found}"
            terminal.print(Padding(Text(plain(said), style="red"), (0, 0, 0, 6), expand=False))
        if claim.searched:
            terminal.print(
                Padding(Text(plain(f"{say('searched')}: {claim.searched}"), style="dim"), (0, 0, 0, 6), expand=False)
            )


def _print_sources(terminal: Console, numbers: dict[Citation, int]) -> None:
    from rich.text import Text

    terminal.print()
    terminal.print(Text(say("Sources"), style="bold cyan"))
    for citation, number in numbers.items():
        quote = " ".join(plain(citation.quote).split())
        short = quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"
        line = Text(f"{f'[{number}]':>5} ", style="dim")
        line.append(plain(f"{citation.source} v{citation.version} {citation.pointer}: ")).append(f"“{short}”")
        terminal.print(line, soft_wrap=True)
