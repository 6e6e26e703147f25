"""Command ``coverage``: evidence for each operation, and the part of a contract that calls have reached."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from understudy.app import create_app
from understudy.client import Control
from understudy.commands.options import AS_JSON, FilePath, Finite, check_world_name, excludes, takes
from understudy.commands.output_files import check_outputs, read_files, write_output
from understudy.commands.steering import complete_worlds
from understudy.commands.tables import print_table
from understudy.commands.vendor_choice import choose_vendor, no_call_of
from understudy.contract.compiled_operations import Operation
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.evidence.evidence_page import evidence_page
from understudy.evidence.evidence_rows import by_operation, evidence_lines, evidence_rows, summary_line
from understudy.evidence.operation_evidence import VendorReport, vendor_report
from understudy.evidence.reached import Reached, reached
from understudy.evidence.reached_page import reached_page
from understudy.evidence.recorded_counts import count_exchanges, read_counts
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import Settings, control_token, server_url
from understudy.state.journal import CallKey
from understudy.traffic.har_reader import read_har

FINDINGS = 1
"""Exit code when calls have reached too few operations."""

HAR = ".har"
"""End of the name of an HTTP archive."""


@click.command()
@excludes("operation", "as_json")
@excludes("operation", "page")
@excludes("operation", "of_calls")
@click.argument("words", nargs=-1, metavar="[VENDOR|SPEC|FILE.har]...")
@takes("documents", "remote_hosts", "overlays", "behaviour")
@click.option("--operation", metavar="NAME", help="Print all evidence of this operation.")
@click.option("--journal", "of_calls", is_flag=True, help="Show what calls have reached instead.")
@click.option("--url", metavar="URL", help="The server of --journal.  [default: $UNDERSTUDY_URL, else port 8080]")
@click.option("--world", metavar="NAME", shell_complete=complete_worlds, help="Of --journal: the calls of one world.")
@click.option(
    "--fail-under",
    "least",
    type=Finite(0, 100),
    metavar="PERCENT",
    help="Of --journal: exit code 1 if calls have reached fewer operations.",
)
@click.option("--html", "page", type=FilePath(), metavar="FILE", help="Write a page.")
@AS_JSON
def coverage(
    settings: Settings,
    words: tuple[str, ...],
    operation: str | None,
    url: str | None,
    world: str | None,
    least: float | None,
    page: Path | None,
    *,
    of_calls: bool,
    as_json: bool,
) -> int:
    r"""Show the evidence for each operation, or with --journal what calls have reached.

    Each kind of evidence is in a column of its own: sources, fidelity, rules with a test, tests that see it accept a
    request, public clients of the vendor, and parts that are not modelled.

    With --journal, the calls are those that a server has had since its start, in all worlds, or those of HTTP
    archives: operations, statuses and rules.

    \b
    understudy coverage crmcom
    understudy coverage --operation create_purchase
    understudy coverage --journal crmcom --fail-under 80
    understudy coverage --journal acme.yaml calls.har --html reached.html
    """
    archives = [Path(word) for word in words if word.lower().endswith(HAR)]
    names = [word for word in words if not word.lower().endswith(HAR)]
    _check_given(archives, {"--url": url, "--world": world, "--fail-under": least}, of_calls=of_calls)
    chosen = [choose_vendor(settings, name)[1] for name in dict.fromkeys(names)] or [settings]
    check_outputs({"--html": page}, [*archives, *(path for each in chosen for path in read_files(each))])
    counted = _counted(url, world) if of_calls and not archives else Counter[CallKey]()
    subjects = [(each, not one.documents) for one in chosen for each in create_app(one).vendors.values()]
    if of_calls:
        vendors = {each.document.name: each for each, _ in subjects}
        counts = counted | _recorded(archives, vendors)
        if archives and not any(key.operation for key in counts):
            raise no_call_of(archives, counts.total(), ", ".join(names) or "the shipped vendors")
        found = reached(_operations(vendors, counts, is_named=bool(names)), counts)
        _show_reached(found, page, as_json=as_json)
        return FINDINGS if least is not None and found.percent < least else 0
    reports = [vendor_report(each, is_shipped=is_shipped) for each, is_shipped in subjects]
    if operation:
        _print_operation(reports, operation)
    else:
        _show_evidence(reports, page, as_json=as_json)
    return 0


def _check_given(archives: Sequence[Path], options: Mapping[str, Any], *, of_calls: bool) -> None:
    """Raise ``UsageError`` for what has a meaning with ``--journal`` only, or not beside an archive."""
    given = [name for name, value in options.items() if value is not None]
    if not of_calls and (archives or given):
        raise click.UsageError(f"{[*map(str, archives), *given][0]} needs --journal: it is about the calls")
    if archives and given and given[0] != "--fail-under":
        raise click.UsageError(f"{given[0]} and {archives[0]} exclude each other: the calls are those of one of them")


def _show_evidence(reports: Sequence[VendorReport], page: Path | None, *, as_json: bool) -> None:
    if page:
        write_output(page, evidence_page(reports))
    if as_json:
        click.echo(json.dumps([each.to_json() for each in reports], indent=2, ensure_ascii=False))
    for report in () if page or as_json else reports:
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


def _counted(url: str | None, world: str | None) -> Counter[CallKey]:
    """Return the numbers of the calls that a server has had, in one world or in all."""
    with Control(url or server_url(), control_token() or "") as control:
        return read_counts(control.rows("calls", world=None if world is None else check_world_name(world)))


def _recorded(archives: Sequence[Path], vendors: Mapping[str, MountedVendor]) -> Counter[CallKey]:
    found = Counter[CallKey]()
    for path in archives:
        exchanges, left_out = read_har(path)
        for line in left_out:
            click.echo(f"left out: {line}", err=True)
        found.update(count_exchanges(exchanges, vendors))
    return found


def _operations(
    vendors: Mapping[str, MountedVendor], counts: Mapping[CallKey, int], *, is_named: bool
) -> list[Operation]:
    """Return the operations that count: of the named vendors, else of those that were called."""
    called = {key.vendor for key in counts}
    wanted = [each for name, each in vendors.items() if is_named or name in called] or list(vendors.values())
    return [operation for each in wanted for operation in each.operations]


def _show_reached(found: Reached, page: Path | None, *, as_json: bool) -> None:
    if page:
        write_output(page, reached_page(found))
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    elif not page:
        print_table(found.rows())
        click.echo(found.summary())
