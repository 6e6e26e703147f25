"""Certificates for the vendors' host names, and the certificate authority of this machine that signs them."""

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from understudy.core.misconfigured import Misconfigured

LIFETIME = timedelta(days=397)
"""Longest validity of a server's certificate that operating systems accept."""

AUTHORITY, TRUSTED = "authority.pem", "ca.pem"
"""Files in the folder: the authority's certificate with its private key, and its certificate alone for clients."""


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
            self.trusted.write_bytes(self._authority.cert_pem.bytes())
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


def _store(authority: Any, path: Path) -> None:
    """Write an authority to a file that only its owner can read, unless another process has just written one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent) as file:
        file.write(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
