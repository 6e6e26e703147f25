"""Error of configuration: the person who started Understudy has to correct something."""

from collections.abc import Iterable
from difflib import get_close_matches


class Misconfigured(Exception):  # noqa: N818 - reads as a claim about the set-up
    """Error of configuration that stops the start-up or a command.

    The message is one line: the place, the problem and its remedy.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` with the most similar known name, or an empty text."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; did you mean {found[0]!r}?" if found else ""
