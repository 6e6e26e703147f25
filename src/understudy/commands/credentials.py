"""Command ``credentials``: base URL and development credentials of each vendor."""

import json

import click

from understudy.commands.connections import DESCRIBES, find_connections
from understudy.commands.options import AS_JSON, SPECS, takes
from understudy.settings import Settings, world_name


@click.command()
@SPECS
@takes(*DESCRIBES, "vendors")
@AS_JSON
def credentials(settings: Settings, *, as_json: bool) -> None:
    """Print each vendor's base URL and development credentials.

    They are those of the server at $UNDERSTUDY_URL, if that is set, in the world $UNDERSTUDY_WORLD; and otherwise of a
    server that is started with these options.
    """
    root, connections = find_connections(settings, world_name())
    by_vendor = {each["vendor"]: {"base_url": root + each["path"], **each["credentials"]} for each in connections}
    if as_json:
        click.echo(json.dumps(by_vendor, indent=2))
        return
    width = max((len(name) for values in by_vendor.values() for name in values), default=0)
    for vendor, values in by_vendor.items():
        click.secho(vendor, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<{width}} {value}")
