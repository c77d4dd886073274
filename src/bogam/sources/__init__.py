"""Outside knowledge: one file per source, one answer envelope."""
