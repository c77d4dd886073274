"""Conditions to consider and what to check next, resting on cited passages."""

from bogam.skills.consider.skill import skill

__all__ = ["skill"]
