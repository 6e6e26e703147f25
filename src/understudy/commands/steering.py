"""Common part of the commands that steer a running server: options for server and world, output of results."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from understudy.client import Control, RemoteWorld
from understudy.commands.options import AS_JSON, check_world_name
from understudy.commands.tables import print_table
from understudy.core.misconfigured import Misconfigured
from understudy.settings import control_token, server_url, world_name

Show = Callable[[Any], None]
Row = Mapping[str, Any]
MIN_FIELD = 10
COMPLETION_SECONDS = 1.0
"""Timeout of the request that completes the name of a world."""

URL = click.option(
    "--url", default=server_url, metavar="URL", help="The server.  [default: $UNDERSTUDY_URL, else port 8080]"
)


def complete_worlds(context: click.Context, _parameter: click.Parameter, start: str) -> list[CompletionItem]:
    """Return the names of worlds in use that begin with a text; none if the server cannot be asked."""
    url = context.params.get("url") or server_url()
    try:
        with Control(url, control_token() or "", timeout=COMPLETION_SECONDS) as control:
            worlds = control.rows("worlds")
    except Misconfigured:
        return []
    return [CompletionItem(world["name"]) for world in worlds if world["name"].startswith(start)]


WORLD = click.option(
    "--world",
    default=world_name,
    metavar="NAME",
    shell_complete=complete_worlds,
    help="The world.  [default: $UNDERSTUDY_WORLD, else main]",
)


def steers(
    show: Show, *, of_server: bool = False, has_failed: Callable[[Any], bool] = lambda _found: False
) -> Callable[[Callable[..., Any]], Callable[..., int]]:
    """Return a decorator that passes a command its world, and prints the result by ``show`` or as JSON.

    A command ``of_server`` takes no world: it is passed the control API. The exit code is 1 if ``has_failed`` is true
    of the result.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., int]:
        @wraps(command)
        def run(*, url: str, as_json: bool, world: str = "", **values: Any) -> int:
            with Control(url, control_token() or "") as control:
                found = command(control if of_server else RemoteWorld(control, check_world_name(world)), **values)
            if as_json:
                click.echo(json.dumps(found, indent=2, ensure_ascii=False))
            else:
                show(found)
            return int(has_failed(found))

        for option in (AS_JSON, URL) if of_server else (AS_JSON, URL, WORLD):
            run = option(run)
        return run

    return decorate


def print_done(what: str) -> Show:
    """Return a function that prints a text with the result's values in it: ``"the world {name} is made"``."""
    return lambda found: click.echo(what.format_map(found))


def print_rows(*columns: str, none: str) -> Show:
    """Return a function that prints rows as a table, and ``none`` if there are none.

    A column is the name of a value or, as in ``request.method``, of one inside it.
    """

    def show(rows: Sequence[Row]) -> None:
        if not rows:
            click.echo(none)
        print_table([{column.rpartition(".")[2]: cell(row, column) for column in columns} for row in rows])

    return show


def print_fields(found: Row) -> None:
    """Print a row's fields, one a line, their values below each other."""
    width = max(MIN_FIELD, *map(len, found))
    for name in found:
        click.echo(f"{name:<{width}} {cell(found, name)}".rstrip())


def cell(row: Row, column: str) -> str:
    """Return a value of a row as text; ``-`` for none."""
    value: Any = row
    for name in column.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return " ".join(f"{name}={each}" for name, each in value.items())
    return str(value)
