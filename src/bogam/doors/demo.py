"""The demonstration: a ward, its people, one cited summary in the terminal, and the server on loopback."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from rich.console import Console

from bogam.access.identity import Actor, Purpose, Role
from bogam.app import Bogam, local_operator
from bogam.doors.cli.paper import print_draft
from bogam.doors.serve import ensure_free, serve
from bogam.synthetic import ward

HOST: Final = "127.0.0.1"
PASSWORD: Final = "bogam-demo-2026"
FIRST: Final = "p01"
PEOPLE: Final = (
    ("lee", "이지은", Role.physician),
    ("smith", "Dana Smith", Role.physician),
    ("park", "박간호", Role.nurse),
    ("coder", "Casey Coder", Role.coder),
    ("auditor", "Avery Auditor", Role.auditor),
    ("admin", "Alex Admin", Role.administrator),
)


def run(home: Path, port: int, once: bool) -> None:
    """Make the ward when the home folder is empty, print one summary, and serve until interrupted.

    Parameters
    ----------
    home
        The home folder; one that holds the ward already is reused.
    port
        Where to listen on loopback.
    once
        Print and return instead of serving.
    """
    console = Console(highlight=False)
    if not once:
        ensure_free(HOST, port)
    bogam = prepare(home, console)
    physician = Actor("lee", "이지은", Role.physician)
    patient = showcase(bogam, physician)
    draft = bogam.run("record-summary", patient=patient, actor=physician, purpose=Purpose.treatment, language="en")
    print_draft(bogam.draft(draft.id, actor=physician, purpose=Purpose.treatment))
    if once:
        return
    console.print()
    console.print(f"Open http://{HOST}:{port}/  (Ctrl-C stops)", style="bold")
    console.print(f"Sign in as {', '.join(name for name, _, _ in PEOPLE)}; the password of each is {PASSWORD}")
    serve(bogam, HOST, port)


def prepare(home: Path, console: Console) -> Bogam:
    """Open the home folder, with the ward and its people in it."""
    fresh = not (home / "records.sqlite").exists()
    bogam = Bogam(home)
    known = {user.actor.id for user in bogam.users.list()}
    for name, full_name, role in PEOPLE:
        if name not in known:
            bogam.users.add(name, full_name, role, PASSWORD)
    if fresh or not bogam.store.counts():
        console.print(f"Making the demonstration ward in {home} ...")
        for number, bundle in enumerate(ward().bundles):
            bogam.load(bundle, name=f"ward/{number:02d}.json")
    if not bogam.library(actor=local_operator(), purpose=Purpose.administration):
        with as_file(files("bogam.synthetic") / "library") as folder:
            bogam.library_add([folder])
    counts = bogam.store.counts()
    console.print(f"{home}: {counts.get('Patient', 0)} synthetic patients, {sum(counts.values()):,} resources.\n")
    return bogam


def showcase(bogam: Bogam, actor: Actor) -> str:
    """Return the first patient of the ward, or in another home the one with the fullest record."""
    if bogam.store.get("Patient", FIRST) is not None:
        return FIRST
    page = bogam.patients(actor=actor, purpose=Purpose.treatment, sort="resources", descending=True, limit=1)
    return page.rows[0].card.id
