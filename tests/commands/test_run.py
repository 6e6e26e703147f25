"""Command ``understudy run``: a server for the lifetime of one command."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("understudy")
ONE_VENDOR = ("--vendor", "ecdp")
HEALTH = (
    "import os, urllib.request as r; print(r.urlopen(os.environ['UNDERSTUDY_URL'] + '/_understudy/api/health').status)"
)


def understudy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=30)


def test_a_command_runs_beside_a_server_that_is_ready() -> None:
    result = understudy("run", *ONE_VENDOR, "--", sys.executable, "-c", HEALTH)

    assert (result.returncode, result.stdout, result.stderr) == (0, "200\n", "")


def test_the_exit_code_is_the_commands() -> None:
    assert understudy("run", *ONE_VENDOR, "--", "sh", "-c", "exit 7").returncode == 7
    assert understudy("run", *ONE_VENDOR, "--", "sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL


def test_a_missing_command_is_reported_in_one_line(tmp_path: Path) -> None:
    missing = understudy("run", *ONE_VENDOR, "--", "no-such-command")
    assert (missing.returncode, missing.stderr) == (
        127,
        "understudy: cannot run 'no-such-command': no such file or directory\n",
    )
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")
    assert understudy("run", *ONE_VENDOR, "--", str(plain)).returncode == 126


def test_a_signal_is_passed_on() -> None:
    script = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(3)); print('on', flush=True); time.sleep(30)"
    )
    started = subprocess.Popen(
        [COMMAND, "run", *ONE_VENDOR, "--", sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    assert started.stdout
    with started.stdout:
        assert started.stdout.readline() == b"on\n"
        sent = time.monotonic()
        os.kill(started.pid, signal.SIGTERM)

        assert started.wait(timeout=20) == 3
    assert time.monotonic() - sent < 5


def test_a_command_reaches_the_server_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "corp.example")

    result = understudy("run", *ONE_VENDOR, "--", sys.executable, "-c", f"{HEALTH}; print(os.environ['no_proxy'])")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "200\ncorp.example,127.0.0.1\n"
