"""The timeline: a patient's resources read into typed facts, each value with the exact place it came from."""

from bogam.record.timeline.build import timeline, wanted

__all__ = ["timeline", "wanted"]
