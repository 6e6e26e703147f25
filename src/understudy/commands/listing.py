"""What is served: the operations, the credentials, a spec."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from understudy.app import create_app
from understudy.commands.options import AS_JSON, takes
from understudy.commands.tables import print_table
from understudy.serving import root_url
from understudy.settings import Settings

SHOWN = ("vendor", "operationId", "method", "path", "fidelity")
PROVENANCE = ("path", "shapes", "errors")


@click.command()
@takes("vendors", "remap")
@AS_JSON
def operations(settings: Settings, *, as_json: bool) -> None:
    """List every operation, and how sure its contract is."""
    rows: list[dict[str, Any]] = [
        {
            "vendor": operation.vendor,
            "tag": operation.tag,
            "operationId": operation.id,
            "method": operation.method.upper(),
            "path": operation.path,
            "fidelity": each.endpoints[operation.id].fidelity,
            "provenance": dict(operation.provenance),
        }
        for each in create_app(settings).vendors.values()
        for operation in each.operations
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    print_table([{name: row[name] for name in SHOWN} | _say(row["provenance"]) for row in rows])


@click.command()
@takes("host", "port", "vendors", "seed", "scenario", "is_secure")
@AS_JSON
def credentials(settings: Settings, *, as_json: bool) -> None:
    """Print each vendor's base URL and development credentials."""
    root = root_url(settings.host, settings.port, is_secure=settings.is_secure)
    known = create_app(settings).credentials(root)
    if as_json:
        click.echo(json.dumps(known, indent=2))
        return
    for vendor, values in known.items():
        click.secho(vendor, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<16} {value}")


@click.command()
@click.argument("vendor")
@takes("remap")
def spec(settings: Settings, vendor: str) -> None:
    """Print a vendor's OpenAPI document as one JSON."""
    served = create_app(replace(settings, vendors=(vendor,))).vendors
    click.echo(json.dumps(served[vendor].document.raw, indent=2, ensure_ascii=False))


def _say(provenance: Mapping[str, str]) -> dict[str, str]:
    said = [provenance.get(part, "unknown") for part in PROVENANCE]
    return {", ".join(PROVENANCE): said[0] if len(set(said)) == 1 else ", ".join(said)}
