"""Commands ``journal`` and ``verify-calls``: the calls in a world, and their verification against expectations."""

from collections.abc import Callable
from typing import IO, Any

import click

from understudy.client import RemoteWorld
from understudy.client.verdict import finding_lines
from understudy.client.world import given
from understudy.commands.json_input import MAX_DEPTH, json_text, metavar, read_json
from understudy.commands.options import OneOf, excludes
from understudy.commands.steering import print_rows, steers

OUTCOMES = ("accepted", "route", "contract", "credentials", "rule", "fault", "breach")
PATTERN: dict[str, tuple[Any, str]] = {
    "vendor": (str, "Only this vendor's."),
    "operation": (str, "Only this operation's."),
    "status": (str, "Only those answered so: 404, 4xx."),
    "outcome": (OneOf(OUTCOMES), "Only those that ended so."),
    "since": (str, "Only those from this time of the world on."),
    "until": (str, "Only those before this time of the world."),
    "after": (int, "Only those numbered higher."),
    "request": (json_text, "Only those whose request has this JSON in it."),
    "response": (json_text, "Only those whose answer has this JSON in it."),
}
"""Types and help texts of a call pattern's properties, by name; see schema ``CallPattern`` of the control API."""

COUNTS = {"exactly": "So many and no other.", "at_least": "So many or more.", "at_most": "So many or fewer."}


def _pattern_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, (kind, text) in reversed(PATTERN.items()):
        command = click.option(f"--{name}", type=kind, metavar=metavar(kind), help=text)(command)
    return command


def _print_journal(found: Any) -> None:
    if isinstance(found, str):
        click.echo(found, nl=not found.endswith("\n"))
        return
    columns = ("number", "now", "response.status", "request.method", "request.target", "operation", "outcome", "fault")
    print_rows(*columns, none="no call fits")(found)


@click.command()
@excludes("is_har", "is_curl", "as_json")
@_pattern_options
@click.option("--limit", type=int, default=50, show_default=True, help="How many at most, the newest.")
@click.option("--reveal", is_flag=True, help="Show credentials as they were sent.")
@click.option("--har", "is_har", is_flag=True, help="Print an HTTP archive, for browsers and tools.")
@click.option("--curl", "is_curl", is_flag=True, help="Print curl commands that repeat the calls.")
@click.option("--clear", "is_clearing", is_flag=True, help="Begin the journal anew after that.")
@steers(_print_journal)
def journal(world: RemoteWorld, *, is_har: bool, is_curl: bool, is_clearing: bool, **pattern: Any) -> Any:
    """Show the last calls in a world."""
    form = "har" if is_har else "curl" if is_curl else None
    path = ("worlds", world.name, "journal")
    if form is None:
        found: Any = world.read_journal(**pattern)
        if missing := found.missing():
            click.echo(missing, err=True)
    else:
        found = world.control.text(*path, form, **pattern)
    if is_clearing:
        world.forget_calls()
    return found


def _print_verdict(verdict: Any) -> None:
    for finding in verdict["findings"]:
        click.echo("\n".join(finding_lines(finding)))


@click.command("verify-calls")
@_pattern_options
@click.option("--exactly", type=int, help="So many calls and no other.")
@click.option("--at-least", type=int, help="So many calls or more.")
@click.option("--at-most", type=int, help="So many calls or fewer.")
@click.option("--file", type=click.File("rb"), help="Expectations as the control API takes them, in place of options.")
@steers(_print_verdict, has_failed=lambda verdict: not verdict["holds"])
def verify_calls(world: RemoteWorld, file: IO[bytes] | None, **expected: Any) -> Any:
    """Hold the calls in a world against what is expected.

    Exit code 1 if they differ. At least one call is expected unless a count is given:
    `--operation create_purchase --exactly 0` expects none.
    """
    wanted = given(expected)
    if file is None:
        counts = {name: wanted.pop(name) for name in COUNTS if name in wanted}
        return world.verify([{"calls": wanted, **counts}])
    if wanted:
        raise click.UsageError(f"--file takes the place of --{next(iter(wanted)).replace('_', '-')}: give one of them")
    return world.verify_document(read_json(file, MAX_DEPTH))
