"""What can be asked of a discharge summary."""

from __future__ import annotations

from bogam.skills.stay.request import StayRequest


class Request(StayRequest):
    """A request for a discharge summary: language, how much, and the day it speaks from."""
