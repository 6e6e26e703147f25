"""Without the parts of the standard library and the packages that only Unix has, what matters still works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.other_systems

ROOT = Path(__file__).parents[1]
COMMAND = str(Path(sys.executable).with_name("understudy"))
AS_ON_WINDOWS = """
import os, signal, socket, sys, tempfile

for name in ("SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "pthread_sigmask", "pthread_kill", "sigwait"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("memfd_create", "fork", "sched_getaffinity", "killpg", "setsid", "mkfifo"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("uvloop", "fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
socket.SO_EXCLUSIVEADDRUSE = -5


def no_second_opening(*_arguments, **_options):
    raise PermissionError(13, "a file that is open cannot be opened again")


tempfile.NamedTemporaryFile = no_second_opening
"""
"""Script that takes away from a process what Windows lacks."""


def run(tmp_path: Path, *arguments: str, timeout: int = 400) -> subprocess.CompletedProcess[str]:
    """Run Python with the script as its ``sitecustomize``, also in its child processes."""
    (tmp_path / "sitecustomize.py").write_text(AS_ON_WINDOWS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        timeout=timeout,
    )  # fmt: skip


def test_the_script_takes_the_parts_away(tmp_path: Path) -> None:
    code = "import signal, os, asyncio; print(hasattr(signal, 'SIGHUP'), hasattr(os, 'memfd_create'))\nimport uvloop"
    result = run(tmp_path, "-c", code)

    assert result.stdout == "False False\n"
    assert "uvloop" in result.stderr


SERVE = """
import ssl, sys, urllib.request
from understudy.app import create_app
from understudy.certificates import CertificateAuthority, key_file
from understudy.serving import in_background, listen
from understudy.settings import Settings, keys_folder

with in_background(create_app(Settings(vendors=("ecdp",))), listen("127.0.0.1", 0)) as root:
    print(urllib.request.urlopen(root + "/_understudy/api/health").status)
authority = CertificateAuthority(keys_folder())
authority = CertificateAuthority(keys_folder())
with key_file(authority.certify(["localhost"])) as name:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(name)
print("certified")
"""


def test_a_server_starts_and_keys_are_read(tmp_path: Path) -> None:
    result = run(tmp_path, "-c", SERVE)

    assert (result.returncode, result.stdout) == (0, "200\ncertified\n"), result.stderr
    assert [path.name for path in (tmp_path / "understudy").glob("tmp*")] == []


def test_a_command_runs_beside_a_server(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import os; print(os.environ['UNDERSTUDY_ECDP_API_KEY']); raise SystemExit(7)")
    result = run(tmp_path, COMMAND, "run", "--vendor", "ecdp", "--", *command)

    assert (result.returncode, result.stdout, result.stderr) == (7, "understudy-ecdp-dev-key\n", "")


def test_records_are_made_by_several_processes(tmp_path: Path) -> None:
    result = run(
        tmp_path, COMMAND, "generate", "contacthub.customers", "--count", "20000", "--out",
        str(tmp_path / "out.jsonl"), "--workers", "2",
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == 20_000


ESSENTIAL = (
    "tests/core", "tests/state", "tests/http/test_local_access.py", "tests/http/test_dispatcher.py",
    "tests/http/test_uploads.py", "tests/control/test_worlds.py", "tests/control/test_clock.py",
    "tests/journeys/test_faults.py", "tests/journeys/test_crmcom_page.py", "tests/journeys/test_twc_page.py",
)  # fmt: skip


@pytest.mark.parametrize("path", ESSENTIAL)
def test_the_essential_suite_passes(tmp_path: Path, path: str) -> None:
    result = run(tmp_path, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", path)

    assert result.returncode == 0, result.stdout[-3000:]
