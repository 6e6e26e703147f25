"""Command ``proxy``: a client's calls to a real service, held against a document and the stand-in."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from understudy.app import create_app
from understudy.commands.options import takes
from understudy.contract.foreign.named_documents import named_documents
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.call_exchanges import ExchangeMaker
from understudy.proxy.drift_findings import DriftFinding
from understudy.proxy.relay import Relay
from understudy.proxy.session import serve
from understudy.proxy.upstream import Upstream
from understudy.serving import listen, root_url
from understudy.settings import Settings

EXAMPLES = """
\b
Examples:
  understudy proxy contacthub --upstream https://api.contactlab.it
  understudy proxy shop.yaml --upstream https://sandbox.example.com --record calls.har
"""


@click.command(epilog=EXAMPLES)
@click.argument("subject", required=False, metavar="[VENDOR|SPEC]")
@takes("host", "port", "documents", "remote_hosts", "overlays", "remap", "body_limit")
@click.option("--upstream", "url", required=True, metavar="URL", help="The real service.")
@click.option(
    "--ca", type=click.Path(path_type=Path), metavar="FILE", help="Trust this authority of the upstream, too."
)
@click.option("--insecure", "is_insecure", is_flag=True, help="Take any certificate of the upstream.")
def proxy(settings: Settings, *, subject: str | None, url: str, ca: Path | None, is_insecure: bool) -> int:
    """Stand between a client and a real service, and find who moves away from the document.

    VENDOR is a shipped vendor, SPEC your own OpenAPI document. Nothing that passes is changed but the host.
    """
    upstream = Upstream(url, ca, is_insecure=is_insecure)
    understudy = create_app(_settings_for(settings, subject))
    (vendor,) = understudy.vendors.values()
    maker = ExchangeMaker(vendor.document, upstream, settings.body_limit)
    listener = listen(settings.host, settings.port)
    address = root_url(*listener.getsockname()[:2])
    examiner = CallExaminer(vendor, maker, _print_finding)
    relay = Relay(upstream, settings.body_limit, examiner.observe)

    def announce() -> None:
        click.echo(f"{address} passes calls on to {upstream.url} and holds them against {vendor.document.name}")
        click.echo("Stop: Ctrl-C.")
        sys.stdout.flush()

    try:
        serve(relay, listener, announce)
    finally:
        examiner.close()
    click.echo(f"{examiner.number} calls, {len(examiner.drift)} findings")
    return 1 if len(examiner.drift) else 0


def _print_finding(finding: DriftFinding) -> None:
    place = f" {finding.place}" if finding.place else ""
    click.echo(f"{finding.who.value}: {finding.operation or 'no operation'}: {finding.kind}{place}: {finding.message}")


def _settings_for(settings: Settings, subject: str | None) -> Settings:
    """Return the settings of the one vendor or document that a command names, or of the project's only one."""
    if subject is None:
        if len(settings.documents) != 1:
            raise Misconfigured("name what the service should keep to: a shipped vendor or your own document (SPEC)")
        return replace(settings, is_strict=False)
    shipped = sorted(path.stem for path in data_folder("specs").iterdir())
    if subject in shipped and not Path(subject).exists():
        return replace(settings, vendors=(subject,), documents=(), is_strict=False)
    if subject.isidentifier() and not Path(subject).exists():
        names = ", ".join(shipped)
        raise Misconfigured(f"{subject}: no vendor and no file{nearest(subject, shipped)} (the vendors are {names})")
    documents = named_documents([subject])
    if len(documents) > 1:
        raise Misconfigured(f"{subject}: holds {len(documents)} documents: name one file of it")
    return replace(settings, documents=documents, is_strict=False)
