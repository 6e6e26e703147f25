"""``understudy serve`` with many customers and events: ``python -m benchmarks.hub_server --port N --folder F``.

The folder gets the same rows as files for DuckDB, and what it cost to keep them.
"""

import gc
import json
from functools import partial
from pathlib import Path
from statistics import median
from unittest import mock

import click

from benchmarks.contacthub.customers import VENDOR, world_of
from benchmarks.hub_rows import COSTS, NOW, Rows, clear, fill
from understudy import cli
from understudy.app import Understudy, create_app
from understudy.settings import Settings


def create_filled(folder: Path, settings: Settings) -> Understudy:
    """Return an app whose world holds the rows, and stands at their time."""
    understudy = create_app(settings)
    world = world_of(understudy)
    world.clock.set(NOW, rate=0)
    rows = Rows.within(folder)
    clear(world)
    gc.disable()  # writing is measured, not how often the collector passes by
    someone = fill(world, NOW, rows)
    gc.enable()
    costs = {"someone": someone, "counted": median(rows.counted), "put": median(rows.put)}
    (folder / COSTS).write_text(json.dumps(costs), encoding="utf-8")
    return understudy


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
def main(port: int, folder: Path) -> None:
    """Serve, with the rows."""
    with mock.patch.object(cli, "create_app", partial(create_filled, folder)):
        cli.main(["serve", "--port", str(port), "--vendor", VENDOR])


if __name__ == "__main__":
    main()
