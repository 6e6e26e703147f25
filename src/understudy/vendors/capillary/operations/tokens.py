"""Handler of access tokens."""

from typing import Any

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.security import TOKEN_LIFETIME, issue_token


def generate_token(state: VendorState, body: dict[str, Any]) -> Reply:
    """Return an access token for a client's key and secret."""
    client = state.collection("clients").get(body["key"])
    if client is None or client["secret"] != body["secret"]:
        raise Refused(400, "Failed to generate OAuth token")
    return Reply({"data": {"accessToken": issue_token(state, client), "ttlSeconds": TOKEN_LIFETIME}, "errors": None})
