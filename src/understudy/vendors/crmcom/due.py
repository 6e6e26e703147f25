"""Expiry of the tokens of the older methods."""

from datetime import UTC, datetime

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState


def due(state: VendorState, since: datetime, until: datetime, limit: int) -> Steps[list[Json]]:
    """Return the tokens that expire after ``since`` up to ``until``, by their users; the token itself is a secret."""
    del limit  # few: each is a session that a client has opened
    found = []
    for session in state.collection("sessions"):
        expires_at = session["expires_at"]
        if expires_at is not None and since.timestamp() < expires_at <= until.timestamp():
            at = datetime.fromtimestamp(expires_at, UTC).isoformat().replace("+00:00", "Z")
            found.append({"at": at, "kind": "token expires", "what": {"user": session["user"]}})
        yield
    return found
