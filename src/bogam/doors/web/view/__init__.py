"""Record and evidence as pages show them. Formatting only: no clinical logic."""
