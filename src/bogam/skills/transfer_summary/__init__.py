"""A transfer summary: what the next ward or hospital must know about a patient in the middle of a stay."""

from bogam.skills.transfer_summary.skill import skill

__all__ = ["skill"]
