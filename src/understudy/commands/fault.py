"""Command ``fault``: list, add and remove the faults of a world."""

from collections.abc import Callable
from typing import Any

import click

from understudy.client import RemoteWorld
from understudy.client.world import given
from understudy.commands.json_input import json_text, metavar
from understudy.commands.options import Finite, OneOf
from understudy.commands.steering import print_done, print_rows, steers

CALL_KINDS = ("latency", "status", "throttle", "drop", "truncate", "slow", "malformed")
DELIVERY_KINDS = ("duplicate", "late", "out_of_order", "lost", "wrong_signature")
STRIKES = ("vendor", "operation", "destination")

PROPERTIES: dict[str, tuple[Any, str]] = {
    "vendor": (str, "Only calls of this vendor."),
    "operation": (str, "Only calls of this operation; needs the vendor."),
    "when": (OneOf(["before", "after"]), "Whether it strikes before the operation takes effect, or after."),
    "nth": (int, "Only the n-th of the calls that fit."),
    "probability": (Finite(), "How likely it strikes each, from 0 to 1."),
    "seed": (int, "Repeats the same chances."),
    "times": (int, "How often it strikes before it is used up."),
    "lasting": (Finite(), "For how many seconds it is there."),
    "status": (int, "The error's status; 503 unless given."),
    "retry_after": (int, "Of throttle: how many seconds to wait."),
    "delay": (Finite(), "Of latency, slow, late and out_of_order: how many seconds."),
    "distribution": (OneOf(["fixed", "normal", "long_tailed"]), "Of latency: how delays vary."),
    "spread": (Finite(), "Of latency: by how much."),
    "bytes": (int, "Of truncate: how much of the body is sent."),
    "body": (json_text, "Of status: the body of a canned answer."),
    "headers": (json_text, "Of status: headers of the answer, as an object."),
    "unchecked": (bool, "Of status: send it whatever the spec declares."),
    "destination": (str, "Of messages: only those to this one; * is any text."),
}
"""Types and help texts of a fault's properties, by name; the control API's schema ``NewFault`` has more on each."""


def _property_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, (kind, text) in reversed(PROPERTIES.items()):
        option = f"--{name.replace('_', '-')}"
        switch = {"is_flag": True, "default": None} if kind is bool else {"type": kind, "metavar": metavar(kind)}
        command = click.option(option, name, help=text, **switch)(command)
    return command


@click.group()
def fault() -> None:
    """Have calls and deliveries go wrong, and end it."""


@fault.command("list")
@steers(print_rows("id", "kind", *STRIKES, "when", "times", "seen", "struck", none="no fault is set"))
def list_faults(world: RemoteWorld) -> Any:
    """List the faults that are not used up, oldest first."""
    return world.faults.all()


@fault.command(short_help="Have calls or deliveries go wrong.")
@click.argument("kind", metavar="KIND", type=OneOf((*CALL_KINDS, *DELIVERY_KINDS)))
@_property_options
@steers(print_done("{id} is set"))
def add(world: RemoteWorld, kind: str, **what: Any) -> Any:
    """Have calls or deliveries go wrong.

    KIND is, for calls: status, latency, throttle, drop, truncate, slow or malformed;
    for deliveries: duplicate, late, out_of_order, lost or wrong_signature.
    """
    return world.faults.add(kind, **given(what))


@fault.command()
@click.argument("id")
@steers(print_done("{id} is removed"))
def remove(world: RemoteWorld, id: str) -> Any:  # noqa: A002 - the word that the list shows
    """Remove a fault, by its ID."""
    world.faults.remove(id)
    return {"id": id}


@fault.command()
@steers(print_done("no fault is left in the world {name}"))
def clear(world: RemoteWorld) -> Any:
    """Remove every fault of a world."""
    world.faults.clear()
    return {"name": world.name}
