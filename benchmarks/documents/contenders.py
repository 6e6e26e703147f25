"""Stand-ins that are compared: how each is started for a document, and at which paths it answers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCALAR = """import { serve } from '@hono/node-server'
import { createMockServer } from '@scalar/mock-server'
import fs from 'node:fs'
const [,, file, port] = process.argv
const document = fs.readFileSync(file, 'utf8')
const app = await createMockServer({ document, specification: document })
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' })
"""
START_SECONDS = 40
PACKAGES = ("@stoplight/prism-cli@5.14", "@mockoon/cli", "@scalar/mock-server", "@hono/node-server")


@dataclass(frozen=True)
class Contender:
    """Stand-in with the words that start it; ``{file}`` and ``{port}`` stand for the document and the port."""

    name: str
    words: tuple[str, ...]


def contenders(rivals: Path | None) -> list[Contender]:
    """Return the stand-ins: Understudy, and the rivals if the folder with their packages is there."""
    own = Path(sys.executable).parent
    found = [
        Contender("Understudy", (str(own / "understudy"), "serve", "{file}", "--port", "{port}", "--quiet")),
        Contender(
            "connexion",
            (str(own / "connexion"), "run", "{file}", "--mock=all", "--port", "{port}", "--host", "127.0.0.1"),
        ),
    ]
    if rivals is None:
        return found
    (rivals / "scalar.mjs").write_text(SCALAR)
    binaries = rivals / "node_modules/.bin"
    return [
        found[0],
        Contender("Prism", (str(binaries / "prism"), "mock", "-p", "{port}", "-h", "127.0.0.1", "{file}")),
        Contender(
            "Mockoon",
            (str(binaries / "mockoon-cli"), "start", "--data", "{file}", "--port", "{port}", "--hostname", "127.0.0.1"),
        ),
        Contender("Scalar", ("node", str(rivals / "scalar.mjs"), "{file}", "{port}")),
        found[1],
    ]


@dataclass
class Running:
    """Stand-in that runs: its port, seconds until it answered, and its process."""

    port: int
    seconds: float
    process: subprocess.Popen[bytes]

    @property
    def megabytes(self) -> int:
        """Resident memory of the process and its children."""
        return sum(_resident(pid) for pid in _family(self.process.pid)) // 1024


@contextmanager
def running(contender: Contender, file: Path, cache: Path) -> Iterator[Running | None]:
    """Run a stand-in for a document; yield ``None`` if it does not start."""
    port = _free_port()
    words = [word.format(file=file, port=port) for word in contender.words]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=cache, start_new_session=True
    )
    try:
        yield Running(port, time.perf_counter() - begun, process) if _answers(process, port) else None
    finally:
        for pid in reversed(_family(process.pid)):
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        process.wait()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until a port is listened on; return whether that happened before the process ended or time was up."""
    deadline = time.perf_counter() + START_SECONDS
    while time.perf_counter() < deadline and process.poll() is None:
        with socket.socket() as client:
            client.settimeout(0.5)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
