"""Authentication of trusted clients by API key, and of the users of the older methods by token."""

from base64 import b64encode

from understudy.core.caller import BasicCredentials, Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key

TOKEN_LIFETIME = 2 * 60 * 60
"""Lifetime of a token in seconds (documented)."""


def api_key(state: VendorState, credential: str) -> Caller | None:
    """Return the client of the API key in the header ``api_key``."""
    found = state.collection("api_keys").get(credential)
    return None if found is None else Caller(found["name"])


def find_session(state: VendorState, token: str) -> Json | None:
    """Return the session of a token, or ``None`` for one that is unknown, expired or released.

    The start data's session, with a token of the old form, never expires.
    """
    session = state.collection("sessions").get(token)
    if session is None:
        return None
    expires_at: int | None = session["expires_at"]
    return None if expires_at is not None and expires_at <= state.now().timestamp() else session


def require_session(state: VendorState, token: str) -> Json:
    """Return the session of a token, which opens the older methods; refuse a token that has none."""
    session = find_session(state, token)
    if session is None:
        raise Refused(401, "The token is not valid.", code=Key.INVALID_LOGIN)
    return session


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
