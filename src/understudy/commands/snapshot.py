"""Command ``snapshot``: snapshots of worlds, as JSON documents or kept on the server."""

import json
import os
from pathlib import Path
from typing import IO, Any

import click

from understudy.casting.writers.output_file import STDOUT
from understudy.client import Control, RemoteWorld
from understudy.commands.json_input import read_json
from understudy.commands.steering import print_done, print_fields, print_rows, steers
from understudy.core.misconfigured import Misconfigured


@click.group()
def snapshot() -> None:
    """Keep a world as it is, and put it back."""


@snapshot.command("list")
@steers(print_rows("name", "origin", "now", "records", none="no snapshot is kept"), of_server=True)
def list_snapshots(control: Control) -> Any:
    """List the snapshots kept on the server, oldest first."""
    return control.rows("snapshots")


@snapshot.command(short_help="Keep a world on the server under a NAME.")
@click.argument("name")
@steers(print_fields)
def keep(world: RemoteWorld, name: str) -> Any:
    """Keep a world on the server under a NAME, in place of an older one of it."""
    return world.keep(name)


@snapshot.command(short_help="Make a world what it was when a snapshot was kept.")
@click.argument("name")
@steers(print_done("the world {name} is as it was"))
def use(world: RemoteWorld, name: str) -> Any:
    """Make a world what it, or another, was when the snapshot NAME was kept."""
    return world.restore(name)


@snapshot.command()
@click.argument("name")
@steers(print_done("the snapshot {name} is dropped"), of_server=True)
def drop(control: Control, name: str) -> Any:
    """Drop a snapshot kept on the server."""
    control.call("DELETE", "snapshots", name)
    return {"name": name}


def _print_taken(found: Any) -> None:
    click.echo(f"written to {found['file']}" if "file" in found else json.dumps(found))


@snapshot.command(short_help="Write a world as one JSON document.")
@click.argument("file", metavar="[FILE|-]", required=False)
@steers(_print_taken)
def take(world: RemoteWorld, file: str | None) -> Any:
    """Write a world as one JSON document to FILE, or print it (without FILE, or for `-`)."""
    if file in {None, STDOUT}:
        return world.snapshot()
    path = Path(str(file))
    if not path.name or str(file).endswith(("/", os.sep)) or path.is_dir():
        raise Misconfigured(f"{file!r} is a folder; name a file in it")
    text = world.control.text("worlds", world.name, "snapshot")  # as it came: a large one would take long to parse
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{file}: cannot be written: {error.strerror}") from None
    return {"file": file}


@snapshot.command()
@click.argument("file", type=click.File("rb"))
@steers(print_done("the world {name} is what the document says"))
def restore(world: RemoteWorld, file: IO[bytes]) -> Any:
    """Make a world what the document in FILE (or `-`) says."""
    return world.restore(read_json(file))
