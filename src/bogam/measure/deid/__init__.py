"""Measure de-identification."""
