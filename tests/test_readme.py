"""Every command of the READMEs prints in a demonstration home what the page says (... stands for anything)."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
RULES = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def _commands(page: Path) -> Iterator[tuple[str, str]]:
    for block in BLOCK.findall(page.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("readme")
    _run("bogam demo --once", made)
    return made


def _run(command: str, folder: Path) -> str:
    bin = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{bin}:{os.environ['PATH']}",
        "COLUMNS": "200",
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
    }
    words = shlex.split(command)
    done = subprocess.run(
        words if "|" not in words else ["bash", "-c", command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_what_the_page_shows_is_what_is_printed(name: str, folder: Path) -> None:
    shown = [each for each in _commands(ROOT / name) if "bogam" in each[0]]
    assert len(shown) >= 5
    checker = doctest.OutputChecker()
    for command, expected in shown:
        printed = _run(command, folder)
        assert checker.check_output(expected, printed, RULES), f"$ {command}\n{printed}"


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_python_of_the_page_runs(name: str, folder: Path) -> None:
    for program in PYTHON.findall((ROOT / name).read_text("utf-8")):
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
