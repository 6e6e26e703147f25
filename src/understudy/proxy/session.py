"""Session of a proxy: it listens, passes calls on and has them examined until it is asked to stop."""

import asyncio
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from understudy.core.stop_signals import stop_event
from understudy.proxy.relay import Relay

SWITCH_SECONDS = 0.0005
"""Time after which the thread that examines makes way for the one that passes bytes on."""


def serve(relay: Relay, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Pass calls on until a signal stops the process; ``announce`` is called once clients may connect."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_serve(relay, listener, announce))
    finally:
        sys.setswitchinterval(before)


async def _serve(relay: Relay, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Pass calls on until a signal is sent to this process."""
    await pass_on(relay, listener, stop_event(), announce)


async def pass_on(
    relay: Relay, listener: socket.socket, is_stopped: asyncio.Event, announce: Callable[[], None]
) -> None:
    """Pass calls on until ``is_stopped``, then close all connections."""
    server = await asyncio.get_running_loop().create_server(relay.protocol, sock=listener)
    announce()
    try:
        await is_stopped.wait()
    finally:
        server.close()
        relay.close()
        await asyncio.sleep(0)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop where there is one."""
    try:
        made: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    except ImportError:
        return None
    return made
