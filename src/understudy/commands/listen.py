"""Command ``listen``: a receiver that shows the deliveries that reach it."""

import asyncio
import json
import socket
import sys
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any

import click

from understudy.commands.json_input import parse_json
from understudy.commands.options import AS_JSON, Finite
from understudy.control.secret_texts import HIDDEN
from understudy.core.misconfigured import Misconfigured
from understudy.core.stop_signals import stop_event
from understudy.deliveries.receiver import Answers, Received, Receiver
from understudy.deliveries.signing import SCHEMES, InvalidSigning, Signing, read_signing
from understudy.serving import listen as listen_on
from understudy.serving import root_url

EXAMPLES = """\b
Examples:
  understudy listen --port 9000
  understudy listen --port 9000 --fail 2
  understudy listen --signing standard-webhooks:whsec_c2VjcmV0
  understudy listen --signing '{"scheme": "bearer", "token": "s3cret"}'
"""
INDENT = "    "
HIDDEN_HEADERS = frozenset(("authorization", "proxy-authorization", "cookie"))
MAX_SHOWN = 4000
"""Characters of a body that are shown."""


def _signing(_context: click.Context, _option: click.Parameter, value: str | None) -> Signing | None:
    """Return the way of signing of ``SCHEME:SECRET`` or a JSON object."""
    if value is None:
        return None
    try:
        return read_signing(_members(value))
    except InvalidSigning as error:
        raise Misconfigured(f"--signing: {error}") from None


def _members(value: str) -> Any:
    if value.lstrip().startswith("{"):
        return parse_json(value, "--signing")
    scheme, _, rest = value.partition(":")
    names = SCHEMES[scheme].required if scheme in SCHEMES else ("secret",)
    return {"scheme": scheme, **dict(zip(names, rest.split(":", len(names) - 1), strict=False))}


@click.command(epilog=EXAMPLES)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="0 takes a free one.")
@click.option(
    "--status", type=click.IntRange(200, 599), default=HTTPStatus.OK, show_default="200", help="Status of the answers."
)
@click.option(
    "--fail", "failures", type=click.IntRange(min=0), default=0, metavar="N", help="Answer 503 to the first N."
)
@click.option("--delay", type=Finite(0, 3600), default=0, metavar="SECONDS", help="Wait before each answer.")
@click.option(
    "--signing",
    callback=_signing,
    metavar="SCHEME:SECRET|JSON",
    help=f"Check signatures and answer 401 to a wrong one: {', '.join(SCHEMES)}; or signing of a scenario, as JSON.",
)
@click.option("--any-time", "takes_any_time", is_flag=True, help="Take signatures of any time, as of a moved clock.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="End after N deliveries.")
@AS_JSON
def listen(
    *,
    host: str,
    port: int,
    status: int,
    failures: int,
    delay: float,
    signing: Signing | None,
    takes_any_time: bool,
    count: int | None,
    as_json: bool,
) -> None:
    """Receive deliveries over HTTP, and show them.

    Send them here with `understudy serve --deliver DESTINATION=http://127.0.0.1:9000`.
    """
    if takes_any_time and signing is None:
        raise Misconfigured("--any-time changes nothing without --signing")
    listener = listen_on(host, port)
    session = _Session(Answers(status, failures, delay, signing, takes_any_time), count, as_json=as_json)
    with suppress(KeyboardInterrupt):
        asyncio.run(session.run(listener))
    if session.has_no_reader:
        raise BrokenPipeError
    if not as_json and not session.is_complete:
        click.echo("stopped")


class _Session:
    """Receiver that shows deliveries until a signal stops the process, or until ``count`` have come."""

    def __init__(self, answers: Answers, count: int | None, *, as_json: bool) -> None:
        self._answers = answers
        self._count = count
        self._as_json = as_json
        self.is_complete = self.has_no_reader = False

    async def run(self, listener: socket.socket) -> None:
        """Receive on a socket until the end."""
        self._end = stop_event()
        receiver = Receiver(self._answers, self._show)
        server = await asyncio.get_running_loop().create_server(receiver.protocol, sock=listener)
        if not self._as_json:
            self._print(f"{root_url(*listener.getsockname()[:2])} receives deliveries\nStop: Ctrl-C.")
        await self._end.wait()
        server.close()
        receiver.close()
        await asyncio.sleep(0)

    def _show(self, received: Received) -> None:
        if self.is_complete:
            return
        shown = json.dumps(_to_json(received, self._answers)) if self._as_json else _text(received, self._answers)
        self._print(shown)
        if received.number == self._count:
            self.is_complete = True
            self._end.set()

    def _print(self, text: str) -> None:
        try:
            click.echo(text)
            sys.stdout.flush()
        except BrokenPipeError:  # raised in a callback of the loop, it would only be logged
            self.has_no_reader = True
            self._end.set()


def _signature(received: Received, answers: Answers) -> str:
    if answers.signing is None:
        return ""
    return received.signature_fault or "signature right"


def _to_json(received: Received, answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = {
        "at": datetime.now().astimezone().isoformat(timespec="milliseconds"),
        "method": received.method,
        "target": received.target,
        "headers": [[name, _header(name, value)] for name, value in received.headers],
        "body": _body(received),
        "seen": received.seen,
        "status": received.status,
    }
    return found if answers.signing is None else {**found, "signature": _signature(received, answers)}


def _text(received: Received, answers: Answers) -> str:
    """Return the lines for a delivery: its time, request, size, signature and answer; then its body."""
    parts = [
        datetime.now().astimezone().strftime("%H:%M:%S"),
        _printable(f"{received.method} {received.target}"),
        f"{len(received.body):,} bytes",
        _signature(received, answers),
        f"seen {received.seen} times" if received.seen > 1 else "",
        f"answered {received.status}",
    ]
    body = _body(received)
    shown = body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)
    lines = (shown if len(shown) <= MAX_SHOWN else f"{shown[:MAX_SHOWN]}…").splitlines()
    return "\n".join(
        [click.style("  ".join(filter(None, parts)), bold=True), *(INDENT + _printable(each) for each in lines)]
    )


def _printable(line: str) -> str:
    """Return a line without the control characters by which a sender could change the terminal."""
    return "".join(each if each.isprintable() or each == "\t" else "\N{REPLACEMENT CHARACTER}" for each in line)


def _body(received: Received) -> Any:
    """Return the value of a JSON body; the text of another one."""
    with suppress(ValueError, RecursionError):
        return json.loads(received.body)
    return received.body.decode("utf-8", "backslashreplace")


def _header(name: str, value: str) -> str:
    return HIDDEN if name.lower() in HIDDEN_HEADERS else value
