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

HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")
"""Names and addresses of hosts; an address of version 6 may be in brackets."""

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
        raise InvalidTarget(f"{url[:100]!r} is no URL: {error}") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise InvalidTarget(f"{url[:100]!r} is no target: write it as http://127.0.0.1:9000/path")
    if port == 0:
        raise InvalidTarget(f"{url[:100]!r}: port 0 is no target's")
    if parts.username is not None:
        raise InvalidTarget(f"the target on {parts.hostname} has credentials: give them as `signing` of a rule")
    if parts.fragment:
        raise InvalidTarget(f"{url[:100]!r}: leave out what is behind #")
    if len(url) > MAX_TARGET or not (url.isascii() and url.isprintable()) or " " in url:
        raise InvalidTarget(f"{url[:100]!r} is no target: take ASCII without spaces, at most {MAX_TARGET} characters")
    return parts


def service_of(url: str) -> str:
    """Return the service that a target names before its URL; empty for none."""
    return next((each for each in SERVICES if url.startswith(f"{each}+")), "")


def check_target(url: str, hosts: Collection[str]) -> None:
    """Raise ``InvalidTarget`` unless a URL is on this machine, or on one of ``hosts``."""
    host = str(split_target(url).hostname)
    if not is_loopback(host) and host not in {each.lower() for each in hosts}:
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
    if not HOST.fullmatch(text):
        raise InvalidTarget(f"{text[:100]!r} is no host: give its name or address alone, without scheme and port")
    return text.lower().strip("[]")


def destination_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a destination, in which each ``*`` stands for any text."""
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
