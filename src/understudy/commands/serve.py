"""Command ``serve``: a server that runs until it is stopped."""

import logging
import shlex
import sys
from contextlib import nullcontext
from dataclasses import replace
from ipaddress import ip_address

import click

from understudy.app import Understudy, create_app
from understudy.certificates import CertificateAuthority
from understudy.commands.closed_output import discard_closed_output
from understudy.commands.options import OPTIONS, SPECS, OneOf, excludes, takes
from understudy.contract.foreign.loading import ForeignDocument
from understudy.hot_reload import ReloadingApp
from understudy.request_log import LINES, JsonFormatter, RequestLog
from understudy.serving import listen, run
from understudy.settings import Settings

OPEN_TO_NETWORK = (
    "understudy: %s is open to the network without a token: all vendors, worlds and pages; "
    "the control API stays local (UNDERSTUDY_TOKEN opens it)"
)


@click.command()
@excludes("quiet", "log_format")
@SPECS
@takes(*OPTIONS)
@click.option("--quiet", is_flag=True, help="Write no line for a request, only warnings.")
@click.option(
    "--log-format",
    type=OneOf(list(LINES)),
    help="Write a line for each request in this form; unless given, text if standard error is a terminal, else none.",
)
def serve(settings: Settings, *, quiet: bool, log_format: str | None) -> None:
    """Start the stand-in.

    It serves the shipped vendors, or your own OpenAPI documents: SPEC is a file, a folder or a URL.
    """
    discard_closed_output()
    _log_warnings(is_json=log_format == "json")
    authority = CertificateAuthority(settings.keys) if settings.is_secure else None
    understudy = ReloadingApp(settings).understudy if settings.reloads else create_app(settings)
    _print_findings(understudy)
    for note in understudy.notes:
        click.echo(note, err=True)
    listener = listen(settings.host, settings.port)
    host = listener.getsockname()[0]
    if settings.token is None and not ip_address(host).is_loopback:
        click.echo(OPEN_TO_NETWORK % settings.host, err=True)
    form = log_format or ("text" if sys.stderr.isatty() and not quiet else "")
    log = RequestLog(understudy.asgi, sys.stderr, LINES[form]) if form else None
    with log.writing() if log else nullcontext():
        served = replace(understudy, asgi=log) if log else understudy
        run(
            served,
            listener,
            authority,
            keep_alive=settings.keep_alive,
            options=_described(settings, listener.getsockname()[1]),
        )


def _described(settings: Settings, port: int) -> str:
    """Return the options by which ``understudy credentials`` describes this server; empty for those by default."""
    usual = Settings()
    options = {
        "--host": settings.host if settings.host != usual.host else None,
        "--port": port if port != usual.port else None,
        "--seed": settings.seed,
        "--scenario": settings.scenario,
    }
    words = [word for name, value in options.items() if value is not None for word in (name, str(value))]
    words += ["--tls"] if settings.is_secure else []
    words += [word for vendor in settings.vendors for word in ("--vendor", vendor)]
    words += [word for name, entry in settings.documents for word in ("--spec", f"{name}={entry}")]
    return f" {shlex.join(words)}" if words else ""


def _print_findings(understudy: Understudy) -> None:
    """Print, for each document of users' own, the number of its parts that are not obeyed, by their kinds."""
    for each in understudy.vendors.values():
        document = each.document
        if isinstance(document, ForeignDocument) and document.findings:
            found = document.findings.summary()
            click.echo(f"{document.name}: not obeyed: {found}; understudy check {document.entry} lists them", err=True)


def _log_warnings(*, is_json: bool) -> None:
    """Have warnings, errors and reloads written to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    if is_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
