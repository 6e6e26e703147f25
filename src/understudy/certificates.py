"""Certificates for the vendors' host names, and the certificate authority of this machine that signs them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from understudy.core.misconfigured import Misconfigured

LIFETIME = timedelta(days=397)
"""Longest validity of a server's certificate that operating systems accept."""

AUTHORITY, TRUSTED = "authority.pem", "ca.pem"
"""Files in the folder: the authority's certificate with its private key, and its certificate alone for clients."""

OPEN_FILES = Path("/proc/self/fd")
"""Folder by which Linux names the open files of a process, those in memory too."""


class CertificateAuthority:
    """Certificate authority, stored in a folder: clients have to trust it only once."""

    def __init__(self, folder: Path) -> None:
        """Load the authority of a folder, or create it; raise ``Misconfigured`` if neither is possible."""
        try:
            import trustme  # noqa: PLC0415 - an optional extra
        except ImportError:
            raise Misconfigured("certificates need trustme: pip install trustme") from None
        path = folder / AUTHORITY
        self.trusted = folder / TRUSTED
        try:
            if not path.exists():
                _store(trustme.CA(organization_name="Understudy", path_length=0), path)
            pem = path.read_bytes()
            self._authority = trustme.CA.from_pem(pem, pem)
            _write_changed(self.trusted, self._authority.cert_pem.bytes())
        except OSError as error:
            raise Misconfigured(f"{error.filename}: cannot be kept or read ({error.strerror})") from None
        except ValueError:
            raise Misconfigured(f"{path}: holds no authority; delete it, and a new one is made") from None

    def certify(self, hosts: Iterable[str]) -> bytes:
        """Return a new private key with a certificate for these hosts, as PEM."""
        now = datetime.now(UTC)
        leaf = self._authority.issue_cert(
            *hosts, organization_name="Understudy", not_before=now - timedelta(days=1), not_after=now + LIFETIME
        )
        return leaf.private_key_and_cert_chain_pem.bytes()


@contextmanager
def key_file(pem: bytes) -> Iterator[str]:
    """Yield the path of a file with a private key, for libraries that read keys from files only.

    The file is in memory where the system has such files. Raises ``Misconfigured`` where no file can be made.
    """
    if hasattr(os, "memfd_create") and OPEN_FILES.is_dir():
        with os.fdopen(os.memfd_create("understudy"), "wb", buffering=0) as file:
            file.write(pem)
            yield str(OPEN_FILES / str(file.fileno()))
        return
    try:
        path = _write_closed(pem, None)
    except OSError as error:
        raise Misconfigured(f"TLS needs a folder for a temporary file ({error.strerror}): set TMPDIR") from None
    try:
        yield str(path)
    finally:
        path.unlink()


def _write_closed(text: bytes, folder: Path | None) -> Path:
    """Write a new file that only its owner can read, and close it: Windows opens no file twice."""
    descriptor, name = mkstemp(dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return Path(name)


def _store(authority: Any, path: Path) -> None:
    """Write an authority to a file that only its owner can read, unless another process has just written one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = _write_closed(authority.private_key_pem.bytes() + authority.cert_pem.bytes(), path.parent)
    try:
        os.link(written, path)
    except FileExistsError:
        return
    finally:
        written.unlink()


def _write_changed(path: Path, text: bytes) -> None:
    """Write a file unless it holds the text already: its folder may be read-only by now."""
    if not path.exists() or path.read_bytes() != text:
        path.write_bytes(text)
