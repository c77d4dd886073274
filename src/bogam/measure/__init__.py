"""Measurements: `bogam measure NAME`."""
