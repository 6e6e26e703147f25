"""Sleep in the event loop that runs the request: asyncio's, or trio's where the app is called in process."""

import asyncio
import sys

import anyio


async def sleep(seconds: float) -> None:
    """Let other requests run for a time; for 0 seconds, once.

    anyio is asked only in a process that has imported trio: its first use takes 50 ms, in which nobody is served.
    """
    if "trio" in sys.modules:
        await anyio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)
