"""Who asks, what for, whether they may, and the log of it."""
