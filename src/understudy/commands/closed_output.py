"""Outputs that the caller has closed (``>&-``): no file that is opened later may get their numbers."""

import os
import sys


def replace_closed_outputs() -> None:
    """Open what is closed: what is written to the standard output then fails, as in any filter; errors go nowhere."""
    for name, number, mode in (("stdout", 1, os.O_RDONLY), ("stderr", 2, os.O_WRONLY)):
        if getattr(sys, name) is None:
            _open(number, mode)
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def discard_closed_output() -> None:
    """Discard what is written to a standard output that was closed: the work of a server is not what it prints."""
    if hasattr(sys.stdout, "fileno") and sys.stdout is not sys.__stdout__ and sys.__stdout__ is None:
        _open(sys.stdout.fileno(), os.O_WRONLY)


def _open(number: int, mode: int) -> None:
    opened = os.open(os.devnull, mode)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
