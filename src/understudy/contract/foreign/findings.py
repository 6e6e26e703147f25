"""Findings about a foreign document: parts of it that are not obeyed, with their places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_FINDINGS = 10_000
"""Number of findings that are kept of one document; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Part of a document that is not obeyed: its kind, its place (file and JSON pointer), and why."""

    kind: str
    place: str
    message: str


class Findings:
    """Findings about one document, in the order in which it is read."""

    def __init__(self, found: Sequence[Finding] = (), dropped: int = 0) -> None:
        self._found = list(found)
        self.dropped = dropped

    def add(self, kind: str, place: str, message: str) -> None:
        """Add a finding, or count it if there are too many."""
        if len(self._found) >= MAX_FINDINGS:
            self.dropped += 1
        else:
            self._found.append(Finding(kind, place, message))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found) + self.dropped

    def by_kind(self) -> dict[str, list[Finding]]:
        """Return the findings of each kind, in the order of the first of each."""
        groups: dict[str, list[Finding]] = {}
        for each in self._found:
            groups.setdefault(each.kind, []).append(each)
        return groups

    def summary(self) -> str:
        """Return the number of findings of each kind in one line; empty without findings."""
        return ", ".join(f"{len(group)} {kind}" for kind, group in self.by_kind().items())
