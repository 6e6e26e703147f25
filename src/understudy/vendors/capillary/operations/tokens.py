"""Access tokens."""

from typing import Any

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import World
from understudy.vendors.capillary.security import TTL_SECONDS, issue_token


def generate_token(world: World, body: dict[str, Any]) -> Reply:
    """Exchange a client's key and secret for a token."""
    client = world.collection("clients").get(body["key"])
    if client is None or client["secret"] != body["secret"]:
        raise Refused(400, "Failed to generate OAuth token")
    return Reply({"data": {"accessToken": issue_token(world, client), "ttlSeconds": TTL_SECONDS}, "errors": None})
