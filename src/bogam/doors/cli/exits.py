"""Exit codes, and the one sentence that stands beside each."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import IntEnum
from typing import Final, NoReturn

import typer


class Exit(IntEnum):
    """What a command's exit code says."""

    ok = 0
    failure = 1
    usage = 2
    refused = 3
    unknown = 4
    quarantined = 5
    unverified = 6
    nothing = 7
    upstream = 8


EPILOG: Final = (
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by access, 4 unknown id, "
    "5 loaded but some input was quarantined, 6 the audit log did not verify, 7 nothing matches, 8 a source failed."
)


class UsageError(ValueError):
    """A command that cannot be carried out as it was typed; the message says how to type it."""


class UnknownId(LookupError):
    """Something named on the command line that does not exist."""


def stop(code: Exit, message: str, *, json: bool) -> NoReturn:
    """Say why on standard error, as a JSON object with ``--json``, and exit."""
    if json:
        import orjson

        said = orjson.dumps({"error": {"exit": code.value, "code": code.name, "message": message}}).decode()
    else:
        said = f"bogam: {message}"
    typer.echo(said, err=True)
    raise typer.Exit(code.value)


@contextmanager
def reporting(*, json: bool) -> Generator[None]:
    """Turn what a command may fail with into one sentence and an exit code; a defect keeps its traceback."""
    from sqlalchemy.exc import DatabaseError

    from bogam.access.decide import Refused
    from bogam.access.sessions import TokenError
    from bogam.access.users import UnknownUser, UserError
    from bogam.app import BadRequest, Unknown
    from bogam.doors.serve import PortTaken
    from bogam.evidence.drafts import DraftChanged, NoDraft
    from bogam.record.load import LoadError

    try:
        yield
    except Refused as refused:
        stop(Exit.refused, refused.decision.reason_ko if korean() else refused.decision.reason, json=json)
    except (UnknownId, Unknown, NoDraft, UnknownUser) as error:
        stop(Exit.unknown, str(error), json=json)
    except BadRequest as error:
        stop(Exit.usage, error.ko if korean() else str(error), json=json)
    except (UsageError, UserError, TokenError, LoadError) as error:
        stop(Exit.usage, str(error), json=json)
    except (DraftChanged, PortTaken) as error:
        stop(Exit.failure, str(error), json=json)
    except DatabaseError as error:
        stop(Exit.failure, f"The database of this home cannot be used: {error.orig}.", json=json)
    except BrokenPipeError:
        # The reader has seen enough (bogam … | head). Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.failure.value) from None
    except OSError as error:
        which = f" {error.filename}" if error.filename else ""
        stop(Exit.failure, f"Cannot use{which}: {error.strerror or error}.", json=json)


def korean() -> bool:
    """Say whether the person's locale is Korean (POSIX: LC_ALL before LC_MESSAGES before LANG)."""
    chosen = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((each for each in chosen if each), "").startswith("ko")
