"""Steps of long work: a generator yields between two of them, and its runner lets others run when a turn is over."""

import time
from collections.abc import Generator
from typing import Any, TypeVar

from understudy.core.reply import Reply

TURN_SECONDS = 0.003
"""Length of a turn: steps run one after another until it is over, then other requests run."""

Result = TypeVar("Result")
Steps = Generator[None, None, Result]
"""Work in steps, with its result as the return value. A step takes a few milliseconds at most."""


ReplyFirst = Generator[Reply | None, None, None]
"""Work of a handler in steps that yields its reply, after which more steps follow."""


class Turn:
    """Time during which work runs in one piece."""

    __slots__ = ("_end",)

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a new turn."""
        self._end = time.perf_counter() + TURN_SECONDS

    def is_over(self) -> bool:
        """Return whether others should run now."""
        return time.perf_counter() >= self._end


def run_to_end(steps: Generator[Any, None, Result]) -> Result:
    """Run all steps in one piece, where nobody waits; return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
