"""``understudy serve`` with many customers and events: ``python -m benchmarks.hub_server --port N --folder F``.

The folder gets the same rows as files for DuckDB, and what it cost to keep them.
"""

import gc
import json
from pathlib import Path
from statistics import median

import click

from benchmarks.contacthub.customers import VENDOR, state_of
from benchmarks.hub_rows import COSTS, NOW, Rows, clear, fill
from benchmarks.servers import HOST
from understudy.app import Understudy, create_app
from understudy.core.caller import Caller
from understudy.serving import listen, run
from understudy.settings import Settings
from understudy.vendors.contacthub.operations.customer_analytics import list_node_stats
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE


def create_filled(folder: Path, settings: Settings) -> Understudy:
    """Return an app whose world holds the rows, with its clock at their time."""
    understudy = create_app(settings)
    state = state_of(understudy)
    state.clock.set(NOW, rate=0)
    rows = Rows.within(folder)
    clear(state)
    gc.disable()  # writing is measured, without the garbage collector
    someone = fill(state, NOW, rows)
    gc.enable()
    for _ in list_node_stats(state, WORKSPACE, Caller("bench")):
        pass  # aggregate nodes build their customers at the first read, which `bulk` measures
    costs = {"someone": someone, "counted": median(rows.counted), "put": median(rows.put)}
    (folder / COSTS).write_text(json.dumps(costs), encoding="utf-8")
    return understudy


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
def main(port: int, folder: Path) -> None:
    """Serve an app with the rows."""
    run(create_filled(folder, Settings(vendors=(VENDOR,))), listen(HOST, port))


if __name__ == "__main__":
    main()
