"""One folder per clinical job. Skills register through the entry point group ``bogam.skills``."""
