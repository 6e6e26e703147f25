"""Upstream: the address of the real service, and connections to it, over TLS and through a proxy where one is set."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit

from understudy.core.misconfigured import Misconfigured
from understudy.settings import proxy_of

PORTS = {"http": 80, "https": 443}
CONNECT_SECONDS = 30.0
"""Time in which a connection must be made, TLS included."""

MAX_REPLY_BYTES = 64 * 1024


class NotReached(Exception):  # noqa: N818 - a fact about the network
    """Service to which no connection can be made; ``is_late`` if it did not answer in time."""

    def __init__(self, why: str, *, is_late: bool = False) -> None:
        super().__init__(why)
        self.is_late = is_late


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port of a server, and the credentials that its URL has."""

    host: str
    port: int
    credentials: str = ""

    @property
    def netloc(self) -> str:
        """Host and port as in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Upstream:
    """Real service behind the proxy."""

    def __init__(self, url: str, ca: Path | None = None, *, is_insecure: bool = False) -> None:
        """Read a URL, the certificates to trust beside the system's, and the environment's proxy.

        Raise ``Misconfigured`` for a URL of no service, and for certificates that cannot be read.
        """
        parts = _split(url)
        self.scheme = parts.scheme
        self.address = _address(parts, url)
        self.prefix = parts.path.rstrip("/").encode()
        self.host = _host_header(parts).encode()
        self.url = f"{parts.scheme}://{self.host.decode()}{parts.path.rstrip('/')}"
        self._tls = _tls(ca, is_insecure=is_insecure) if self.scheme == "https" else None
        proxy = proxy_of(f"{self.scheme}://{self.address.netloc}")
        self.proxy = _proxy_address(proxy) if proxy else None

    @property
    def speaks_to_proxy(self) -> bool:
        """True if requests are sent to a proxy as such, with whole URLs: only over plain HTTP."""
        return self.proxy is not None and self._tls is None

    @property
    def proxy_credentials(self) -> bytes:
        """Value of the header ``Proxy-Authorization``; empty without credentials."""
        credentials = self.proxy.credentials if self.proxy else ""
        return b"Basic " + b64encode(credentials.encode()) if credentials else b""

    async def connect(self, create: Callable[[], asyncio.Protocol]) -> None:
        """Make a connection with a protocol; raise ``NotReached`` if there is none in time."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._connect(create)
        except TimeoutError:
            raise NotReached(f"no connection within {CONNECT_SECONDS:.0f} seconds", is_late=True) from None
        except ssl.SSLCertVerificationError as error:
            why = f"its certificate is not trusted ({error.verify_message}): --ca FILE trusts another, --insecure all"
            raise NotReached(why) from None
        except ssl.SSLError as error:
            raise NotReached(f"TLS fails ({error.reason or error})") from None
        except (OSError, EOFError) as error:
            raise NotReached((getattr(error, "strerror", "") or str(error)).lower()) from None

    async def _connect(self, create: Callable[[], asyncio.Protocol]) -> None:
        loop = asyncio.get_running_loop()
        target = self.proxy or self.address
        if self._tls is None:
            await loop.create_connection(create, target.host, target.port)
        elif self.proxy is None:
            name = self.address.host
            await loop.create_connection(create, target.host, target.port, ssl=self._tls, server_hostname=name)
        else:
            await self._connect_through(self.proxy, create)

    async def _connect_through(self, proxy: Address, create: Callable[[], asyncio.Protocol]) -> None:
        """Have a proxy connect to the service (``CONNECT``), then speak TLS with the service."""
        loop = asyncio.get_running_loop()
        transport, waiting = await loop.create_connection(_ProxyReply, proxy.host, proxy.port)
        name = self.address.netloc.encode()
        credentials = self.proxy_credentials
        more = b"Proxy-Authorization: " + credentials + b"\r\n" if credentials else b""
        transport.write(b"CONNECT " + name + b" HTTP/1.1\r\nHost: " + name + b"\r\n" + more + b"\r\n")
        status = await waiting.status
        if status // 100 != 2:
            transport.abort()
            raise OSError(f"the proxy {proxy.netloc} answers {status} to CONNECT {name.decode()}")
        protocol = create()
        tls = cast("ssl.SSLContext", self._tls)
        secured = await loop.start_tls(transport, protocol, tls, server_hostname=self.address.host)
        protocol.connection_made(cast("asyncio.Transport", secured))


class _ProxyReply(asyncio.Protocol):
    """Reader of a proxy's answer to ``CONNECT``."""

    def __init__(self) -> None:
        self.status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._head = b""

    def data_received(self, data: bytes) -> None:
        """Read up to the end of the head."""
        self._head += data
        if b"\r\n\r\n" in self._head or len(self._head) > MAX_REPLY_BYTES:
            words = self._head.split(None, 2)
            with suppress(asyncio.InvalidStateError):
                self.status.set_result(int(words[1]) if len(words) > 1 and words[1].isdigit() else 0)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait."""
        with suppress(asyncio.InvalidStateError):
            self.status.set_exception(exc or EOFError("the proxy closed the connection"))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Misconfigured(f"--upstream {url}: {error}") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Misconfigured(f"--upstream {url}: is no address of a service; write it as https://api.example.com")
    if parts.username is not None:
        raise Misconfigured(f"--upstream: {parts.hostname}: leave out the credentials: the client sends its own")
    if parts.query or parts.fragment:
        raise Misconfigured(f"--upstream {url}: leave out what is behind the path")
    return parts


def _address(parts: SplitResult, url: str) -> Address:
    port = parts.port if parts.port is not None else PORTS[parts.scheme]
    if not port:
        raise Misconfigured(f"--upstream {url}: port 0 is no service's")
    return Address(str(parts.hostname), port)


def _host_header(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _proxy_address(proxy: str) -> Address:
    shown = proxy.rpartition("@")[2]
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        port = parts.port or PORTS["http"]
    except ValueError:
        raise Misconfigured(f"the environment's proxy {shown}: is no address; write it as http://host:port") from None
    if parts.scheme != "http" or not parts.hostname:
        raise Misconfigured(f"the environment's proxy {shown}: only http://host:port is spoken to; or set NO_PROXY")
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Address(parts.hostname, port, credentials)


def _tls(ca: Path | None, *, is_insecure: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca is not None:
        try:
            context.load_verify_locations(ca)
        except ssl.SSLError:
            raise Misconfigured(f"--ca {ca}: holds no certificate in PEM") from None
        except OSError as error:
            raise Misconfigured(f"--ca {ca}: cannot be read ({error.strerror})") from None
    if is_insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context
