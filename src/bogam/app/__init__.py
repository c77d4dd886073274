"""The house: opens a home folder, wires the rooms, and runs the one path that every request takes.

door -> decide -> gather -> draft -> verify -> show -> sign -> record + audit
"""

from __future__ import annotations

from pathlib import Path

from bogam.app.asking import Asking
from bogam.app.codes import Codes
from bogam.app.drafting import FORMATS
from bogam.app.house import BadRequest, House, SourceClosed, Unknown, local_operator, now
from bogam.app.knowledge import Knowledge
from bogam.app.oversight import Oversight
from bogam.app.privacy import Privacy
from bogam.app.records import PatientPage, PatientRow, Records

__all__ = [
    "FORMATS",
    "BadRequest",
    "Bogam",
    "House",
    "PatientPage",
    "PatientRow",
    "SourceClosed",
    "Unknown",
    "local_operator",
    "now",
]


class Bogam(Records, Asking, Privacy, Codes, Knowledge, Oversight):
    """One hospital's Bogam: a home folder with its records, drafts, users and audit log.

    Parameters
    ----------
    home
        The folder; it is made when it does not exist.

    Every method that reads or writes patient data takes an ``actor`` and a ``purpose``, asks `decide`, and writes to
    the audit log, refusals too. Refused requests raise `Refused`, unknown ids `Unknown`.
    """

    def __init__(self, home: str | Path = "ward") -> None:
        super().__init__(home)
        for unfinished in self._drafts.unfiled():
            self._file(unfinished)
