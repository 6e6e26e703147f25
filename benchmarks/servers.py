"""Servers under measurement: started on a free port, pinned to a core, watched through /proc, stopped by their id."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
POLL = 0.005
PATIENCE = 60.0
CORES = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else [0]
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000
PROCESSOR_CLOCK = 2
"""Clock id of a process's processor time; see clock_getcpuclockid(3)."""


class ServerFailed(Exception):  # noqa: N818 - a fact about the server
    """Error of a server that did not start, ended, or sent an unexpected response."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Response of a server."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a process in MB: resident (RSS), proportional (PSS) and unique (USS)."""

    rss: float
    pss: float
    uss: float


@dataclass(frozen=True, slots=True)
class Server:
    """A started server."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    started: float
    log: IO[bytes]

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        patience: float = PATIENCE,
    ) -> Answer:
        """Send one request and return the answer."""
        connection = HTTPConnection(HOST, self.port, timeout=patience)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        except (OSError, HTTPException) as error:
            raise self.failed(f"does not answer {method} {path}: {error!r}") from error
        finally:
            connection.close()

    def await_status(self, path: str, headers: Mapping[str, str] | None = None, *, patience: float = PATIENCE) -> float:
        """Poll until a GET is answered with 200; return the seconds since the process was started."""
        while (took := time.perf_counter() - self.started) < patience:
            if self.process.poll() is not None:
                raise self.failed(f"ended with code {self.process.returncode} before it was ready")
            try:
                socket.create_connection((HOST, self.port), timeout=PATIENCE).close()
            except OSError:
                time.sleep(POLL)
                continue
            status = self.ask("GET", path, headers).status
            if status != 200:
                raise self.failed(f"answers GET {path} with {status}")
            return time.perf_counter() - self.started
        raise self.failed(f"is not ready after {took:.0f} s")

    def await_listening(self, *, patience: float = PATIENCE) -> None:
        """Poll until a connection is taken."""
        while time.perf_counter() - self.started < patience:
            if self.process.poll() is not None:
                raise self.failed(f"ended with code {self.process.returncode} before it was ready")
            try:
                socket.create_connection((HOST, self.port), timeout=PATIENCE).close()
            except OSError:
                time.sleep(POLL)
            else:
                return
        raise self.failed("does not listen")

    def cpu(self) -> float:
        """Return the seconds of processor time that the process has used, all threads together."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def processor_time(self) -> float:
        """Return the processor time of the process in seconds, by Linux's clock, which is exact to the nanosecond."""
        return time.clock_gettime((~self.process.pid << 3) | PROCESSOR_CLOCK)

    def memory(self) -> Memory:
        """Return the process's memory now."""
        folder = Path(f"/proc/{self.process.pid}")
        status = _kilobytes(folder / "status")
        rollup = _kilobytes(folder / "smaps_rollup")
        sizes = (status["VmRSS"], rollup["Pss"], rollup["Private_Clean"] + rollup["Private_Dirty"])
        return Memory(*(size * 1024 / MEGABYTE for size in sizes))

    def failed(self, why: str) -> ServerFailed:
        """Return an error of this server, with the end of its log."""
        self.log.seek(0)
        logged = self.log.read()[-2000:].decode(errors="replace").strip()
        return ServerFailed(f"{self.name} {why}{f'; it logged:{os.linesep}{logged}' if logged else ''}")


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run this process, and processes that it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running(name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server by a command to which ``--port`` and a free port are added; stop it at the end."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env={**_installed(os.environ), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Server(name, port, process, started, log)
        finally:
            _stop(process)


def _installed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Python writes compiled files, as it does for an installed package."""
    return {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def understudy_command() -> str:
    """Return the console script of the Python that runs this."""
    script = Path(sys.executable).with_name("understudy")
    if not script.exists():
        raise ServerFailed(f"{script} does not exist: install the package into this Python (make install)")
    return str(script)


def free_port() -> int:
    """Return a free port."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _kilobytes(file: Path) -> dict[str, int]:
    parts = (line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines())
    return {part[0].rstrip(":"): int(part[1]) for part in parts if len(part) == 3 and part[2] == "kB"}
