"""What a program under test finds in its environment: where each vendor is, and how to sign in."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.app import Served, Understudy
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.state.worlds import MAIN, NAME


def environment(understudy: Understudy, root: str, world: str = MAIN) -> dict[str, str]:
    """Return the variables that point a client at a world of the server at ``root``.

    Each vendor's credentials are ``UNDERSTUDY_<VENDOR>_<NAME>``, its base URL ``UNDERSTUDY_<VENDOR>_URL``; beside them
    stand the names that public clients read, as the vendor's spec lists them under ``x-environment``.
    """
    if not NAME.fullmatch(world):
        raise Misconfigured(f"{world!r} is no world's name: take letters, digits, '.', '_' and '-', at most 64")
    found = {"UNDERSTUDY_URL": root, "UNDERSTUDY_WORLD": world}
    for name, known in understudy.credentials(root, world).items():
        prefix = f"UNDERSTUDY_{_constant(name)}"
        found[f"{prefix}_URL"] = known["base_url"]
        found |= {f"{prefix}_{_constant(key)}": str(value) for key, value in known.items() if key != "base_url"}
        found.update(_own_names(understudy.served[name], known))
    return found


def _own_names(served: Served, known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for variable, key in served.document.raw.get("x-environment", {}).items():
        if key not in known:
            raise Misconfigured(f"{served.document.path}: x-environment: {variable}: no {key!r}{nearest(key, known)}")
        yield variable, str(known[key])


def _constant(name: str) -> str:
    return name.upper().replace("-", "_").replace(".", "_")
