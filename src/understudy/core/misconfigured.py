"""Our own kind of error: the person who started us has to mend something."""

from collections.abc import Iterable
from difflib import get_close_matches


class Misconfigured(Exception):  # noqa: N818 - reads as a claim about the set-up
    """Start-up cannot go on. The message is one line: the place, what is wrong, what to do."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the known name most like this one, or nothing."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; did you mean {found[0]!r}?" if found else ""
