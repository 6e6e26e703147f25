"""Connection info of the vendors of a server: of the one that runs, or of one that is started with some options."""

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.app import create_app
from understudy.client import Control, Declined, RemoteWorld
from understudy.commands.options import check_world_name, given_options
from understudy.core.world_names import MAIN, world_prefix
from understudy.serving import root_url
from understudy.settings import Settings, control_token, given_server_url

NOT_FOUND = 404
DESCRIBES = (
    "documents", "remote_hosts", "overlays", "behaviour", "scenarios", "host", "port", "seed", "scenario", "is_secure"
)  # fmt: skip
"""Settings that describe a server: given as options, they come before ``UNDERSTUDY_URL``."""


def find_connections(settings: Settings, world: str) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the root URL, and the connection info of each vendor in a world.

    If ``UNDERSTUDY_URL`` is set and no option describes another server, the server there is asked.
    """
    check_world_name(world)
    url = given_server_url()
    if url and not given_options("specs", *DESCRIBES):
        with Control(url, control_token() or "") as control:
            return control.root, _ask(control, world, settings.vendors)
    root = root_url(settings.host, settings.port, is_secure=settings.is_secure)
    return root, list(create_app(settings).connections(world))


def _ask(control: Control, world: str, vendors: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the server's connection info; a world that its first use will make is like ``main``."""
    remote = RemoteWorld(control, world)
    try:
        remote.introductions()
        prefix = ""
    except Declined as declined:
        if declined.status != NOT_FOUND:
            raise
        remote, prefix = RemoteWorld(control, MAIN), world_prefix(world)
    chosen = [*map(remote.introduce, dict.fromkeys(vendors))] if vendors else remote.introductions()
    return [{**each, "path": prefix + each["path"]} for each in chosen]
