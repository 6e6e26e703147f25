"""Command ``check``: how a document of one's own is read."""

import json
from collections.abc import Iterator
from typing import Any

import click

from understudy.app import create_app
from understudy.commands.options import AS_JSON, SPECS, takes
from understudy.commands.tables import print_table
from understudy.contract.foreign.findings import Finding
from understudy.contract.foreign.loading import ForeignDocument
from understudy.core.counted import counted
from understudy.core.misconfigured import Misconfigured
from understudy.http.mounted_vendor import MountedVendor
from understudy.resources.document_check import check_document, describe_outgoing, describe_resources
from understudy.settings import Settings

SHOWN = 3
"""Number of findings of a kind that are printed unless all are asked for."""


@click.command()
@SPECS
@takes("documents", "remote_hosts", "overlays", "behaviour")
@click.option("--all", "shows_all", is_flag=True, help="Print every finding, not only the first of each kind.")
@AS_JSON
def check(settings: Settings, *, shows_all: bool, as_json: bool) -> None:
    """Show how a document of your own is read: its resources, and parts that are not obeyed."""
    if not settings.documents:
        raise Misconfigured("name a document to check: understudy check SPEC")
    reports = [_report(each) for each in create_app(settings).vendors.values()]
    if as_json:
        click.echo(json.dumps(reports, indent=2, ensure_ascii=False))
        return
    for report in reports:
        _print(report, shows_all=shows_all)


def _report(vendor: MountedVendor) -> dict[str, Any]:
    document = vendor.document
    findings = [*document.findings] if isinstance(document, ForeignDocument) else []
    findings += check_document(document, vendor.operations)
    fidelity = {each.id: vendor.endpoints[each.id].fidelity for each in vendor.operations}
    return {
        "name": document.name,
        "base_path": vendor.base_path,
        "operations": len(fidelity),
        "stateful": sum(1 for each in fidelity.values() if each != "sample"),
        "resources": describe_resources(document, vendor.operations),
        "sends": describe_outgoing(document, vendor.operations),
        "samples": [name for name, each in fidelity.items() if each == "sample"],
        "findings": [{"kind": each.kind, "place": each.place, "message": each.message} for each in findings],
    }


def _print(report: dict[str, Any], *, shows_all: bool) -> None:
    click.secho(f"{report['name']}: {counted(report['operations'], 'operation')} at {report['base_path']}", bold=True)
    samples = len(report["samples"])
    click.echo(
        f"{counted(len(report['resources']), 'resource')} with {counted(report['stateful'], 'operation')}; "
        f"{counted(samples, 'operation')} {'answers' if samples == 1 else 'answer'} samples"
    )
    shown = [key for key in (report["resources"] or [{}])[0] if any(each[key] for each in report["resources"])]
    print_table([{key: str(each[key]) for key in shown} for each in report["resources"]])
    print_table(report["sends"])
    for line in _findings(report["findings"], shows_all=shows_all):
        click.echo(line)


def _findings(found: list[dict[str, str]], *, shows_all: bool) -> Iterator[str]:
    groups: dict[str, list[Finding]] = {}
    for each in found:
        groups.setdefault(each["kind"], []).append(Finding(**each))
    for kind, group in groups.items():
        yield f"not obeyed: {len(group)} {kind}"
        shown = group if shows_all else group[:SHOWN]
        yield from (f"  {each.place}: {each.message}" for each in shown)
        if len(shown) < len(group):
            yield f"  … {len(group) - len(shown)} more: --all lists them"
