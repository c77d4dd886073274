"""A draft on the terminal: each sentence with its mark and the numbers of its sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bogam.doors.cli.printing import console, plain
from bogam.doors.cli.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from bogam.evidence.claim import Claim
    from bogam.evidence.draft import Filed
    from bogam.evidence.export.document import Block, Document

_MARKS: Final = {
    "supported": ("✓", "green"),
    "unsupported": ("✕", "bold red"),
    "conflicting": ("≠", "bold yellow"),
    "absence": ("○", "cyan"),
    "unchecked": ("?", "bold red"),
}


def print_draft(filed: Filed, *, sources: bool = False) -> None:
    """Print a draft as it stands; the number before a sentence is what ``bogam edit`` calls it.

    Parameters
    ----------
    sources
        Whether the cited places and words follow; otherwise one line says how many there are.
    """
    from rich.text import Text

    from bogam.evidence.export.document import document

    terminal, doc = console(), document(filed)
    terminal.print(Text(plain(doc.title), style="bold"))
    terminal.print(Text(plain(doc.subject)))
    terminal.print(Text(f"[{plain(doc.status)}]", style="bold" if filed.signature else "bold yellow"))
    if doc.reason:
        terminal.print(Text(plain(doc.reason)))
    about = f"{filed.draft.id} · {say('revision')} {filed.revision} · {filed.draft.engine} · {filed.draft.as_of}"
    terminal.print(Text(plain(about), style="dim"))
    for block in doc.blocks:
        _print_block(terminal, block)
    terminal.print()
    if sources:
        _print_sources(terminal, doc)
    else:
        terminal.print(Text(f"{say('Sources')}: {len(doc.sources)}  (--sources)", style="dim"))


def marks(claims: Iterable[Claim]) -> str:
    """Count the sentences by mark, e.g. ``✓ 41  ✕ 1``."""
    states = [claim.support.state for claim in claims]
    return "  ".join(f"{mark} {states.count(state)}" for state, (mark, _) in _MARKS.items() if state in states)


def _print_block(terminal: Console, block: Block) -> None:
    from rich.padding import Padding
    from rich.text import Text

    terminal.print()
    terminal.print(Text(plain(block.title), style="bold cyan"))
    for statement in block.statements:
        mark, style = _MARKS[statement.state]
        cited = "".join(f"[{number}]" for number in statement.sources)
        line = Text("  – " if statement.index is None else f"{statement.index:>3} ", style="dim")
        line.append(f"{mark} ", style=style).append(plain(statement.text)).append(
            f" {cited}" if cited else "", style="dim"
        )
        terminal.print(line, soft_wrap=True)
        if statement.mark:
            terminal.print(Padding(Text(plain(statement.mark), style="red"), (0, 0, 0, 6), expand=False))
    if block.note:
        terminal.print(Text(f"      ({plain(block.note)})", style="dim"))


def _print_sources(terminal: Console, doc: Document) -> None:
    from rich.text import Text

    terminal.print(Text(plain(doc.word("sources")), style="bold cyan"))
    for source in doc.sources:
        terminal.print(Text(plain(f"[{source.number}] {source.source} ({source.edition})")))
        for pointer, quote in source.places:
            terminal.print(Text(plain(f"      {pointer}: “{quote}”"), style="dim"), soft_wrap=True)
