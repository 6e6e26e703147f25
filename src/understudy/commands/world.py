"""Command ``world``: the worlds of a running server."""

from typing import Any

import click

from understudy.client import Control, RemoteWorld
from understudy.client.world import given
from understudy.commands.options import Finite, check_world_name, excludes
from understudy.commands.steering import complete_worlds, print_done, print_fields, print_rows, steers

NAME = click.argument("name", shell_complete=complete_worlds)


@click.group()
def world() -> None:
    """Make, copy, reset and delete worlds."""


@world.command("list")
@steers(
    print_rows(
        "name", "origin", "records", "exchanges", "faults", "clock.now", "clock.rate", none="no world is in use"
    ),
    of_server=True,
)
def list_worlds(control: Control) -> Any:
    """List the worlds in use, oldest first."""
    return control.rows("worlds")


@world.command()
@steers(print_fields)
def show(world: RemoteWorld) -> Any:
    """Show what a world holds, what it was made from, and its time."""
    return world.show()


@world.command(short_help="Make a world.")
@excludes("scenario", "like", "snapshot")
@click.argument("name", required=False)
@click.option("--scenario", metavar="NAME", help="Make it from this scenario of the server's.")
@click.option("--like", metavar="WORLD", shell_complete=complete_worlds, help="Make it a copy of this world.")
@click.option("--snapshot", metavar="NAME", help="Make it from this snapshot, kept on the server.")
@click.option("--seed", type=int, help="Another seed than the scenario's.")
@click.option("--at", metavar="TIME", help="Its time, such as 2026-01-01T09:00:00Z.")
@click.option("--rate", type=Finite(), help="How many seconds pass a second; 0 is frozen.")
@steers(print_done("the world {name} is made: {prefix}/... before a vendor's path"), of_server=True)
def create(
    control: Control,
    name: str | None,
    scenario: str | None,
    like: str | None,
    snapshot: str | None,
    seed: int | None,
    at: str | None,
    rate: float | None,
) -> Any:
    """Make a world, from the start unless said otherwise; without a NAME it gets one."""
    if name is not None:
        check_world_name(name)
    origin = given({"scenario": scenario, "world": like, "snapshot": snapshot})
    clock = given({"now": at, "rate": rate})
    body = given({"name": name, "from": origin or None, "seed": seed, "clock": clock or None})
    return control.call("POST", "worlds", body=body)


@world.command()
@click.argument("name")
@steers(print_done("the world {name} is made"))
def fork(world: RemoteWorld, name: str) -> Any:
    """Make a world NAME that is equal to the --world and goes its own way."""
    return world.fork(check_world_name(name)).show()


@world.command()
@click.option("--clear-journal", is_flag=True, help="Let the journal begin anew, too.")
@steers(print_done("the world {name} is as it began"))
def reset(world: RemoteWorld, *, clear_journal: bool) -> Any:
    """Put a world back to how it began."""
    return world.reset(clear_journal=clear_journal)


@world.command()
@NAME
@steers(print_done("the world {name} is forgotten"), of_server=True)
def delete(control: Control, name: str) -> Any:
    """Delete a world."""
    RemoteWorld(control, check_world_name(name)).delete()
    return {"name": name}
