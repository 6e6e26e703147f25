"""Calls that reached the server and no world's journal: of no vendor, of no world in use, or no valid HTTP."""

import re
import time
from collections import deque
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple
from urllib.parse import unquote

from understudy.core.world_names import WORLD_NAME

MAX_CALLS = 1000
MAX_PATH = 2000
"""Bytes of a path that are kept: of a malformed call it may be anything."""

NAMED_WORLD = re.compile(rf"(?:^|[/\s])@({WORLD_NAME.pattern})")
ENCODED_TWICE = 2


class UnroutedCall(NamedTuple):
    """Call with its number, counted from the server's start, and the world that its path names, empty for none.

    ``method`` is empty for a call that is no valid HTTP; its path is as much as could be read of it.
    """

    number: int
    at: float
    world: str
    method: str
    path: bytes
    query: bytes
    status: int


class UnroutedCalls:
    """Last calls of this kind, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[UnroutedCall] = deque(maxlen=MAX_CALLS)
        self._numbers = count(1)

    def add(self, method: str, path: bytes, query: bytes, status: int) -> None:
        """Add a call that was answered with a status."""
        number, world = next(self._numbers), world_in(path)
        self._calls.append(UnroutedCall(number, time.time(), world, method, path[:MAX_PATH], query, int(status)))

    def add_malformed(self, target: bytes, status: int) -> None:
        """Add a call that is no valid HTTP, with what could be read of its URL."""
        path, _, query = target.partition(b"?")
        self.add("", path, query[:MAX_PATH], status)

    def remove(self, world: str) -> None:
        """Remove the calls that name a world; numbering continues."""
        kept = [call for call in self._calls if call.world != world]
        self._calls.clear()
        self._calls.extend(kept)

    def take_over(self, other: "UnroutedCalls") -> None:
        """Share the calls and the numbering of the application that this one replaces."""
        self._calls, self._numbers = other._calls, other._numbers  # noqa: SLF001 - of the same class

    def __iter__(self) -> Iterator[UnroutedCall]:
        return iter(tuple(self._calls))


def world_in(path: bytes) -> str:
    """Return the world that a path names wherever it stands and however it is encoded; empty for none."""
    text = path[:MAX_PATH].decode("latin-1")
    for _ in range(ENCODED_TWICE):
        text = unquote(text)
    found = NAMED_WORLD.search(text)
    return found[1] if found else ""
