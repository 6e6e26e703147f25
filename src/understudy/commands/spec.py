"""Command ``spec``: the OpenAPI document of one vendor, as JSON."""

import json
from dataclasses import replace
from pathlib import Path

import click

from understudy.app import create_app
from understudy.commands.options import takes
from understudy.contract.foreign.document_files import is_url, read_bytes
from understudy.contract.foreign.named_documents import GIVEN_NAME, named_documents
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.settings import Settings
from understudy.vendors.discovery import find_specs


@click.command()
@click.argument("vendor", metavar="VENDOR|[NAME=]SPEC")
@takes("documents", "remote_hosts", "overlays", "remap")
@click.option("--original", "is_original", is_flag=True, help="Print the file of your own document, as it is.")
def spec(settings: Settings, vendor: str, *, is_original: bool) -> None:
    """Print an OpenAPI document as one JSON.

    It is that of a vendor, or of your own as it is read.
    """
    name, chosen = _choose(settings, vendor)
    if is_original:
        if not chosen.documents:
            raise Misconfigured(f"--original is for documents of your own; {name!r} is a shipped vendor")
        click.echo(read_bytes(chosen.documents[0][1]), nl=False)
        return
    click.echo(json.dumps(create_app(chosen).vendors[name].document.raw, indent=2, ensure_ascii=False))


def _choose(settings: Settings, vendor: str) -> tuple[str, Settings]:
    """Return the name of the wanted vendor, and settings by which it alone is served.

    It is one of the given documents, else a shipped vendor, else a document at this place.
    """
    own = dict(settings.documents)
    if vendor in own:
        return vendor, replace(settings, documents=((vendor, own[vendor]),))
    shipped = find_specs(settings.specs)
    if vendor in shipped:
        return vendor, replace(settings, vendors=(vendor,), documents=())
    if not (is_url(vendor) or GIVEN_NAME.fullmatch(vendor) or Path(vendor).exists()):
        names = [*own, *shipped]
        raise Misconfigured(
            f"no vendor, file or folder {vendor!r}{nearest(vendor, names)} (vendors: {', '.join(names)})"
        )
    named = named_documents([vendor])
    if len(named) > 1:
        raise Misconfigured(f"{vendor}: holds {len(named)} documents: name one file of it")
    return named[0][0], replace(settings, documents=named)
