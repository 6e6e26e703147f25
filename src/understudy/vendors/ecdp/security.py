"""Authentication of business units by API key."""

from understudy.core.caller import Caller
from understudy.state.vendor_state import VendorState


def api_key(state: VendorState, credential: str) -> Caller | None:
    """Return the business unit of an API key."""
    known = state.collection("api_keys").get(credential)
    return None if known is None else Caller(known["businessUnit"])


def anyone(_state: VendorState) -> Caller:
    """Return the caller with unknown credentials under ``--auth any``, which accepts all credentials."""
    return Caller("any business unit", is_anyone=True)


def sign_in(state: VendorState, _role: str = "") -> dict[str, str]:
    """Return the request headers of the development client."""
    return {"x-api-key": state.collection("api_keys").keys()[0]}
