"""Rooms import rooms below them, never above."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "bogam"
BELOW = {
    "record": set(),
    "terms": {"record"},
    "text": {"terms", "record"},
    "synthetic": {"record"},
    "access": {"record"},
    "sources": {"text", "terms", "record"},
    "evidence": {"sources", "text", "terms", "record"},
    "skills": {"evidence", "sources", "text", "terms", "record"},
    "app": {"skills", "evidence", "access", "sources", "text", "terms", "record"},
    "measure": {"app", "doors", "skills", "evidence", "access", "sources", "text", "terms", "record", "synthetic"},
    "doors": {"app", "skills", "evidence", "access", "sources", "text", "terms", "record", "synthetic", "measure"},
}


def _rooms_imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bogam."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "bogam":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("bogam.")}
    return found - {"__version__"}


@pytest.mark.parametrize("room", sorted(BELOW))
def test_a_room_imports_rooms_below_it_alone(room: str) -> None:
    files = sorted((SOURCE / room).rglob("*.py")) or [SOURCE / f"{room}.py"]
    above = {
        f"{file.relative_to(SOURCE)} imports {other}"
        for file in files
        for other in _rooms_imported(file) - {room} - BELOW[room]
    }
    assert not above
