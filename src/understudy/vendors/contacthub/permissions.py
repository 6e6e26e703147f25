"""What a caller may touch."""

from understudy.core.caller import Caller
from understudy.core.refused import Cause, Refused

NO_PERMISSION = "You don't have the necessary permissions for the resource"


def check_node(caller: Caller, node_id: str) -> None:
    """Refuse a node that a source's token is not valid for."""
    allowed = caller.claims.get("nodes")
    if allowed is not None and node_id not in allowed:
        raise Refused(403, NO_PERMISSION, cause=Cause.CREDENTIALS)
