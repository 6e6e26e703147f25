"""Command ``operations``: table of the operations of all vendors, with their provenance."""

import json
from collections.abc import Mapping
from typing import Any

import click

from understudy.app import create_app
from understudy.commands.options import AS_JSON, SPECS, takes
from understudy.commands.tables import print_table
from understudy.settings import Settings

COLUMNS = ("vendor", "operationId", "method", "path", "fidelity")
PROVENANCE = ("path", "shapes", "errors")


@click.command()
@SPECS
@takes("documents", "remote_hosts", "overlays", "behaviour", "vendors", "remap")
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
    own = {name for name, _ in settings.documents}
    print_table(
        [
            {name: row[name] for name in COLUMNS} | _provenance_column(row["provenance"], is_own=row["vendor"] in own)
            for row in rows
        ]
    )


def _provenance_column(provenance: Mapping[str, str], *, is_own: bool) -> dict[str, str]:
    """Return the provenance as one cell, by its column's name: one word if it is the same for all parts."""
    values = [provenance.get(part, "your document" if is_own else "unknown") for part in PROVENANCE]
    return {", ".join(PROVENANCE): values[0] if len(set(values)) == 1 else ", ".join(values)}
