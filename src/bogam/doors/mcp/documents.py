"""Resources of this door: drafts and signed documents, READMEs of skills, and what each source is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from bogam.access.decide import Refused
from bogam.access.identity import Action
from bogam.app import FORMATS, BadRequest, Bogam, Unknown
from bogam.doors.mcp.asker import Asker, ScopeMissing
from bogam.doors.mcp.plain import plain
from bogam.skills.skill import Skill, skills
from bogam.sources.source import Source

DRAFTS: Final = "bogam://drafts/"
LONGEST: Final = 60_000
_LARGEST: Final = 4 << 20
_NEEDS: Final = ("*.r",)
"""A document quotes the whole record."""


def install(server: MCPServer[Any], bogam: Bogam, asking: Callable[[], Asker]) -> None:
    """Have ``server`` offer the resources."""
    for name, skill in sorted(skills().items()):
        about = f"What {name} does, and what it must not be used for."
        server.resource(f"bogam://skills/{name}", name=name, description=about, mime_type="text/markdown")(
            _readme(skill)
        )
    for name in bogam.sources.names():
        source = bogam.sources.source(name)
        about = f"What {source.title} holds, its publisher and licence."
        server.resource(f"bogam://sources/{name}", name=name, description=about, mime_type="text/markdown")(
            _about(source)
        )

    def export(id: str, format: str, part: str = "0") -> str:
        """A draft or signed document as text, markdown, html, csv or fhir; it says whether it is signed."""
        if format == "pdf" or format not in FORMATS:
            known = ", ".join(each for each in FORMATS if each != "pdf")
            raise ResourceNotFoundError(f'No format "{format[:40]}". Known: {known}; pdf is bogam://drafts/{{id}}/pdf.')
        whole = plain(_exported(bogam, asking, id, format).decode("utf-8"))
        return _part(whole, part, f"{DRAFTS}{id}/{format}")

    def pdf(id: str) -> bytes:
        """A draft or signed document as PDF."""
        whole = _exported(bogam, asking, id, "pdf")
        if len(whole) > _LARGEST:
            raise ResourceError(
                f"{id} as PDF has {len(whole):,} bytes; {_LARGEST:,} at most are sent. Read it as text."
            )
        return whole

    server.resource(f"{DRAFTS}{{id}}/pdf", name="draft-pdf", mime_type="application/pdf")(pdf)
    server.resource(f"{DRAFTS}{{id}}/{{format}}{{?part}}", name="draft")(export)


def _readme(skill: Skill) -> Callable[[], str]:
    def read() -> str:
        return (skill.folder / "README.md").read_text("utf-8")[:LONGEST]

    return read


def _about(source: Source) -> Callable[[], str]:
    def read() -> str:
        lines = [
            f"# {source.title}",
            "",
            source.holds[0],
            source.holds[1],
            "",
            f"Publisher: {source.publisher}",
            f"Licence: {source.licence}",
            f"Page: {source.home}",
        ]
        return "\n".join(lines)

    return read


def confine(bogam: Bogam, asker: Asker, target: str) -> str | None:
    """Return the patient to whom documents must be kept, None where to nobody; `ScopeMissing` is logged."""
    return asker.confined_logged(bogam.audit, _NEEDS, Action.export, target)


def _exported(bogam: Bogam, asking: Callable[[], Asker], id: str, format: str) -> bytes:
    """Export a draft, and say what went wrong in a way that the protocol knows."""
    try:
        asker = asking()
        patient = confine(bogam, asker, id)
        return bogam.export(id, format, actor=asker.actor, purpose=asker.purpose, only=patient)
    except ScopeMissing as error:
        raise ResourceError(f"{error} Needed: {' '.join(error.scopes)} (refused: insufficient-scope)") from error
    except Refused as error:
        raise ResourceError(f"{error} (refused: {error.decision.code})") from error
    except Unknown as error:
        raise ResourceNotFoundError(str(error)) from error
    except BadRequest as error:
        raise ResourceError(str(error)) from error


def _part(whole: str, part: str, address: str) -> str:
    """Return one part of a long text, which says how to read on."""
    if not part.isascii() or not part.isdigit():
        raise ResourceError(f'part is "{part[:40]}"; it is the character to begin at.')
    start = int(part[:9])
    shown = whole[start : start + LONGEST]
    end = start + len(shown)
    if end < len(whole):
        shown += f"\n\n[Cut: characters {start:,} to {end:,} of {len(whole):,}. Go on at {address}?part={end}]"
    return shown
