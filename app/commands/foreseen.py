"""Errors that were foreseen: one line that says what to do, instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def foreseen() -> Iterator[None]:
    """Turn a foreseen error into a line on stderr and exit status 2."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ not in FORESEEN and not isinstance(error, BrokenPipeError):
            raise
        sys.stderr.write(f"redress: {error}\n")
        sys.exit(2)


# By name, so that no heavy module is loaded only to say that nothing went wrong.
FORESEEN = (
    "BrokenSetting",
    "ChangedMeanwhile",
    "IllegalMove",
    "LetterIncomplete",
    "ProcedureError",
    "Refused",
    "UnknownEvent",
    "Unknown",
    "WrongSchema",
)


class Unknown(Exception):
    """Something named on the command line does not exist; the text says how to see what does."""
