"""The command line: one file for each noun. Heavy imports wait until a command runs, so that help is instant."""

from __future__ import annotations


def main() -> None:
    """Run the command that ``sys.argv`` names."""
    from bogam.doors.cli.app import app

    app()
