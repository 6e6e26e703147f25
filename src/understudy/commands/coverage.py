"""Command ``coverage``: evidence for each operation, and the part of a contract that calls have reached."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from understudy.app import create_app
from understudy.commands.options import AS_JSON, excludes, takes
from understudy.commands.tables import print_table
from understudy.commands.vendor_choice import choose_vendor
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.evidence.evidence_page import evidence_page
from understudy.evidence.evidence_rows import by_operation, evidence_lines, evidence_rows, summary_line
from understudy.evidence.operation_evidence import VendorReport, vendor_report
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import Settings


@click.command()
@excludes("operation", "as_json")
@excludes("operation", "page")
@click.argument("words", nargs=-1, metavar="[VENDOR|SPEC]...")
@takes("documents", "remote_hosts", "overlays", "behaviour")
@click.option("--operation", metavar="NAME", help="Print all evidence of this operation.")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a page.")
@AS_JSON
def coverage(
    settings: Settings, words: tuple[str, ...], operation: str | None, page: Path | None, *, as_json: bool
) -> None:
    r"""Show the evidence for each operation: of all vendors, or of the named ones.

    Each kind of evidence is in a column of its own: sources, fidelity, rules with a test, tests that see it accept a
    request, public clients of the vendor, and parts that are not modelled.

    \b
    understudy coverage crmcom
    understudy coverage --operation create_purchase
    understudy coverage contacthub --html evidence.html
    """
    reports = [vendor_report(each, is_shipped=is_shipped) for each, is_shipped in _subjects(settings, words)]
    if operation:
        _print_operation(reports, operation)
        return
    if page:
        page.write_text(evidence_page(reports), encoding="utf-8")
    if as_json:
        click.echo(json.dumps([each.to_json() for each in reports], indent=2, ensure_ascii=False))
    elif not page:
        _print(reports)


def _subjects(settings: Settings, words: Sequence[str]) -> list[tuple[MountedVendor, bool]]:
    """Return the vendors that are named, or all that the settings serve; each with whether it is a shipped one."""
    chosen = [choose_vendor(settings, word)[1] for word in dict.fromkeys(words)] or [settings]
    return [(each, not one.documents) for one in chosen for each in create_app(one).vendors.values()]


def _print(reports: Sequence[VendorReport]) -> None:
    for report in reports:
        click.secho(f"{report.vendor}: {summary_line(report)}", bold=True)
        print_table(evidence_rows(report))
        for part in report.not_modelled:
            click.echo(f"not modelled: {part}")
        click.echo()


def _print_operation(reports: Sequence[VendorReport], name: str) -> None:
    known = by_operation(reports)
    if name not in known:
        raise Misconfigured(f"no operation {name!r}{nearest(name, known)} (understudy operations lists them)")
    for line in evidence_lines(known[name]):
        click.echo(line)
