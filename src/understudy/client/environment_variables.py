"""Environment variables that hold each vendor's base URL and credentials, for a program under test."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from understudy.settings import process_environment

ConnectionInfo = Mapping[str, Any]
"""Vendor in a world: its name (``vendor``), ``path``, ``credentials`` and ``environment``.

``environment`` maps names of variables that public clients read to ``base_url`` or a credential's name.
"""

NO_PROXY = ("NO_PROXY", "no_proxy")
"""Variables that name the hosts for which no proxy is asked: programs read the one or the other."""


def environment(root: str, world: str, connections: Iterable[ConnectionInfo]) -> dict[str, str]:
    """Return the variables that point a client at vendors in a world of the server at ``root``.

    A vendor's credentials are ``UNDERSTUDY_<VENDOR>_<NAME>``, its base URL ``UNDERSTUDY_<VENDOR>_URL``. The variables
    that public clients read are added with the same values. The server's host is added to ``NO_PROXY``.
    """
    found = {"UNDERSTUDY_URL": root, "UNDERSTUDY_WORLD": world, **_no_proxy(root, process_environment())}
    for each in connections:
        values = {**each["credentials"], "base_url": root + each["path"]}
        prefix = f"UNDERSTUDY_{_constant(each['vendor'])}"
        found[f"{prefix}_URL"] = values["base_url"]
        found |= {f"{prefix}_{_constant(name)}": str(value) for name, value in each["credentials"].items()}
        found |= {variable: str(values[name]) for variable, name in each["environment"].items()}
    return found


def _no_proxy(root: str, present: Mapping[str, str]) -> dict[str, str]:
    """Return ``NO_PROXY`` in both spellings, with the hosts that either has at present, and the server's."""
    host = urlsplit(root).hostname or ""
    given = [each.strip() for name in NO_PROXY for each in present.get(name, "").split(",")]
    hosts = list(dict.fromkeys(each for each in given if each))
    if host not in hosts and "*" not in hosts:
        hosts.append(host)
    return dict.fromkeys(NO_PROXY, ",".join(hosts))


def _constant(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())
