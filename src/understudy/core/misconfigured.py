"""Error of configuration: the person who started Understudy has to correct something."""

from collections.abc import Iterable
from difflib import SequenceMatcher

CUTOFF = 0.4
"""Similarity, from 0 to 1, from which on a known name is offered in place of an unknown one."""

MAX_COMPARED = 200
"""Characters of an unknown name that are compared: comparing takes time that grows with the square."""


class Misconfigured(Exception):  # noqa: N818 - reads as a claim about the set-up
    """Error of configuration that stops the start-up or a command.

    The message is one line: the place, the problem and its remedy.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` with the most similar known name, whatever its case, or an empty text.

    Of dotted names the last parts count as much as all: ``base.emial`` is like ``base.contacts.email``.
    """
    wanted = name[:MAX_COMPARED].casefold()
    whole, last = _Similarity(wanted), _Similarity(_last_part(wanted))
    found, best = "", CUTOFF
    for each in known:
        other = each.casefold()
        if wanted == other:
            return f"; did you mean {each!r}?"
        if "." in wanted or "." in other:
            by_last = last.to(_last_part(other), 2 * best - 1)
            similarity = (whole.to(other, 2 * best - by_last) + by_last) / 2
        else:
            similarity = whole.to(other, best)
        if similarity > best or (similarity == best and not found):
            found, best = each, similarity
    return f"; did you mean {found!r}?" if found else ""


def _last_part(name: str) -> str:
    return name.rpartition(".")[2]


class _Similarity:
    """Similarity of one name to others, from 0 to 1."""

    def __init__(self, name: str) -> None:
        self._compared = SequenceMatcher(None, "", name, autojunk=False)

    def to(self, other: str, floor: float = 0.0) -> float:
        """Return the similarity, or 0 if it cannot be above ``floor``."""
        compared = self._compared
        compared.set_seq1(other)
        if compared.real_quick_ratio() < floor or compared.quick_ratio() < floor:
            return 0.0
        return compared.ratio()
