"""Credential check of the control API: the server's token, if it was started with one."""

from hmac import compare_digest

from understudy.control.control_state import ControlState
from understudy.core.caller import Caller


def token(state: ControlState, credential: str) -> Caller | None:
    """Return the caller if the credential is the server's token."""
    if state.token is None or not compare_digest(credential.encode(), state.token.encode()):
        return None
    return Caller("steering")


def sign_in(state: ControlState, role: str = "") -> dict[str, str]:  # noqa: ARG001 - there is one role
    """Return the headers that carry the token; none if the server has no token."""
    return {} if state.token is None else {"Authorization": f"Bearer {state.token}"}
