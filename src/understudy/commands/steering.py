"""What every command has that steers a running server: which one, which world, and how its answer is shown."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from understudy.client import Control, Declined, RemoteWorld, Unreachable
from understudy.commands.options import AS_JSON
from understudy.commands.tables import print_table
from understudy.settings import control_token, server_url, world_name

Say = Callable[[Any], None]
Row = Mapping[str, Any]
HASTY = 1.0
"""Seconds that somebody who pressed a key waits for a completion."""

URL = click.option(
    "--url", default=server_url, metavar="URL", help="The server.  [default: $UNDERSTUDY_URL, else port 8080]"
)


def complete_worlds(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the worlds in use whose names begin so."""
    url = context.params.get("url") or server_url()
    try:
        with Control(url, control_token() or "", timeout=HASTY) as control:
            worlds = control.rows("worlds")
    except (Unreachable, Declined):
        return []
    return [CompletionItem(world["name"]) for world in worlds if world["name"].startswith(begun)]


WORLD = click.option(
    "--world",
    default=world_name,
    metavar="NAME",
    shell_complete=complete_worlds,
    help="The world.  [default: $UNDERSTUDY_WORLD, else main]",
)


def steers(
    say: Say, *, of_server: bool = False, has_failed: Callable[[Any], bool] = lambda _found: False
) -> Callable[[Callable[..., Any]], Callable[..., int]]:
    """Hand a command the world to steer, and show what it returns: as ``say`` does, or as JSON.

    A command ``of_server`` takes no world, and is handed the control API instead. The exit code is 1 if what it returns
    ``has_failed``.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., int]:
        @wraps(command)
        def run(*, url: str, as_json: bool, world: str = "", **values: Any) -> int:
            with Control(url, control_token() or "") as control:
                found = command(control if of_server else RemoteWorld(control, world), **values)
            if as_json:
                click.echo(json.dumps(found, indent=2, ensure_ascii=False))
            else:
                say(found)
            return int(has_failed(found))

        for option in (AS_JSON, URL) if of_server else (AS_JSON, URL, WORLD):
            run = option(run)
        return run

    return decorate


def say_done(what: str) -> Say:
    """Say that something is done, in words that may name parts of the answer: ``"the world {name} is forgotten"``."""
    return lambda found: click.echo(what.format_map(found))


def say_rows(*columns: str, none: str) -> Say:
    """Print rows as a table of these columns (``request.method`` is one deeper); say ``none`` if there are none."""

    def say(rows: Sequence[Row]) -> None:
        if not rows:
            click.echo(none)
        print_table([{column.rpartition(".")[2]: cell(row, column) for column in columns} for row in rows])

    return say


def say_fields(found: Row) -> None:
    """Print each field on a line."""
    for name in found:
        click.echo(f"{name:<10} {cell(found, name)}")


def cell(row: Row, column: str) -> str:
    """Return a value of a row as text."""
    value: Any = row
    for name in column.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return " ".join(f"{name}={each}" for name, each in value.items())
    return str(value)


def json_text(value: str) -> Any:
    """Read an option's value that is written as JSON."""
    try:
        return json.loads(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not JSON: {error}") from None
