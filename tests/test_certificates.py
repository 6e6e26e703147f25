"""Certificates of the vendors' host names: clients that trust our authority call them over TLS unchanged."""

import re
import shutil
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from understudy.certificates import CertificateAuthority
from understudy.core.misconfigured import Misconfigured

COMMAND = Path(sys.executable).with_name("understudy")
CURL = shutil.which("curl") or "curl"


class Server:
    """Process of ``understudy serve --tls``, with its certificate authority in a temporary folder."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--tls", "--port", "0", "--vendor", "ecdp", "--vendor", "contacthub"],
            stdout=subprocess.PIPE, text=True, env={"XDG_DATA_HOME": str(home), "HOME": str(home)},
        )  # fmt: skip
        assert self.process.stdout
        self.output = "".join(iter(self.process.stdout.readline, "Stop: Ctrl-C.\n"))
        found = re.search(r"https://127\.0\.0\.1:(\d+)", self.output)
        assert found, self.output
        self.root, self.port = found.group(), found.group(1)
        self.trusted = home / "understudy" / "ca.pem"

    def curl(self, host: str, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call a host name that is resolved to this machine, as by an entry in the hosts file."""
        here = ["--resolve", f"{host}:{self.port}:127.0.0.1", f"https://{host}:{self.port}{path}"]
        return subprocess.run(
            [CURL, "--silent", "--show-error", *arguments, *here], capture_output=True, text=True, check=False
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("home"))
    yield started
    started.stop()


def test_a_client_that_trusts_us_calls_the_vendors_own_host(server: Server) -> None:
    headers = ("--header", "x-api-key: understudy-ecdp-dev-key")

    answer = server.curl("api.ecdp.app", "/customerattributes", "--cacert", str(server.trusted), *headers)

    assert answer.stdout.startswith('{"status":0,'), answer.stderr


def test_a_client_that_does_not_trust_us_goes_no_further(server: Server) -> None:
    answer = server.curl("api.ecdp.app", "/customerattributes")

    assert (answer.returncode, answer.stdout) == (60, "")


def test_no_certificate_is_made_for_other_hosts(server: Server) -> None:
    answer = server.curl("api.example.com", "/customerattributes", "--cacert", str(server.trusted))

    assert (answer.returncode, answer.stdout) == (60, "")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machines_own_names_are_certified_too(server: Server, host: str) -> None:
    trust = ssl.create_default_context(cafile=str(server.trusted))

    with httpx.Client(verify=trust) as client:
        assert client.get(f"https://{host}:{server.port}/_understudy/api/health").status_code == 200


def test_the_start_prints_how_to_trust_us_and_what_to_resolve(server: Server) -> None:
    assert f"Trust {server.trusted}: SSL_CERT_FILE" in server.output
    assert "127.0.0.1 api.contactlab.it api.ecdp.app\n" in server.output


def test_an_authority_is_made_once(tmp_path: Path) -> None:
    first = CertificateAuthority(tmp_path / "keys")
    trusted = first.trusted.read_bytes()

    assert CertificateAuthority(tmp_path / "keys").trusted.read_bytes() == trusted


def test_the_authoritys_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    CertificateAuthority(tmp_path / "keys")

    assert stat.S_IMODE((tmp_path / "keys" / "authority.pem").stat().st_mode) == 0o600
    assert b"PRIVATE" not in (tmp_path / "keys" / "ca.pem").read_bytes()


def test_a_damaged_authority_is_refused(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text("nonsense")

    with pytest.raises(Misconfigured, match=r"authority\.pem: holds no authority; delete it"):
        CertificateAuthority(tmp_path)


def test_a_folder_that_cannot_be_created_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")

    with pytest.raises(Misconfigured, match="keys"):
        CertificateAuthority(tmp_path / "keys" / "deeper")


def test_the_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)

    with pytest.raises(Misconfigured, match=r"pip install trustme"):
        CertificateAuthority(tmp_path)
