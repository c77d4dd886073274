"""Public interfaces as their publishers document them, served on this machine from a few made items.

For tests and measurements: each speaks the documented shapes, paging, limits and quirks, and breaks on demand.
"""
