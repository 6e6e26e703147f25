"""Authentication of trusted clients by API key."""

from base64 import b64encode

from understudy.core.caller import BasicCredentials, Caller
from understudy.state.vendor_state import VendorState

TOKEN_LIFETIME = 2 * 60 * 60
"""Lifetime of a token in seconds (documented)."""


def api_key(state: VendorState, credential: str) -> Caller | None:
    """Return the client of the API key in the header ``api_key``."""
    found = state.collection("api_keys").get(credential)
    return None if found is None else Caller(found["name"])


def web_api_key(state: VendorState, credential: BasicCredentials) -> Caller | None:
    """Return the client of the API key that is the user name of HTTP Basic; the password has to be empty."""
    return None if credential.password else api_key(state, credential.username)


def anyone(state: VendorState) -> Caller:
    """Return the caller with unknown credentials under ``--auth any``, which accepts all credentials."""
    del state
    return Caller("anyone", is_anyone=True)


def sign_in(state: VendorState, role: str = "") -> dict[str, str]:
    """Return the headers of the development client; they are enough for every operation and the same for every role."""
    del role
    key = state.collection("api_keys").keys()[0]
    return {"api_key": key, "Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}
