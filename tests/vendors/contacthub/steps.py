"""Operations that give other requests their turn, run to their end."""

from collections.abc import Generator

from understudy.core.reply import Reply


def finish(operation: Generator[None, None, Reply]) -> Reply:
    """Run an operation to its end; return its reply."""
    while True:
        try:
            next(operation)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
