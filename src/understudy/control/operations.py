"""The operations of our own API. They are built for one server, so that no module holds any state."""

from collections.abc import Sequence

from understudy.core.reply import Reply
from understudy.core.vendor import Vendor
from understudy.state.world import World

NAME = "control"
PREFIX = "/_understudy/api"


def control_vendor(version: str, vendors: Sequence[str]) -> Vendor:
    """Return the control API of a server that serves these vendors."""

    def health(_world: World) -> Reply:
        return Reply({"status": "ready", "version": version, "vendors": list(vendors)})

    return Vendor(NAME, operations={"health": health})
