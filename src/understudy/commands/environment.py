"""For programs in any language: the variables that point them at a server, and one that lives as long as they do."""

import json
import logging
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import click

from understudy.app import create_app
from understudy.client.environment import environment
from understudy.commands.options import OPTIONS, takes
from understudy.core.misconfigured import Misconfigured
from understudy.core.world_names import MAIN, WORLD_NAME
from understudy.serving import in_background, listen, root_url
from understudy.settings import Settings, process_environment

WORLD = click.option("--world", default=MAIN, show_default=True, metavar="NAME", help="The world to point at.")
PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
CANNOT_RUN, NOT_FOUND, SIGNALLED = 126, 127, 128
"""Exit codes as a shell has them; the last one has the signal's number added."""


def _shell(variables: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def _dotenv(variables: Mapping[str, str]) -> str:
    # Quotes only where they are needed: `docker --env-file` would take them for part of the value.
    quoted = {name: json.dumps(value) if "'" in value else shlex.quote(value) for name, value in variables.items()}
    return "\n".join(f"{name}={value}" for name, value in quoted.items())


def _json(variables: Mapping[str, str]) -> str:
    return json.dumps(variables, indent=2, ensure_ascii=False)


FORMS: Mapping[str, Callable[[Mapping[str, str]], str]] = {"shell": _shell, "dotenv": _dotenv, "json": _json}


@click.command()
@takes("host", "port", "vendors", "seed", "scenario", "is_secure")
@WORLD
@click.option("--shell", "form", flag_value="shell", default="shell", help="Print `export` lines, as if none is asked.")
@click.option("--dotenv", "form", flag_value="dotenv", help="Print lines for a .env file.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
def env(settings: Settings, world: str, form: str) -> None:
    """Print base URLs and credentials as environment variables.

    Each is UNDERSTUDY_<VENDOR>_<NAME>, and has the name that the vendor's public clients read where they have one.
    """
    root = root_url(settings.host, settings.port, is_secure=settings.is_secure)
    click.echo(FORMS[form](environment(root, _named(world), create_app(settings).connections(world))))


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
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    understudy = create_app(settings)
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        variables = process_environment() | environment(root, _named(world), understudy.connections(world))
        try:
            child = subprocess.Popen(command, env=variables)  # noqa: S603 - to run it is what we were asked
        except OSError as error:
            click.echo(f"understudy: cannot run {command[0]!r}: {(error.strerror or str(error)).lower()}", err=True)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else CANNOT_RUN
        with _signals_go_to(child):
            code = child.wait()
    return code if code >= 0 else SIGNALLED - code


def _named(world: str) -> str:
    if not WORLD_NAME.fullmatch(world):
        raise Misconfigured(f"{world!r} is no world's name: take letters, digits, '.', '_' and '-', at most 64")
    return world


@contextmanager
def _signals_go_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass signals on; a key pressed at a terminal has already reached the child."""
    of_keys = {signal.SIGINT, getattr(signal, "SIGQUIT", None)} if sys.stdin.isatty() else set()

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number not in of_keys:
            child.send_signal(number)

    passed_on = [getattr(signal, name) for name in PASSED_ON if hasattr(signal, name)]
    before = {number: signal.signal(number, pass_on) for number in passed_on}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
