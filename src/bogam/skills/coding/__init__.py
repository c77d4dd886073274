"""ICD-10-CM codes for an encounter or a note: suggestions with their evidence, for a coder to accept or reject."""

from bogam.skills.coding.skill import skill

__all__ = ["skill"]
