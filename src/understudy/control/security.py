"""Who may steer: whoever has the server's token, if it was started with one."""

from hmac import compare_digest

from understudy.control.control_state import ControlState
from understudy.core.caller import Caller


def token(world: ControlState, credential: str) -> Caller | None:
    """Return whoever has the token."""
    if world.token is None or not compare_digest(credential.encode(), world.token.encode()):
        return None
    return Caller("steering")


def sign_in(world: ControlState, role: str = "") -> dict[str, str]:  # noqa: ARG001 - there is one role
    """Return the headers of a call that has the token."""
    return {} if world.token is None else {"Authorization": f"Bearer {world.token}"}
