"""Server of a stand-in, by uvicorn: listens on a socket, announces its address, stops in order."""

import asyncio
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import NoReturn, cast

import click
import uvicorn

from understudy import __version__
from understudy.app import Understudy
from understudy.certificates import CertificateAuthority, key_file
from understudy.core.counted import counted
from understudy.core.misconfigured import Misconfigured
from understudy.gc_tuning import tune_gc
from understudy.http.http1_protocol import Http1Protocol
from understudy.http.tracked_protocol import TrackedProtocol
from understudy.http.vendor_mount import ANY_LABEL
from understudy.settings import KEEP_ALIVE

GRACE_SECONDS = 2.0
"""Time in which open requests may finish once the server is asked to stop."""

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
CA_SETTINGS = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "curl --cacert")
"""Environment variables and options by which clients trust an authority."""


def run(
    understudy: Understudy,
    listener: socket.socket,
    authority: CertificateAuthority | None = None,
    *,
    keep_alive: int = KEEP_ALIVE,
    options: str = "",
) -> None:
    """Serve on a socket until a signal stops the server; over TLS if there is an authority.

    ``keep_alive`` is the number of seconds after which an idle connection is closed. ``options`` are those with which
    ``understudy credentials`` describes the server.
    """
    signal.signal(signal.SIGTERM, lambda *_: _end("SIGTERM"))  # uvicorn stops in order, then hands the signal back
    server = _AnnouncedServer(understudy, listener, authority, keep_alive, options)
    hangup = getattr(signal, "SIGHUP", None)
    is_hung_up = threading.Event()
    if hangup is not None and signal.getsignal(hangup) is signal.SIG_DFL:  # else it is ignored, as nohup asks for

        def stop(*_: object) -> None:
            is_hung_up.set()
            server.should_exit = True

        signal.signal(hangup, stop)
    tune_gc()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        click.echo("stopped")
    if is_hung_up.is_set():
        _end("SIGHUP")
    if server.has_no_reader:
        raise BrokenPipeError


def _end(name: str) -> NoReturn:
    """End the process after a signal; the terminal may have gone with it."""
    with suppress(OSError):
        click.echo(f"stopped by {name}")
    sys.exit(0)


@contextmanager
def in_background(understudy: Understudy, listener: socket.socket, keep_alive: int = KEEP_ALIVE) -> Iterator[str]:
    """Serve on a socket in a thread of this process; yield the root URL."""
    server = _Server(understudy, keep_alive)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="understudy", daemon=True)
    thread.start()
    while not server.is_ready.wait(0.1):
        if not thread.is_alive():
            raise Misconfigured("the server did not start; see above for why")
    try:
        yield root_url(*listener.getsockname()[:2])
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 is any free port. Raise ``Misconfigured`` if it is not available."""
    listener = None
    try:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        if not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows, SO_REUSEADDR shares the port with another server
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        if listener is not None:
            listener.close()
        why = (error.strerror or str(error)).lower()
        raise Misconfigured(f"cannot listen on {host}:{port}: {why}; choose another with --host or --port") from None
    return listener


def root_url(host: str, port: int, *, is_secure: bool = False) -> str:
    """Return the root URL of a server."""
    scheme = "https" if is_secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn server of a stand-in; ``is_ready`` is set once it accepts requests."""

    def __init__(self, understudy: Understudy, keep_alive: int, pem: bytes = b"") -> None:
        """Configure the server; over TLS if ``pem`` has a key and a certificate."""
        understudy.worlds.get_or_create()
        with key_file(pem) if pem else nullcontext() as certificate:
            super().__init__(_configure(understudy, keep_alive, ssl_certfile=certificate))
        self.understudy = understudy
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests and to deliver, then set ``is_ready``."""
        await super().startup(sockets)
        if not self.should_exit:
            self.understudy.deliveries.start()
            self.is_ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in order: finish the open requests within ``GRACE_SECONDS``, and close the connections of the others."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a cancelled request is no error
        self.understudy.streams.close()
        deadline = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._drop_open_requests)
        await super().shutdown(sockets)
        deadline.cancel()
        self._drop_open_requests()  # a second Ctrl-C does not wait for the deadline
        await self.understudy.deliveries.stop()

    def _drop_open_requests(self) -> None:
        """Close all connections, so that nothing is sent any more, then cancel the tasks of their requests."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, TrackedProtocol):
                connection.drop()
        for task in list(self.server_state.tasks):
            task.cancel()


class _AnnouncedServer(_Server):
    """Server that prints its addresses once it accepts requests."""

    def __init__(
        self,
        understudy: Understudy,
        listener: socket.socket,
        authority: CertificateAuthority | None,
        keep_alive: int,
        options: str,
    ) -> None:
        self._options = options
        self._host, self._port = listener.getsockname()[:2]
        self._trusted = authority.trusted if authority else None
        self.has_no_reader = False
        hosts = dict.fromkeys((*understudy.hosts, *LOCAL_HOSTS, self._host))
        super().__init__(understudy, keep_alive, authority.certify(hosts) if authority else b"")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then print the addresses."""
        await super().startup(sockets)
        if not self.is_ready.is_set():
            return
        try:
            self._announce()
        except BrokenPipeError:  # raised here, it would be logged as an error of the application
            self.has_no_reader = self.should_exit = True

    def _announce(self) -> None:
        url = root_url(self._host, self._port, is_secure=self._trusted is not None)
        count = sum(len(each.operations) for each in self.understudy.vendors.values())
        click.echo(f"Understudy {__version__} answers {counted(count, 'operation')} at {url}")
        for name, values in self.understudy.credentials(url).items():
            click.echo(f"  {name:<12} {values['base_url']}")
        if self._trusted is not None:
            click.echo(f"Trust {self._trusted}: {', '.join(CA_SETTINGS)}, or the system's own store.")
            hosts = [host for host in self.understudy.hosts if not host.startswith(ANY_LABEL)]
            click.echo(f"Hosts entry for unchanged clients: {self._host} {' '.join(hosts)}")
        click.echo(f"Console: {url}/")
        click.echo(f"Credentials: understudy credentials{self._options}")
        click.echo("Stop: Ctrl-C.")
        sys.stdout.flush()


def _configure(understudy: Understudy, keep_alive: int, ssl_certfile: str | None) -> uvicorn.Config:
    worlds = understudy.worlds
    config = uvicorn.Config(
        understudy.asgi,
        loop="auto",  # uvloop where there is one: not on Windows
        http=cast("type[asyncio.Protocol]", partial(Http1Protocol, note_malformed=worlds.unrouted.add_malformed)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=keep_alive,
        ssl_certfile=ssl_certfile,
    )
    config.load()
    return config
