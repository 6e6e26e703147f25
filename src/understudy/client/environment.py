"""What a program under test finds in its environment: where each vendor is, and how to sign in."""

from collections.abc import Iterable, Mapping
from typing import Any

Introduction = Mapping[str, Any]
"""A vendor in a world: its name, ``path``, ``credentials``, and the ``environment`` of its public clients."""


def environment(root: str, world: str, introductions: Iterable[Introduction]) -> dict[str, str]:
    """Return the variables that point a client at vendors in a world of the server at ``root``.

    A vendor's credentials are ``UNDERSTUDY_<VENDOR>_<NAME>``, its base URL ``UNDERSTUDY_<VENDOR>_URL``; beside them
    stand the names that public clients read, each with what it is the name of.
    """
    found = {"UNDERSTUDY_URL": root, "UNDERSTUDY_WORLD": world}
    for each in introductions:
        known = {**each["credentials"], "base_url": root + each["path"]}
        prefix = f"UNDERSTUDY_{_constant(each['vendor'])}"
        found[f"{prefix}_URL"] = known["base_url"]
        found |= {f"{prefix}_{_constant(name)}": str(value) for name, value in each["credentials"].items()}
        found |= {variable: str(known[name]) for variable, name in each["environment"].items()}
    return found


def _constant(name: str) -> str:
    return name.upper().replace("-", "_").replace(".", "_")
