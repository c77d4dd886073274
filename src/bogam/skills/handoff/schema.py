"""What can be asked of a hand-off."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bogam.skills.stay.request import StayRequest

Form = Literal["ipass", "sbar"]
Setting = Literal["shift", "ed-to-ward"]


class Request(StayRequest):
    """A request for a hand-off.

    Parameters
    ----------
    form
        ``ipass`` (Starmer et al., 2012) or ``sbar``.
    setting
        ``shift``: to the next shift. ``ed-to-ward``: from the emergency department to the ward; tells the whole
        emergency visit, and what was done in it.
    since
        What changed in so many hours before the moment the draft speaks from.
    """

    form: Form = "ipass"
    setting: Setting = "shift"
    since: int = Field(default=12, ge=1, le=168)
