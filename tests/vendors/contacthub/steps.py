"""Runner of handlers that run in steps."""

from collections.abc import Generator

from understudy.core.reply import Reply


def finish(operation: Generator[None, None, Reply]) -> Reply:
    """Run a handler to its end; return its reply."""
    while True:
        try:
            next(operation)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
