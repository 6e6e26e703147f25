"""The command line: start the stand-in, and say what it serves and how to sign in."""

import json
import logging
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
import uvicorn

from understudy import __version__
from understudy.app import Understudy, create_app
from understudy.commands.generate import generate
from understudy.core.misconfigured import Misconfigured
from understudy.http.pauses import shorten_pauses
from understudy.settings import MEBIBYTE, Settings


class Commands(click.Group):
    """The commands; every mistake is told in one line, with exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command of this process's arguments."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(2)
        except click.ClickException as error:
            click.echo(f"understudy: {' '.join(error.format_message().split())}", err=True)
            sys.exit(2)
        except Misconfigured as error:
            click.echo(f"understudy: {error}", err=True)
            sys.exit(2)
        except click.Abort:
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="understudy")
def main() -> None:
    """Stand in for vendor APIs: answer as the vendor would, and remember what was told."""


SHOWN = ("vendor", "operationId", "method", "path", "fidelity")
PROVENANCE = ("path", "shapes", "errors")
OPTIONS = {
    "host": click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    "port": click.option(
        "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
    ),
    "vendors": click.option("--vendor", "vendors", multiple=True, metavar="NAME", help="Only this one; repeatable."),
    "is_strict": click.option(
        "--auth",
        "is_strict",
        type=click.Choice(["strict", "any"]),
        default="strict",
        show_default=True,
        callback=lambda _context, _option, value: value == "strict",
        help="any: take every well-formed credential.",
    ),
    "seed": click.option("--seed", type=int, help="Another seed than the scenario's."),
    "scenario": click.option(
        "--scenario", type=click.Path(path_type=Path), metavar="FILE", help="Who exists at the start."
    ),
    "remap": click.option(
        "--remap",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Move operations: a line 'operationId: METHOD /path' each.",
    ),
    "body_limit": click.option(
        "--body-limit",
        type=click.IntRange(min=1),
        default=MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger bodies get 413.",
    ),
    "upload_limit": click.option(
        "--upload-limit",
        type=click.IntRange(min=1),
        default=64 * MEBIBYTE,
        show_default=True,
        metavar="BYTES",
        help="Larger forms get 413, their files counted.",
    ),
}
"""The options that set something, under the names of the settings."""

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def takes(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these options, and hand them to it as ``Settings``."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**values: Any) -> None:
            settings = Settings(**{name: values.pop(name) for name in names})
            try:
                command(settings, **values)
            except Misconfigured as error:
                raise click.ClickException(str(error)) from None

        for name in reversed(names):
            run = OPTIONS[name](run)
        return run

    return decorate


@main.command()
@takes(*OPTIONS)
def serve(settings: Settings) -> None:
    """Start the stand-in."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    understudy = create_app(settings)
    understudy.worlds.open()
    listener = _listen(settings.host, settings.port)
    config = uvicorn.Config(
        understudy.asgi,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn stops in order, then hands the signal back
    shorten_pauses()
    try:
        _Announced(config, understudy, settings.host).run(sockets=[listener])
    except KeyboardInterrupt:
        click.echo("stopped")


@main.command()
@takes("vendors", "remap")
@AS_JSON
def operations(settings: Settings, *, as_json: bool) -> None:
    """List every operation: how it is called, how it is answered, and how sure its contract is."""
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
        for each in create_app(settings).served.values()
        for operation in each.operations
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    _print_table([{name: row[name] for name in SHOWN} | _say(row["provenance"]) for row in rows])


@main.command()
@takes("host", "port", "vendors", "seed", "scenario")
@AS_JSON
def credentials(settings: Settings, *, as_json: bool) -> None:
    """Print each vendor's base URL and development credentials."""
    known = create_app(settings).credentials(_url(settings.host, settings.port))
    if as_json:
        click.echo(json.dumps(known, indent=2))
        return
    for vendor, values in known.items():
        click.secho(vendor, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<16} {value}")


@main.command()
@click.argument("vendor")
@takes("remap")
def spec(settings: Settings, vendor: str) -> None:
    """Print a vendor's whole OpenAPI document as JSON, in one piece."""
    served = create_app(replace(settings, vendors=(vendor,))).served
    click.echo(json.dumps(served[vendor].document.raw, indent=2, ensure_ascii=False))


main.add_command(generate)


class _Announced(uvicorn.Server):
    """A server that says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, understudy: Understudy, host: str) -> None:
        super().__init__(config)
        self._understudy = understudy
        self._host = host

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in order; a request that has to be cut off is nobody's error."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

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


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {why}; choose another with --host or --port"
        ) from None
    return listener


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say(provenance: Mapping[str, str]) -> dict[str, str]:
    said = [provenance.get(part, "unknown") for part in PROVENANCE]
    return {", ".join(PROVENANCE): said[0] if len(set(said)) == 1 else ", ".join(said)}


def _print_table(rows: Sequence[dict[str, str]]) -> None:
    widths = {key: max(len(key), *(len(row[key]) for row in rows)) for key in rows[0]}
    click.secho("  ".join(key.ljust(width) for key, width in widths.items()).rstrip(), bold=True)
    for row in rows:
        click.echo("  ".join(row[key].ljust(width) for key, width in widths.items()).rstrip())
