"""Signals that ask a process to stop."""

import asyncio
import signal
from contextlib import suppress


def stop_event() -> asyncio.Event:
    """Return an event of the running loop that Ctrl-C, SIGTERM or a hang-up of the terminal sets."""
    loop = asyncio.get_running_loop()
    is_stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        with suppress(NotImplementedError):  # Windows: Ctrl-C raises
            loop.add_signal_handler(number, is_stopped.set)
    return is_stopped
