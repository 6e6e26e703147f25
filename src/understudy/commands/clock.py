"""Command ``clock``: time and rate of a world's clock."""

import re
from datetime import timedelta
from typing import Any

import click

from understudy.client import RemoteWorld
from understudy.commands.options import Finite
from understudy.commands.steering import steers

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
SPAN = re.compile(r"(?:\d+(?:\.\d+)?[dhms])+")
RATE = click.option("--rate", type=Finite(), help="How many seconds pass a second; 0 is frozen, 3600 an hour a second.")


def parse_span(text: str) -> timedelta:
    """Return the time span that a text such as ``30d`` or ``1d12h`` stands for."""
    if not SPAN.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no span: write 30d, 2h or 1d12h30m")
    try:
        return timedelta(**{UNITS[unit]: float(number) for number, unit in re.findall(r"([\d.]+)([dhms])", text)})
    except (OverflowError, ValueError):
        raise click.BadParameter(f"{text[:80]!r} is too long a span") from None


def _print_clock(found: Any) -> None:
    how = "the real time" if found["is_real"] else "frozen" if not found["rate"] else f"at rate {found['rate']:g}"
    click.echo(f"{found['now']}  {how}")


@click.group()
def clock() -> None:
    """Read, freeze, set and move a world's time."""


@clock.command()
@steers(_print_clock)
def show(world: RemoteWorld) -> Any:
    """Read a world's time."""
    return world.clock.show()


@clock.command("set")
@click.argument("time")
@RATE
@steers(_print_clock)
def set_time(world: RemoteWorld, time: str, rate: float | None) -> Any:
    """Go on from TIME, such as 2026-01-01T09:00:00Z."""
    return world.clock.set(time, rate)


@clock.command()
@click.argument("rate", type=Finite())
@steers(_print_clock)
def rate(world: RemoteWorld, rate: float) -> Any:
    """Let RATE seconds pass a second."""
    return world.clock.set(rate=rate)


@clock.command()
@click.argument("time", required=False)
@steers(_print_clock)
def freeze(world: RemoteWorld, time: str | None) -> Any:
    """Stop the time, at TIME or where it is."""
    return world.clock.freeze(time)


@clock.command()
@click.argument("span", type=parse_span)
@click.option("--back", is_flag=True, help="Back, in place of forward.")
@steers(_print_clock)
def move(world: RemoteWorld, span: timedelta, *, back: bool) -> Any:
    """Jump by a SPAN: 30d, 2h, 1d12h30m."""
    return world.clock.move(-span if back else span)


@clock.command()
@steers(_print_clock)
def follow(world: RemoteWorld) -> Any:
    """Show the real time again."""
    return world.clock.follow()
