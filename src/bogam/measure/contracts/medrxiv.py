"""What medRxiv must answer: the same as bioRxiv."""

from __future__ import annotations

from bogam.measure.contracts import biorxiv

contract = biorxiv.of("medrxiv")
