"""Command ``spec``: the OpenAPI document of one vendor, as JSON."""

import json

import click

from understudy.app import create_app
from understudy.commands.options import takes
from understudy.commands.vendor_choice import choose_vendor
from understudy.contract.foreign.document_files import read_bytes
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings


@click.command()
@click.argument("vendor", metavar="VENDOR|[NAME=]SPEC")
@takes("documents", "remote_hosts", "overlays", "remap")
@click.option("--original", "is_original", is_flag=True, help="Print the file of your own document, as it is.")
def spec(settings: Settings, vendor: str, *, is_original: bool) -> None:
    """Print an OpenAPI document as one JSON.

    It is that of a vendor, or of your own as it is read.
    """
    name, chosen = choose_vendor(settings, vendor)
    if is_original:
        if not chosen.documents:
            raise Misconfigured(f"--original is for documents of your own; {name!r} is a shipped vendor")
        click.echo(read_bytes(chosen.documents[0][1]), nl=False)
        return
    click.echo(json.dumps(create_app(chosen).vendors[name].document.raw, indent=2, ensure_ascii=False))
