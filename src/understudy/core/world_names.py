"""Names of worlds, and the paths by which a request chooses a world or the control API."""

import re

MAIN = "main"
"""Name of the default world: that of a request whose path has no world prefix."""

WORLD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Pattern of a valid name of a world or of a kept snapshot."""

WORLD_PREFIX = "/@"
"""Start of a path that names its world, as in ``/@checkout-42/ecdp/…``."""

CONTROL_PATH = "/_understudy/api"
"""Path of the control API; it has no world prefix."""


def world_prefix(world: str) -> str:
    """Return the path prefix of a world: ``/@name``, or an empty text for the default world."""
    return "" if world == MAIN else WORLD_PREFIX + world
