"""Command ``proxy``: a client's calls to a real service, held against a document and the stand-in."""

import json
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path

import click

from understudy.app import create_app
from understudy.commands.options import FilePath, WholeNumber, takes
from understudy.commands.output_files import check_outputs, read_files, write_output
from understudy.commands.vendor_choice import choose_vendor
from understudy.core.misconfigured import Misconfigured
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.call_exchanges import ExchangeMaker
from understudy.proxy.drift_findings import DriftFinding
from understudy.proxy.drift_report import DriftReport
from understudy.proxy.har_file import HarFile
from understudy.proxy.inferred_paths import write_remap
from understudy.proxy.overlay_file import write_overlay
from understudy.proxy.relay import Relay
from understudy.proxy.report_page import report_page
from understudy.proxy.session import serve
from understudy.proxy.stand_in import StandIn
from understudy.proxy.upstream import Upstream
from understudy.serving import listen, root_url
from understudy.settings import MEBIBYTE, Settings

EXAMPLES = """\b
Examples:
  understudy proxy VENDOR --upstream https://api.example.com
  understudy proxy shop.yaml --upstream "$SANDBOX" --html drift.html
  understudy proxy shop.yaml --upstream "$SANDBOX" --record calls.har
  understudy serve shop.yaml --replay calls.har
"""
FINDINGS = 1
"""Exit code when something differs."""

FILE = FilePath()
Form = Callable[[DriftReport], str]
"""Function that returns a report as the text of a file."""


@dataclass(frozen=True, slots=True)
class _Outputs:
    """Files that a session writes."""

    reports: Sequence[tuple[Path | None, Form]]
    remap: Path | None
    overlay: Path | None

    def write(self, report: DriftReport, examiner: CallExaminer, settings: Settings) -> None:
        """Write the files."""
        for path, form in self.reports:
            if path is not None:
                write_output(path, form(report))
        if self.remap is not None and any(each.path for each in report.inferred):
            write_output(self.remap, write_remap(report.inferred, report.url))
        elif self.remap is not None:
            click.echo(f"{self.remap}: not written: no inferred path is wrong", err=True)
        if self.overlay is not None:
            self._write_overlay(self.overlay, examiner, settings)

    @staticmethod
    def _write_overlay(path: Path, examiner: CallExaminer, settings: Settings) -> None:
        text, left_out = write_overlay(examiner.missing_fields, examiner.vendor.document, settings, path)
        for each in left_out:
            click.echo(f"not in the overlay, as its schema is in another file or in none: {each}", err=True)
        if text:
            write_output(path, text)
        else:
            click.echo(f"{path}: not written: the document lacks no field", err=True)


@click.command(epilog=EXAMPLES)
@click.argument("vendor", metavar="VENDOR|SPEC")
@takes("host", "port", "documents", "remote_hosts", "overlays", "remap", "behaviour")
@click.option("--upstream", "url", required=True, metavar="URL", help="The real service.")
@click.option(
    "--body-limit",
    type=WholeNumber(min=1),
    default=MEBIBYTE,
    show_default=True,
    metavar="BYTES",
    help="Larger bodies pass without being examined.",
)
@click.option("--ca", type=FILE, metavar="FILE", help="Trust this authority's certificates too.")
@click.option("--insecure", "is_insecure", is_flag=True, help="Take any certificate of the upstream.")
@click.option("--record", type=FILE, metavar="FILE", help="Write the calls as an HTTP archive, without credentials.")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the report as JSON.")
@click.option("--html", "html_file", type=FILE, metavar="FILE", help="Write the report as one HTML page.")
@click.option("--write-remap", type=FILE, metavar="FILE", help="Write the inferred paths that are wrong, for --remap.")
@click.option("--write-overlay", type=FILE, metavar="FILE", help="Write fields that the document lacks, for --overlay.")
@click.option("--stand-in/--no-stand-in", "has_stand_in", default=True, help="Compare with the stand-in's answers.")
def proxy(
    settings: Settings,
    vendor: str,
    *,
    url: str,
    body_limit: int,
    ca: Path | None,
    is_insecure: bool,
    record: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    write_remap: Path | None,
    write_overlay: Path | None,
    has_stand_in: bool,
) -> int:
    """Hold a client's calls to a real service against a document and the stand-in.

    The proxy stands between the two and changes nothing that passes but the Host header. VENDOR is a shipped vendor,
    SPEC your own OpenAPI document. The exit code is 1 if something differs.
    """
    outputs = _Outputs(((json_file, _report_json), (html_file, report_page)), write_remap, write_overlay)
    upstream = Upstream(url, ca, is_insecure=is_insecure)
    _, settings = choose_vendor(settings, vendor)
    files = {"--record": record, "--json": json_file, "--html": html_file}
    read = [*read_files(settings), *([ca] if ca else [])]
    check_outputs({**files, "--write-remap": write_remap, "--write-overlay": write_overlay}, read)
    understudy = create_app(replace(settings, is_strict=False, records=0))
    (mounted,) = understudy.vendors.values()
    har = HarFile(record) if record is not None else None
    listener = listen(settings.host, settings.port)
    _refuse_itself(upstream, listener)
    address = root_url(*listener.getsockname()[:2])
    maker = ExchangeMaker(mounted.document, upstream, body_limit)
    stand_in = StandIn(understudy, mounted) if has_stand_in else None
    examiner = CallExaminer(mounted, maker, _print_finding, stand_in, har)
    relay = Relay(upstream, body_limit, examiner.observe)

    def announce() -> None:
        click.echo(f"{address} passes calls on to {upstream.url} and holds them against {mounted.document.name}")
        if not ip_address(listener.getsockname()[0]).is_loopback:
            click.echo(f"understudy: open to the network: whoever reaches {address} reaches {upstream.url}", err=True)
        click.echo("Stop: Ctrl-C.")
        sys.stdout.flush()

    try:
        serve(relay, listener, announce)
    finally:
        examiner.close()
        if har is not None:
            har.close()
    report = _report(examiner, relay)
    outputs.write(report, examiner, settings)
    _print_summary(report)
    if report.is_empty:
        click.echo(f"understudy: no call came; point the client's base URL at {address}", err=True)
    return 0 if report.is_clean else FINDINGS


def _refuse_itself(upstream: Upstream, listener: socket.socket) -> None:
    """Raise ``Misconfigured`` if the upstream is the proxy's own address: a call would never end."""
    host, port = listener.getsockname()[:2]
    if upstream.proxy is not None or upstream.address.port != port:
        return
    try:
        found = {ip_address(each[4][0]) for each in socket.getaddrinfo(upstream.address.host, port)}
    except (OSError, ValueError):
        return
    own = ip_address(host)
    if own in found or (own.is_unspecified and any(each.is_loopback for each in found)):
        listener.close()
        raise Misconfigured(f"--upstream {upstream.url}: is this proxy itself; choose another port with --port")


def _report_json(report: DriftReport) -> str:
    return json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"


def _report(examiner: CallExaminer, relay: Relay) -> DriftReport:
    return DriftReport(
        name=examiner.vendor.document.name,
        url=relay.upstream.url,
        calls=examiner.calls,
        operations=examiner.vendor.operations,
        findings=[*examiner.drift],
        inferred=examiner.inferred.verdicts(),
        unchecked=examiner.unchecked,
        not_compared=examiner.not_compared,
        unreached=relay.unreached,
    )


def _print_finding(finding: DriftFinding) -> None:
    place = f" {finding.place}" if finding.place else ""
    click.echo(f"{finding.who.value}: {finding.operation or 'no operation'}: {finding.kind}{place}: {finding.message}")
    sys.stdout.flush()


def _print_summary(report: DriftReport) -> None:
    for each in report.inferred:
        if each.verdict != "open":
            moved = f", it answers at {each.path}" if each.path else ""
            place = f"{each.operation.method.upper()} {each.operation.path}"
            click.echo(f"inferred path: {each.operation.id}: {place} is {each.verdict}{moved}")
    for title, counts in (
        ("not checked", report.unchecked),
        ("not compared with the stand-in", report.not_compared),
        ("not reached", report.unreached),
    ):
        for why, count in counts.items():
            click.echo(f"{title}: {count}: {why}")
    click.echo(report.summary())
