"""The command line: start the stand-in, and say what it serves and how to sign in."""

import gc
import json
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import uvicorn

from understudy import __version__
from understudy.app import Understudy, create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import MEBIBYTE, Settings


class Failure(click.ClickException):
    """A mistake of the caller's: one line, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"understudy: {self.format_message()}", err=True, file=file)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="understudy")
def main() -> None:
    """Stand in for vendor APIs: answer as the vendor would, and remember what was told."""


VENDORS = click.option("--vendor", "vendors", multiple=True, metavar="NAME", help="Serve only this one; repeatable.")
SCENARIO = click.option("--scenario", type=click.Path(path_type=Path), metavar="FILE", help="Who exists at the start.")
SEED = click.option("--seed", type=int, help="Another seed than the scenario's.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
PORT = click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
)


@main.command()
@HOST
@PORT
@VENDORS
@click.option("--auth", type=click.Choice(["strict", "any"]), default="strict", show_default=True,
              help="any: take every well-formed credential.")  # fmt: skip
@SEED
@SCENARIO
@click.option("--body-limit", type=click.IntRange(min=1), default=MEBIBYTE, show_default=True, metavar="BYTES",
              help="Larger bodies get 413.")  # fmt: skip
def serve(
    host: str, port: int, vendors: Sequence[str], auth: str, seed: int | None, scenario: Path | None, body_limit: int
) -> None:
    """Start the stand-in."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    settings = Settings(host, port, tuple(vendors), auth == "strict", seed, scenario, body_limit)
    understudy = _create(settings)
    _create_start(understudy)
    listener = _listen(host, port)
    config = uvicorn.Config(
        understudy.asgi, loop="uvloop", http="httptools", ws="none", lifespan="on", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    gc.freeze()  # what start-up made stays: the collector need not look at it again
    try:
        _Announced(config, understudy, host).run(sockets=[listener])
    except KeyboardInterrupt:
        click.echo("stopped")


@main.command()
@VENDORS
@AS_JSON
def operations(vendors: Sequence[str], *, as_json: bool) -> None:
    """List every operation: how it is called, how it is answered, and how sure its contract is."""
    served = _create(Settings(vendors=tuple(vendors))).served
    rows: list[dict[str, Any]] = [
        {
            "vendor": operation.vendor,
            "tag": operation.tag,
            "operationId": operation.id,
            "method": operation.method.upper(),
            "path": operation.path,
            "fidelity": each.lanes[operation.id].fidelity,
            "provenance": dict(operation.provenance),
        }
        for each in served.values()
        for operation in each.operations
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    _print_table([{**row, "provenance": _say(row["provenance"])} for row in rows])


@main.command()
@HOST
@PORT
@VENDORS
@SEED
@SCENARIO
@AS_JSON
def credentials(
    host: str, port: int, vendors: Sequence[str], seed: int | None, scenario: Path | None, *, as_json: bool
) -> None:
    """Print each vendor's base URL and development credentials."""
    understudy = _create(Settings(host, port, tuple(vendors), seed=seed, scenario=scenario))
    _create_start(understudy)
    known = understudy.credentials(_url(host, port))
    if as_json:
        click.echo(json.dumps(known, indent=2))
        return
    for vendor, values in known.items():
        click.secho(vendor, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<16} {value}")


class _Announced(uvicorn.Server):
    """A server that says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, understudy: Understudy, host: str) -> None:
        super().__init__(config)
        self._understudy = understudy
        self._host = host

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, then say so."""
        await super().startup(sockets)
        if self.should_exit or not sockets:
            return
        url = _url(self._host, sockets[0].getsockname()[1])
        count = sum(len(each.operations) for each in self._understudy.served.values())
        click.echo(f"Understudy {__version__} answers {count} operations at {url}")
        for name, values in self._understudy.credentials(url).items():
            click.echo(f"  {name:<12} {values['base_url']}")
        click.echo("Credentials: understudy credentials. Stop: Ctrl-C.")
        sys.stdout.flush()


def _create(settings: Settings) -> Understudy:
    try:
        return create_app(settings)
    except Misconfigured as error:
        raise Failure(str(error)) from None


def _create_start(understudy: Understudy) -> None:
    try:
        understudy.worlds.open()
    except Misconfigured as error:
        raise Failure(str(error)) from None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Failure(f"cannot listen on {host}:{port}: {why}; choose another with --host or --port") from None
    return listener


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say(provenance: Any) -> str:
    values = list(dict.fromkeys(provenance.get(part, "unknown") for part in ("path", "shapes", "errors")))
    return values[0] if len(values) == 1 else ", ".join(f"{part} {provenance.get(part)}" for part in provenance)


def _print_table(rows: Sequence[dict[str, str]]) -> None:
    widths = {key: max(len(key), *(len(row[key]) for row in rows)) for key in rows[0]}
    click.secho("  ".join(key.ljust(width) for key, width in widths.items()).rstrip(), bold=True)
    for row in rows:
        click.echo("  ".join(row[key].ljust(width) for key, width in widths.items()).rstrip())
