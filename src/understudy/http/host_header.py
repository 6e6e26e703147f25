"""Validity of the ``Host`` header (RFC 9110, section 7.2; RFC 9112, section 3.2)."""

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address

HOST = re.compile(
    rb"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]{0,5})?"
)
"""Name or address in brackets, and a port (RFC 3986, section 3.2.2)."""

INVALID_HOST = "the Host header is not valid: send one, with a name or an address and an optional port"


def is_valid_host(host: bytes) -> bool:
    """Return whether the value of a ``Host`` header is a host with an optional port; an empty one is valid."""
    found = HOST.fullmatch(host)
    if found is None:
        return False
    address = found["address"]
    if address is None:
        return True
    try:
        IPv6Address(address.decode())
    except AddressValueError:
        return False
    return True


def needs_host(http_version: str) -> bool:
    """Return whether a request of this version has to have a ``Host`` header (RFC 9112, section 3.2)."""
    return http_version == "1.1"


def has_valid_host(headers: Iterable[tuple[bytes, bytes]], http_version: str) -> bool:
    """Return whether a request has at most one ``Host`` header, and a valid one; none if its version takes none."""
    hosts = [value for name, value in headers if name == b"host"]
    if not hosts:
        return not needs_host(http_version)
    return len(hosts) <= 1 and all(map(is_valid_host, hosts))
