"""How a client gets to know a vendor: where it is in a world, and how to sign in."""

from collections.abc import Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import world_prefix


def connection_info(document: Document, base_path: str, world: str, known: Mapping[str, Any]) -> Json:
    """Return a vendor's path in a world, what is known to a client's first call, and what its public clients read.

    Raises ``Misconfigured`` if the spec's ``x-environment`` names what is not known.
    """
    variables = document.raw.get("x-environment", {})
    names = ["base_url", *known]
    for variable, name in variables.items():
        if name not in names:
            raise Misconfigured(f"{document.path}: x-environment: {variable}: no {name!r}{nearest(name, names)}")
    return {
        "vendor": document.name,
        "path": world_prefix(world) + base_path,
        "credentials": dict(known),
        "environment": dict(variables),
    }
