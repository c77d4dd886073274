"""De-identification of a patient's notes: the skill, and the work on records, files and tables."""

from bogam.skills.deidentify.skill import skill

__all__ = ["skill"]
