"""Certificates for the vendors' host names, signed by an authority of this machine's own."""

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from understudy.core.misconfigured import Misconfigured

LIFETIME = timedelta(days=397)
"""Systems refuse a server's certificate that is valid for longer than this."""

AUTHORITY, TRUSTED = "authority.pem", "ca.pem"
"""The authority's certificate with its key, for us alone; and the certificate, for clients to trust."""


class CertificateAuthority:
    """Signs certificates. It is made once and kept in a folder, so that clients have to trust it but once."""

    def __init__(self, folder: Path) -> None:
        """Open a folder's authority, made now if it has none; raise ``Misconfigured`` if that cannot be done."""
        try:
            import trustme  # noqa: PLC0415 - an optional extra
        except ImportError:
            raise Misconfigured("certificates need trustme: pip install trustme") from None
        kept = folder / AUTHORITY
        self.trusted = folder / TRUSTED
        try:
            if not kept.exists():
                _keep(trustme.CA(organization_name="Understudy", path_length=0), kept)
            pem = kept.read_bytes()
            self._authority = trustme.CA.from_pem(pem, pem)
            self.trusted.write_bytes(self._authority.cert_pem.bytes())
        except OSError as error:
            raise Misconfigured(f"{error.filename}: cannot be kept or read ({error.strerror})") from None
        except ValueError:
            raise Misconfigured(f"{kept}: holds no authority; delete it, and a new one is made") from None

    def certify(self, hosts: Iterable[str]) -> bytes:
        """Return a new key and a certificate of it for these hosts, as PEM."""
        now = datetime.now(UTC)
        leaf = self._authority.issue_cert(
            *hosts, organization_name="Understudy", not_before=now - timedelta(days=1), not_after=now + LIFETIME
        )
        return leaf.private_key_and_cert_chain_pem.bytes()


def _keep(authority: Any, path: Path) -> None:
    """Write an authority to a file that nobody else may read, unless another process has written one meanwhile."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent) as file:
        file.write(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
