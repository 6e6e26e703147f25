"""Command ``spec``: the OpenAPI document of one vendor, as JSON."""

import json
from dataclasses import replace

import click

from understudy.app import create_app
from understudy.commands.options import takes
from understudy.settings import Settings


@click.command()
@click.argument("vendor")
@takes("documents", "remote_hosts", "overlays", "remap")
def spec(settings: Settings, vendor: str) -> None:
    """Print a vendor's OpenAPI document as one JSON."""
    served = create_app(replace(settings, vendors=(vendor,))).vendors
    click.echo(json.dumps(served[vendor].document.raw, indent=2, ensure_ascii=False))
