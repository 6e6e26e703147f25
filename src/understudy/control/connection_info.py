"""Connection info of a vendor in a world: path, credentials and environment names."""

from collections.abc import Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import world_prefix


def connection_info(document: Document, base_path: str, world: str, credentials: Mapping[str, Any]) -> Json:
    """Return a vendor's path in a world, its credentials, and the environment names of its public clients.

    Raises ``Misconfigured`` if the spec's ``x-environment`` names no credential.
    """
    variables = document.raw.get("x-environment", {})
    names = ["base_url", *credentials]
    for variable, name in variables.items():
        if name not in names:
            raise Misconfigured(f"{document.path}: x-environment: {variable}: no {name!r}{nearest(name, names)}")
    return {
        "vendor": document.name,
        "path": world_prefix(world) + base_path,
        "credentials": dict(credentials),
        "environment": dict(variables),
    }
