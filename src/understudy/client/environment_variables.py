"""Environment variables that hold each vendor's base URL and credentials, for a program under test."""

from collections.abc import Iterable, Mapping
from typing import Any

ConnectionInfo = Mapping[str, Any]
"""Vendor in a world: its name (``vendor``), ``path``, ``credentials`` and ``environment``.

``environment`` maps names of variables that public clients read to ``base_url`` or a credential's name.
"""


def environment(root: str, world: str, connections: Iterable[ConnectionInfo]) -> dict[str, str]:
    """Return the variables that point a client at vendors in a world of the server at ``root``.

    A vendor's credentials are ``UNDERSTUDY_<VENDOR>_<NAME>``, its base URL ``UNDERSTUDY_<VENDOR>_URL``. The variables
    that public clients read are added with the same values.
    """
    found = {"UNDERSTUDY_URL": root, "UNDERSTUDY_WORLD": world}
    for each in connections:
        values = {**each["credentials"], "base_url": root + each["path"]}
        prefix = f"UNDERSTUDY_{_constant(each['vendor'])}"
        found[f"{prefix}_URL"] = values["base_url"]
        found |= {f"{prefix}_{_constant(name)}": str(value) for name, value in each["credentials"].items()}
        found |= {variable: str(values[name]) for variable, name in each["environment"].items()}
    return found


def _constant(name: str) -> str:
    return name.upper().replace("-", "_").replace(".", "_")
