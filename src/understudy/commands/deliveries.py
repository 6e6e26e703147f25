"""Command ``deliveries``: what the vendors of a world send, with its deliveries, and sending it again."""

import json
from collections.abc import Callable
from typing import Any

import click

from understudy.client import RemoteWorld
from understudy.client.world import given
from understudy.commands.options import OneOf
from understudy.commands.steering import print_done, print_fields, print_rows, steers
from understudy.state.outbox import STATES

PATTERN: dict[str, tuple[Any, str]] = {
    "vendor": (str, "Only this vendor's."),
    "kind": (str, "Only those of this kind: webhook, sqs, sns."),
    "destination": (str, "Only those to this destination; * stands for any text."),
    "state": (OneOf(STATES), "Only those in this state."),
    "since": (str, "Only those from this time of the world on."),
    "until": (str, "Only those before this time of the world."),
}
"""Types and help texts of the properties of schema ``DeliveryPattern`` of the control API."""


def _pattern_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, (kind, text) in reversed(PATTERN.items()):
        command = click.option(f"--{name}", type=kind, help=text)(command)
    return command


def _print_deliveries(found: Any) -> None:
    rows = [
        {**each, "tried": len(each["attempts"]), "problem": each["attempts"][-1]["error"] if each["attempts"] else ""}
        for each in found
    ]
    print_rows("id", "created", "state", "tried", "kind", "destination", "target", "problem", none="no delivery fits")(
        rows
    )


def _print_delivery(found: Any) -> None:
    fields = {name: value for name, value in found.items() if name not in ("body", "attempts")}
    print_fields({**fields, "body": json.dumps(found["body"], ensure_ascii=False)})
    for each in found["attempts"]:
        how = each["error"] or "delivered"
        click.echo(f"{each['at']}  {each['status'] or '-'}  {how}")


@click.group()
def deliveries() -> None:
    """List what vendors send by themselves, and send it again."""


@deliveries.command("list")
@_pattern_options
@click.option("--limit", type=int, default=50, show_default=True, help="How many at most, the oldest.")
@click.option("--offset", type=int, default=0, show_default=True, help="How many of the oldest to leave out.")
@steers(_print_deliveries)
def list_deliveries(world: RemoteWorld, **pattern: Any) -> Any:
    """List deliveries, oldest first."""
    return world.deliveries(**given(pattern))


@deliveries.command()
@click.argument("delivery")
@click.option("--reveal", is_flag=True, help="Show credentials as they are sent.")
@steers(_print_delivery)
def show(world: RemoteWorld, delivery: str, *, reveal: bool) -> Any:
    """Show one DELIVERY, by its id, with its attempts."""
    return world.control.get("worlds", world.name, "deliveries", delivery, reveal=reveal)


@deliveries.command()
@click.argument("delivery")
@steers(print_done("{id} is sent again"))
def resend(world: RemoteWorld, delivery: str) -> Any:
    """Send one DELIVERY again, by its id, in whatever state it is."""
    return world.control.call("POST", "worlds", world.name, "deliveries", delivery, "resend")


@deliveries.command()
@_pattern_options
@steers(print_done("sent again: {resent}"))
def replay(world: RemoteWorld, **pattern: Any) -> Any:
    """Send all deliveries again that fit, oldest first."""
    return {"resent": world.replay(**given(pattern))}
