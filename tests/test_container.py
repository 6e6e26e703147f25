"""In a container: the health check finds the server, nothing has to be written, and the host can steer."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from understudy.certificates import key_file
from understudy.container_health import listening_addresses
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

ROOT = Path(__file__).parents[1]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - as the image
COMMAND = Path(sys.executable).with_name("understudy")
DEAD_PROXY = dict.fromkeys(
    ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9"
)
UNWRITABLE = "import tempfile, os, sys; tempfile.tempdir = '/nowhere'; from understudy.cli import main; main()"


@contextmanager
def serving(*arguments: str, home: Path, command: tuple[str, ...] = (str(COMMAND),)) -> Iterator[subprocess.Popen[str]]:
    """Run ``understudy serve`` for ECDP; yield it once it is ready."""
    process = subprocess.Popen(
        [*command, "serve", "--vendor", "ecdp", *arguments],
        stdout=subprocess.PIPE, text=True, env={"HOME": str(home), "XDG_CACHE_HOME": "/proc/none"},
    )  # fmt: skip
    try:
        assert process.stdout
        lines = list(iter(process.stdout.readline, "Stop: Ctrl-C.\n"))
        assert lines[0].startswith("Understudy"), lines
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def health(process: int) -> int:
    command = [sys.executable, "-m", "understudy.container_health", str(process)]
    return subprocess.run(command, env=DEAD_PROXY, check=False, timeout=20).returncode


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a container's /proc")
@pytest.mark.parametrize("arguments", [(), ("--host", EVERYWHERE), ("--host", "::1"), ("--tls",)], ids=" ".join)
def test_the_health_check_finds_the_server_on_any_port_and_asks_no_proxy(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with serving("--port", "0", *arguments, home=tmp_path) as process:
        assert health(process.pid) == 0
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
            assert health(other.pid) == 1
    assert health(process.pid) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a container's /proc")
def test_a_process_that_cannot_be_read_listens_nowhere(tmp_path: Path) -> None:
    assert list(listening_addresses(tmp_path)) == []


def test_the_image_has_this_health_check() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [check] = re.findall(r"^HEALTHCHECK .*\\\n\s+CMD (.*)$", text, re.MULTILINE)

    assert json.loads(check) == ["python", "-m", "understudy.container_health"]


@pytest.mark.parametrize("arguments", [(), pytest.param(("--tls",), marks=pytest.mark.skipif(
    not hasattr(os, "memfd_create"), reason="a file in memory"))])  # fmt: skip
def test_a_server_starts_without_any_folder_for_temporary_files(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with serving("--port", "0", *arguments, home=tmp_path, command=(sys.executable, "-c", UNWRITABLE)):
        pass


def test_an_authority_that_is_read_only_is_used(tmp_path: Path) -> None:
    with serving("--port", "0", "--tls", home=tmp_path):
        pass
    folder = tmp_path / ".local" / "share" / "understudy"
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}

    with serving("--port", "0", "--tls", home=tmp_path):
        assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_key_needs_a_folder_only_where_no_file_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with key_file(b"key") as name:
        assert Path(name).read_bytes() == b"key"
    assert not Path(name).exists()

    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with (
        pytest.raises(Misconfigured, match=r"TLS needs a folder for a temporary file .*: set TMPDIR"),
        key_file(b"key"),
    ):
        pass


def test_a_user_without_a_home_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "home", none)

    assert str(Settings().cache) == "/.cache/understudy"


def test_the_compose_file_can_be_steered_from_the_host() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["understudy"]
    [default] = re.findall(r"\$\{UNDERSTUDY_TOKEN:-(.*)\}", service["environment"]["UNDERSTUDY_TOKEN"])

    assert default
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert f"UNDERSTUDY_TOKEN={default}" in (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert service["read_only"]
