"""Signal from the states of all worlds to the one task that delivers what their vendors send."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorldChange:
    """Change in a world: a record of a vendor's outbox; without a vendor, its clock, or all of it."""

    world: str
    vendor: str = ""
    record: str = ""


class ChangeSignal:
    """Queue of the changes that a listener has not taken yet; without a listener, changes are dropped at once."""

    __slots__ = ("_changes", "_wake")

    def __init__(self) -> None:
        self._changes: deque[WorldChange] = deque()
        self._wake: Callable[[], object] | None = None

    def listen(self, wake: Callable[[], object] | None) -> None:
        """Call ``wake`` after each change from now on; ``None`` ends it."""
        self._wake = wake
        self._changes.clear()

    def note(self, world: str, vendor: str = "", record: str = "") -> None:
        """Queue a change, if there is a listener, and wake it."""
        if self._wake is not None:
            self._changes.append(WorldChange(world, vendor, record))
            self._wake()

    def take(self) -> WorldChange | None:
        """Return the oldest change that was not taken yet, or ``None``."""
        return self._changes.popleft() if self._changes else None
