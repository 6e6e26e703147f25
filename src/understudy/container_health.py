"""Health check of a container: asks the server that listens in it, on any port, with and without TLS.

``python -m understudy.container_health [PID...]`` exits with 0 if a server of these processes (default: all) is ready.
The ports come from Linux's ``/proc``, so that nothing has to be configured twice. No proxy is asked.
"""

import json
import ssl
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path

from understudy.core.world_names import CONTROL_PATH

PROC = Path("/proc")
TABLES = ("net/tcp", "net/tcp6")
LISTENING = "0A"
TIMEOUT = 1.0
"""Seconds to wait for one response."""


def main(arguments: Iterable[str]) -> int:
    """Return 0 if a server of the processes answers that it is ready, otherwise 1."""
    processes = list(arguments) or [path.name for path in PROC.iterdir() if path.name.isdigit()]
    found = {address for process in processes for address in listening_addresses(PROC / process)}
    return int(not any(is_ready(host, port) for host, port in sorted(found)))


def listening_addresses(process: Path) -> Iterator[tuple[str, int]]:
    """Yield host and port of each socket on which a process listens; none of a process that cannot be read."""
    with suppress(OSError):
        own = set(_socket_inodes(process / "fd"))
        for table in TABLES:
            for line in (process / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and fields[9] in own:
                    address, _, port = fields[1].partition(":")
                    yield _reachable(address), int(port, 16)


def is_ready(host: str, port: int) -> bool:
    """Return whether a server answers at an address that it is ready, in plain HTTP or over TLS."""
    context = ssl._create_unverified_context()  # noqa: S323, SLF001 - our own socket, whose host name is not certified
    for connection in (
        HTTPConnection(host, port, timeout=TIMEOUT),
        HTTPSConnection(host, port, timeout=TIMEOUT, context=context),
    ):
        with suppress(OSError, HTTPException, ValueError):
            connection.request("GET", f"{CONTROL_PATH}/health")
            found = json.loads(connection.getresponse().read())
            if isinstance(found, dict) and found.get("status") == "ready":
                return True
        connection.close()
    return False


def _socket_inodes(descriptors: Path) -> Iterator[str]:
    for each in descriptors.iterdir():
        with suppress(OSError):  # closed meanwhile
            target = str(each.readlink())
            if target.startswith("socket:["):
                yield target[len("socket:[") : -1]


def _reachable(address: str) -> str:
    """Return an address of ``/proc/net/tcp`` (words in this machine's byte order) as text; this machine's for any."""
    words = (bytes.fromhex(address[at : at + 8]) for at in range(0, len(address), 8))
    found = ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))
    if found.is_unspecified:
        return "127.0.0.1" if found.version == 4 else "::1"
    return str(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
