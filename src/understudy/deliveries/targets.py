"""Targets of deliveries: URLs on this machine, or on hosts that a user has named. A test must reach no real account."""

import re
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}
QUEUES = ("sqs", "sns")
POST = "webhook"
SERVICES = (*QUEUES, POST)
"""Services that a target may name before its URL: ``sqs+http://127.0.0.1:5000/queue``, ``webhook+http://…``."""

MAX_TARGET = 2000
"""Number of characters of a target's URL."""

LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
HOST_NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
"""Names and addresses of version 4. Of other characters, two readers of a URL may make two different hosts."""

USER_INFO = re.compile(r"//[^/?#]*@")

GIVEN = re.compile(r"(?P<destination>.+?)=(?P<target>[A-Za-z][A-Za-z0-9+.-]*://.*)", re.DOTALL)
"""Destination and target as one text: ``https://shop.example/hook=http://127.0.0.1:9000/``."""


class InvalidTarget(ValueError):  # noqa: N818 - a fact about a URL
    """Text that is no target, or a URL to which nothing may be delivered; the message is the reason."""


def split_target(url: str) -> SplitResult:
    """Return the parts of a target's URL, without its service; raise ``InvalidTarget`` for a text that is none."""
    try:
        parts = urlsplit(url.removeprefix(f"{service_of(url)}+"))
        port = parts.port
    except ValueError as error:
        raise InvalidTarget(f"{_shown(url)} is no URL: {error}") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise InvalidTarget(f"{_shown(url)} is no target: write it as http://127.0.0.1:9000/path")
    if not _is_host(parts):
        raise InvalidTarget(f"{_shown(url)} is no target: {parts.hostname!r} is neither a host's name nor an address")
    if port == 0:
        raise InvalidTarget(f"{_shown(url)}: port 0 is no target's")
    if parts.username is not None:
        raise InvalidTarget(f"the target on {parts.hostname} has credentials: give them as `signing` of a rule")
    if parts.fragment:
        raise InvalidTarget(f"{_shown(url)}: leave out what is behind #")
    if len(url) > MAX_TARGET or not (url.isascii() and url.isprintable()) or " " in url:
        raise InvalidTarget(f"{_shown(url)} is no target: take ASCII without spaces, at most {MAX_TARGET} characters")
    return parts


def _shown(url: str) -> str:
    """Return the start of a URL for an error text, without the credentials before its host and in its query."""
    bare = USER_INFO.sub("//", url).partition("?")[0]
    return repr(bare[:100])


def service_of(url: str) -> str:
    """Return the service that a target names before its URL; empty for none."""
    return next((each for each in SERVICES if url.startswith(f"{each}+")), "")


def check_target(url: str, hosts: Collection[str]) -> None:
    """Raise ``InvalidTarget`` unless a URL is on this machine, or on one of ``hosts``."""
    host = str(split_target(url).hostname)
    if not is_loopback(host) and _canonical(host) not in map(_canonical, hosts):
        raise InvalidTarget(f"the host {host} is not this machine; --deliver-host {host} allows it")


def is_loopback(host: str) -> bool:
    """Return whether a host, as a URL spells it, is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def split_given(text: str) -> tuple[str, str]:
    """Return destination and target of ``DESTINATION=TARGET``; raise ``InvalidTarget`` for another text."""
    found = GIVEN.fullmatch(text)
    if found is None:
        raise InvalidTarget(f"{text[:100]!r} is not DESTINATION=URL, such as '*/orders=http://127.0.0.1:9000/hook'")
    split_target(found["target"])
    return found["destination"], found["target"]


def split_host(text: str) -> str:
    """Return the name of a host that may be a target; raise ``InvalidTarget`` for a text that is none."""
    address = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if not (HOST_NAME.fullmatch(text) or _is_version_6(address)):
        raise InvalidTarget(f"{text[:100]!r} is no host: give its name or address alone, without scheme and port")
    return _canonical(address)


def _is_host(parts: SplitResult) -> bool:
    """Return whether a URL names its host in the only way in which every reader finds the same one."""
    place = parts.netloc.rpartition("@")[2]
    if place.startswith("["):
        address, _, rest = place[1:].partition("]")
        return _is_version_6(address) and (not rest or rest.startswith(":"))
    return HOST_NAME.fullmatch(place.partition(":")[0]) is not None


def _is_version_6(text: str) -> bool:
    """Return whether a text is an address of version 6, without a scope."""
    try:
        return ip_address(text).version == 6 and "%" not in text
    except ValueError:
        return False


def _canonical(host: str) -> str:
    """Return a host in the one spelling in which it is compared."""
    return str(ip_address(host)) if _is_version_6(host) else host.lower()
