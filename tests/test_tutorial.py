"""The tutorial, run from its first line to its last: its files are written, its commands run in order."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/tutorial.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BINARIES = Path(sys.executable).parent
STARTS = "understudy serve"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Reader:
    """Reader of the page, who writes its files into a folder and runs its commands there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {
            **os.environ,
            "PATH": f"{BINARIES}:{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        self.server: subprocess.Popen[str] | None = None

    def write(self, code: str) -> None:
        path = self.folder / code.splitlines()[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)

    def run(self, code: str) -> str:
        if code.startswith(STARTS):
            self.serve(code.split())
            return ""
        text = code.replace("localhost:8080", f"127.0.0.1:{self.port}")
        done = subprocess.run(
            ["/bin/sh", "-euc", text],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, code + done.stdout + done.stderr
        return done.stdout

    def serve(self, words: list[str]) -> None:
        self.stop()
        self.server = subprocess.Popen(
            [*words, "--port", str(self.port)], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert self.server.stdout is not None
        assert re.search(r"answers \d+ operations", self.server.stdout.readline())
        for _ in range(100):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.communicate(timeout=20)


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    reader = Reader(folder)
    try:
        yield reader
    finally:
        reader.stop()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the output of each command of the page, by its first line."""
    found = {}
    with reading(tmp_path_factory.mktemp("tutorial")) as reader:
        for language, code in BLOCK.findall(PAGE):
            if language == "sh":
                found[code.splitlines()[0]] = reader.run(code)
            else:
                reader.write(code)
    return found


def test_the_resource_is_recognised(printed: dict[str, str]) -> None:
    shown = printed["understudy check rental.yaml"]

    assert "read getBike, delete removeBike, list listBikes, create addBike, action rentBike" in shown
    assert "not obeyed" not in shown


def test_the_new_bike_is_completed_and_the_list_filtered(printed: dict[str, str]) -> None:
    [shown] = [text for line, text in printed.items() if line.startswith("curl")]

    assert '"name":"Grete"' in shown
    assert '"status":"free"' in shown
    assert '"added_at":"20' in shown


def test_the_rule_is_tested(printed: dict[str, str]) -> None:
    assert "1 passed" in printed["python -m pytest -q test_rental.py"]
