"""Sleep in the event loop that runs the request: asyncio's, or trio's where the app is called in process."""

import asyncio
import sys
from collections.abc import Awaitable
from contextlib import suppress
from typing import TypeVar

import anyio

Result = TypeVar("Result")


async def sleep(seconds: float) -> None:
    """Let other requests run for a time; for 0 seconds, once.

    anyio is asked only in a process that has imported trio: its first use takes 50 ms, in which nobody is served.
    """
    if "trio" in sys.modules:
        await anyio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)


async def within(seconds: float, work: Awaitable[Result]) -> Result | None:
    """Return the result of work; ``None`` if it takes longer than a time, after which it is cancelled."""
    if "trio" in sys.modules:
        with anyio.move_on_after(seconds):
            return await work
        return None
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await work
    return None
