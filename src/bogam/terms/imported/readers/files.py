"""The files of a release, given as a zip, a folder, or one by one."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj

from bogam.terms.imported.piece import Bad
from bogam.terms.imported.rows import NoTable


@contextmanager
def unpacked(paths: list[Path], wanted: re.Pattern[str]) -> Generator[list[Path]]:
    """Give the files among ``paths`` whose names fit ``wanted``; those of a zip are unpacked to a temporary folder.

    Raises
    ------
    NoTable
        When there is none.
    """
    with tempfile.TemporaryDirectory(prefix="bogam-terms-") as folder:
        found: list[Path] = []
        for path in paths:
            if path.is_dir():
                found += sorted(each for each in path.rglob("*") if wanted.fullmatch(each.name) and each.is_file())
            elif zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
                found += _from_zip(path, wanted, Path(folder))
            elif wanted.fullmatch(path.name):
                found.append(path)
        if not found:
            names = ", ".join(path.name for path in paths)
            raise NoTable(f"No file of this release in {names}: expected a name like {wanted.pattern}.")
        yield found


def _from_zip(path: Path, wanted: re.Pattern[str], folder: Path) -> Iterator[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.infolist(), key=lambda each: each.filename):
                name = member.filename.rpartition("/")[2]
                if not wanted.fullmatch(name):
                    continue
                place = folder / name
                with archive.open(member) as source, place.open("wb") as target:
                    copyfileobj(source, target, 1 << 20)
                yield place
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise NoTable(f"{path.name} cannot be unpacked: {error}.") from error


def lines(path: Path, separator: str, width: int) -> Iterator[tuple[int, list[str]] | Bad]:
    """Yield the rows of an unquoted UTF-8 table, or what is wrong with one."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                cells = raw.decode("utf-8").rstrip("\r\n").split(separator)
            except UnicodeDecodeError:
                yield Bad(path.name, number, "not UTF-8", repr(raw[:200]))
                continue
            if len(cells) < width:
                if len(cells) > 1 or cells[0].strip():
                    yield Bad(path.name, number, f"{len(cells)} columns, expected {width}", separator.join(cells)[:500])
                continue
            yield number, cells
