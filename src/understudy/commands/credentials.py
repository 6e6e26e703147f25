"""Command ``credentials``: base URL and development credentials of each vendor."""

import json

import click

from understudy.app import create_app
from understudy.commands.options import AS_JSON, takes
from understudy.serving import root_url
from understudy.settings import Settings


@click.command()
@takes("documents", "remote_hosts", "overlays", "host", "port", "vendors", "seed", "scenario", "is_secure")
@AS_JSON
def credentials(settings: Settings, *, as_json: bool) -> None:
    """Print each vendor's base URL and development credentials."""
    root = root_url(settings.host, settings.port, is_secure=settings.is_secure)
    by_vendor = create_app(settings).credentials(root)
    if as_json:
        click.echo(json.dumps(by_vendor, indent=2))
        return
    for vendor, values in by_vendor.items():
        click.secho(vendor, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<16} {value}")
