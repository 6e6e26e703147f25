"""Server of a stand-in, by uvicorn: listens on a socket, announces its address, stops in order."""

import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click
import uvicorn

from understudy import __version__
from understudy.app import Understudy
from understudy.certificates import CertificateAuthority, key_file
from understudy.core.misconfigured import Misconfigured
from understudy.gc_tuning import tune_gc
from understudy.http.http1_protocol import Http1Protocol

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
CA_SETTINGS = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "curl --cacert")
"""Environment variables and options by which clients trust an authority."""


def run(understudy: Understudy, listener: socket.socket, authority: CertificateAuthority | None = None) -> None:
    """Serve on a socket until a signal stops the server; over TLS if there is an authority."""
    server = _AnnouncedServer(understudy, listener, authority)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn stops in order, then hands the signal back
    tune_gc()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        click.echo("stopped")


@contextmanager
def in_background(understudy: Understudy, listener: socket.socket) -> Iterator[str]:
    """Serve on a socket in a thread of this process; yield the root URL."""
    server = _Server(understudy)
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
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        if not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows, SO_REUSEADDR shares the port with another server
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Misconfigured(f"cannot listen on {host}:{port}: {why}; choose another with --host or --port") from None
    return listener


def root_url(host: str, port: int, *, is_secure: bool = False) -> str:
    """Return the root URL of a server."""
    scheme = "https" if is_secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn server of a stand-in; ``is_ready`` is set once it accepts requests."""

    def __init__(self, understudy: Understudy, pem: bytes = b"") -> None:
        """Configure the server; over TLS if ``pem`` has a key and a certificate."""
        understudy.worlds.get_or_create()
        with key_file(pem) if pem else nullcontext() as certificate:
            super().__init__(_configure(understudy, ssl_certfile=certificate))
        self.understudy = understudy
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then set ``is_ready``."""
        await super().startup(sockets)
        if not self.should_exit:
            self.is_ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in order; do not log requests that have to be cancelled as errors."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


class _AnnouncedServer(_Server):
    """Server that prints its addresses once it accepts requests."""

    def __init__(self, understudy: Understudy, listener: socket.socket, authority: CertificateAuthority | None) -> None:
        self._host, self._port = listener.getsockname()[:2]
        self._trusted = authority.trusted if authority else None
        hosts = dict.fromkeys((*understudy.hosts, *LOCAL_HOSTS, self._host))
        super().__init__(understudy, authority.certify(hosts) if authority else b"")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then print the addresses."""
        await super().startup(sockets)
        if not self.is_ready.is_set():
            return
        url = root_url(self._host, self._port, is_secure=self._trusted is not None)
        count = sum(len(each.operations) for each in self.understudy.vendors.values())
        click.echo(f"Understudy {__version__} answers {count} operations at {url}")
        for name, values in self.understudy.credentials(url).items():
            click.echo(f"  {name:<12} {values['base_url']}")
        if self._trusted is not None:
            click.echo(f"Trust {self._trusted}: {', '.join(CA_SETTINGS)}, or the system's own store.")
            click.echo(f"Hosts entry for unchanged clients: {self._host} {' '.join(self.understudy.hosts)}")
        click.echo("Credentials: understudy credentials. Stop: Ctrl-C.")
        sys.stdout.flush()


def _configure(understudy: Understudy, ssl_certfile: str | None) -> uvicorn.Config:
    config = uvicorn.Config(
        understudy.asgi,
        loop="auto",  # uvloop where there is one: not on Windows
        http=Http1Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        ssl_certfile=ssl_certfile,
    )
    config.load()
    return config
