"""Code systems that may not be shipped: read from the official files that a user has, kept in the home folder."""

from __future__ import annotations

from bogam.terms.imported.library import Imported, Library, NotImported, Report
from bogam.terms.imported.systems import SYSTEMS, System

__all__ = ["SYSTEMS", "Imported", "Library", "NotImported", "Report", "System"]
