"""The three small models, read from one file each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from bogam.skills.visit_note.header import HeaderModel
from bogam.skills.visit_note.route import Route
from bogam.skills.visit_note.worth import Worth

FOLDER: Final = Path(__file__).parent / "model"


@cache
def header_model(folder: Path = FOLDER) -> HeaderModel:
    """Return the model that tells the section of a short dialogue."""
    with np.load(folder / "header.npz", allow_pickle=False) as held:
        return HeaderModel(
            tuple(str(name) for name in held["names"]),
            held["weights"].astype(np.float32),
            held["shift"].astype(np.float64),
            held["idf"].astype(np.float64),
        )


@cache
def worth_model(name: str, folder: Path = FOLDER) -> Worth:
    """Return the words' model of short sections (``section``) or of whole notes (``note``)."""
    with np.load(folder / f"{name}.npz", allow_pickle=False) as held:
        lengths = {
            str(part): (float(row[0]), float(row[1])) for part, row in zip(held["parts"], held["length"], strict=True)
        }
        again = held["again"]
        return Worth(
            held["weights"].astype(np.float32), float(held["shift"]), lengths, (float(again[0]), float(again[1]))
        )


@cache
def route_model(folder: Path = FOLDER) -> Route:
    """Return the model that tells to which part of a note a sentence belongs."""
    with np.load(folder / "route.npz", allow_pickle=False) as held:
        return Route(held["weights"].astype(np.float32), held["shift"].astype(np.float64))


def save_header(model: HeaderModel, folder: Path) -> None:
    """Write the header model, weights in half precision."""
    np.savez_compressed(
        folder / "header.npz",
        names=np.array(model.names, np.str_),
        weights=model.weights.astype(np.float16),
        shift=model.shift,
        idf=model.idf.astype(np.float16),
    )


def save_worth(model: Worth, name: str, folder: Path) -> None:
    """Write a words' model, weights in half precision."""
    np.savez_compressed(
        folder / f"{name}.npz",
        weights=model.weights.astype(np.float16),
        shift=np.array(model.shift),
        parts=np.array(list(model.length), np.str_),
        length=np.array(list(model.length.values())),
        again=np.array(model.again),
    )


def save_route(model: Route, folder: Path) -> None:
    """Write the routing model, weights in half precision."""
    np.savez_compressed(folder / "route.npz", weights=model.weights.astype(np.float16), shift=model.shift)
