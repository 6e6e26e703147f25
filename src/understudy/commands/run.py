"""Command ``run``: a server for the lifetime of one command."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from understudy.app import create_app
from understudy.client.environment_variables import environment
from understudy.commands.closed_output import discard_closed_output
from understudy.commands.options import OPTIONS, WORLD, check_world_name, takes
from understudy.serving import in_background, listen
from understudy.settings import Settings, process_environment

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
CANNOT_RUN, NOT_FOUND, SIGNALLED = 126, 127, 128
"""Exit codes as a shell has them; the last one has the signal's number added."""


@click.command(context_settings={"allow_interspersed_args": False})
@takes(*(name for name in OPTIONS if name not in {"host", "port", "is_secure", "reloads"}))
@WORLD
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(settings: Settings, world: str, command: tuple[str, ...]) -> int:
    """Run a command beside a server of its own.

    The server takes a free port; the command finds it in its environment (see `understudy env`) and gets the signals
    that are sent to this process. The exit code is the command's: 128 and the number if a signal ended it, 127 if there
    is no such command, 126 if it cannot be run.
    """
    discard_closed_output()
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    understudy = create_app(settings)
    with in_background(understudy, listen("127.0.0.1", 0), settings.keep_alive) as root:
        variables = process_environment() | environment(root, check_world_name(world), understudy.connections(world))
        try:
            child = subprocess.Popen(command, env=variables)  # noqa: S603 - to run it is what we were asked
        except OSError as error:
            click.echo(f"understudy: cannot run {command[0]!r}: {(error.strerror or str(error)).lower()}", err=True)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else CANNOT_RUN
        with _signals_go_to(child):
            code = child.wait()
    return code if code >= 0 else SIGNALLED - code


@contextmanager
def _signals_go_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass signals on to a child; those of keys at a terminal are left out, as the child gets them by itself."""
    of_keys = {signal.SIGINT, getattr(signal, "SIGQUIT", None)} if sys.stdin.isatty() else set()

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number not in of_keys:
            child.send_signal(number)

    passed_on = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, pass_on) for number in passed_on}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
